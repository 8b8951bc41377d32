//! The store as one thing: open, find, ask what is held.

use std::path::{Path, PathBuf};

use cricket::player::PersonId;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

pub use crate::error::ArchiveError;
use crate::{
    keep::{Held, Keeper, Memory},
    pack::{StoredBall, unpack},
    schema,
};

/// The archive of past matches. One writer at a time; any number of read-only openers beside it.
#[derive(Debug)]
pub struct Archive {
    pub(crate) store: Connection,
    path: PathBuf,
}

impl Archive {
    /// Opens the archive to add to it; makes it where there is none, brings an older one up to date.
    ///
    /// # Errors
    /// A file that cannot be opened, is something else, or was made by a later program.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        Ok(Self { store: schema::open(path)?, path: path.to_owned() })
    }

    /// Opens the archive only to ask; it may lie where nothing can be written.
    ///
    /// # Errors
    /// A file that is missing, cannot be opened, is something else, or has another version.
    pub fn open_read_only(path: &Path) -> Result<Self, ArchiveError> {
        Ok(Self { store: schema::open_read_only(path)?, path: path.to_owned() })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name a person goes by, that of the latest match held.
    ///
    /// # Errors
    /// The store failed.
    pub fn name(&self, person: &PersonId) -> Result<Option<String>, ArchiveError> {
        self.store
            .prepare_cached("SELECT name FROM person WHERE id = ?1")
            .and_then(|mut query| query.query_row([person.as_str()], |row| row.get(0)).optional())
            .map_err(|source| self.failed(source))
    }

    /// Takes a match out, so that it can be added anew; says whether it was held.
    ///
    /// # Errors
    /// The store failed, or another program writes to it.
    pub fn remove(&mut self, match_id: &str) -> Result<bool, ArchiveError> {
        let remove = |store: &mut Connection| -> rusqlite::Result<bool> {
            let change = store.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let held = Held::find(&change, match_id)?;
            if let Some(held) = &held {
                Keeper::new(&change, &mut Memory::default()).remove(held)?;
            }
            change.commit()?;
            Ok(held.is_some())
        };
        remove(&mut self.store).map_err(|source| self.failed(source))
    }

    /// All deliveries of an innings (from 1) of a match; none where it is not held.
    ///
    /// # Errors
    /// The store failed.
    pub fn deliveries(&self, match_id: &str, innings: u8) -> Result<Vec<StoredBall>, ArchiveError> {
        let read = || -> rusqlite::Result<Vec<StoredBall>> {
            let found = self
                .store
                .prepare_cached("SELECT m.no, i.balls FROM match m JOIN innings i ON i.match = m.no WHERE m.id = ?1 AND i.number = ?2")?
                .query_row((match_id, innings), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
                .optional()?;
            let Some((no, balls)) = found else { return Ok(Vec::new()) };
            let people = self
                .store
                .prepare_cached("SELECT p.id FROM part JOIN person p ON p.no = part.person WHERE part.match = ?1 ORDER BY part.place")?
                .query_map([no], |row| Ok(PersonId(row.get::<_, String>(0)?.into())))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(unpack(&balls, &people))
        };
        read().map_err(|source| self.failed(source))
    }

    pub(crate) fn failed(&self, source: rusqlite::Error) -> ArchiveError {
        ArchiveError::of(&self.path, source)
    }
}
