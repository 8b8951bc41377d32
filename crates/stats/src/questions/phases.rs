//! A batter's and a bowler's figures by phase of the innings.

use cricket::{phase::Phase, player::PersonId};
use serde::{Serialize, Serializer};

use super::{
    Estimate, PRIOR_BALLS, Sample,
    estimate::{per_hundred, per_six, share},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::{BATTING_BEFORE, BOWLING_BEFORE},
    part::phases,
};

/// A batter by phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatterPhases {
    /// What was counted.
    pub sample: Sample,
    /// Innings.
    pub innings: u32,
    /// Powerplay, middle overs, death; of matches without a limit: overs 1 to 20, 21 to 80, from 81.
    pub phases: [BatterPhase; 3],
}

/// A batter in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatterPhase {
    /// Which.
    #[serde(serialize_with = "by_name")]
    pub phase: Phase,
    /// Balls faced.
    pub balls: u32,
    /// Runs.
    pub runs: u32,
    /// Balls faced that brought no run at all.
    pub dots: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
    /// Times dismissed.
    pub dismissals: u32,
    /// Runs per hundred balls; expected is the batter's rate over all phases. `None` without a ball.
    pub run_rate: Option<Estimate>,
}

impl BatterPhase {
    /// Runs per hundred balls; `None` under twelve balls.
    pub fn strike_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.balls)
    }
}

/// A bowler by phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BowlerPhases {
    /// What was counted.
    pub sample: Sample,
    /// Innings bowled in.
    pub innings: u32,
    /// As in [`BatterPhases`].
    pub phases: [BowlerPhase; 3],
}

/// A bowler in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BowlerPhase {
    /// Which.
    #[serde(serialize_with = "by_name")]
    pub phase: Phase,
    /// Legal balls.
    pub balls: u32,
    /// Runs conceded.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
    /// Legal balls with nothing conceded.
    pub dots: u32,
    /// Runs conceded per hundred balls; expected is the bowler's rate over all phases. `None` without a ball.
    pub run_rate: Option<Estimate>,
}

impl BowlerPhase {
    /// Runs per six balls; `None` under twelve balls.
    pub fn economy(&self) -> Option<f64> {
        per_six(self.runs, self.balls)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn by_name<S: Serializer>(phase: &Phase, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phase.name())
}

/// The middle is what is left of the whole without the first and the last part.
fn parts<const N: usize>(whole: [u32; N], early: [u32; N], late: [u32; N]) -> [[u32; N]; 3] {
    let mut middle = whole;
    for (at, rest) in middle.iter_mut().enumerate() {
        *rest = rest.saturating_sub(early[at]).saturating_sub(late[at]);
    }
    [early, middle, late]
}

impl Archive {
    /// This batter by phase, in matches before a day; `None` if the batter was never at the crease.
    ///
    /// # Errors
    /// The store failed.
    pub fn batter_phases(
        &self,
        batter: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BatterPhases>, ArchiveError> {
        self.answer(|| {
            let Some(batter) = self.person(batter)? else { return Ok(None) };
            let Some(sums) = BATTING_BEFORE.read(&self.store, batter, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let [matches, innings, runs, balls, fours, sixes, dots, outs, ..] = sums;
            let [.., e1, e2, e3, e4, e5, e6, l1, l2, l3, l4, l5, l6, _] = sums;
            let whole = [balls, runs, dots, fours, sixes, outs];
            let all = parts(whole, [e1, e2, e3, e4, e5, e6], [l1, l2, l3, l4, l5, l6]);
            let [first, middle, last] = phases(scope.format);
            let one = |phase, [balls_in, runs_in, dots, fours, sixes, dismissals]: [u32; 6]| BatterPhase {
                phase,
                balls: balls_in,
                runs: runs_in,
                dots,
                fours,
                sixes,
                dismissals,
                run_rate: share(runs, balls)
                    .map(|expected| Estimate::of(runs_in, balls_in, expected, PRIOR_BALLS, 100.0)),
            };
            let phases = [one(first, all[0]), one(middle, all[1]), one(last, all[2])];
            Ok(Some(BatterPhases { sample: self.sample(scope, matches)?, innings, phases }))
        })
    }

    /// This bowler by phase, in matches before a day; `None` if never bowled.
    ///
    /// # Errors
    /// The store failed.
    pub fn bowler_phases(
        &self,
        bowler: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BowlerPhases>, ArchiveError> {
        self.answer(|| {
            let Some(bowler) = self.person(bowler)? else { return Ok(None) };
            let Some(sums) = BOWLING_BEFORE.read(&self.store, bowler, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let [matches, innings, balls, runs, wickets, dots, .., e1, e2, e3, e4, l1, l2, l3, l4, _] = sums;
            let all = parts([balls, runs, wickets, dots], [e1, e2, e3, e4], [l1, l2, l3, l4]);
            let [first, middle, last] = phases(scope.format);
            let one = |phase, [balls_in, runs_in, wickets, dots]: [u32; 4]| BowlerPhase {
                phase,
                balls: balls_in,
                runs: runs_in,
                wickets,
                dots,
                run_rate: share(runs, balls)
                    .map(|expected| Estimate::of(runs_in, balls_in, expected, PRIOR_BALLS, 100.0)),
            };
            let phases = [one(first, all[0]), one(middle, all[1]), one(last, all[2])];
            Ok(Some(BowlerPhases { sample: self.sample(scope, matches)?, innings, phases }))
        })
    }
}
