//! What can go wrong with the archive, in words that help.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::{holder, source::SourceError};

/// Why the archive could not be opened, added to or asked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// No such file.
    #[error("there is no archive at {}; hint: make one with `vachak archive add FILE...`", .0.display())]
    Missing(PathBuf),
    /// SQLite cannot open it.
    #[error("the archive {} cannot be opened: {source}; hint: {}", path.display(), remedy(source))]
    Open {
        /// The store.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// Another program writes to it, longer than one cares to wait.
    #[error("the archive {} is in use by {}; hint: wait until it has ended and run this again: nothing is lost", path.display(), holder.as_deref().unwrap_or("another program"))]
    Busy {
        /// The store.
        path: PathBuf,
        /// Who, where the system says.
        holder: Option<String>,
    },
    /// A store of something else.
    #[error("{} is a store of something else, not an archive of matches; hint: name another file", .0.display())]
    NotAnArchive(PathBuf),
    /// Made by a later program.
    #[error("the archive {} has version {found}; this program knows up to {known}; hint: update the program, or name another file", path.display())]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its version.
        found: i32,
        /// The highest version known.
        known: i32,
    },
    /// Made by an earlier program, and opened only to read.
    #[error("the archive {} has the older version {found}; hint: `vachak archive add` brings it up to date", path.display())]
    Older {
        /// The store.
        path: PathBuf,
        /// Its version.
        found: i32,
    },
    /// SQLite failed in the middle of something.
    #[error("the archive {}: {source}; hint: {}", path.display(), remedy(source))]
    Store {
        /// The store.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// A file or folder of matches cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl ArchiveError {
    /// A failure of SQLite while working with an open store.
    pub(crate) fn of(path: &Path, source: rusqlite::Error) -> Self {
        if is_busy(&source) { Self::busy(path) } else { Self::Store { path: path.to_owned(), source } }
    }

    /// A failure of SQLite while opening.
    pub(crate) fn opening(path: &Path, source: rusqlite::Error) -> Self {
        if is_busy(&source) { Self::busy(path) } else { Self::Open { path: path.to_owned(), source } }
    }

    fn busy(path: &Path) -> Self {
        Self::Busy { path: path.to_owned(), holder: holder::of(path) }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// What to do about a failure of SQLite.
fn remedy(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "make room on the disk and run this again: it goes on where it was",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
            "make the file and its folder writable to you, or name another file"
        }
        Some(ErrorCode::CannotOpen) => "see that its folder exists and may be written",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "it is damaged: delete the file and add the matches again"
        }
        Some(ErrorCode::SystemIoFailure) => "check the disk and the room on it, then run this again",
        Some(ErrorCode::OutOfMemory) => "make memory free and run this again",
        _ => "`vachak archive check` looks for damage; else delete the file and add the matches again",
    }
}
