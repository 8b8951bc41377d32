//! Chases at a ground and of a side, and totals defended.
//!
//! A chase is the second innings of a limited match, the fourth of one without a limit. It is won, lost or tied as the
//! match was recorded (a super over after a tie changes nothing); without a result it is not counted. Highest and lowest
//! are of matches without a rule for rain: totals under such a rule cannot be compared.

use rusqlite::{CachedStatement, OptionalExtension, Params, Row};
use serde::Serialize;

use super::Sample;
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
};

/// Chases at a ground, or of a side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChaseRecord {
    /// What was counted: decided chases.
    pub sample: Sample,
    /// Chases won.
    pub won: u32,
    /// Chases lost.
    pub lost: u32,
    /// Chases tied.
    pub tied: u32,
    /// The highest target reached.
    pub highest_won: Option<Chase>,
    /// The lowest target not reached.
    pub lowest_lost: Option<Chase>,
}

/// A chase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chase {
    /// Runs to win.
    pub target: u32,
    /// Runs made.
    pub runs: u32,
    /// Wickets lost.
    pub wickets: u32,
    /// The side that chased.
    pub side: String,
    /// The side that set the target.
    pub against: String,
    /// First day of the match, `YYYY-MM-DD`.
    pub day: String,
}

/// Totals defended at a ground: one run less than the target that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DefendedTotals {
    /// What was counted: matches in which the side that set the target won, without a rule for rain.
    pub sample: Sample,
    /// The highest.
    pub highest: Total,
    /// The lowest.
    pub lowest: Total,
}

/// A total defended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Runs.
    pub runs: u32,
    /// The side that defended it.
    pub side: String,
    /// The side that chased.
    pub against: String,
    /// First day of the match, `YYYY-MM-DD`.
    pub day: String,
}

const WON: u8 = crate::facts::Chase::Won as u8;
const LOST: u8 = crate::facts::Chase::Lost as u8;
const TIED: u8 = crate::facts::Chase::Tied as u8;

/// A chase as read; sides by number.
#[derive(Clone, Copy)]
struct Found {
    target: u32,
    runs: u32,
    wickets: u32,
    side: i64,
    against: i64,
    day: u32,
}

impl Found {
    fn read(row: &Row<'_>, target: u32) -> rusqlite::Result<Self> {
        Ok(Self {
            target,
            runs: row.get(3)?,
            wickets: row.get(4)?,
            side: row.get(5)?,
            against: row.get(6)?,
            day: row.get(7)?,
        })
    }
}

/// What chases add up to.
#[derive(Default)]
struct Chases {
    won: u32,
    lost: u32,
    tied: u32,
    highest_won: Option<Found>,
    highest_lost: Option<Found>,
    lowest_lost: Option<Found>,
    lost_by_score: u32,
}

impl Chases {
    /// Adds the chases of a query; of equals, the earliest stays.
    fn add(&mut self, query: &mut CachedStatement<'_>, params: impl Params) -> rusqlite::Result<()> {
        let mut rows = query.query(params)?;
        while let Some(row) = rows.next()? {
            let (chase, ruled): (u8, bool) = (row.get(0)?, row.get(1)?);
            match chase {
                WON => self.won += 1,
                LOST => self.lost += 1,
                TIED => self.tied += 1,
                _ => continue,
            }
            if ruled || chase == TIED {
                continue;
            }
            let Some(target): Option<u32> = row.get(2)? else { continue };
            // The day breaks ties between two grounds or classes, whose rows come one after the other.
            let key = |found: &Found| (found.target, found.day);
            let day: u32 = row.get(7)?;
            let higher = |found: &Option<Found>| {
                found.as_ref().map(key).is_none_or(|(high, on)| target > high || (target == high && day < on))
            };
            let lower = |found: &Option<Found>| {
                found.as_ref().map(key).is_none_or(|(low, on)| target < low || (target == low && day < on))
            };
            if chase == WON {
                if higher(&self.highest_won) {
                    self.highest_won = Some(Found::read(row, target)?);
                }
                continue;
            }
            self.lost_by_score += 1;
            if higher(&self.highest_lost) {
                self.highest_lost = Some(Found::read(row, target)?);
            }
            if lower(&self.lowest_lost) {
                self.lowest_lost = Some(Found::read(row, target)?);
            }
        }
        Ok(())
    }
}

