//! The report as a page: one file, charts inside it, readable in light and dark.

use std::fmt::Write as _;

use super::report::{ORIGINS, Part, Report};
use crate::terminal::clean::in_markup as text;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6875;--grid:#e3e8ee;--page:#fff;--ready:#1f8a4c;--live:#1f6fb2;--phrasebook:#c8641b;--bad:#c62f3b}\
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b4;--grid:#33404d;--page:#14191f}}\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--grid)}\
th:first-child,td:first-child{text-align:left}svg{width:100%;height:auto}svg text{fill:var(--ink);font-size:13px}\
.soft{color:var(--soft)}svg .soft{fill:var(--soft)}";

const WIDTH: f64 = 800.0;
const LABEL: f64 = 120.0;
const ROW: f64 = 30.0;

/// The page.
pub(super) fn html(report: &Report) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{id}: the booth's report</title><style>{STYLE}</style><h1>{id}</h1>\
         <p>{} balls; the booth spoke of {} (each persona's counted).</p>",
        report.balls,
        report.all.spoken_balls,
        id = text(&report.match_id)
    );
    let mut parts: Vec<(&str, &Part)> = vec![("all", &report.all)];
    parts.extend(report.personas.iter().map(|(name, part)| (name.as_str(), part)));
    page.push_str("<h2>Who wrote the first line of a ball</h2>");
    page.push_str(&shares(&parts));
    page.push_str("<h2>How soon it came</h2>");
    page.push_str(&waits(&report.all));
    page.push_str("<h2>Lines</h2><table><tr><th>persona<th>origin<th>balls<th>share<th>lines<th>p50 ms<th>p95 ms</tr>");
    for (name, part) in &parts {
        for (origin, of) in &part.by_origin {
            let _ = write!(
                page,
                "<tr><td>{}<td>{origin}<td>{}<td>{:.1} %<td>{}<td>{}<td>{}</tr>",
                text(name),
                of.balls,
                100.0 * of.share,
                of.lines,
                told(of.latency_ms_p50),
                told(of.latency_ms_p95)
            );
        }
    }
    page.push_str(
        "</table><h2>What the model did</h2><table><tr><th>persona<th>tokens read<th>of them known<th>written\
         <th>in vain<th>refused at first<th>after a retry<th>ready, did not hold</tr>",
    );
    for (name, part) in &parts {
        let account = &part.account;
        let refused = |checks: crate::booth::account::Checks| {
            let all = checks.passed + checks.refused + checks.repeated;
            format!("{} of {all}", checks.refused)
        };
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}</tr>",
            text(name),
            account.tokens.prompt,
            account.tokens.reused,
            account.tokens.written,
            account.tokens.wasted,
            refused(account.first),
            refused(account.retry),
            account.ready_refused
        );
    }
    page.push_str("</table></html>\n");
    page
}

fn told(milliseconds: Option<u64>) -> String {
    milliseconds.map_or_else(|| "–".to_owned(), |milliseconds| milliseconds.to_string())
}

/// A bar for each part, of its origins' shares.
fn shares(parts: &[(&str, &Part)]) -> String {
    let height = ROW * (parts.len() as f64 + 1.0);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Shares by origin\">");
    let scale = WIDTH - LABEL - 10.0;
    for (row, (name, part)) in parts.iter().enumerate() {
        let y = ROW * row as f64;
        let _ = write!(svg, "<text x=\"0\" y=\"{:.1}\">{}</text>", y + 19.0, text(name));
        let mut x = LABEL;
        for origin in ORIGINS {
            let share = part.by_origin.get(origin.name()).map_or(0.0, |of| of.share);
            let width = share * scale;
            let _ = write!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"20\" fill=\"var(--{name})\"><title>{name}: {:.1} %</title></rect>",
                y + 4.0,
                100.0 * share,
                name = origin.name()
            );
            x += width;
        }
    }
    let mut x = LABEL;
    for origin in ORIGINS {
        let y = ROW * parts.len() as f64;
        let _ = write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" fill=\"var(--{name})\"/><text x=\"{:.1}\" y=\"{:.1}\" class=\"soft\">{name}</text>",
            y + 8.0,
            x + 18.0,
            y + 19.0,
            name = origin.name()
        );
        x += 130.0;
    }
    svg.push_str("</svg>");
    svg
}

/// Latency by origin, half of the balls and 95 of 100, on a scale of powers of ten: from a millisecond to a minute.
fn waits(part: &Part) -> String {
    let scale = (WIDTH - LABEL - 10.0) / 60_000_f64.log10();
    let at = |milliseconds: u64| LABEL + (milliseconds.max(1) as f64).log10() * scale;
    let height = ROW * 4.0;
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Latency by origin\">");
    for (milliseconds, label) in [(1, "1 ms"), (10, "10 ms"), (100, "100 ms"), (1_000, "1 s"), (10_000, "10 s")] {
        let x = at(milliseconds);
        let _ = write!(
            svg,
            "<path d=\"M{x:.1} 0V{:.1}\" stroke=\"var(--grid)\"/><text x=\"{x:.1}\" y=\"{:.1}\" class=\"soft\" text-anchor=\"middle\">{label}</text>",
            ROW * 3.0,
            ROW * 3.0 + 18.0
        );
    }
    for (row, origin) in ORIGINS.iter().enumerate() {
        let name = origin.name();
        let y = ROW * row as f64;
        let _ = write!(svg, "<text x=\"0\" y=\"{:.1}\">{name}</text>", y + 19.0);
        let known = part.by_origin.get(name).and_then(|of| Some((of.latency_ms_p50?, of.latency_ms_p95?)));
        if let Some((half, most)) = known {
            let _ = write!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"6\" rx=\"3\" fill=\"var(--{name})\"/>\
                 <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"7\" fill=\"var(--{name})\"><title>half within {half} ms, 95 of 100 within {most} ms</title></circle>",
                at(half),
                y + 11.0,
                (at(most) - at(half)).max(2.0),
                at(half),
                y + 14.0
            );
        }
    }
    svg.push_str("</svg>");
    svg
}
