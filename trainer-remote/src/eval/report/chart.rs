//! Charts as inline SVG. Colours come from the page's own variables, so that they follow light and dark.

use std::fmt::Write as _;

use super::super::statistics::Share;
use crate::html::escape;

const WIDTH: f64 = 500.0;
const LABEL: f64 = 150.0;
const VALUE: f64 = 68.0;
const ROW: f64 = 24.0;

/// A bar of a chart.
pub(super) struct Bar {
    /// What it is of.
    pub(super) label: String,
    /// How long, with its interval.
    pub(super) share: Share,
    /// Whether it is of a system and not of a baseline.
    pub(super) is_main: bool,
}

/// Shares as horizontal bars with their intervals; `goal` is drawn across them.
pub(super) fn shares(title: &str, bars: &[Bar], goal: Option<f64>) -> String {
    let height = ROW * bars.len() as f64 + 22.0;
    let scale = WIDTH - LABEL - VALUE;
    let at = |share: f64| LABEL + share.clamp(0.0, 1.0) * scale;
    let mut svg =
        format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\" class=\"chart\">", escape(title));
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let x = at(tick);
        let _ = write!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{:.1}\" class=\"grid\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" class=\"tick\" text-anchor=\"middle\">{:.0} %</text>",
            height - 20.0,
            height - 6.0,
            100.0 * tick
        );
    }
    for (index, bar) in bars.iter().enumerate() {
        let y = ROW * index as f64;
        let class = if bar.is_main { "bar main" } else { "bar" };
        let rate = bar.share.rate.unwrap_or(0.0);
        let middle = y + ROW / 2.0;
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" class=\"label\" text-anchor=\"end\">{}</text>\
             <rect x=\"{LABEL}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\" class=\"{class}\"/>",
            LABEL - 8.0,
            middle + 4.0,
            escape(&bar.label),
            y + 4.0,
            rate * scale,
            ROW - 8.0
        );
        if bar.share.rate.is_some() {
            let (low, high) = (at(bar.share.low), at(bar.share.high));
            let _ = write!(
                svg,
                "<path d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {:.1}v6M{high:.1} {:.1}v6\" class=\"interval\"/>",
                middle - 3.0,
                middle - 3.0
            );
        }
        let _ = write!(
            svg,
            "<text x=\"{WIDTH}\" y=\"{:.1}\" class=\"value\" text-anchor=\"end\">{}</text>",
            middle + 4.0,
            super::numbers::percent(bar.share.rate)
        );
    }
    if let Some(goal) = goal {
        let x = at(goal);
        let _ = write!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{:.1}\" class=\"goal\"><title>wanted: {:.1} %</title></line>",
            height - 20.0,
            100.0 * goal
        );
    }
    svg.push_str("</svg>");
    svg
}
