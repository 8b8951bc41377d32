//! Pictures: what those of the commands share.

use std::fmt::Write as _;

use crate::terminal::clean::in_markup as text;

pub(super) const INK: &str = "#1d2733";
pub(super) const SOFT: &str = "#5b6875";
pub(super) const GRID: &str = "#e3e8ee";
pub(super) const FIRST: &str = "#1f6fb2";
pub(super) const SECOND: &str = "#c8641b";

/// The beginning of a picture on white; `</svg>` ends it.
pub(super) fn open((width, height): (f64, f64), title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"system-ui, 'Segoe UI', Roboto, sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        title = text(title)
    )
}

/// A straight line; `more` are attributes.
pub(super) fn line(out: &mut String, from: (f64, f64), to: (f64, f64), colour: &str, more: &str) {
    let _ =
        writeln!(out, "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{colour}\" {more}/>", from.0, from.1, to.0, to.1);
}

/// A text, harmless whatever it holds; `more` are attributes.
pub(super) fn label(out: &mut String, (x, y): (f64, f64), colour: &str, more: &str, said: &str) {
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\" {more}>{}</text>", text(said));
}
