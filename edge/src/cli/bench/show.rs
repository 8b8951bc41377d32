//! The figures on the terminal: a column a model.

use super::figures::{Lines, Measured, Report, Spread};
use crate::terminal::{clean::clean, table::Table};

/// What stands where nobody tells.
const NOT_TOLD: &str = "not told";

/// What stands where the memory's speed is no bound; a note says why.
const NO_BOUND: &str = "no bound";

/// The report in words and a table.
pub(super) fn table(report: &Report) -> Table {
    let memory = &report.memory;
    let total = report.device.memory_bytes.map(|bytes| format!(", {:.1} GB", bytes as f64 / 1e9)).unwrap_or_default();
    let caption = format!(
        "{}: {} processors{total}; memory is read at {:.1} GB/s with {} threads.\n\
         {} balls of invented matches, {} speaks among {}; times in milliseconds: half of the lines / 19 of 20 within.\n",
        report.device.name,
        report.device.processors,
        memory.bytes_per_second / 1e9,
        memory.threads,
        report.balls,
        report.cast.first().unwrap_or(&""),
        report.cast.join(", "),
    );
    let columns = std::iter::once("<").chain(report.models.iter().map(|_| "")).collect();
    Table { caption, columns, rows: rows(&report.models), notes: notes(report) }
}

fn rows(models: &[Measured]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |name: &str, cell: &dyn Fn(&Measured) -> Option<String>| {
        let cells = models.iter().map(|model| cell(model).unwrap_or_else(|| NOT_TOLD.to_owned()));
        rows.push(std::iter::once(name.to_owned()).chain(cells).collect());
    };
    row("", &|model| Some(clean(&model.name)));
    row("loaded", &|model| model.load_ms.map(|ms| format!("{ms:.0}")));
    let spread = |spread: Spread| Some(format!("{:.0} / {:.0}", spread.p50_ms, spread.p95_ms));
    for (what, series) in [
        ("cold", (|model| model.cold.as_ref()) as fn(&Measured) -> Option<&Lines>),
        ("warm", |model| model.warm.as_ref()),
    ] {
        row(&format!("{what}: first text"), &|model| spread(series(model)?.first_text));
        row(&format!("{what}: whole line"), &|model| spread(series(model)?.whole_line));
    }
    row("prompt, tokens/s", &|model| model.cold.as_ref()?.prompt_tokens_per_second.map(|rate| format!("{rate:.1}")));
    row("writing, tokens/s", &|model| model.warm.as_ref()?.decode_tokens_per_second.map(|rate| format!("{rate:.1}")));
    let no_bound = |model: &Measured| model.no_ceiling.as_ref().map(|_| NO_BOUND.to_owned());
    row("memory allows, tokens/s", &|model| {
        no_bound(model).or_else(|| model.ceiling_tokens_per_second.map(|rate| format!("{rate:.1}")))
    });
    row("reached of that", &|model| {
        no_bound(model).or_else(|| model.share_of_ceiling.map(|share| format!("{:.0} %", share * 100.0)))
    });
    row("tokens of a prompt", &|model| model.warm.as_ref()?.prompt_tokens.map(|count| format!("{count:.0}")));
    row("of them reused", &|model| model.warm.as_ref()?.reused_tokens.map(|count| format!("{count:.0}")));
    row("tokens of a line", &|model| model.warm.as_ref()?.written_tokens.map(|count| format!("{count:.1}")));
    let most = models.iter().filter_map(|model| model.at_once.last()).map(|last| last.lines).max().unwrap_or(0);
    for lines in 1..=most {
        let name = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines at once") };
        row(&name, &|model| {
            let found = model.at_once.iter().find(|found| found.lines == lines)?;
            let rate = found.tokens_per_second.map(|rate| format!(", {rate:.0} tokens/s")).unwrap_or_default();
            Some(format!("{:.0} (×{:.2}{rate})", found.all_ms, found.gain))
        });
    }
    row("memory at most", &|model| model.peak_memory_bytes.map(|bytes| format!("{:.0} MB", bytes as f64 / 1e6)));
    row("temperature at most", &|model| model.highest_celsius.map(|degrees| format!("{degrees:.1} °C")));
    row("slowed itself down", &|model| {
        let happened = model.throttling.as_ref()?;
        Some(if happened.is_empty() { "no".to_owned() } else { happened.join(", ") })
    });
    row("lines failed", &|model| {
        let failed = [&model.cold, &model.warm].into_iter().flatten().map(|lines| lines.failed).sum::<usize>();
        Some(failed.to_string())
    });
    rows
}

fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec!["(×n: so many times as fast as one line after another)".to_owned()];
    for model in &report.models {
        if let Some(tokens) = model.tokens_per_line.filter(|_| model.is_random) {
            notes.push(format!("{}: its lines never end by themselves; each has {tokens} tokens.", clean(&model.name)));
        }
        if let Some(why) = &model.no_ceiling {
            notes.push(format!("{}: memory is no bound to it: {why}.", clean(&model.name)));
        }
        if let Some(error) = &model.error {
            notes.push(format!("{}: {}", clean(&model.name), clean(error)));
        }
    }
    if report.stopped {
        notes.push("Stopped before the end; the figures are of what was done until then.".to_owned());
    }
    notes
}
