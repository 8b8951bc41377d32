//! Why there is no report.

use std::path::PathBuf;

use stats::SourceError;

/// Why an evaluation came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A setting that cannot be.
    #[error("{key} is {value}; hint: {allowed}")]
    Setting {
        /// The key, such as `eval.balls`.
        key: &'static str,
        /// What it was.
        value: String,
        /// What may be.
        allowed: String,
    },
    /// The match files cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Not enough of the right matches.
    #[error(
        "{}: {found} of the {wanted} matches that are wanted for the evaluation have {balls} balls or more; \
         hint: lower eval.matches or eval.balls, or name a source with more test matches",
        path.display()
    )]
    TooFew {
        /// The source.
        path: PathBuf,
        /// How many there are.
        found: usize,
        /// How many are wanted.
        wanted: usize,
        /// How long each has to be, in balls.
        balls: usize,
    },
    /// A system cannot be had.
    #[error("{system}: {reason}{}", hint.as_ref().map(|hint| format!("; hint: {hint}")).unwrap_or_default())]
    System {
        /// Its name in the report.
        system: String,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A system wrote nothing at all, so that there is nothing to judge.
    #[error(
        "{system} answered none of its first {asked} requests: {reason}; hint: see whether the model server is well"
    )]
    Silent {
        /// Its name in the report.
        system: String,
        /// How often it was asked.
        asked: usize,
        /// What it said the last time.
        reason: String,
    },
    /// A file of the report cannot be written.
    #[error("{} cannot be written: {source}; hint: check the folder and the space that is left", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was cancelled; nothing was written.
    #[error("the evaluation was stopped before its end; hint: run it again, it starts afresh")]
    Cancelled,
    /// Something of ours that cannot fail did.
    #[error("{0}; hint: this is a fault of the program, please report it")]
    Internal(String),
}
