//! The figures as an SVG: times, rates under the memory's ceiling, each ball in turn, lines at once.

use std::fmt::Write as _;

use super::figures::{Lines, Measured, Report, Spread};
use crate::cli::svg::{FIRST, GRID, INK, SECOND, SOFT, label, line, open};

const WIDTH: f64 = 1120.0;
const LEFT: f64 = 40.0;
/// Where bars begin, right of their names.
const BARS: f64 = 330.0;
const BARS_WIDTH: f64 = 620.0;
const ROW: f64 = 22.0;
/// Height of a curve's field.
const FIELD: f64 = 150.0;
/// A colour a model, from the beginning again where there are more.
const COLOURS: [&str; 5] = [FIRST, SECOND, "#2e8b57", "#6b4fa0", "#8a6d1b"];

/// The picture, complete in itself.
pub(super) fn svg(report: &Report) -> String {
    let measured: Vec<(&Measured, &str)> = report.models.iter().zip(COLOURS.into_iter().cycle()).collect();
    let mut body = String::new();
    let mut y = 34.0;
    label(&mut body, (LEFT, y), INK, "font-size=\"20\" font-weight=\"600\"", &report.device.name);
    y += 22.0;
    let about = format!(
        "{} balls of invented matches; memory is read at {:.1} GB/s with {} threads",
        report.balls,
        report.memory.bytes_per_second / 1e9,
        report.memory.threads
    );
    label(&mut body, (LEFT, y), SOFT, "font-size=\"13\"", &about);
    for (model, colour) in &measured {
        y += 20.0;
        let _ =
            writeln!(body, "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>", y - 10.0);
        let error = model.error.as_ref().map(|error| format!(" — {error}")).unwrap_or_default();
        label(&mut body, (LEFT + 18.0, y), INK, "font-size=\"13\"", &format!("{}{error}", model.name));
    }
    y = times(&mut body, &measured, y + 40.0);
    y = rates(&mut body, &measured, y + 30.0);
    y = balls(&mut body, &measured, y + 30.0);
    y = at_once(&mut body, &measured, y + 30.0);
    let mut out = open((WIDTH, y + 10.0), &format!("Models on {}", report.device.name));
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

fn heading(out: &mut String, y: f64, said: &str) {
    label(out, (LEFT, y), INK, "font-size=\"14\" font-weight=\"600\"", said);
}

/// One bar with its name before and its figure behind it, and a mark where 19 of 20 stay within or a ceiling is.
fn bar(out: &mut String, y: f64, colour: &str, name: &str, (value, mark, most): (f64, Option<f64>, f64), said: &str) {
    let width = |value: f64| (BARS_WIDTH * value / most.max(1e-9)).clamp(0.0, BARS_WIDTH);
    label(out, (BARS - 10.0, y + 4.0), SOFT, "text-anchor=\"end\"", name);
    let _ = writeln!(
        out,
        "<rect x=\"{BARS}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\" fill=\"{colour}\" fill-opacity=\".75\"/>",
        y - 7.0,
        width(value)
    );
    let mut end = BARS + width(value);
    if let Some(mark) = mark {
        let x = BARS + width(mark);
        line(out, (x, y - 9.0), (x, y + 9.0), INK, "stroke-width=\"1.5\"");
        line(out, (BARS + width(value.min(mark)), y), (x, y), INK, "stroke-dasharray=\"2 3\"");
        end = end.max(x);
    }
    label(out, (end + 8.0, y + 4.0), INK, "", said);
}

/// Which times of a model.
type Times = fn(&Measured) -> Option<Spread>;

/// First text and whole line, cold and warm.
fn times(out: &mut String, models: &[(&Measured, &str)], mut y: f64) -> f64 {
    heading(out, y, "Milliseconds: half of the lines within the bar, 19 of 20 within the mark");
    y += 24.0;
    let kinds: [(&str, Times); 4] = [
        ("cold: first text", |model| model.cold.as_ref().map(|lines| lines.first_text)),
        ("cold: whole line", |model| model.cold.as_ref().map(|lines| lines.whole_line)),
        ("warm: first text", |model| model.warm.as_ref().map(|lines| lines.first_text)),
        ("warm: whole line", |model| model.warm.as_ref().map(|lines| lines.whole_line)),
    ];
    let all = kinds.iter().flat_map(|(_, kind)| models.iter().filter_map(|(model, _)| kind(model)));
    let most = all.map(|spread| spread.p95_ms).fold(1.0, f64::max);
    for (name, kind) in kinds {
        for (model, colour) in models {
            let Some(spread) = kind(model) else { continue };
            let said = format!("{:.0} / {:.0}", spread.p50_ms, spread.p95_ms);
            bar(out, y, colour, name, (spread.p50_ms, Some(spread.p95_ms), most), &said);
            y += ROW;
        }
    }
    y
}

/// Tokens written a second, and what memory allows.
fn rates(out: &mut String, models: &[(&Measured, &str)], mut y: f64) -> f64 {
    heading(out, y, "Tokens written a second; the mark: what this machine's memory allows");
    y += 24.0;
    let rate = |model: &Measured| model.warm.as_ref()?.decode_tokens_per_second;
    let all = models.iter().flat_map(|(model, _)| [rate(model), model.ceiling_tokens_per_second]).flatten();
    let most = all.fold(1.0, f64::max);
    for (model, colour) in models {
        let Some(value) = rate(model) else { continue };
        let share = model.share_of_ceiling.map(|share| format!(" ({:.0} %)", share * 100.0));
        let no_bound = || model.no_ceiling.as_ref().map(|_| " (memory is no bound)".to_owned());
        let said = format!("{value:.1}{}", share.or_else(no_bound).unwrap_or_default());
        bar(out, y, colour, "writing", (value, model.ceiling_tokens_per_second, most), &said);
        y += ROW;
    }
    y
}

/// A field with a scale from 0 to `most`; gives the height of a value in it.
fn field(out: &mut String, y: f64, most: f64, unit: &str) -> impl Fn(f64) -> f64 + use<> {
    let at = move |value: f64| y + FIELD * (1.0 - (value / most.max(1e-9)).clamp(0.0, 1.0));
    for part in 0..=4 {
        let value = most * f64::from(part) / 4.0;
        line(out, (LEFT + 50.0, at(value)), (WIDTH - 30.0, at(value)), GRID, "");
        let said = if most >= 20.0 { format!("{value:.0}{unit}") } else { format!("{value:.1}{unit}") };
        label(out, (LEFT + 42.0, at(value) + 4.0), SOFT, "text-anchor=\"end\" font-size=\"11\"", &said);
    }
    at
}

/// A curve through points.
fn curve(out: &mut String, points: impl Iterator<Item = (f64, f64)>, colour: &str) {
    let points: Vec<String> = points.map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    if !points.is_empty() {
        let path = points.join("L");
        let _ = writeln!(out, "<path d=\"M{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"/>");
    }
}

/// Each ball's whole line, in order: what warms up or slows down shows here.
fn balls(out: &mut String, models: &[(&Measured, &str)], y: f64) -> f64 {
    let lines: Vec<(&Lines, &str)> =
        models.iter().filter_map(|(model, colour)| Some((model.warm.as_ref()?, *colour))).collect();
    let longest = lines.iter().map(|(lines, _)| lines.whole_line_ms.len()).max().unwrap_or(0);
    if longest < 2 {
        return y - 30.0;
    }
    heading(out, y, &format!("Milliseconds of each of {longest} lines in a row"));
    let most = lines.iter().flat_map(|(lines, _)| &lines.whole_line_ms).copied().fold(1.0, f64::max);
    let at = field(out, y + 16.0, most, "");
    let x = |ball: usize| LEFT + 50.0 + (WIDTH - LEFT - 80.0) * ball as f64 / (longest - 1) as f64;
    for (lines, colour) in lines {
        curve(out, lines.whole_line_ms.iter().enumerate().map(|(ball, ms)| (x(ball), at(*ms))), colour);
    }
    y + 16.0 + FIELD + 10.0
}

/// How much several lines at once gain.
fn at_once(out: &mut String, models: &[(&Measured, &str)], y: f64) -> f64 {
    let all = || models.iter().flat_map(|(model, _)| &model.at_once);
    let longest = all().map(|found| found.lines).max().unwrap_or(0);
    if longest < 2 {
        return y - 30.0;
    }
    heading(out, y, "Lines of one ball at once: how many times as fast as one after another");
    let most = all().map(|found| found.gain).fold(1.0, f64::max).ceil();
    let at = field(out, y + 16.0, most, "×");
    let x = |lines: usize| LEFT + 50.0 + (WIDTH - LEFT - 80.0) * (lines - 1) as f64 / (longest - 1) as f64;
    for lines in 1..=longest {
        let foot = y + 16.0 + FIELD + 15.0;
        label(out, (x(lines), foot), SOFT, "text-anchor=\"middle\" font-size=\"11\"", &lines.to_string());
    }
    for (model, colour) in models {
        curve(out, model.at_once.iter().map(|found| (x(found.lines), at(found.gain))), colour);
    }
    y + 16.0 + FIELD + 26.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::time::Duration;

    use llm::{Usage, Written};

    use super::*;
    use crate::cli::bench::{
        device::Device,
        figures::{AtOnce, Memory},
    };

    #[test]
    fn every_model_is_in_the_picture_and_no_name_breaks_it() {
        let line = |ms| Written {
            text: String::new(),
            first_text: None,
            total: Duration::from_millis(ms),
            usage: Usage { written_tokens: Some(24), decode: Some(Duration::from_millis(ms)), ..Usage::default() },
        };
        let at_once =
            |lines: usize| AtOnce { lines, all_ms: 10.0, gain: 1.0 + lines as f64 / 8.0, tokens_per_second: None };
        let full = Measured {
            name: "embedded <one> & \"more\"".to_owned(),
            warm: Lines::of(&[line(700), line(900)], 0),
            at_once: vec![at_once(1), at_once(8)],
            ceiling_tokens_per_second: Some(90.0),
            share_of_ceiling: Some(0.5),
            ..Measured::default()
        };
        let empty = Measured { name: "ollama two".to_owned(), error: Some("away".to_owned()), ..Measured::default() };
        let small = Measured {
            name: "embedded small".to_owned(),
            warm: Lines::of(&[line(7), line(9)], 0),
            no_ceiling: Some("it stays in the caches".to_owned()),
            ..Measured::default()
        };
        let report = Report {
            version: "1",
            device: Device::here(),
            memory: Memory { bytes_per_second: 1e10, threads: 4, cache_bytes: None },
            balls: 2,
            cast: vec!["benaud"],
            models: vec![full, small, empty],
            stopped: false,
        };
        let picture = svg(&report);
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
        assert!(picture.contains("embedded &lt;one&gt; &amp; &quot;more&quot;"));
        assert!(picture.contains("ollama two — away") && picture.contains("(50 %)"));
        assert!(picture.contains("(memory is no bound)"));
        assert!(!picture.contains("NaN") && !picture.contains("inf"));
    }
}
