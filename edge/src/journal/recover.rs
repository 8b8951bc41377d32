//! What a restart reads: the matches still going on, and the lines still on their way.

use std::{collections::BTreeMap, sync::Arc};

use cricket::event::{Event, Key, decode::decode_event};
use rusqlite::{Connection, Row, params};

use super::{
    JournalError,
    record::{LineRecord, LineState},
};
use crate::clock::DAY_MS;

/// Hours after its last event for which a finished match is still shown.
const SHOWN_AFTER_END_MS: i64 = DAY_MS / 4;

/// A match as the store has it.
#[derive(Debug)]
pub struct RecoveredMatch {
    /// Its id.
    pub match_id: Arc<str>,
    /// Its events, in order of arrival.
    pub events: Vec<Event>,
    /// What was said in it.
    pub lines: Vec<LineRecord>,
    /// When its last event arrived, milliseconds since 1970.
    pub last_ms: i64,
    /// Events that could not be read back, with the reason.
    pub unreadable: Vec<String>,
}

/// Everything a restart needs.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Matches going on, the longest-quiet first.
    pub matches: Vec<RecoveredMatch>,
    /// How many old matches were forgotten.
    pub forgotten: usize,
}

/// Forgets matches quieter than `keep_days`, and reads those that go on.
///
/// # Errors
/// What SQLite reports.
pub fn recover(connection: &mut Connection, now_ms: i64, keep_days: u64) -> Result<Recovered, JournalError> {
    let read = JournalError::sqlite("be read");
    let keep_ms = i64::try_from(keep_days).unwrap_or(i64::MAX / DAY_MS).saturating_mul(DAY_MS);
    let forgotten = forget(connection, now_ms - keep_ms).map_err(JournalError::sqlite("forget old matches"))?;
    let matches = live(connection, now_ms).map_err(read)?;
    Ok(Recovered { matches, forgotten })
}

fn forget(connection: &mut Connection, before_ms: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction()?;
    for table in ["event", "outbox"] {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE match_id IN (SELECT match_id FROM match WHERE last_ms < ?1)"),
            [before_ms],
        )?;
    }
    transaction.execute("DELETE FROM quarantine WHERE at_ms < ?1", [before_ms])?;
    let forgotten = transaction.execute("DELETE FROM match WHERE last_ms < ?1", [before_ms])?;
    transaction.commit()?;
    Ok(forgotten)
}

fn live(connection: &Connection, now_ms: i64) -> rusqlite::Result<Vec<RecoveredMatch>> {
    let mut matches = BTreeMap::new();
    let mut statement =
        connection.prepare("SELECT match_id, last_ms FROM match WHERE ended = 0 OR last_ms > ?1 ORDER BY last_ms")?;
    let rows = statement
        .query_map([now_ms - SHOWN_AFTER_END_MS], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    for row in rows {
        let (match_id, last_ms) = row?;
        let match_id: Arc<str> = match_id.into();
        let (events, unreadable) = events(connection, &match_id)?;
        let lines = lines(connection, &match_id)?;
        matches.insert((last_ms, match_id.clone()), RecoveredMatch { match_id, events, lines, last_ms, unreadable });
    }
    Ok(matches.into_values().collect())
}

fn events(connection: &Connection, match_id: &str) -> rusqlite::Result<(Vec<Event>, Vec<String>)> {
    let mut statement =
        connection.prepare("SELECT payload FROM event WHERE match_id = ?1 AND dropped = 0 ORDER BY epoch, seq, id")?;
    let mut rows = statement.query([match_id])?;
    let (mut events, mut unreadable) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        match decode_event(row.get_ref(0)?.as_str()?) {
            Ok(event) => events.push(event),
            Err(error) => unreadable.push(error.to_string()),
        }
    }
    Ok((events, unreadable))
}

fn lines(connection: &Connection, match_id: &str) -> rusqlite::Result<Vec<LineRecord>> {
    let mut statement = connection.prepare(
        "SELECT line_id, match_id, key, rev, persona, kind, seq, topic, payload, state, attempts, expires_ms
         FROM outbox WHERE match_id = ?1 ORDER BY id",
    )?;
    statement.query_map(params![match_id], line)?.collect()
}

fn line(row: &Row<'_>) -> rusqlite::Result<LineRecord> {
    let text = |index: usize| row.get::<_, String>(index);
    Ok(LineRecord {
        line_id: text(0)?,
        match_id: text(1)?.into(),
        key: Key::new(text(2)?),
        rev: row.get(3)?,
        persona: text(4)?.into(),
        kind: kind_name(&text(5)?),
        seq: row.get::<_, i64>(6)?.unsigned_abs(),
        topic: text(7)?,
        payload: text(8)?,
        state: LineState::from_name(&text(9)?),
        attempts: row.get(10)?,
        expires_ms: row.get(11)?,
    })
}

/// The contract's own word, so that no row carries text of its own for it.
fn kind_name(name: &str) -> &'static str {
    use commentary::LineKind::{Call, Colour, Correction, Innings, Over, Stat, Status};
    [Call, Colour, Over, Innings, Stat, Status, Correction]
        .into_iter()
        .map(commentary::LineKind::name)
        .find(|kind| *kind == name)
        .unwrap_or("call")
}
