//! The one thread that writes.

use std::{thread, time::Duration};

use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

use super::{
    JournalError, Opened,
    open::{COPY, copy_to},
    record::Transaction,
};
use crate::telemetry::Ticks;

/// Transactions that may wait; the desk waits for each, so a few are plenty.
const QUEUE: usize = 8;
/// How often an idle writer shows that it lives.
const TICK: Duration = Duration::from_secs(1);

enum Command {
    Commit(Box<Transaction>, oneshot::Sender<Result<(), JournalError>>),
    Close(oneshot::Sender<Result<(), JournalError>>),
}

/// A handle on the writer.
#[derive(Debug, Clone)]
pub struct Journal {
    commands: mpsc::Sender<Command>,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Commit(..) => "Commit",
            Self::Close(_) => "Close",
        })
    }
}

impl Journal {
    /// Starts the writer thread on an open journal.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(opened: Opened, ticks: Ticks) -> Result<Self, JournalError> {
        let (commands, queue) = mpsc::channel(QUEUE);
        let no_thread = JournalError::file(std::path::Path::new("thread"));
        // Only for its clock: it lets the thread wait for work and still show once a second that it lives.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.map_err(JournalError::file(std::path::Path::new("thread")))?;
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || runtime.block_on(write_all(opened, queue, &ticks)))
            .map_err(no_thread)?;
        Ok(Self { commands })
    }

    /// Commits a transaction and returns when it is on the disk.
    ///
    /// # Errors
    /// When it is not: then nothing of it was written.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), JournalError> {
        let (done, answer) = oneshot::channel();
        let command = Command::Commit(Box::new(transaction), done);
        self.commands.send(command).await.map_err(|_| JournalError::Stopped)?;
        answer.await.map_err(|_| JournalError::Stopped)?
    }

    /// Makes the good copy, empties the WAL into the file and ends the thread.
    ///
    /// # Errors
    /// When one of these fails; the journal is closed all the same.
    pub async fn close(&self) -> Result<(), JournalError> {
        let (done, answer) = oneshot::channel();
        self.commands.send(Command::Close(done)).await.map_err(|_| JournalError::Stopped)?;
        answer.await.map_err(|_| JournalError::Stopped)?
    }
}

async fn write_all(opened: Opened, mut queue: mpsc::Receiver<Command>, ticks: &Ticks) {
    let (mut connection, directory, _lock) = opened.into_parts();
    loop {
        ticks.tick();
        match tokio::time::timeout(TICK, queue.recv()).await {
            Err(_) => {}
            Ok(Some(Command::Commit(transaction, done))) => {
                let result = write(&mut connection, &transaction).map_err(JournalError::sqlite("be written"));
                // The asker may have given up; the rows are written all the same.
                let _ = done.send(result);
            }
            Ok(Some(Command::Close(done))) => {
                let copied = copy_to(&connection, &directory.join(COPY));
                let closed = close(connection);
                let _ = done.send(copied.and(closed));
                return;
            }
            Ok(None) => {
                // Nobody is left to tell.
                let _ = close(connection);
                return;
            }
        }
    }
}

fn close(connection: Connection) -> Result<(), JournalError> {
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(JournalError::sqlite("be emptied into its file"))?;
    connection.close().map_err(|(_, error)| JournalError::Sqlite { what: "be closed", source: error })
}

fn write(connection: &mut Connection, rows: &Transaction) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut event = transaction.prepare_cached(
            "INSERT INTO event (match_id, key, rev, epoch, seq, at_ms, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (match_id, key, rev) DO UPDATE SET dropped = 0 WHERE dropped <> 0",
        )?;
        let mut touched = transaction.prepare_cached(
            "INSERT INTO match (match_id, first_ms, last_ms) VALUES (?1, ?2, ?2)
             ON CONFLICT (match_id) DO UPDATE SET last_ms = ?2 WHERE last_ms < ?2",
        )?;
        for row in &rows.events {
            let seq = i64::try_from(row.seq).unwrap_or(i64::MAX);
            let added = event.execute(params![
                row.match_id,
                row.key.as_str(),
                row.rev,
                row.epoch,
                seq,
                row.at_ms,
                row.payload
            ])?;
            if added > 0 {
                touched.execute(params![row.match_id, row.at_ms])?;
            }
        }
        let mut drop = transaction.prepare_cached("UPDATE event SET dropped = 1 WHERE match_id = ?1 AND key = ?2")?;
        for (match_id, key) in &rows.dropped {
            drop.execute(params![match_id, key.as_str()])?;
        }
        let mut line = transaction.prepare_cached(
            "INSERT INTO outbox (line_id, match_id, key, rev, persona, kind, seq, topic, payload, state, attempts, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (line_id) DO NOTHING",
        )?;
        for row in &rows.lines {
            let seq = i64::try_from(row.seq).unwrap_or(i64::MAX);
            line.execute(params![
                row.line_id,
                row.match_id,
                row.key.as_str(),
                row.rev,
                row.persona,
                row.kind,
                seq,
                row.topic,
                row.payload,
                row.state.name(),
                row.attempts,
                row.expires_ms
            ])?;
        }
        let mut mark = transaction.prepare_cached(
            "UPDATE outbox SET state = ?2, attempts = ?3 WHERE line_id = ?1 AND (state <> ?2 OR attempts <> ?3)",
        )?;
        for (line_id, state, attempts) in &rows.marks {
            mark.execute(params![line_id, state.name(), attempts])?;
        }
        let mut quarantine = transaction.prepare_cached(
            "INSERT INTO quarantine (topic, payload, bytes, reason, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for row in &rows.quarantined {
            let bytes = i64::try_from(row.bytes).unwrap_or(i64::MAX);
            quarantine.execute(params![row.topic, row.payload, bytes, row.reason, row.at_ms])?;
        }
        let mut end = transaction.prepare_cached("UPDATE match SET ended = ?2 WHERE match_id = ?1 AND ended <> ?2")?;
        for (match_id, ended) in &rows.ended {
            end.execute(params![match_id, ended])?;
        }
    }
    transaction.commit()
}
