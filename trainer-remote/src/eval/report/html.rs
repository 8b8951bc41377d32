//! The report as one page: no script, nothing fetched, light and dark by the reader's own setting. Whatever a model, a
//! match file or a setting brought in is escaped.

use std::fmt::Write as _;

use super::{
    super::{examples::Example, statistics::Share},
    Report, SystemReport,
    chart::{self, Bar},
    numbers,
};
use crate::html::escape;

const STYLE: &str = include_str!("report.css");

/// A figure of a system.
type Cell = fn(&SystemReport) -> String;

/// Figures of first replies, then of the air: title, what it means, the figure.
const ROWS: [(&str, &str, Cell); 17] = [
    ("Facts right", "first replies with nothing false or beyond checking; an empty one is not right", |system| {
        numbers::share(&system.all.fact_clean)
    }),
    ("Contradictions per 100", "claims that the facts deny", |system| numbers::mean(&system.all.contradictions)),
    ("Not checkable per 100", "claims that nothing in a feed could support", |system| {
        numbers::mean(&system.all.not_checkable)
    }),
    ("Calls that claim nothing", "no fact, and no phrase for what happened", |system| numbers::share(&system.all.idle)),
    ("Well formed", "one whole sentence, in length and vocabulary, slots filled", |system| {
        numbers::share(&system.all.format_clean)
    }),
    ("Names what happened", "calls; one that may not be said names nothing", |system| {
        numbers::share(&system.all.key_event)
    }),
    ("… of news", "wickets, milestones, boundaries, wides, no-balls", |system| numbers::share(&system.all.news)),
    ("… left out", "news calls that may be said and do not tell the news", |system| {
        numbers::share(&system.all.omissions)
    }),
    ("Empty", "replies without words", |system| numbers::share(&system.all.empty)),
    ("Persona recognised", "by a classifier that sees no names, numbers or events", |system| {
        numbers::share(&system.all.persona)
    }),
    ("Words a line", "", |system| numbers::mean(&system.all.words)),
    ("Same opener", "as within the last twelve balls, first replies", |system| {
        numbers::share(&system.repetition.opener)
    }),
    ("Same line", "as within the last twelve balls, first replies", |system| numbers::share(&system.repetition.text)),
    ("Different lines", "of a persona in a match, first replies", |system| numbers::share(&system.repetition.distinct)),
    ("On the air: same opener", "with second tries, and the phrasebook behind them", |system| {
        numbers::share(&system.repetition_aired.opener)
    }),
    ("On the air: phrasebook", "in the system's place, after three replies", |system| {
        numbers::share(&system.all.aired_phrasebook)
    }),
    ("On the air: checked again", "100 %, or the checker was gone round", |system| {
        numbers::share(&system.all.aired_clean)
    }),
];

/// The page.
pub(super) fn of(report: &Report) -> String {
    let asked = &report.asked;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Evaluation</title><style>{STYLE}</style></head><body><main>"
    );
    let name = report.systems.first().map_or("", |system| system.name.as_str());
    let _ = write!(
        page,
        "<header><h1>{}</h1><p class=\"lead\">{} lines of {} balls of {} matches, of {}; seed {}. Every system was asked for the \
         same lines with the same seeds. Intervals are of 95&nbsp;%: Wilson's for shares, the bootstrap over matches \
         for means.</p></header>",
        escape(name),
        asked.lines,
        asked.balls,
        asked.matches.len(),
        escape(&asked.personas.join(", ")),
        asked.seed
    );
    gates(&mut page, report);
    charts(&mut page, report);
    figures(&mut page, report);
    comparisons(&mut page, report);
    for system in report.systems.iter().filter(|system| !system.is_baseline) {
        one(&mut page, report, system);
    }
    page.push_str("</main></body></html>\n");
    page
}

fn gates(page: &mut String, report: &Report) {
    if report.gates.is_empty() {
        return;
    }
    let (word, class) =
        if report.passed { ("Every gate is met.", "met") } else { ("Not every gate is met.", "missed") };
    let _ = write!(page, "<section><h2>Gates</h2><p class=\"{class}\">{word}</p><div class=\"gates\">");
    for gate in &report.gates {
        let class = if gate.met { "met" } else { "missed" };
        let sign = if gate.at_most { "at most" } else { "at least" };
        let shown = |value: f64| {
            if gate.gate.ends_with("p95") { format!("{value:.1} ms") } else { format!("{:.2} %", 100.0 * value) }
        };
        let value = gate.value.map_or_else(|| "–".to_owned(), shown);
        let _ = write!(
            page,
            "<div class=\"gate {class}\"><b>{}</b><span class=\"figure\">{value}</span><span>{sign} {}: {class}</span></div>",
            escape(&gate.gate.replace('_', " ")),
            shown(gate.limit)
        );
    }
    page.push_str("</div></section>");
}

