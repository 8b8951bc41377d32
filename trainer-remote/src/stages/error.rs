//! Why a stage did not end well.

use std::{io, path::PathBuf};

use super::Stage;
use crate::{
    contract::ContractError, data::DataError, eval::EvalError, kit::KitError, quantize::QuantizeError, run::Locked,
    teach,
};

/// Why a stage, or a whole run, did not end well.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// What it takes is not there.
    #[error("{place} is not there; hint: `trainer-remote {from} {name}` makes it")]
    Needs {
        /// What is missing, as a path in the run's folder.
        place: String,
        /// The stage that makes it.
        from: Stage,
        /// The training.
        name: String,
    },
    /// Rows could not be made or looked at.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Lines could not be written for them.
    #[error(transparent)]
    Teach(#[from] teach::Error),
    /// A model could not be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// It was asked to stop, and did where nothing is lost.
    #[error("{stage} was stopped{}; hint: `trainer-remote run {name}` goes on", was_kept(.kept.as_deref()))]
    Stopped {
        /// Which stage.
        stage: Stage,
        /// What was kept.
        kept: Option<String>,
        /// The training.
        name: String,
    },
    /// A stage did less than it said, or was started without what it needs.
    #[error("{stage}: {what}; hint: this is a fault of this program")]
    Ours {
        /// Which stage.
        stage: Stage,
        /// What went wrong.
        what: String,
    },
    /// A file or folder could not be used.
    #[error("{path}: {source}; hint: {}", hint(source))]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The manifest cannot be used.
    #[error("{0}")]
    Manifest(String),
    /// Somebody else works in the run's folder.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// A program of the kit did not do its work.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// The prompt contract does not hold.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// A file could not be quantised.
    #[error(transparent)]
    Quantize(#[from] QuantizeError),
}

impl StageError {
    /// A path that could not be used.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// Whether it is no failure but a stop that was asked for.
    pub fn is_stop(&self) -> bool {
        matches!(self, Self::Stopped { .. } | Self::Kit(KitError::Stopped { .. }))
            || matches!(self, Self::Quantize(QuantizeError::Stopped))
    }

    /// Whether it is a fault of this program.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Kit(KitError::Failed { ours: true, .. }) | Self::Ours { .. })
    }

    /// What was kept of a stopped stage.
    pub(super) fn kept(&self) -> Option<&str> {
        match self {
            Self::Stopped { kept, .. } | Self::Kit(KitError::Stopped { kept, .. }) => kept.as_deref(),
            _ => None,
        }
    }
}

fn was_kept(kept: Option<&str>) -> String {
    kept.map_or_else(String::new, |kept| format!(" ({kept} was kept)"))
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: free space and run the same command"
        }
        io::ErrorKind::PermissionDenied => "check its owner, or name another folder with --runs",
        io::ErrorKind::NotFound => "check the path; matches are named with data.source or --source",
        _ => "check the disk, then run the same command",
    }
}
