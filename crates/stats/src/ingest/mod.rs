//! Adding matches: each whole or not at all, the same again without effect, a newer revision in place of the older.
//!
//! One thread reads the source, some read and add up matches, and whichever of them holds the earliest load writes it:
//! one writer at a time, in the order of the source, so that the store's content does not depend on who was faster.

mod load;
mod turns;
mod writer;

use std::path::Path;

use crate::{
    archive::{Archive, ArchiveError},
    source::{BadFile, Progress},
};

/// Bad files named in a report at most; all are counted.
const NAMED_BAD_FILES: usize = 1000;

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
    /// Whether it was asked to stop before the end; what is counted here is kept.
    pub stopped: bool,
}

impl Report {
    fn refuse(&mut self, name: &str, reason: String) {
        self.bad_files += 1;
        if self.bad.len() < NAMED_BAD_FILES {
            self.bad.push(BadFile { name: name.to_owned(), reason });
        }
    }

    /// Match files looked at.
    pub fn files(&self) -> u64 {
        self.new + self.replaced + self.unchanged + self.older + self.bad_files
    }
}

impl Archive {
    /// Adds the match files of a path: a `.json` file, a folder, a `.zip`, a `.tar.zst`. A bad file is named in the
    /// report and passed over. Interrupted and run again, it goes on where it was.
    ///
    /// # Errors
    /// The path cannot be read (a packed archive may break off in the middle), or the store failed; matches added
    /// before are kept.
    pub fn add(&mut self, path: &Path, progress: &mut (dyn FnMut(&Progress) + Send)) -> Result<Report, ArchiveError> {
        self.add_until(path, &|| false, progress)
    }

    /// Adds the match files of a path until `stop` says so: the match in hand is finished and everything so far is kept.
    ///
    /// # Errors
    /// As [`Archive::add`].
    pub fn add_until(
        &mut self,
        path: &Path,
        stop: &(dyn Fn() -> bool + Sync),
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Report, ArchiveError> {
        load::add(self, path, stop, progress)
    }
}
