//! The tables, and the way from older stores to this version.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

use crate::{error::ArchiveError, keep};

/// Marks the file as one of ours ("VACH"): `file` and other tools show it, and no other store is taken for an archive.
const APPLICATION_ID: i32 = 0x5641_4348;

/// Each step leads from the version of its place to the next. Steps are never changed, only added.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The version this crate writes: one for each step.
pub(crate) const VERSION: i32 = 2;
const _: () = assert!(STEPS.len() == VERSION as usize);

/// Since this version the tables of figures are as they are now: those of an older store are made again.
const FIGURES: i32 = 2;

/// Memory for pages of the store while it is written, in KiB. A transaction that does not fit is written out before its
/// end, and nobody can read meanwhile; besides, most pages are written many times.
const WRITERS_CACHE: i64 = 96 << 10;

/// Statements kept ready: all of the writer's, or all of the questions'.
const STATEMENTS: usize = 128;

/// How long to wait for another program's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a store to write, making it or bringing it up to date.
pub(crate) fn open(path: &Path) -> Result<Connection, ArchiveError> {
    let failed = |source| ArchiveError::opening(path, source);
    is_file_or_nothing(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut store = Connection::open_with_flags(path, flags).map_err(failed)?;
    prepare(&store).map_err(failed)?;
    store.pragma_update(None, "cache_size", -WRITERS_CACHE).map_err(failed)?;
    if version(&store, path)? == VERSION {
        return Ok(store);
    }
    let step = store.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Another program may have done it while this one waited.
    let version = version(&step, path)?;
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
///
/// SQLite opens it to write where it may, and only to read where it may not. It must be able to write in one case: when
/// a writer was killed, the first who comes puts back what that one had begun.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, ArchiveError> {
    let failed = |source| ArchiveError::opening(path, source);
    is_file_or_nothing(path)?;
    if !path.exists() {
        return Err(ArchiveError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let store = Connection::open_with_flags(path, flags).map_err(failed)?;
    prepare(&store).map_err(failed)?;
    store.pragma_update(None, "query_only", true).map_err(failed)?;
    match version(&store, path)? {
        VERSION => Ok(store),
        found => Err(ArchiveError::Older { path: path.to_owned(), found }),
    }
}

/// An empty store of this version without a file, which goes when it is closed.
pub(crate) fn scratch() -> rusqlite::Result<Connection> {
    let store = Connection::open("")?;
    for (name, value) in [("journal_mode", "OFF"), ("synchronous", "OFF")] {
        store.pragma_update(None, name, value)?;
    }
    store.pragma_update(None, "cache_size", -WRITERS_CACHE)?;
    store.set_prepared_statement_cache_capacity(STATEMENTS);
    // Names are copied into it table by table, in no order that keys would allow.
    store.pragma_update(None, "foreign_keys", false)?;
    for sql in STEPS {
        store.execute_batch(sql)?;
    }
    Ok(store)
}

/// Refuses folders, pipes and devices.
fn is_file_or_nothing(path: &Path) -> Result<(), ArchiveError> {
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(ArchiveError::NotAnArchive(path.to_owned()));
    }
    Ok(())
}

fn prepare(store: &Connection) -> rusqlite::Result<()> {
    // Another process may be adding: wait for it a while rather than fail.
    store.busy_timeout(PATIENCE)?;
    // Removing a match removes what hangs on it.
    store.pragma_update(None, "foreign_keys", true)?;
    // A rollback journal, not WAL: the store is one file, which may be replaced by renaming another over it.
    // NORMAL is enough: what a power cut may lose can be added again from the match files.
    store.pragma_update(None, "synchronous", "NORMAL")?;
    store.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite plans statements with a range of days anew each time that another day is bound: 20 µs each.
    store.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The version of a store; 0 for a new, empty file.
fn version(store: &Connection, path: &Path) -> Result<i32, ArchiveError> {
    let failed = |source| ArchiveError::opening(path, source);
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
