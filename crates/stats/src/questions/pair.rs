//! Two batters together.

use cricket::player::PersonId;
use serde::Serialize;

use super::{Sample, estimate::per_hundred};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
};

/// Two batters together. A stand is one of them: they may have two in an innings, when one retires and comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partnership {
    /// What was counted.
    pub sample: Sample,
    /// Innings in which they batted together.
    pub innings: u32,
    /// Stands.
    pub stands: u32,
    /// Runs together, extras included.
    pub runs: u32,
    /// Deliveries together, but wides.
    pub balls: u32,
    /// Runs of the highest stand.
    pub highest: u32,
    /// Stands of 50 to 99.
    pub fifties: u32,
    /// Stands of 100 and more.
    pub hundreds: u32,
}

impl Partnership {
    /// Runs per hundred balls; `None` under twelve balls.
    pub fn run_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.balls)
    }
}

impl Archive {
    /// Two batters together, in matches before a day; `None` if they never batted together.
    ///
    /// # Errors
    /// The store failed.
    pub fn partnership(
        &self,
        one: &PersonId,
        other: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<Partnership>, ArchiveError> {
        self.answer(|| {
            let (Some(one), Some(other)) = (self.person(one)?, self.person(other)?) else { return Ok(None) };
            let (first, last) = scope.codes();
            let mut query = self.store.prepare_cached(
                "SELECT match, innings, runs, balls FROM stand
                 WHERE a = ?1 AND b = ?2 AND class BETWEEN ?3 AND ?4 AND day < ?5",
            )?;
            let mut rows = query.query((one.min(other), one.max(other), first, last, before.number()))?;
            let (mut matches, mut innings, mut stands) = (0, 0, 0);
            let (mut runs, mut balls, mut highest, mut fifties, mut hundreds) = (0, 0, 0, 0, 0);
            let mut latest: Option<(i64, u32)> = None;
            while let Some(row) = rows.next()? {
                let now = (row.get(0)?, row.get(1)?);
                matches += u32::from(latest.is_none_or(|latest| latest.0 != now.0));
                innings += u32::from(latest != Some(now));
                latest = Some(now);
                let made: u32 = row.get(2)?;
                stands += 1;
                runs += made;
                balls += row.get::<_, u32>(3)?;
                highest = highest.max(made);
                fifties += u32::from((50..100).contains(&made));
                hundreds += u32::from(made >= 100);
            }
            if stands == 0 {
                return Ok(None);
            }
            let sample = self.sample(scope, matches)?;
            Ok(Some(Partnership { sample, innings, stands, runs, balls, highest, fifties, hundreds }))
        })
    }
}
