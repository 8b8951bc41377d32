//! The report as Markdown, for a model card or a review.

use std::fmt::Write as _;

use super::{super::examples::Example, Report, SystemReport, numbers};

/// A figure of a system, as text.
type Cell = fn(&SystemReport) -> String;

const ROWS: [(&str, Cell); 16] = [
    ("Facts right, first reply", |system| numbers::share(&system.all.fact_clean)),
    ("Contradictions per 100", |system| numbers::mean(&system.all.contradictions)),
    ("Not checkable per 100", |system| numbers::mean(&system.all.not_checkable)),
    ("Calls that claim nothing", |system| numbers::share(&system.all.idle)),
    ("Well formed", |system| numbers::share(&system.all.format_clean)),
    ("Names what happened", |system| numbers::share(&system.all.key_event)),
    ("… of news alone", |system| numbers::share(&system.all.news)),
    ("… news left out", |system| numbers::share(&system.all.omissions)),
    ("Empty", |system| numbers::share(&system.all.empty)),
    ("Persona recognised", |system| numbers::share(&system.all.persona)),
    ("Words a line", |system| numbers::mean(&system.all.words)),
    ("Same opener within 12 balls", |system| numbers::share(&system.repetition.opener)),
    ("Same line within 12 balls", |system| numbers::share(&system.repetition.text)),
    ("… opener, on the air", |system| numbers::share(&system.repetition_aired.opener)),
    ("Phrasebook in its place", |system| numbers::share(&system.all.aired_phrasebook)),
    ("On the air, passed again", |system| numbers::share(&system.all.aired_clean)),
];

/// The report.
pub(super) fn of(report: &Report) -> String {
    let mut text = String::new();
    let asked = &report.asked;
    let _ = writeln!(text, "# Evaluation\n");
    let _ = writeln!(
        text,
        "{} lines of {} balls of {} matches, of {}; seed {}. Brackets hold 95 % intervals (Wilson's for shares, the \
         bootstrap over matches for means).\n",
        asked.lines,
        asked.balls,
        asked.matches.len(),
        asked.personas.join(", "),
        asked.seed
    );
    gates(&mut text, report);
    let names: Vec<&str> = report.systems.iter().map(|system| system.name.as_str()).collect();
    header(&mut text, "", &names);
    for (title, cell) in ROWS {
        row(&mut text, title, report.systems.iter().map(cell));
    }
    if !report.comparisons.is_empty() {
        let _ = writeln!(text, "\n## Compared\n");
    }
    for comparison in &report.comparisons {
        let _ = writeln!(text, "- {}", escape(&comparison.verdict));
    }
    for system in report.systems.iter().filter(|system| !system.is_baseline) {
        one(&mut text, system);
    }
    text
}

fn gates(text: &mut String, report: &Report) {
    if report.gates.is_empty() {
        return;
    }
    header(text, "Gate", &["wanted", "measured", ""]);
    for gate in &report.gates {
        let sign = if gate.at_most { "≤" } else { "≥" };
        let value = gate.value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
        let met = if gate.met { "met" } else { "**missed**" };
        row(text, gate.gate, [format!("{sign} {}", gate.limit), value, met.to_owned()].into_iter());
    }
    text.push('\n');
}

fn one(text: &mut String, system: &SystemReport) {
    let _ = writeln!(text, "\n## {}\n", escape(&system.name));
    if let Some(speed) = &system.speed {
        let _ = writeln!(
            text,
            "First text {} ms, whole line {} ms (95 of 100: {} ms), {} tokens/s; file {}, memory {}. On a Raspberry Pi 5 by \
             its memory's bandwidth: at most {} tokens/s, {} ms a line or more.\n",
            numbers::number(speed.first_ms_p50),
            numbers::number(speed.line_ms_p50),
            numbers::number(speed.line_ms_p95),
            numbers::number(speed.decode_per_second),
            numbers::megabytes(speed.file_bytes),
            numbers::megabytes(speed.memory_bytes),
            numbers::number(speed.pi5_decode_per_second),
            numbers::number(speed.pi5_line_ms),
        );
    }
    header(text, "By persona", &["lines", "facts right", "well formed", "names what happened", "recognised"]);
    for (persona, figures) in &system.personas {
        let shares = [&figures.fact_clean, &figures.format_clean, &figures.key_event, &figures.persona];
        let cells = std::iter::once(figures.asked.to_string()).chain(shares.map(numbers::share));
        row(text, persona, cells);
    }
    text.push('\n');
    header(text, "By event", &["lines", "facts right", "well formed", "names what happened"]);
    for (class, figures) in &system.events {
        let shares = [&figures.fact_clean, &figures.format_clean, &figures.key_event];
        let cells = std::iter::once(figures.asked.to_string()).chain(shares.map(numbers::share));
        row(text, &class.title(), cells);
    }
    let Some(examples) = &system.examples else { return };
    if !examples.weakest.is_empty() {
        let _ = writeln!(text, "\n### The weakest lines\n");
        lines(text, &examples.weakest);
    }
    for (persona, drawn) in &examples.drawn {
        let _ = writeln!(text, "\n### Drawn by lot: {persona}\n");
        lines(text, drawn);
    }
}

fn lines(text: &mut String, examples: &[Example]) {
    for example in examples {
        let reply = example.text.as_deref().unwrap_or(&example.reply);
        let reply = if reply.trim().is_empty() { "(nothing)" } else { reply.trim() };
        let _ = writeln!(text, "- {} {}: **{}**  ", example.persona, example.kind, escape(reply));
        let _ = writeln!(text, "  {}", escape(&example.moment));
        if !example.faults.is_empty() {
            let _ = writeln!(text, "  ({})", escape(&example.faults.join("; ")));
        }
    }
}

fn header(text: &mut String, first: &str, rest: &[&str]) {
    row(text, first, rest.iter().map(|title| escape(title)));
    let _ = writeln!(text, "|---|{}", "---|".repeat(rest.len()));
}

fn row(text: &mut String, first: &str, cells: impl Iterator<Item = String>) {
    let _ = write!(text, "| {first} |");
    for cell in cells {
        let _ = write!(text, " {cell} |");
    }
    text.push('\n');
}

/// Text from outside, on one line and without meaning to Markdown or to a page that shows it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_writes_stays_text() {
        assert_eq!(escape("a|b\n<i>*c*"), "a\\|b &lt;i&gt;\\*c\\*");
    }
}
