//! What became of a row, and the files where it is kept.

use std::path::Path;

use serde::Serialize;

use super::{
    Error,
    rows::{LineWriter, SPLITS},
    summary::{Summary, Told},
};
use crate::row::Row;

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// It has a line.
    Filled(Line),
    /// It has none.
    Refused(Refusal),
}

/// A line that passed the checker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What the model is to write: the line, or its template where the layout has slots.
    pub(super) completion: String,
    /// Whether it was composed of two sayings.
    pub(super) joined: bool,
}

/// Why a row has no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Refusal {
    /// The reason in a few words, the same for all of its kind: what is counted.
    pub(super) reason: String,
    /// The whole story.
    pub(super) detail: String,
    /// What the teacher wrote, if anything.
    pub(super) text: String,
}

#[derive(Serialize)]
struct RefusedRow<'a> {
    split: &'a str,
    #[serde(flatten)]
    refusal: &'a Refusal,
    row: &'a Row,
}

/// The outputs of a teaching.
pub(super) struct Outputs {
    filled: Vec<LineWriter>,
    refused: LineWriter,
    summary: Summary,
}

impl Outputs {
    pub(super) fn create(folder: &Path) -> Result<Self, Error> {
        let mut filled = Vec::new();
        for split in SPLITS {
            filled.push(LineWriter::create(folder, &format!("{split}.jsonl.zst"))?);
        }
        Ok(Self { filled, refused: LineWriter::create(folder, "refused.jsonl.zst")?, summary: Summary::default() })
    }

    /// Keeps what became of a row; `variant` is 0 for its first line.
    pub(super) fn keep(&mut self, split: usize, row: &Row, variant: usize, outcome: &Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Filled(line) => {
                let id = if variant == 0 { row.id.clone() } else { format!("{}.{}", row.id, variant + 1) };
                let filled = Row { id, completion: line.completion.clone(), ..row.clone() };
                self.summary.note(SPLITS[split], row, Told::Filled { line: &line.completion, joined: line.joined });
                self.filled[split].write(&filled)
            }
            Outcome::Refused(refusal) => {
                self.summary.note(SPLITS[split], row, Told::Refused { reason: &refusal.reason });
                self.refused.write(&RefusedRow { split: SPLITS[split], refusal, row })
            }
        }
    }

    /// Gives all files their names, the summary last.
    pub(super) fn finish(self, folder: &Path, teacher: &str, spent: f64) -> Result<Summary, Error> {
        let Self { filled, refused, mut summary } = self;
        for writer in filled {
            writer.finish()?;
        }
        refused.finish()?;
        summary.finish(teacher, spent);
        let path = folder.join("summary.json");
        let part = folder.join("summary.json.part");
        serde_json::to_vec_pretty(&summary)
            .map_err(std::io::Error::from)
            .and_then(|text| std::fs::write(&part, text))
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(|error| Error::write(&path, error))?;
        Ok(summary)
    }
}
