//! The questions, typed. Every answer says what it counted and since which year such matches are held; `None` means the
//! archive holds nothing of it.

mod batter;
mod bowler;
mod duel;

pub use batter::BatterRecord;
pub use bowler::BowlerRecord;
pub use duel::HeadToHead;

use cricket::player::PersonId;
use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::{archive::Archive, class::Scope, day::Day};

/// What an answer counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Kinds of matches.
    pub scope: Scope,
    /// Matches in which the thing asked for occurred.
    pub matches: u32,
    /// Year of the earliest match held in the scope.
    pub since_year: u16,
}

impl Archive {
    /// The number of a person in the store.
    fn person(&self, id: &PersonId) -> rusqlite::Result<Option<i64>> {
        self.store
            .prepare_cached("SELECT no FROM person WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()
    }

    /// The sample of an answer.
    fn sample(&self, scope: Scope, matches: u32) -> rusqlite::Result<Sample> {
        let (first, last) = scope.codes();
        // One look into the index per class: the smallest of both, where both are held.
        let mut query = self.store.prepare_cached("SELECT min(day) FROM match WHERE class = ?1")?;
        let mut earliest: Option<u32> = None;
        for class in first..=last {
            let day: Option<u32> = query.query_row([class], |row| row.get(0))?;
            earliest = [earliest, day].into_iter().flatten().min();
        }
        let since_year = earliest.map_or(0, |day| Day::from_number(day).year());
        Ok(Sample { scope, matches, since_year })
    }
}
