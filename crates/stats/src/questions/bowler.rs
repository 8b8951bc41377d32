//! A bowler's record.

use cricket::player::PersonId;
use serde::Serialize;

use super::Sample;
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
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
        let read = || -> rusqlite::Result<Option<BowlerRecord>> {
            let Some(bowler) = self.person(bowler)? else { return Ok(None) };
            let (first, last) = scope.codes();
            let mut query = self.store.prepare_cached(
                "SELECT balls, runs, wickets, dots, match
                 FROM bowling WHERE person = ?1 AND class BETWEEN ?2 AND ?3 AND day < ?4
                 ORDER BY class, day, match",
            )?;
            let mut rows = query.query((bowler, first, last, before.number()))?;
            let mut record = BowlerRecord {
                sample: self.sample(scope, 0)?,
                innings: 0,
                balls: 0,
                runs: 0,
                wickets: 0,
                dots: 0,
                best_wickets: 0,
                best_runs: 0,
                four_fors: 0,
                five_fors: 0,
            };
            let mut latest = None;
            while let Some(row) = rows.next()? {
                let (runs, wickets): (u32, u32) = (row.get(1)?, row.get(2)?);
                // More wickets are better; among equals, fewer runs.
                let better =
                    (wickets, std::cmp::Reverse(runs)) > (record.best_wickets, std::cmp::Reverse(record.best_runs));
                if record.innings == 0 || better {
                    (record.best_wickets, record.best_runs) = (wickets, runs);
                }
                record.innings += 1;
                record.balls += row.get::<_, u32>(0)?;
                record.runs += runs;
                record.wickets += wickets;
                record.dots += row.get::<_, u32>(3)?;
                record.four_fors += u32::from(wickets == 4);
                record.five_fors += u32::from(wickets >= 5);
                let played: i64 = row.get(4)?;
                record.sample.matches += u32::from(latest != Some(played));
                latest = Some(played);
            }
            Ok((record.innings > 0).then_some(record))
        };
        read().map_err(|source| self.failed(source))
    }
}
