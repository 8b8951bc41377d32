//! What rows there are, for people: one JSON document and one page that needs nothing beside itself.

mod charts;
mod ground;
mod leak;
mod lengths;
mod page;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub use ground::{Grounded, Players};
pub use leak::Leak;
pub use lengths::Lengths;

use super::{
    DataError, dice,
    rows::{self, RowReader},
    split::Split,
    tally::{Seen, Tally, print},
};
use crate::{progress::Progress, row::Row};

/// Rows of each split whose moments are formed again.
const SAMPLE: usize = 1_000;

/// What rows there are.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Always `vachak.report/1`.
    pub schema: &'static str,
    /// Whose rows.
    pub folder: PathBuf,
    /// Each split.
    pub splits: BTreeMap<Split, SplitReport>,
    /// How much of what is judged was learnt from.
    pub leakage: Vec<Leak>,
    /// Who plays in more than one split; absent without the source.
    pub players: Option<Players>,
    /// Whether completions are true of their moments, on a sample; absent without completions or the source.
    pub grounded: Option<Grounded>,
    /// Why something was not measured.
    pub not_measured: Vec<String>,
    /// The stage's own summary.
    pub summary: Option<Value>,
}

/// One split.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SplitReport {
    /// Rows by what they are.
    #[serde(flatten)]
    pub tally: Tally,
    /// Rows that have a completion.
    pub filled: u64,
    /// Rows whose prompt, persona and kind an earlier one has.
    pub same_prompt: u64,
    /// Rows whose prompt and completion an earlier one has; only among those that have a completion.
    pub same_pair: u64,
    /// Words of the prompts.
    pub prompt_words: Lengths,
    /// Characters of the prompts.
    pub prompt_characters: Lengths,
    /// Words of the completions; a slot is one.
    pub completion_words: Lengths,
    /// Characters of the completions.
    pub completion_characters: Lengths,
}

/// What is read of a summary: where the matches came from.
#[derive(Debug, Deserialize)]
struct Origin {
    source: PathBuf,
}

/// Reads the rows of a folder that `prepare` or `teach` made and writes `report.json` and `index.html` to `out`. The
/// source is taken from the folder's own summary or that of `prepare` beside it; without it, what needs it is left out,
/// with the reason.
///
/// # Errors
/// [`DataError`] of reading and writing rows, and for a folder without any.
pub fn run(
    folder: &Path,
    out: &Path,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Report, DataError> {
    let mut report = Report {
        schema: "vachak.report/1",
        folder: folder.to_owned(),
        splits: BTreeMap::new(),
        leakage: Vec::new(),
        players: None,
        grounded: None,
        not_measured: Vec::new(),
        summary: json(&folder.join("summary.json")),
    };
    let (mut leaks, mut sample) = (leak::Leaks::default(), Sample::default());
    for split in Split::ALL {
        progress.note(&format!("reading {}", split.name()));
        let read = read(folder, split, &mut leaks, &mut sample, cancel)?;
        report.splits.insert(split, read);
    }
    report.leakage = leaks.finish();
    let origins = [folder.to_owned(), folder.parent().unwrap_or(folder).join("prepare")];
    let source = origins.iter().find_map(|at| {
        let text = fs::read(at.join("summary.json")).ok()?;
        serde_json::from_slice::<Origin>(&text).ok().map(|origin| origin.source)
    });
    let splits = origins.iter().find_map(|at| json(&at.join("split.json")));
    match source {
        Some(source) if source.exists() => {
            progress.note("playing a sample again");
            let found = ground::of(&source, splits.as_ref(), sample.rows(), progress, cancel)?;
            report.players = found.0;
            report.grounded = found.1;
            if report.grounded.is_none() {
                report.not_measured.push("truth of the completions: there are none yet".to_owned());
            }
        }
        Some(source) => {
            let why = format!("players and truth of the completions: {} is not there", source.display());
            report.not_measured.push(why);
        }
        None => {
            report.not_measured.push("players and truth of the completions: no summary names the source".to_owned());
        }
    }
    fs::create_dir_all(out).map_err(DataError::write(out, "nothing"))?;
    rows::write_json(&out.join("report.json"), &report, "nothing")?;
    rows::write_whole(&out.join("index.html"), page::of(&report).as_bytes(), "report.json")?;
    Ok(report)
}

/// The file of a split: packed or plain.
fn file(folder: &Path, split: Split) -> PathBuf {
    let packed = folder.join(format!("{}.jsonl.zst", split.name()));
    let plain = folder.join(format!("{}.jsonl", split.name()));
    if !packed.exists() && plain.exists() { plain } else { packed }
}

fn read(
    folder: &Path,
    split: Split,
    leaks: &mut leak::Leaks,
    sample: &mut Sample,
    cancel: &CancellationToken,
) -> Result<SplitReport, DataError> {
    let mut report = SplitReport::default();
    let (mut prompts, mut pairs) = (Seen::default(), Seen::default());
    for row in RowReader::open(&file(folder, split))? {
        let row = row?;
        if cancel.is_cancelled() {
            return Err(DataError::Stopped);
        }
        report.tally.add(&row);
        report.same_prompt += u64::from(!prompts.add(print(&[&row.prompt, &row.persona, row.kind.name()])));
        report.prompt_words.add(leak::words(&row.prompt).count());
        report.prompt_characters.add(row.prompt.chars().count());
        if !row.completion.is_empty() {
            report.filled += 1;
            report.same_pair += u64::from(!pairs.add(print(&[&row.prompt, &row.completion])));
            report.completion_words.add(leak::words(&row.completion).count());
            report.completion_characters.add(row.completion.chars().count());
        }
        leaks.add(split, &row);
        sample.offer(split, row);
    }
    Ok(report)
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Of each split the rows with the lowest numbers drawn by id: the same whenever it is drawn.
#[derive(Default)]
struct Sample(BTreeMap<Split, BTreeMap<u64, Row>>);

impl Sample {
    fn offer(&mut self, split: Split, row: Row) {
        let known = self.0.entry(split).or_default();
        let number = dice::draw(0, &[&row.id]);
        if known.len() < SAMPLE || known.last_key_value().is_some_and(|(last, _)| number < *last) {
            known.insert(number, row);
            if known.len() > SAMPLE {
                known.pop_last();
            }
        }
    }

    fn rows(self) -> Vec<(Split, Row)> {
        self.0.into_iter().flat_map(|(split, rows)| rows.into_values().map(move |row| (split, row))).collect()
    }
}
