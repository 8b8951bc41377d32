//! Batter against bowler.

use cricket::player::PersonId;
use serde::Serialize;

use super::{
    Estimate, OWNS_BALLS, OWNS_DISMISSALS, PRIOR_BALLS, Sample,
    estimate::{per_hundred, share},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::{BATTING_BEFORE, BOWLING_BEFORE},
};

/// One batter against one bowler. Mostly thin (the median pair has met for three balls): always said with its count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadToHead {
    /// What was counted.
    pub sample: Sample,
    /// Balls faced (wides left out).
    pub balls: u32,
    /// Runs off the bat.
    pub runs: u32,
    /// Balls faced that brought no run at all.
    pub dots: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
    /// Times the bowler was credited with the batter's wicket.
    pub dismissals: u32,
    /// Runs per hundred balls; expected is the mean of the batter's own rate and the bowler's own. `None` while one of
    /// them has no ball.
    pub run_rate: Option<Estimate>,
    /// Dismissals per hundred balls, in the same way; wickets that are no bowler's are left out.
    pub dismissal_rate: Option<Estimate>,
}

impl HeadToHead {
    /// Runs per hundred balls; `None` under twelve balls.
    pub fn strike_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.balls)
    }

    /// Whether it may be said that the bowler has the better of the batter: from thirty balls and three dismissals, and
    /// only if the dismissals are more than expected and the runs are not.
    pub fn bowler_owns(&self) -> bool {
        self.balls >= OWNS_BALLS
            && self.dismissals >= OWNS_DISMISSALS
            && self.dismissal_rate.is_some_and(|rate| rate.difference() > 0.0)
            && self.run_rate.is_some_and(|rate| rate.difference() <= 0.0)
    }
}

impl Archive {
    /// This batter against this bowler, in matches before a day; `None` if they never met.
    ///
    /// # Errors
    /// The store failed.
    pub fn batter_v_bowler(
        &self,
        batter: &PersonId,
        bowler: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<HeadToHead>, ArchiveError> {
        self.answer(|| {
            let (Some(batter), Some(bowler)) = (self.person(batter)?, self.person(bowler)?) else { return Ok(None) };
            let (first, last) = scope.codes();
            let day = before.number();
            let sums = self
                .store
                .prepare_cached(
                    "SELECT count(*), coalesce(sum(balls), 0), coalesce(sum(runs), 0), coalesce(sum(dots), 0),
                            coalesce(sum(fours), 0), coalesce(sum(sixes), 0), coalesce(sum(dismissals), 0)
                     FROM duel WHERE batter = ?1 AND bowler = ?2 AND class BETWEEN ?3 AND ?4 AND day < ?5",
                )?
                .query_row((batter, bowler, first, last, day), |row| {
                    let sums: [u32; 7] =
                        [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
                    Ok(sums)
                })?;
            let [matches, balls, runs, dots, fours, sixes, dismissals] = sums;
            if matches == 0 {
                return Ok(None);
            }
            let batting = BATTING_BEFORE.read(&self.store, batter, (first, last), day)?.unwrap_or_default();
            let bowling = BOWLING_BEFORE.read(&self.store, bowler, (first, last), day)?.unwrap_or_default();
            let [_, _, all_runs, all_balls, _, _, _, _, credited, ..] = batting;
            let [_, _, _, _, wickets, _, faced, bat, ..] = bowling;
            let estimate = |seen, of_batter, of_bowler| {
                let expected = f64::midpoint(share(of_batter, all_balls)?, share(of_bowler, faced)?);
                Some(Estimate::of(seen, balls, expected, PRIOR_BALLS, 100.0))
            };
            Ok(Some(HeadToHead {
                sample: self.sample(scope, matches)?,
                balls,
                runs,
                dots,
                fours,
                sixes,
                dismissals,
                run_rate: estimate(runs, all_runs, bat),
                dismissal_rate: estimate(dismissals, credited, wickets),
            }))
        })
    }
}
