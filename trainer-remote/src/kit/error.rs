//! What goes wrong with a program of the kit: what happened, what was kept, how to go on.

use std::{io, path::PathBuf};

/// A program of the kit did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// There is no such Python, or it does not start.
    #[error("{python} cannot be started: {reason}; hint: {hint}")]
    NoPython {
        /// What was to be started.
        python: PathBuf,
        /// Why it was not.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// The environment is not as the programs need it.
    #[error("{python} cannot run the kit: {reason}; hint: {hint}")]
    Unfit {
        /// The Python.
        python: PathBuf,
        /// What it lacks.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// The program gave up and said why.
    #[error("{task}: {what}{}; hint: {hint}", was_kept(.kept.as_deref()))]
    Failed {
        /// Which program.
        task: String,
        /// What happened.
        what: String,
        /// What was kept.
        kept: Option<String>,
        /// How to go on.
        hint: String,
        /// Whether it is a fault of ours.
        ours: bool,
    },
    /// The program was asked to stop, and did.
    #[error("{task} was stopped{}; hint: run the same command to go on", was_kept(.kept.as_deref()))]
    Stopped {
        /// Which program.
        task: String,
        /// What was kept.
        kept: Option<String>,
    },
    /// A file or folder could not be used.
    #[error("{path} cannot be written: {source}; hint: check its owner and the space on its disk")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn was_kept(kept: Option<&str>) -> String {
    kept.map_or_else(String::new, |kept| format!(" ({kept} was kept)"))
}
