//! The one who writes: transactions of some matches, and the count of what became of each file.

use std::time::Duration;

use super::Report;
use crate::{
    archive::{Archive, ArchiveError},
    keep::{Held, Keeper, Memory},
    reader::ReadMatch,
    source::Progress,
    tally::MatchTally,
};

/// Matches put into one transaction: few commits, and little to do again after an interruption.
const BATCH: u64 = 250;

/// How long to wait for another writer before the first match.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait for others in the middle of the work, when giving up would cost more.
const PATIENCE_WITHIN: Duration = Duration::from_secs(60);

/// What a file came to before its turn.
pub(super) enum Outcome<'a> {
    /// A match, added up.
    Match { read: &'a ReadMatch, tally: Box<MatchTally<'a>>, fingerprint: i64 },
    /// The same is held already.
    Unchanged,
    /// No match, and why.
    Refused(String),
}

/// A file at its turn.
pub(super) struct Turn<'a> {
    pub(super) name: &'a str,
    pub(super) done: u64,
    pub(super) total: u64,
    pub(super) outcome: Outcome<'a>,
}

/// The open transaction and the report so far.
pub(super) struct Writer<'a> {
    archive: &'a mut Archive,
    progress: &'a mut (dyn FnMut(&Progress) + Send),
    seen: Progress,
    report: Report,
    memory: Memory,
    uncommitted: u64,
    failed: Option<ArchiveError>,
}

impl<'a> Writer<'a> {
    /// Begins to write.
    ///
    /// # Errors
    /// Another writer does not end, or the store fails.
    pub(super) fn begin(
        archive: &'a mut Archive,
        progress: &'a mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Self, ArchiveError> {
        let store = &archive.store;
        let begun = store
            .busy_timeout(PATIENCE)
            .and_then(|()| store.execute_batch("BEGIN IMMEDIATE"))
            .and_then(|()| store.busy_timeout(PATIENCE_WITHIN));
        begun.map_err(|source| archive.failed(source))?;
        let (seen, report) = (Progress::default(), Report::default());
        Ok(Self { archive, progress, seen, report, memory: Memory::default(), uncommitted: 0, failed: None })
    }

    /// Writes the files of a load until `stop` says so; says whether to go on.
    pub(super) fn write(&mut self, turns: Vec<Turn<'_>>, stop: &(dyn Fn() -> bool + Sync)) -> bool {
        let (archive, report) = (&*self.archive, &mut self.report);
        let mut keeper = Keeper::new(&archive.store, &mut self.memory);
        for turn in turns {
            if stop() {
                report.stopped = true;
                return false;
            }
            match turn.outcome {
                Outcome::Unchanged => report.unchanged += 1,
                Outcome::Refused(reason) => report.refuse(turn.name, reason),
                Outcome::Match { read, tally, fingerprint } => {
                    let put = put(archive, &mut keeper, report, (read, &*tally, fingerprint)).and_then(|()| {
                        self.uncommitted += 1;
                        if self.uncommitted < BATCH {
                            return Ok(());
                        }
                        self.uncommitted = 0;
                        archive.store.execute_batch("COMMIT; BEGIN IMMEDIATE")
                    });
                    if let Err(source) = put {
                        self.failed = Some(archive.failed(source));
                        return false;
                    }
                }
            }
            self.seen.files += 1;
            (self.seen.done, self.seen.total) = (turn.done, turn.total);
            self.seen.deliveries = report.deliveries;
            (self.progress)(&self.seen);
        }
        true
    }

    /// Notes that the work was stopped.
    pub(super) fn stopped(&mut self) {
        self.report.stopped = true;
    }

    /// Ends the transaction: kept as far as it came, or taken back where the store failed.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn end(self) -> Result<Report, ArchiveError> {
        let store = &self.archive.store;
        let ended = match self.failed {
            Some(error) => Err(error),
            None => store.execute_batch("COMMIT").map_err(|source| self.archive.failed(source)),
        };
        if ended.is_err() {
            // Best effort: SQLite may have taken it back already, and closing the store does so as well.
            let _ = store.execute_batch("ROLLBACK");
        }
        ended.map(|()| self.report)
    }
}

/// Puts a match into the store, in place of an earlier version of it; unless the same or a later one is held.
fn put(
    archive: &Archive,
    keeper: &mut Keeper<'_>,
    report: &mut Report,
    (read, tally, fingerprint): (&ReadMatch, &MatchTally<'_>, i64),
) -> rusqlite::Result<()> {
    let held = Held::find(&archive.store, &read.id)?;
    match &held {
        Some(held) if held.fingerprint == fingerprint => {
            report.unchanged += 1;
            return Ok(());
        }
        Some(held) if held.revision > read.revision => {
            report.older += 1;
            return Ok(());
        }
        Some(held) => {
            keeper.remove(held)?;
            report.replaced += 1;
        }
        None => report.new += 1,
    }
    keeper.put(read, tally, fingerprint)?;
    report.deliveries += tally.innings.iter().map(|innings| u64::from(innings.deliveries)).sum::<u64>();
    Ok(())
}
