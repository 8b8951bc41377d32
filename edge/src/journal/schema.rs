//! The tables, and how older files become this version's.
//!
//! A migration only adds; old code can still read what it knew.

use rusqlite::Connection;

/// The schema this version writes, kept in `user_version`.
pub const VERSION: i64 = 1;

/// One step per version, in order.
const STEPS: [&str; 1] = ["
CREATE TABLE match (
    match_id TEXT PRIMARY KEY,
    first_ms INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL,
    ended    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Rows in order of arrival; `dropped` marks what a later snapshot no longer had.
CREATE TABLE event (
    id       INTEGER PRIMARY KEY,
    match_id TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    rev      INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    dropped  INTEGER NOT NULL DEFAULT 0,
    payload  TEXT    NOT NULL,
    UNIQUE (match_id, key, rev)
) STRICT;

-- Lines on their way out, and afterwards what was said about which ball.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    line_id    TEXT    NOT NULL UNIQUE,
    match_id   TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    rev        INTEGER NOT NULL,
    persona    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    topic      TEXT    NOT NULL,
    payload    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('new', 'sent', 'acked', 'expired', 'dead')),
    attempts   INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_match ON outbox (match_id);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state IN ('new', 'sent');

CREATE TABLE quarantine (
    id      INTEGER PRIMARY KEY,
    topic   TEXT    NOT NULL,
    payload BLOB    NOT NULL,
    bytes   INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT;
"];

/// The schema of a file; 0 for an empty one.
///
/// # Errors
/// What SQLite reports.
pub fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a file up to [`VERSION`], each step in a transaction of its own.
///
/// # Errors
/// What SQLite reports; the file is then as it was before the failing step.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let found = usize::try_from(version(connection)?).unwrap_or_default();
    for (version, step) in (1_i64..).zip(STEPS).skip(found) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