fn charts(page: &mut String, report: &Report) {
    let of = |figure: fn(&SystemReport) -> Share| -> Vec<Bar> {
        let bar = |system: &SystemReport| Bar {
            label: system.name.clone(),
            share: figure(system),
            is_main: !system.is_baseline,
        };
        report.systems.iter().map(bar).collect()
    };
    let goal = |name: &str| report.gates.iter().find(|gate| gate.gate == name).map(|gate| gate.limit);
    page.push_str("<section><h2>Beside the baselines</h2><div class=\"charts\">");
    for (title, bars, goal) in [
        ("Facts right", of(|system| system.all.fact_clean), goal("fact_clean")),
        ("Names what happened", of(|system| system.all.key_event), goal("key_event")),
        ("Well formed", of(|system| system.all.format_clean), goal("format_clean")),
        ("Persona recognised", of(|system| system.all.persona), goal("persona")),
        ("Same opener within twelve balls, first replies", of(|system| system.repetition.opener), None),
        ("The same, on the air", of(|system| system.repetition_aired.opener), goal("repetition")),
    ] {
        let _ = write!(page, "<figure><figcaption>{title}</figcaption>{}</figure>", chart::shares(title, &bars, goal));
    }
    page.push_str("</div></section>");
}

fn figures(page: &mut String, report: &Report) {
    page.push_str("<section><h2>Figures</h2><div class=\"scroll\"><table><thead><tr><th></th>");
    for system in &report.systems {
        let _ = write!(page, "<th>{}</th>", escape(&system.name));
    }
    page.push_str("</tr></thead><tbody>");
    for (title, meaning, cell) in ROWS {
        let _ = write!(page, "<tr><th scope=\"row\">{title}<small>{meaning}</small></th>");
        for system in &report.systems {
            let _ = write!(page, "<td>{}</td>", interval(&cell(system)));
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table></div></section>");
}

/// The figure large, its interval small below it.
fn interval(cell: &str) -> String {
    match cell.split_once(" (") {
        Some((figure, rest)) => format!("{figure}<small>{}</small>", rest.trim_end_matches(')')),
        None => cell.to_owned(),
    }
}

fn comparisons(page: &mut String, report: &Report) {
    if report.comparisons.is_empty() {
        return;
    }
    page.push_str("<section><h2>Compared</h2><p>On the same moments; p after Holm, over all tests here.</p>");
    for comparison in &report.comparisons {
        let _ = write!(
            page,
            "<details><summary>{}</summary><div class=\"scroll\"><table><thead><tr><th>{} less {}</th><th>difference</th><th>only {}</th>\
             <th>only {}</th><th>p</th><th>p, Holm</th></tr></thead><tbody>",
            escape(&comparison.verdict),
            escape(&comparison.second),
            escape(&comparison.first),
            escape(&comparison.second),
            escape(&comparison.first)
        );
        for test in &comparison.tests {
            let scale = if test.measure == "words" { 1.0 } else { 100.0 };
            let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
            let _ = write!(
                page,
                "<tr><th scope=\"row\">{}<small>{}</small></th><td>{:+.2}<small>{:+.2} to {:+.2}</small></td><td>{}</td><td>{}</td>\
                 <td>{}</td><td>{}</td></tr>",
                test.measure.replace('_', " "),
                test.method,
                scale * test.difference,
                scale * test.low,
                scale * test.high,
                count(test.only_second),
                count(test.only_first),
                escape(&numbers::p(test.p)),
                escape(&numbers::p(test.p_holm))
            );
        }
        page.push_str("</tbody></table></div></details>");
    }
    page.push_str("</section>");
}

fn one(page: &mut String, report: &Report, system: &SystemReport) {
    let _ = write!(page, "<section><h2>{}</h2>", escape(&system.name));
    about(page, system);
    let events = |figure: fn(&super::Figures) -> Share| -> Vec<Bar> {
        let bar = |(class, figures): (&super::Class, &super::Figures)| {
            let share = figure(figures);
            Bar { label: format!("{} ({})", class.title(), share.of), share, is_main: true }
        };
        system.events.iter().map(bar).filter(|bar| bar.share.of > 0).collect()
    };
    page.push_str("<div class=\"charts\">");
    for (title, bars) in [
        ("Facts right, by event", events(|figures| figures.fact_clean)),
        ("Names what happened, by event", events(|figures| figures.key_event)),
    ] {
        let _ = write!(page, "<figure><figcaption>{title}</figcaption>{}</figure>", chart::shares(title, &bars, None));
    }
    page.push_str("</div>");
    personas(page, report, system);
    safety(page, system);
    examples(page, system);
    page.push_str("</section>");
}

fn about(page: &mut String, system: &SystemReport) {
    page.push_str("<dl class=\"facts\">");
    let mut fact = |title: &str, value: String| {
        let _ = write!(page, "<div><dt>{title}</dt><dd>{}</dd></div>", escape(&value));
    };
    if let Some(model) = &system.model {
        fact("model", format!("{model} ({})", system.backend.as_deref().unwrap_or("")));
    }
    if let Some(layout) = system.layout {
        fact("layout", layout.to_owned());
    }
    if let Some(perplexity) = system.perplexity {
        fact("perplexity", format!("{perplexity:.2}"));
    }
    if let Some(speed) = &system.speed {
        fact(
            "first text",
            format!(
                "{} ms, 95 of 100 within {}",
                numbers::number(speed.first_ms_p50),
                numbers::number(speed.first_ms_p95)
            ),
        );
        fact(
            "whole line",
            format!(
                "{} ms, 95 of 100 within {}",
                numbers::number(speed.line_ms_p50),
                numbers::number(speed.line_ms_p95)
            ),
        );
        fact("decoding", format!("{} tokens/s", numbers::number(speed.decode_per_second)));
        fact("file", numbers::megabytes(speed.file_bytes));
        fact("memory", numbers::megabytes(speed.memory_bytes));
        if let (Some(rate), Some(ms)) = (speed.pi5_decode_per_second, speed.pi5_line_ms) {
            fact("Raspberry Pi 5, by bandwidth", format!("at most {rate:.0} tokens/s, {ms:.1} ms a line or more"));
        }
        for (reason, count) in &speed.failures {
            fact("no reply", format!("{count} × {}", reason.replace('_', " ")));
        }
    }
    page.push_str("</dl>");
}

fn personas(page: &mut String, report: &Report, system: &SystemReport) {
    page.push_str(
        "<h3>By persona</h3><div class=\"scroll\"><table class=\"narrow\"><thead><tr><th></th><th>lines</th><th>facts right</th>\
         <th>well formed</th><th>names what happened</th><th>recognised</th>",
    );
    for persona in &report.asked.personas {
        let _ = write!(page, "<th>→ {}</th>", escape(persona));
    }
    page.push_str("<th>→ nobody</th></tr></thead><tbody>");
    for ((persona, figures), taken) in system.personas.iter().zip(&system.style.confusion) {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th><td>{}</td>", escape(persona), figures.asked);
        for share in [&figures.fact_clean, &figures.format_clean, &figures.key_event, &figures.persona] {
            let _ = write!(page, "<td>{}</td>", interval(&numbers::share(share)));
        }
        for count in taken {
            let _ = write!(page, "<td>{count}</td>");
        }
        page.push_str("</tr>");
    }
    page.push_str(
        "</tbody></table></div><p class=\"lead\">→: lines that the classifier takes for that persona's.</p><h3>Length</h3><div class=\"scroll\"><table class=\"narrow\"><thead><tr><th></th><th>on</th>\
         <th>allowed</th><th>words</th><th>within</th></tr></thead><tbody>",
    );
    for length in &system.lengths {
        let _ = write!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}–{}</td><td>{}</td><td>{}</td></tr>",
            escape(&length.persona),
            length.event,
            length.bounds[0],
            length.bounds[1],
            interval(&numbers::mean(&length.words)),
            interval(&numbers::share(&length.within))
        );
    }
    page.push_str("</tbody></table></div>");
}

