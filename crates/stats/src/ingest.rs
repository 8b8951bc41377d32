//! Adding matches: each whole or not at all, the same again without effect, a newer revision in place of the older.

use std::path::Path;

use crate::{
    archive::{Archive, ArchiveError},
    keep::{Held, Keeper},
    reader,
    source::{BadFile, Progress, each_match},
    tally::tally,
};

/// Matches put into one transaction: few commits, and little to do again after an interruption.
const BATCH: u64 = 250;

/// Bad files named in a report at most; all are counted.
const NAMED_BAD_FILES: usize = 1000;

/// What became of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It was not held before.
    New,
    /// It took the place of an earlier version of itself.
    Replaced,
    /// The same was held already.
    Unchanged,
    /// A newer revision is held; that stays.
    Older,
}

/// What became of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Matches not held before.
    pub new: u64,
    /// Matches that took the place of an earlier version.
    pub replaced: u64,
    /// Matches held already.
    pub unchanged: u64,
    /// Matches of which a newer revision is held.
    pub older: u64,
    /// Deliveries of new and replaced matches.
    pub deliveries: u64,
    /// Files passed over.
    pub bad_files: u64,
    /// The first thousand of them.
    pub bad: Vec<BadFile>,
}

impl Report {
    fn refuse(&mut self, name: &str, reason: String) {
        self.bad_files += 1;
        if self.bad.len() < NAMED_BAD_FILES {
            self.bad.push(BadFile { name: name.to_owned(), reason });
        }
    }
}

impl Archive {
    /// Adds the match files of a path: a `.json` file, a folder, a `.tar.zst`. A bad file is named in the report and
    /// passed over. Interrupted and run again, it goes on where it was.
    ///
    /// # Errors
    /// The path cannot be read (a packed archive may break off in the middle), or the store failed; matches added
    /// before are kept.
    pub fn add(&mut self, path: &Path, progress: &mut dyn FnMut(&Progress)) -> Result<Report, ArchiveError> {
        let mut report = Report::default();
        let mut seen = Progress::default();
        let mut batch = Batch::begin(self)?;
        let result = each_match(path, |item| {
            seen.files += 1;
            (seen.done, seen.total) = (item.done, item.total);
            match item.content {
                Ok(bytes) => batch.add(item.name, bytes, &mut report)?,
                Err(reason) => report.refuse(item.name, reason),
            }
            seen.deliveries = report.deliveries;
            progress(&seen);
            Ok(())
        });
        match result {
            // The store itself failed: the batch is rolled back when it goes.
            Err(error @ ArchiveError::Store { .. }) => Err(error),
            // A source that breaks off loses nothing that came before.
            other => {
                batch.commit()?;
                other.map(|()| report)
            }
        }
    }
}

/// A transaction in progress; rolled back unless committed.
struct Batch<'a> {
    archive: &'a Archive,
    matches: u64,
    open: bool,
    keeper: Keeper<'a>,
}

impl<'a> Batch<'a> {
    fn begin(archive: &'a Archive) -> Result<Self, ArchiveError> {
        archive.store.execute_batch("BEGIN IMMEDIATE").map_err(|source| archive.failed(source))?;
        Ok(Self { archive, matches: 0, open: true, keeper: Keeper::new(&archive.store) })
    }

    fn commit(mut self) -> Result<(), ArchiveError> {
        self.open = false;
        self.archive.store.execute_batch("COMMIT").map_err(|source| self.archive.failed(source))
    }

    fn add(&mut self, name: &str, bytes: &[u8], report: &mut Report) -> Result<(), ArchiveError> {
        let archive = self.archive;
        let failed = |source| archive.failed(source);
        let id = match reader::match_id(name) {
            Ok(id) => id,
            Err(error) => {
                report.refuse(name, error.to_string());
                return Ok(());
            }
        };
        let held = Held::find(&archive.store, id).map_err(failed)?;
        let fingerprint = fingerprint(bytes);
        if held.as_ref().is_some_and(|held| held.fingerprint == fingerprint) {
            report.unchanged += 1;
            return Ok(());
        }
        let read = match reader::read(id, bytes) {
            Ok(read) => read,
            Err(error) => {
                report.refuse(name, error.to_string());
                return Ok(());
            }
        };
        if held.as_ref().is_some_and(|held| held.revision > read.revision) {
            report.older += 1;
            return Ok(());
        }
        let tally = match tally(&read.played) {
            Ok(tally) => tally,
            Err(error) => {
                report.refuse(name, error.to_string());
                return Ok(());
            }
        };
        match &held {
            Some(held) => {
                self.keeper.remove(held).map_err(failed)?;
                report.replaced += 1;
            }
            None => report.new += 1,
        }
        self.keeper.put(&read, &tally, fingerprint).map_err(failed)?;
        report.deliveries += tally.innings.iter().map(|innings| u64::from(innings.deliveries)).sum::<u64>();
        self.matches += 1;
        if self.matches.is_multiple_of(BATCH) {
            archive.store.execute_batch("COMMIT; BEGIN IMMEDIATE").map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.open {
            // Best effort: closing the store rolls back as well.
            let _ = self.archive.store.execute_batch("ROLLBACK");
        }
    }
}

/// Tells one content of a file from another (FNV-1a, 64 bits): a guard against needless work, not against malice.
fn fingerprint(bytes: &[u8]) -> i64 {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    i64::from_ne_bytes(hash.to_ne_bytes())
}
