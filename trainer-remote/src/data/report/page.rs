//! The page: everything in one file, nothing fetched, every text escaped.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use super::{
    Grounded, Leak, Players, Report, SplitReport,
    charts::{BARS, counts, histogram, percent, ratio, thousands},
};
use crate::{data::split::Split, html::escape};

const CSS: &str = include_str!("page.css");

/// What a chart counts of a split.
type Counts = fn(&SplitReport) -> &BTreeMap<String, u64>;

/// The page of a report.
pub(super) fn of(report: &Report) -> String {
    let mut page = String::with_capacity(64 << 10);
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>Rows</title><style>{CSS}</style></head><body><main>\
         <h1>Training rows</h1><p class=\"soft\">{}</p>",
        escape(&report.folder.display().to_string())
    );
    cards(&mut page, report);
    splits(&mut page, report);
    shares(&mut page, report);
    lengths(&mut page, report);
    if let Some(grounded) = &report.grounded {
        truth(&mut page, grounded);
    }
    leakage(&mut page, &report.leakage);
    if let Some(players) = &report.players {
        overlap(&mut page, players);
    }
    if !report.not_measured.is_empty() {
        page.push_str("<h2>Not measured</h2>");
        for why in &report.not_measured {
            let _ = write!(page, "<p>{}</p>", escape(why));
        }
    }
    if let Some(Value::Object(summary)) = &report.summary {
        page.push_str("<h2>The stage's own summary</h2>");
        summary_of(&mut page, summary);
    }
    page.push_str("<p class=\"soft\">Contains data from Cricsheet, ODC-BY 1.0.</p></main></body></html>\n");
    page
}

fn cards(page: &mut String, report: &Report) {
    let sum = |of: fn(&SplitReport) -> u64| report.splits.values().map(of).sum::<u64>();
    let rows = sum(|split| split.tally.rows);
    let mut cards = vec![
        ("rows", thousands(rows)),
        ("with a completion", thousands(sum(|split| split.filled))),
        ("repeat a prompt of their split", percent(ratio(sum(|split| split.same_prompt), rows))),
    ];
    if let Some(grounded) = &report.grounded {
        cards.push(("of a sample pass the checker", percent(ratio(grounded.passed, grounded.sampled))));
    }
    page.push_str("<div class=\"cards\">");
    for (title, value) in cards {
        let _ = write!(page, "<div class=\"card\"><b>{value}</b>{title}</div>");
    }
    page.push_str("</div>");
}

fn splits(page: &mut String, report: &Report) {
    page.push_str(
        "<h2>Splits</h2><div class=\"wide\"><table><tr><th>split<th class=\"n\">rows<th class=\"n\">with completion\
         <th class=\"n\">same prompt<th class=\"n\">same pair<th class=\"n\">completion, words (median, 95 %)</tr>",
    );
    for (split, own) in &report.splits {
        let words = &own.completion_words;
        let words = if words.count() == 0 {
            "none yet".to_owned()
        } else {
            format!("{}, {}", words.quantile(0.5), words.quantile(0.95))
        };
        let _ = write!(
            page,
            "<tr><td>{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{words}</tr>",
            split.name(),
            thousands(own.tally.rows),
            thousands(own.filled),
            thousands(own.same_prompt),
            thousands(own.same_pair)
        );
    }
    page.push_str("</table></div>");
}

/// Shares of each split by what rows are.
fn shares(page: &mut String, report: &Report) {
    page.push_str("<h2>What the rows are about</h2><p class=\"soft\">Share of each split's rows:");
    for split in Split::ALL {
        let name = split.name();
        let _ = write!(page, "<span class=\"key\" style=\"background:var(--{name})\"></span>{name}");
    }
    page.push_str("</p><div class=\"charts\">");
    let charts: [(&str, Counts); 5] = [
        ("Persona", |own| &own.tally.persona),
        ("Kind of line", |own| &own.tally.kind),
        ("Format", |own| &own.tally.format),
        ("Pressure", |own| &own.tally.pressure),
        ("Most telling event", |own| &own.tally.event),
    ];
    for (title, of) in charts {
        let many = if title == "Most telling event" { " class=\"many\"" } else { "" };
        let _ = write!(page, "<section{many}><h3>{title}</h3>");
        let mut all: BTreeMap<&str, u64> = BTreeMap::new();
        for (value, rows) in report.splits.values().flat_map(of) {
            *all.entry(value).or_default() += rows;
        }
        let mut values: Vec<(&str, u64)> = all.into_iter().collect();
        values.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        let share = |split: Split, value: &str| {
            let own = report.splits.get(&split);
            own.map_or(0.0, |own| ratio(of(own).get(value).copied().unwrap_or(0), own.tally.rows))
        };
        let share_of = |value: &str| Split::ALL.map(|split| share(split, value));
        let top = values.iter().flat_map(|(value, _)| share_of(value)).fold(0.0, f64::max);
        for (value, _) in values.iter().take(BARS) {
            let name = if value.is_empty() { "(none)".to_owned() } else { value.replace('_', " ") };
            let three = share_of(value);
            let mut drawing = String::from("<svg viewBox=\"0 0 100 13\" preserveAspectRatio=\"none\" height=\"16\">");
            for (at, (split, share)) in Split::ALL.iter().zip(three).enumerate() {
                let width = if top > 0.0 { share / top * 100.0 } else { 0.0 };
                let _ = write!(
                    drawing,
                    "<rect class=\"{0}\" y=\"{1}\" width=\"{width:.2}\" height=\"4\"><title>{0} {2}</title></rect>",
                    split.name(),
                    at as f64 * 4.5,
                    percent(share)
                );
            }
            let _ = write!(
                page,
                "<div class=\"bar\"><span>{}</span>{drawing}</svg><span>{}</span></div>",
                escape(&name),
                percent(three[0])
            );
        }
        if values.len() > BARS {
            let _ = write!(page, "<p class=\"soft\">and {} more</p>", values.len() - BARS);
        }
        page.push_str("</section>");
    }
    page.push_str("</div>");
}

