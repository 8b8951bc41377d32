//! A bowler's record.

use cricket::player::PersonId;
use serde::Serialize;

use super::{
    LEAST_BALLS, Sample,
    estimate::{per_six, share},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::BOWLING_BEFORE,
};

/// A bowler's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BowlerRecord {
    /// What was counted.
    pub sample: Sample,
    /// Innings bowled in.
    pub innings: u32,
    /// Legal balls.
    pub balls: u32,
    /// Runs conceded: off the bat, wides and no-balls.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
    /// Legal balls with nothing conceded.
    pub dots: u32,
    /// Wickets of the best innings.
    pub best_wickets: u32,
    /// Runs conceded in it.
    pub best_runs: u32,
    /// Innings of four wickets.
    pub four_fors: u32,
    /// Innings of five wickets and more.
    pub five_fors: u32,
}

impl BowlerRecord {
    /// Runs per six balls; `None` under twelve balls.
    pub fn economy(&self) -> Option<f64> {
        per_six(self.runs, self.balls)
    }

    /// Runs per wicket; `None` under twelve balls and without a wicket.
    pub fn average(&self) -> Option<f64> {
        (self.balls >= LEAST_BALLS).then(|| share(self.runs, self.wickets))?
    }

    /// Balls per wicket; `None` under twelve balls and without a wicket.
    pub fn strike_rate(&self) -> Option<f64> {
        (self.balls >= LEAST_BALLS).then(|| share(self.balls, self.wickets))?
    }
}

impl Archive {
    /// This bowler's record, in matches before a day; `None` if never bowled.
    ///
    /// # Errors
    /// The store failed.
    pub fn bowler_record(
        &self,
        bowler: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BowlerRecord>, ArchiveError> {
        self.answer(|| {
            let Some(bowler) = self.person(bowler)? else { return Ok(None) };
            let Some(sums) = BOWLING_BEFORE.read(&self.store, bowler, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let [matches, innings, balls, runs, wickets, dots, _, _, four_fors, five_fors, .., best] = sums;
            Ok(Some(BowlerRecord {
                sample: self.sample(scope, matches)?,
                innings,
                balls,
                runs,
                wickets,
                dots,
                best_wickets: best / 10_000,
                best_runs: 9999 - best % 10_000,
                four_fors,
                five_fors,
            }))
        })
    }
}
