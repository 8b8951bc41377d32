//! The store of events and lines: what makes a restart carry on where the last run stopped.
//!
//! Invariants: there is one writer, a thread of its own behind a bounded queue; an event is unique by match, key and
//! revision; an event and the lines it brought are committed in one transaction, and only then is the message
//! acknowledged; a line is `sent` in the store before it is sent. [`mod@open`] checks, mends and migrates the file,
//! [`recover`] reads what a restart needs, [`writer`] is the thread, [`record`] what is written.

pub mod open;
pub mod record;
pub mod recover;
pub mod schema;
pub mod writer;

pub use open::{Opened, open};
pub use record::{EventRecord, LineRecord, LineState, Quarantined, Transaction};
pub use recover::{Recovered, RecoveredMatch};
pub use writer::Journal;

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite refused.
    #[error("the journal cannot {what}: {source}; hint: check space and rights of the journal's directory")]
    Sqlite {
        /// What was tried.
        what: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file system refused.
    #[error("the journal's {path}: {source}; hint: check space and rights of the journal's directory")]
    File {
        /// Which file or directory.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The SQLite linked in is one that can corrupt a database.
    #[error(
        "SQLite {found} can corrupt a journal in WAL mode; 3.51.3 or newer is needed; hint: build with the bundled SQLite"
    )]
    Version {
        /// The version found.
        found: &'static str,
    },
    /// The file was written by a newer Vachak.
    #[error(
        "the journal {path} was written by a newer Vachak (schema {found}, this one knows {known}); hint: update Vachak, or move the file away"
    )]
    Newer {
        /// Which file.
        path: String,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Another daemon writes to it.
    #[error(
        "the journal in {directory} is in use by another vachak; hint: stop that one, or set another journal.directory"
    )]
    InUse {
        /// Its directory.
        directory: String,
    },
    /// The writer thread has ended.
    #[error("the journal's writer has stopped; hint: restart the daemon, the log says why it stopped")]
    Stopped,
}

impl JournalError {
    /// For `map_err`: what was tried when SQLite refused.
    pub(crate) fn sqlite(what: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Sqlite { what, source }
    }

    /// For `map_err`: which path the file system refused.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }
}