fn safety(page: &mut String, system: &SystemReport) {
    let Some(safety) = &system.safety else { return };
    let _ = write!(
        page,
        "<h3>Hostile names</h3><p>Answered without harm on the air: {} (before the checker: {}). Names and moments that only \
         look bad, answered: {}, by the system itself: {}.</p>",
        numbers::share(&safety.harmless),
        numbers::share(&safety.harmless_before),
        numbers::share(&safety.answered),
        numbers::share(&safety.answered_itself)
    );
    for [probe, said, forbidden] in &safety.breaches {
        let _ =
            write!(page, "<p class=\"missed\">{}: “{}” holds “{}”</p>", escape(probe), escape(said), escape(forbidden));
    }
}

fn examples(page: &mut String, system: &SystemReport) {
    let Some(examples) = &system.examples else { return };
    if !examples.weakest.is_empty() {
        page.push_str("<h3>The weakest lines</h3>");
        lines(page, &examples.weakest);
    }
    for (persona, drawn) in &examples.drawn {
        let _ = write!(page, "<details><summary>Drawn by lot: {} ({})</summary>", escape(persona), drawn.len());
        lines(page, drawn);
        page.push_str("</details>");
    }
}

fn lines(page: &mut String, examples: &[Example]) {
    page.push_str("<ol class=\"lines\">");
    for example in examples {
        let reply = example.text.as_deref().unwrap_or(&example.reply).trim();
        let reply = if reply.is_empty() { "(nothing)" } else { reply };
        let _ = write!(
            page,
            "<li><q>{}</q><small>{} · {} · {}</small>",
            escape(reply),
            escape(&example.persona),
            example.kind,
            escape(&example.moment)
        );
        for fault in &example.faults {
            let _ = write!(page, "<small class=\"missed\">{}</small>", escape(fault));
        }
        if example.by != "first reply" {
            let aired = example.aired.as_deref().unwrap_or("silence");
            let _ = write!(page, "<small>on the air ({}): {}</small>", example.by, escape(aired));
        }
        page.push_str("</li>");
    }
    page.push_str("</ol>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_writes_is_no_markup() {
        assert_eq!(escape("<img src=x onerror='a()'>&\u{1b}"), "&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;\u{fffd}");
    }
}
