//! A batter's record.

use cricket::player::PersonId;
use serde::Serialize;

use super::{
    Sample,
    estimate::{per_hundred, share},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::BATTING_BEFORE,
};

/// A batter's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatterRecord {
    /// What was counted.
    pub sample: Sample,
    /// Innings in which the batter was at the crease.
    pub innings: u32,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub balls: u32,
    /// Balls faced that brought no run at all.
    pub dots: u32,
    /// Times dismissed.
    pub dismissals: u32,
    /// Highest score.
    pub highest: u32,
    /// Whether a highest score was not out.
    pub highest_not_out: bool,
    /// Scores of 50 to 99.
    pub fifties: u32,
    /// Scores of 100 and more.
    pub hundreds: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
}

impl BatterRecord {
    /// Runs per hundred balls; `None` under twelve balls.
    pub fn strike_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.balls)
    }

    /// Runs per dismissal; `None` under twelve balls and of one who was never out.
    pub fn average(&self) -> Option<f64> {
        self.strike_rate().and_then(|_| share(self.runs, self.dismissals))
    }
}

impl Archive {
    /// This batter's record, in matches before a day; `None` if the batter was never at the crease.
    ///
    /// # Errors
    /// The store failed.
    pub fn batter_record(
        &self,
        batter: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BatterRecord>, ArchiveError> {
        self.answer(|| {
            let Some(batter) = self.person(batter)? else { return Ok(None) };
            let Some(sums) = BATTING_BEFORE.read(&self.store, batter, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let [matches, innings, runs, balls, fours, sixes, dots, dismissals, _, fifties, hundreds, ..] = sums;
            let [.., highest] = sums;
            let sample = self.sample(scope, matches)?;
            let (highest, highest_not_out) = (highest / 2, highest % 2 == 1);
            Ok(Some(BatterRecord {
                sample,
                innings,
                runs,
                balls,
                dots,
                dismissals,
                highest,
                highest_not_out,
                fifties,
                hundreds,
                fours,
                sixes,
            }))
        })
    }
}
