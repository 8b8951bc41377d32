//! Batter against bowler.

use cricket::player::PersonId;
use serde::Serialize;

use super::Sample;
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
};

/// One batter against one bowler. Mostly thin (the median pair has met for three balls): always said with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
        let read = || -> rusqlite::Result<Option<HeadToHead>> {
            let (Some(batter), Some(bowler)) = (self.person(batter)?, self.person(bowler)?) else { return Ok(None) };
            let (first, last) = scope.codes();
            let sums = self
                .store
                .prepare_cached(
                    "SELECT count(*), coalesce(sum(balls), 0), coalesce(sum(runs), 0), coalesce(sum(dots), 0),
                            coalesce(sum(fours), 0), coalesce(sum(sixes), 0), coalesce(sum(dismissals), 0)
                     FROM duel WHERE batter = ?1 AND bowler = ?2 AND class BETWEEN ?3 AND ?4 AND day < ?5",
                )?
                .query_row((batter, bowler, first, last, before.number()), |row| {
                    let sums: [u32; 7] =
                        [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
                    Ok(sums)
                })?;
            let [matches, balls, runs, dots, fours, sixes, dismissals] = sums;
            if matches == 0 {
                return Ok(None);
            }
            let sample = self.sample(scope, matches)?;
            Ok(Some(HeadToHead { sample, balls, runs, dots, fours, sixes, dismissals }))
        };
        read().map_err(|source| self.failed(source))
    }
}