impl Archive {
    /// Chases at a ground, in matches before a day; `None` without a decided one.
    ///
    /// # Errors
    /// The store failed.
    pub fn chases_at(
        &self,
        (venue, city): (&str, Option<&str>),
        scope: Scope,
        before: Day,
    ) -> Result<Option<ChaseRecord>, ArchiveError> {
        self.answer(|| self.record(&self.at_ground(venue, city, scope, before)?, scope))
    }

    /// Chases of a side, in matches before a day; `None` without a decided one.
    ///
    /// # Errors
    /// The store failed.
    pub fn chases_by(&self, side: &str, scope: Scope, before: Day) -> Result<Option<ChaseRecord>, ArchiveError> {
        self.answer(|| {
            let number: Option<i64> = self
                .store
                .prepare_cached("SELECT no FROM side WHERE name = ?1")?
                .query_row([side], |row| row.get(0))
                .optional()?;
            let Some(side) = number else { return Ok(None) };
            let mut chases = Chases::default();
            let mut query = self.store.prepare_cached(
                "SELECT chase, ruled, target, made, made_wickets, side, against, day FROM chase
                 WHERE side = ?1 AND class = ?2 AND day < ?3",
            )?;
            let (first, last) = scope.codes();
            for class in first..=last {
                chases.add(&mut query, (side, class, before.number()))?;
            }
            self.record(&chases, scope)
        })
    }

    /// The highest and the lowest total defended at a ground, in matches before a day; `None` without one.
    ///
    /// # Errors
    /// The store failed.
    pub fn defended_at(
        &self,
        (venue, city): (&str, Option<&str>),
        scope: Scope,
        before: Day,
    ) -> Result<Option<DefendedTotals>, ArchiveError> {
        self.answer(|| {
            let chases = self.at_ground(venue, city, scope, before)?;
            let (Some(highest), Some(lowest)) = (chases.highest_lost, chases.lowest_lost) else { return Ok(None) };
            let total = |found: Found| -> rusqlite::Result<Total> {
                let (side, against) = (self.side_name(found.against)?, self.side_name(found.side)?);
                let runs = found.target.saturating_sub(1);
                Ok(Total { runs, side, against, day: Day::from_number(found.day).to_string() })
            };
            let sample = self.sample(scope, chases.lost_by_score)?;
            Ok(Some(DefendedTotals { sample, highest: total(highest)?, lowest: total(lowest)? }))
        })
    }

    fn at_ground(&self, venue: &str, city: Option<&str>, scope: Scope, before: Day) -> rusqlite::Result<Chases> {
        let mut chases = Chases::default();
        let Some(grounds) = self.grounds(venue, city, before)? else { return Ok(chases) };
        let mut query = self.store.prepare_cached(
            "SELECT chase, ruled, target, made, made_wickets, chaser, setter, day FROM at_ground
             WHERE ground = ?1 AND class = ?2 AND day < ?3",
        )?;
        let (first, last) = scope.codes();
        for ground in grounds.each() {
            for class in first..=last {
                chases.add(&mut query, (ground, class, before.number()))?;
            }
        }
        Ok(chases)
    }

    fn record(&self, chases: &Chases, scope: Scope) -> rusqlite::Result<Option<ChaseRecord>> {
        let Chases { won, lost, tied, .. } = *chases;
        if won + lost + tied == 0 {
            return Ok(None);
        }
        let chase = |found: Option<Found>| -> rusqlite::Result<Option<Chase>> {
            let Some(found) = found else { return Ok(None) };
            Ok(Some(Chase {
                target: found.target,
                runs: found.runs,
                wickets: found.wickets,
                side: self.side_name(found.side)?,
                against: self.side_name(found.against)?,
                day: Day::from_number(found.day).to_string(),
            }))
        };
        Ok(Some(ChaseRecord {
            sample: self.sample(scope, won + lost + tied)?,
            won,
            lost,
            tied,
            highest_won: chase(chases.highest_won)?,
            lowest_lost: chase(chases.lowest_lost)?,
        }))
    }
}
