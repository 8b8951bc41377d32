//! What a first innings is worth at a ground in an era.

use serde::Serialize;

use super::{Estimate, PRIOR_INNINGS, Sample};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
};

/// First innings at a ground over the last years. Counted are innings that came to their end by themselves: all out,
/// their overs bowled, or declared; none that rain cut short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Par {
    /// What was counted: one first innings a match.
    pub sample: Sample,
    /// From the first day of this month on, `YYYY-MM`.
    pub from: String,
    /// Mean total.
    pub mean: f64,
    /// Lower quartile, median and upper quartile: totals at the ranks a quarter, a half and three quarters of the way.
    pub quartiles: [u32; 3],
    /// The mean; expected is the mean of the scope at all grounds over the same time, worth ten innings.
    pub par: Estimate,
    /// First innings of the scope over that time.
    pub innings_everywhere: u32,
}

impl Archive {
    /// First innings at a ground over the last years before a day (from the first of that month on), or up to the last match
    /// held where no day is given ([`Day::END`]); `None` without one.
    ///
    /// # Errors
    /// The store failed.
    pub fn par_at(
        &self,
        (venue, city): (&str, Option<&str>),
        years: u16,
        scope: Scope,
        before: Day,
    ) -> Result<Option<Par>, ArchiveError> {
        self.answer(|| {
            let Some(grounds) = self.grounds(venue, city, before)? else { return Ok(None) };
            let (first, last) = scope.codes();
            let before = match before {
                Day::END => self.latest((first, last))?.saturating_add(1),
                day => day.number(),
            };
            let from = (before / 100).saturating_sub(u32::from(years) * 100);
            let mut totals: Vec<u32> = Vec::new();
            let mut query = self.store.prepare_cached(
                "SELECT first FROM at_ground WHERE ground = ?1 AND class = ?2 AND day >= ?3 AND day < ?4 AND first IS NOT NULL",
            )?;
            for ground in grounds.each() {
                for class in first..=last {
                    let mut rows = query.query((ground, class, from * 100, before))?;
                    while let Some(row) = rows.next()? {
                        totals.push(row.get(0)?);
                    }
                }
            }
            if totals.is_empty() {
                return Ok(None);
            }
            totals.sort_unstable();
            let innings = totals.len() as u32;
            let sum: u32 = totals.iter().sum();
            let (innings_everywhere, runs) = self.era(from, before, (first, last))?;
            let expected = f64::from(runs) / f64::from(innings_everywhere.max(1));
            let at = |quarter: usize| totals.get((totals.len() - 1) * quarter / 4).copied().unwrap_or_default();
            Ok(Some(Par {
                sample: self.sample(scope, innings)?,
                from: format!("{:04}-{:02}", from / 100, from % 100),
                mean: f64::from(sum) / f64::from(innings),
                quartiles: [at(1), at(2), at(3)],
                par: Estimate::of(sum, innings, expected, PRIOR_INNINGS, 1.0),
                innings_everywhere,
            }))
        })
    }

    /// The day of the last match held of the classes.
    fn latest(&self, (first, last): (u8, u8)) -> rusqlite::Result<u32> {
        let mut query = self.store.prepare_cached("SELECT max(day) FROM match WHERE class = ?1")?;
        (first..=last).try_fold(0, |latest, class| {
            let day: Option<u32> = query.query_row([class], |row| row.get(0))?;
            Ok(latest.max(day.unwrap_or(0)))
        })
    }

    /// First innings of the classes and their runs, from a month on and before a day: whole months from their sums, the
    /// day's own month match by match.
    fn era(&self, from: u32, before: u32, classes: (u8, u8)) -> rusqlite::Result<(u32, u32)> {
        let mut months = self.store.prepare_cached(
            "SELECT coalesce(sum(innings), 0), coalesce(sum(runs), 0) FROM first_innings_month WHERE class = ?1 AND month >= ?2 AND month < ?3",
        )?;
        let mut rest = self.store.prepare_cached(
            "SELECT coalesce(sum(innings), 0), coalesce(sum(runs), 0) FROM first_innings WHERE class = ?1 AND day >= ?2 AND day < ?3",
        )?;
        let month = before / 100;
        let mut sums = (0, 0);
        for class in classes.0..=classes.1 {
            let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let whole: (u32, u32) = months.query_row((class, from, month), pair)?;
            let part: (u32, u32) = rest.query_row((class, from.max(month) * 100, before), pair)?;
            sums = (sums.0 + whole.0 + part.0, sums.1 + whole.1 + part.1);
        }
        Ok(sums)
    }
}
