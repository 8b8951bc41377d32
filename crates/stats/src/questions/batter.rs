//! A batter's record.

use cricket::player::PersonId;
use serde::Serialize;

use super::Sample;
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
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
    /// Times dismissed; runs divided by it is the average.
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
        let read = || -> rusqlite::Result<Option<BatterRecord>> {
            let Some(batter) = self.person(batter)? else { return Ok(None) };
            let (first, last) = scope.codes();
            let mut query = self.store.prepare_cached(
                "SELECT runs, balls, fours, sixes, out, match
                 FROM batting WHERE person = ?1 AND class BETWEEN ?2 AND ?3 AND day < ?4
                 ORDER BY class, day, match",
            )?;
            let mut rows = query.query((batter, first, last, before.number()))?;
            let mut record = BatterRecord {
                sample: self.sample(scope, 0)?,
                innings: 0,
                runs: 0,
                balls: 0,
                dismissals: 0,
                highest: 0,
                highest_not_out: false,
                fifties: 0,
                hundreds: 0,
                fours: 0,
                sixes: 0,
            };
            let mut latest = None;
            while let Some(row) = rows.next()? {
                let (runs, out): (u32, bool) = (row.get(0)?, row.get(4)?);
                record.innings += 1;
                record.runs += runs;
                record.balls += row.get::<_, u32>(1)?;
                record.fours += row.get::<_, u32>(2)?;
                record.sixes += row.get::<_, u32>(3)?;
                record.dismissals += u32::from(out);
                record.fifties += u32::from((50..100).contains(&runs));
                record.hundreds += u32::from(runs >= 100);
                if (runs, !out) > (record.highest, record.highest_not_out) {
                    (record.highest, record.highest_not_out) = (runs, !out);
                }
                let played: i64 = row.get(5)?;
                record.sample.matches += u32::from(latest != Some(played));
                latest = Some(played);
            }
            Ok((record.innings > 0).then_some(record))
        };
        read().map_err(|source| self.failed(source))
    }
}
