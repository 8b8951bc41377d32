//! Why there are no rows.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why rows were not made, read or looked at.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A key of `[data]` has a value that cannot be.
    #[error("[data] {key} = {value}: {allowed}; hint: correct it in training.toml")]
    Recipe {
        /// Which, such as `split.valid`.
        key: &'static str,
        /// What it has.
        value: String,
        /// What it may have.
        allowed: String,
    },
    /// The matches cannot be read.
    #[error(transparent)]
    Source(#[from] stats::SourceError),
    /// Nothing that could be played again.
    #[error("{} holds no ball of a match ({bad} files are none); hint: name a folder or archive of Cricsheet files", path.display())]
    NoMatches {
        /// Where.
        path: PathBuf,
        /// Files that are no matches.
        bad: u64,
    },
    /// A format that the recipe wants and the source has not.
    #[error("the source has no match of format {wanted}; hint: take it out of [data] formats; there are {known}")]
    NoSuchFormat {
        /// Which.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// Every match is held back for judging.
    #[error(
        "no match is left to train on: all are of the newest {seasons} seasons, which are the test split; hint: set [data.split] test_seasons lower"
    )]
    NothingToTrainOn {
        /// How many seasons the recipe holds back.
        seasons: u32,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {source}; kept: {kept}; hint: free space or check who may write there, then run the same command", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// What stays usable.
        kept: &'static str,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: {source}; hint: check the path and who may read it", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file whose content is not what it should be.
    #[error("{}, line {line}: {reason}; hint: {hint}", path.display())]
    Line {
        /// Which.
        path: PathBuf,
        /// From 1.
        line: u64,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// A file of another kind.
    #[error("{} is neither .jsonl nor .jsonl.zst; hint: the ending says how a row file is read and written", .0.display())]
    Kind(PathBuf),
    /// Somebody asked to stop.
    #[error("stopped; hint: run the same command to make the rows; what was counted is kept")]
    Stopped,
}

impl DataError {
    pub(super) fn write(path: &Path, kept: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source, kept }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }
}
