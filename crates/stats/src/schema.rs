//! The tables, and the way from older stores to this version.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::{archive::ArchiveError, keep};

/// Marks the file as one of ours ("VACH"): `file` and other tools show it, and no other store is taken for an archive.
const APPLICATION_ID: i32 = 0x5641_4348;

/// Each step leads from the version of its place to the next. Steps are never changed, only added.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The version this crate writes: one for each step.
pub(crate) const VERSION: i32 = 2;
const _: () = assert!(STEPS.len() == VERSION as usize);

/// Since this version the tables of figures are as they are now: those of an older store are made again.
const FIGURES: i32 = 2;

/// Opens a store to write, making it or bringing it up to date.
pub(crate) fn open(path: &Path) -> Result<Connection, ArchiveError> {
    let failed = |source| ArchiveError::Open { path: path.to_owned(), source };
    let mut store = Connection::open(path).map_err(failed)?;
    prepare(&store).map_err(failed)?;
    let version = version(&store, path)?;
    let step = store.transaction().map_err(failed)?;
    for sql in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        step.execute_batch(sql).map_err(failed)?;
    }
    if version < FIGURES {
        keep::fill(&step).map_err(failed)?;
    }
    step.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    step.pragma_update(None, "user_version", VERSION).map_err(failed)?;
    step.commit().map_err(failed)?;
    Ok(store)
}

/// Opens a store to ask, never to change.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, ArchiveError> {
    let failed = |source| ArchiveError::Open { path: path.to_owned(), source };
    if !path.exists() {
        return Err(ArchiveError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let store = Connection::open_with_flags(path, flags).map_err(failed)?;
    prepare(&store).map_err(failed)?;
    match version(&store, path)? {
        VERSION => Ok(store),
        found => Err(ArchiveError::Older { path: path.to_owned(), found }),
    }
}

fn prepare(store: &Connection) -> rusqlite::Result<()> {
    // Another process may be adding: wait for it a while rather than fail.
    store.busy_timeout(std::time::Duration::from_secs(5))?;
    // Removing a match removes what hangs on it.
    store.pragma_update(None, "foreign_keys", true)?;
    // A rollback journal, not WAL: the store is one file, which may be replaced by renaming another over it.
    // NORMAL is enough: what a power cut may lose can be added again from the match files.
    store.pragma_update(None, "synchronous", "NORMAL")?;
    store.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// The version of a store; 0 for a new, empty file.
fn version(store: &Connection, path: &Path) -> Result<i32, ArchiveError> {
    let failed = |source| ArchiveError::Open { path: path.to_owned(), source };
    let number = |name| store.pragma_query_value(None, name, |row| row.get::<_, i32>(0)).map_err(failed);
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: u32 = store.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, 1..=VERSION) => Ok(version),
        (APPLICATION_ID, _) => Err(ArchiveError::Newer { path: path.to_owned(), found: version, known: VERSION }),
        _ => Err(ArchiveError::NotAnArchive(path.to_owned())),
    }
}
