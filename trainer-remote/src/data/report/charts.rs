//! Pieces of the page: bars, histograms, numbers for people, text made harmless.

use std::{collections::BTreeMap, fmt::Write as _};

use super::Lengths;
use crate::html::escape;

/// Bars of a chart at most; the rest are named in a line.
pub(super) const BARS: usize = 48;

/// Adds the histogram of lengths.
pub(super) fn histogram(page: &mut String, title: &str, lengths: &Lengths) {
    let steps = lengths.steps(40);
    let top = steps.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1) as f64;
    let _ = write!(
        page,
        "<section><h3>{title}</h3><svg class=\"hist\" viewBox=\"0 0 {} 100\" preserveAspectRatio=\"none\">",
        steps.len() * 10
    );
    for (at, (from, count)) in steps.iter().enumerate() {
        let height = *count as f64 / top * 100.0;
        let _ = write!(
            page,
            "<rect class=\"train\" x=\"{}\" y=\"{:.2}\" width=\"9\" height=\"{height:.2}\"><title>from {from}: {}</title></rect>",
            at * 10,
            100.0 - height,
            thousands(*count)
        );
    }
    let _ = write!(
        page,
        "</svg><div class=\"axis\"><span>{}</span><span>median {}, mean {:.1}, 95 % up to {}</span><span>{}</span></div></section>",
        lengths.quantile(0.0),
        lengths.quantile(0.5),
        lengths.mean(),
        lengths.quantile(0.95),
        lengths.quantile(1.0)
    );
}

/// Bars of counts, the most first.
pub(super) fn counts(page: &mut String, title: &str, map: &BTreeMap<String, u64>, colour: &str) {
    if map.is_empty() {
        return;
    }
    let _ = write!(page, "<h3>{}</h3>", escape(title));
    let mut all: Vec<(&String, &u64)> = map.iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let top = all.first().map_or(1, |(_, count)| **count).max(1) as f64;
    for (name, count) in all.iter().take(BARS) {
        let _ = write!(
            page,
            "<div class=\"bar\"><span>{}</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" height=\"12\">\
             <rect class=\"{colour}\" width=\"{:.2}\" height=\"10\"/></svg><span>{}</span></div>",
            escape(name),
            **count as f64 / top * 100.0,
            thousands(**count)
        );
    }
}

/// A part of all; 0 of nothing.
pub(super) fn ratio(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    let share = share * 100.0;
    if share > 0.0 && share < 0.95 { format!("{share:.2} %") } else { format!("{share:.1} %") }
}

/// A number with its thousands apart.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_harmless_and_numbers_readable() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        assert_eq!(thousands(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!((percent(0.5), percent(0.001)), ("50.0 %".to_owned(), "0.10 %".to_owned()));
    }
}
