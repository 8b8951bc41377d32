//! Teaching: the completions of prepared rows are written, by the phrasebook or by a model, and every one is checked.
//!
//! Rows hold prompts, not moments; so their matches are replayed beside them (`stream`) and each moment is formed
//! again, swaps included. The phrasebook's lines are composed from its phrasings (`compose`); a model is asked
//! (`online`), with every request and answer in a `ledger` that holds the cost below its cap. What no teacher could
//! fill is kept with the reason.

mod anthropic;
mod ask;
mod compose;
mod error;
mod estimate;
mod ledger;
mod model;
mod offline;
mod online;
mod outcome;
mod rows;
mod sentence;
mod settings;
mod stream;
mod summary;

use std::path::Path;

use commentary::{Personas, Phrasebook};
use tokio_util::sync::CancellationToken;

pub use error::Error;
pub use estimate::{Estimate, estimate};
pub use settings::{Price, Teacher, Teaching};
pub use stream::Reform;
pub use summary::{Summary, Told};

use crate::progress::Progress;

/// What teaching works on, and whom it tells.
pub struct Inputs<'a> {
    /// The folder of `prepare`, with `train.jsonl.zst`, `valid.jsonl.zst` and `test.jsonl.zst`.
    pub rows: &'a Path,
    /// The matches that the rows were made from: a `.json` file, a folder, or a `.tar.zst`.
    pub source: &'a Path,
    /// Where the filled rows go, under the same names.
    pub out: &'a Path,
    /// The voices.
    pub personas: &'a Personas,
    /// Their phrasings.
    pub phrasebook: &'a Phrasebook,
    /// Swaps the names and numbers of a match as `prepare` did for the seed.
    pub reform: Reform<'a>,
    /// How many threads work; all cores when `None`.
    pub threads: Option<usize>,
    /// Who is told how far the work is.
    pub progress: &'a dyn Progress,
    /// Ends the work early; nothing half-made gets a whole file's name.
    pub cancel: &'a CancellationToken,
}

impl Inputs<'_> {
    fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
    }
}

/// Fills the rows of all three splits. The same inputs and seed give the same files, whatever the number of threads.
///
/// # Errors
/// [`Error`]: settings out of bounds, rows or matches that cannot be read or do not belong together, a teacher that
/// cannot go on. Outputs appear when they are whole.
pub fn run(settings: &Teaching, seed: u64, inputs: &Inputs<'_>) -> Result<Summary, Error> {
    settings.validate()?;
    match settings.teacher {
        Teacher::Phrasebook => offline::run(settings, seed, inputs),
        Teacher::Ollama | Teacher::OpenAi | Teacher::Anthropic => online::run(settings, inputs),
    }
}
