//! Reliability diagrams.

use std::fmt::Write as _;

use crate::html::escape;

/// A reliability diagram: predicted chance across, share that came true up, a dot a bin, as large as the bin is full.
/// Bins are predictions, mean chance, share that came true.
pub(super) fn reliability(title: &str, bins: &[(u64, f64, f64)], notes: &str) -> String {
    let (x, y) = (|share: f64| 62.0 + 340.0 * share, |share: f64| 390.0 - 340.0 * share);
    let all = bins.iter().map(|(count, ..)| *count).sum::<u64>().max(1) as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 430 470\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <rect width=\"430\" height=\"470\" fill=\"#fff\"/>\n\
         <text x=\"62\" y=\"24\" font-size=\"14\" font-weight=\"600\" fill=\"#1d2733\">{title}</text>\n",
        title = escape(title)
    );
    for tick in 0..=5 {
        let share = f64::from(tick) / 5.0;
        let _ = writeln!(
            svg,
            "<path d=\"M{x0:.1} {at:.1}H{x1:.1}M{across:.1} {y0:.1}V{y1:.1}\" stroke=\"#e3e8ee\"/>\
             <text x=\"{left:.1}\" y=\"{label:.1}\" text-anchor=\"end\" fill=\"#5b6875\">{percent:.0} %</text>\
             <text x=\"{across:.1}\" y=\"{below:.1}\" text-anchor=\"middle\" fill=\"#5b6875\">{percent:.0} %</text>",
            x0 = x(0.0),
            x1 = x(1.0),
            y0 = y(0.0),
            y1 = y(1.0),
            at = y(share),
            across = x(share),
            left = x(0.0) - 8.0,
            label = y(share) + 4.0,
            below = y(0.0) + 18.0,
            percent = share * 100.0
        );
    }
    let _ = writeln!(
        svg,
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#9aa7b4\" stroke-dasharray=\"5 4\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    );
    let line: Vec<String> = bins.iter().map(|(_, chance, came)| format!("{:.1} {:.1}", x(*chance), y(*came))).collect();
    let _ = writeln!(svg, "<path d=\"M{}\" fill=\"none\" stroke=\"#1f6fb2\" stroke-width=\"2\"/>", line.join("L"));
    for (count, chance, came) in bins {
        let radius = 3.0 + 14.0 * (*count as f64 / all).sqrt();
        let _ = writeln!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" fill=\"#1f6fb2\" fill-opacity=\".35\" stroke=\"#1f6fb2\">\
             <title>{count} balls: {:.1} % said, {:.1} % came</title></circle>",
            x(*chance),
            y(*came),
            100.0 * chance,
            100.0 * came
        );
    }
    let _ = write!(
        svg,
        "<text x=\"232\" y=\"430\" text-anchor=\"middle\" fill=\"#1d2733\">chance said</text>\n\
         <text x=\"18\" y=\"220\" text-anchor=\"middle\" fill=\"#1d2733\" transform=\"rotate(-90 18 220)\">share that won</text>\n\
         <text x=\"18\" y=\"456\" font-size=\"11\" fill=\"#5b6875\">{}</text>\n</svg>\n",
        escape(notes)
    );
    svg
}
