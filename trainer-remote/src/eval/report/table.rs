//! The figures as plain text, for a terminal.

use std::fmt::Write as _;

use super::{Report, SystemReport, numbers};

/// A figure of a system, as text.
type Cell = fn(&SystemReport) -> String;

const ROWS: [(&str, Cell); 17] = [
    ("facts right, first reply", |system| numbers::percent(system.all.fact_clean.rate)),
    ("  contradictions per 100", |system| numbers::number(system.all.contradictions.value)),
    ("  not checkable per 100", |system| numbers::number(system.all.not_checkable.value)),
    ("well formed", |system| numbers::percent(system.all.format_clean.rate)),
    ("names what happened (calls)", |system| numbers::percent(system.all.key_event.rate)),
    ("  wickets, boundaries … alone", |system| numbers::percent(system.all.news.rate)),
    ("  left out", |system| numbers::percent(system.all.omissions.rate)),
    ("empty", |system| numbers::percent(system.all.empty.rate)),
    ("persona recognised", |system| numbers::percent(system.all.persona.rate)),
    ("same opener within 12 balls", |system| numbers::percent(system.repetition.opener.rate)),
    ("  on the air", |system| numbers::percent(system.repetition_aired.opener.rate)),
    ("spoken: first reply", |system| numbers::percent(system.all.aired_first.rate)),
    ("  second or third", |system| numbers::percent(system.all.aired_retry.rate)),
    ("  phrasebook instead", |system| numbers::percent(system.all.aired_phrasebook.rate)),
    ("hostile names: harmless", |system| {
        numbers::percent(system.safety.as_ref().and_then(|safety| safety.harmless.rate))
    }),
    ("line, 50 of 100, ms", |system| numbers::number(system.speed.as_ref().and_then(|speed| speed.line_ms_p50))),
    ("line, 95 of 100, ms", |system| numbers::number(system.speed.as_ref().and_then(|speed| speed.line_ms_p95))),
];

/// The table, the comparisons in words, and the gates.
pub(super) fn of(report: &Report) -> String {
    let asked = &report.asked;
    let mut text = format!(
        "{} lines of {} balls of {} matches, seed {}\n\n",
        asked.lines,
        asked.balls,
        asked.matches.len(),
        asked.seed
    );
    let title_width = ROWS.iter().map(|(title, _)| title.chars().count()).max().unwrap_or_default();
    let columns: Vec<Vec<String>> = report
        .systems
        .iter()
        .map(|system| std::iter::once(system.name.clone()).chain(ROWS.iter().map(|(_, cell)| cell(system))).collect())
        .collect();
    for (row, title) in std::iter::once("").chain(ROWS.iter().map(|(title, _)| *title)).enumerate() {
        let _ = write!(text, "{title:<title_width$}");
        for column in &columns {
            let width = column.iter().map(|cell| cell.chars().count()).max().unwrap_or_default();
            let cell = column.get(row).map_or("", String::as_str);
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    if !report.comparisons.is_empty() {
        text.push('\n');
    }
    for comparison in &report.comparisons {
        let _ = writeln!(text, "{}", comparison.verdict);
    }
    if !report.gates.is_empty() {
        text.push('\n');
    }
    for gate in &report.gates {
        let sign = if gate.at_most { "<=" } else { ">=" };
        let word = if gate.met { "met   " } else { "missed" };
        let value = numbers::number(gate.value.map(|value| (value * 1e4).round() / 1e4));
        let value = if gate.limit <= 1.0 { gate.value.map_or(value, |value| format!("{value:.4}")) } else { value };
        let _ = writeln!(text, "gate {word} {:<13} {value} (wanted {sign} {})", gate.gate, gate.limit);
    }
    text
}
