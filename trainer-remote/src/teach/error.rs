//! What can go wrong when rows are taught, in words that say what to do.

use std::{io, path::PathBuf};

/// Why the teaching stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value of `[teach]` that cannot be.
    #[error("{key}: {reason}; hint: {hint}")]
    Settings {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A file of rows, or one beside them, cannot be read or written.
    #[error("{} cannot be {doing}: {source}; hint: {hint}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// `read` or `written`.
        doing: &'static str,
        /// Why.
        source: io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// A line that is no row.
    #[error("{}, line {line}: {reason}; hint: run the stage prepare again", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Rows of a match that the source does not have, or has elsewhere.
    #[error(
        "{} has rows of the match {match_id}, which did not come in {} after the match before it; hint: name the source that the rows were made from, unchanged", path.display(), source_path.display()
    )]
    Match {
        /// The file of rows.
        path: PathBuf,
        /// The match.
        match_id: String,
        /// The source.
        source_path: PathBuf,
    },
    /// Rows for a persona that is not known here.
    #[error(
        "there are rows for the persona '{0}', which is not known; hint: name its file, or run the stage prepare again"
    )]
    Persona(String),
    /// The matches cannot be read.
    #[error(transparent)]
    Source(#[from] stats::SourceError),
    /// The ledger is another run's.
    #[error("{} is in use by another run; hint: wait for it, or end it", .0.display())]
    LedgerInUse(PathBuf),
    /// The ledger holds a line that is none, not at its end.
    #[error("{}, line {line}: {reason}; hint: mend or delete that line: it tells what was paid for", path.display())]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The next request could cost more than is left.
    #[error(
        "the cap of {cap} is reached: {spent:.4} are spent, {answers} answers are kept; hint: raise teach.cap and run the same command: what is answered is not paid for again"
    )]
    Cap {
        /// The cap, in the price's currency.
        cap: f64,
        /// What is spent.
        spent: f64,
        /// Answers in the ledger.
        answers: usize,
    },
    /// The teacher cannot go on.
    #[error(
        "the teacher {teacher} stopped: {what}; {answers} answers are kept; hint: {hint}, and run the same command"
    )]
    Teacher {
        /// Its name.
        teacher: &'static str,
        /// What happened.
        what: String,
        /// Answers in the ledger.
        answers: usize,
        /// What to do.
        hint: String,
    },
    /// A model writes lines, not templates.
    #[error(
        "the rows are laid out for slots, and a model writes names and numbers; hint: take teacher = \"phrasebook\", or prepare the rows with another layout, such as compact"
    )]
    Slots,
    /// Somebody ended it.
    #[error("teaching was stopped; hint: run the same command to go on")]
    Cancelled,
}

impl Error {
    /// An error of reading a file of the run.
    pub(super) fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::File { path: path.into(), doing: "read", source, hint: "run the stage before, or check who may read it" }
    }

    /// An error of writing a file of the run.
    pub(super) fn write(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::File { path: path.into(), doing: "written", source, hint: "check the free space and who may write there" }
    }
}
