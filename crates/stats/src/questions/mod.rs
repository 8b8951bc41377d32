//! The questions, typed. Every answer says what it counted and since which year such matches are held; `None` means the
//! archive holds nothing of it.
//!
//! An answer knows only matches before a given day, matches of that day left out: a replay does not know its own future.
//! Formats and genders are never mixed, levels only where the scope says both, and super overs are in no figure.
//! Counts are raw; rates from few balls are had only through methods that refuse too few ([`LEAST_BALLS`]), and estimates
//! are pulled towards what was to be expected ([`Estimate`]).

mod batter;
mod bowler;
mod chases;
mod duel;
mod estimate;
mod form;
mod ground;
mod milestone;
mod pair;
mod par;
mod people;
mod phases;
mod ranking;
mod season;

pub use batter::BatterRecord;
pub use bowler::BowlerRecord;
pub use chases::{Chase, ChaseRecord, DefendedTotals, Total};
pub use duel::HeadToHead;
pub use estimate::{Estimate, LEAST_BALLS, OWNS_BALLS, OWNS_DISMISSALS, PRIOR_BALLS, PRIOR_INNINGS};
pub use form::{BatterForm, BowlerForm, RecentBatting, RecentBowling, Trend};
pub use ground::{BatterAtGround, BowlerAtGround};
pub use milestone::{Milestone, MilestoneKind};
pub use pair::Partnership;
pub use par::Par;
pub use people::{Person, PersonMatches};
pub use phases::{BatterPhase, BatterPhases, BowlerPhase, BowlerPhases};
pub use ranking::{Ranked, Ranking, RankingKind};
pub use season::{Season, SeasonFigures};

use cricket::player::PersonId;
use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
};

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
    /// Runs a question as one transaction: every part of the answer is of the same state of the store, whatever is added
    /// meanwhile, and the file is locked once and not for each part, which would take most of the time. A failure of the
    /// store is told with the store's place.
    fn answer<T>(&self, read: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, ArchiveError> {
        let run = |sql: &str| self.store.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        run("BEGIN").map_err(|source| self.failed(source))?;
        let answer = read();
        let ended = run("COMMIT");
        answer.and_then(|answer| ended.map(|_| answer)).map_err(|source| self.failed(source))
    }

    /// The number of a person in the store.
    fn person(&self, id: &PersonId) -> rusqlite::Result<Option<i64>> {
        self.store
            .prepare_cached("SELECT no FROM person WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()
    }

    /// The name of a side.
    fn side_name(&self, side: i64) -> rusqlite::Result<String> {
        self.store.prepare_cached("SELECT name FROM side WHERE no = ?1")?.query_row([side], |row| row.get(0))
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