fn lengths(page: &mut String, report: &Report) {
    let Some(train) = report.splits.get(&Split::Train) else { return };
    page.push_str("<h2>Lengths in train</h2><div class=\"charts\">");
    for (title, lengths) in [
        ("Completions, words", &train.completion_words),
        ("Completions, characters", &train.completion_characters),
        ("Prompts, words", &train.prompt_words),
        ("Prompts, characters", &train.prompt_characters),
    ] {
        if lengths.count() > 0 {
            histogram(page, title, lengths);
        }
    }
    page.push_str("</div>");
}

fn truth(page: &mut String, grounded: &Grounded) {
    let _ = write!(
        page,
        "<h2>Truth of the completions</h2><p>Of {} rows drawn, {} ({}) pass the checker against their moments, formed again \
         from the source. {} are of balls that the source has not any more; {} have a prompt that this build would write \
         otherwise.</p>",
        thousands(grounded.sampled),
        thousands(grounded.passed),
        percent(ratio(grounded.passed, grounded.sampled)),
        thousands(grounded.lost),
        thousands(grounded.other_prompt)
    );
    counts(page, "Why the others do not", &grounded.reasons, "bad");
    if !grounded.examples.is_empty() {
        page.push_str("<h3>Some that do not</h3><div class=\"wide\"><table><tr><th>line<th>why</tr>");
        for (line, why) in &grounded.examples {
            let _ = write!(page, "<tr><td>{}<td>{}</tr>", escape(line), escape(why));
        }
        page.push_str("</table></div>");
    }
}

fn leakage(page: &mut String, leaks: &[Leak]) {
    page.push_str(
        "<h2>What train has seen</h2><p class=\"soft\">By spans of eight tokens.</p><div class=\"wide\"><table><tr><th>split\
         <th>part<th class=\"n\">rows with a span<th class=\"n\">a span in train<th class=\"n\">spans in train\
         <th class=\"n\">word for word</tr>",
    );
    for leak in leaks {
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}</tr>",
            leak.split.name(),
            leak.part,
            thousands(leak.rows),
            percent(leak.with_span),
            percent(leak.spans),
            percent(leak.whole)
        );
    }
    page.push_str("</table></div>");
    let mut meanings: Vec<(&str, &str)> = leaks.iter().map(|leak| (leak.part, leak.meaning)).collect();
    meanings.sort_unstable();
    meanings.dedup();
    for (part, meaning) in meanings {
        let _ = write!(page, "<p><b>{part}</b>: {meaning}</p>");
    }
}

fn overlap(page: &mut String, players: &Players) {
    page.push_str("<h2>Players</h2><p>");
    for (split, people) in &players.people {
        let _ = write!(page, "{}: {} people. ", split.name(), thousands(*people));
    }
    for (split, share) in &players.in_train {
        let _ = write!(page, "{} of those in {} play in train too. ", percent(*share), split.name());
    }
    page.push_str("Where names are swapped, and in slot rows, no text carries who they are.</p>");
}

/// Whatever a stage says of itself: numbers and texts as a table, counts by name as bars.
fn summary_of(page: &mut String, summary: &serde_json::Map<String, Value>) {
    page.push_str("<div class=\"wide\"><table>");
    let is_counts = |value: &Value| {
        value.as_object().is_some_and(|map| !map.is_empty() && map.values().all(|value| value.as_u64().is_some()))
    };
    for (key, value) in summary.iter().filter(|(_, value)| !is_counts(value)) {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.as_u64().map_or_else(
                || number.as_f64().map_or_else(|| number.to_string(), |number| format!("{number:.3}")),
                thousands,
            ),
            Value::Bool(yes) => yes.to_string(),
            Value::Null => continue,
            // Splits and recipes have their own places.
            Value::Array(_) | Value::Object(_) if value.to_string().len() > 400 => continue,
            other => other.to_string(),
        };
        let _ = write!(page, "<tr><td>{}<td>{}</tr>", escape(&key.replace('_', " ")), escape(&text));
    }
    page.push_str("</table></div><div class=\"charts\">");
    for (key, value) in summary.iter().filter(|(_, value)| is_counts(value)) {
        let map: BTreeMap<String, u64> = value
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_u64()?)))
            .collect();
        let colour = if key.contains("refused") || key.contains("reject") { "bad" } else { "train" };
        page.push_str("<section>");
        counts(page, &key.replace('_', " "), &map, colour);
        page.push_str("</section>");
    }
    page.push_str("</div>");
}
