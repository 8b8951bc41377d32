//! Recent form: the last five innings, and whether they differ from what was before them.

use cricket::player::PersonId;
use serde::Serialize;

use super::{Estimate, PRIOR_BALLS, PRIOR_INNINGS, Sample, estimate::share};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::{BATTING_BEFORE, BOWLING_BEFORE},
};

/// Innings that make up the form.
const INNINGS: usize = 5;

/// A batter's form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatterForm {
    /// What was counted: matches of the recent innings.
    pub sample: Sample,
    /// The last five innings, the latest first; of a day with two matches, the one added later first.
    pub recent: Vec<RecentBatting>,
    /// The recent innings against the record before them; `None` if there is none before.
    pub trend: Option<Trend>,
}

/// One of a batter's last innings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecentBatting {
    /// First day of the match, `YYYY-MM-DD`.
    pub day: String,
    /// The other side.
    pub against: String,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub balls: u32,
    /// Whether out.
    pub out: bool,
}

/// A bowler's form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BowlerForm {
    /// What was counted: matches of the recent innings.
    pub sample: Sample,
    /// The last five innings bowled in, the latest first.
    pub recent: Vec<RecentBowling>,
    /// The recent innings against the record before them, in runs conceded and in wickets; `None` if there is none before.
    pub trend: Option<Trend>,
}

/// One of the last innings that a bowler has bowled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecentBowling {
    /// First day of the match, `YYYY-MM-DD`.
    pub day: String,
    /// The other side.
    pub against: String,
    /// Legal balls.
    pub balls: u32,
    /// Runs conceded.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
}

/// Recent innings against the record before them, pulled towards it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trend {
    /// Innings of the record before.
    pub innings_before: u32,
    /// Runs per hundred balls; the expectation is worth a hundred balls.
    pub run_rate: Option<Estimate>,
    /// A batter's runs, a bowler's wickets, per innings; the expectation is worth ten innings.
    pub per_innings: Estimate,
}

/// Sums of the recent innings or of all: innings, balls, runs, and what is counted per innings.
type Sums = [u32; 4];

fn trend(recent: Sums, all: Sums) -> Option<Trend> {
    let before: Vec<u32> = all.iter().zip(recent).map(|(all, recent)| all.saturating_sub(recent)).collect();
    let [innings, balls, runs, counted] = <Sums>::try_from(before).ok()?;
    Some(Trend {
        innings_before: innings,
        run_rate: share(runs, balls).map(|usual| Estimate::of(recent[2], recent[1], usual, PRIOR_BALLS, 100.0)),
        per_innings: Estimate::of(recent[3], recent[0], share(counted, innings)?, PRIOR_INNINGS, 1.0),
    })
}

/// One of the last innings as read: day, match, the other side, and three figures.
type Row = (u32, i64, i64, [u32; 3]);

impl Archive {
    /// A batter's last five innings before a day; `None` if the batter was never at the crease.
    ///
    /// # Errors
    /// The store failed.
    pub fn batter_form(
        &self,
        batter: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BatterForm>, ArchiveError> {
        self.answer(|| {
            let Some(batter) = self.person(batter)? else { return Ok(None) };
            let Some(all) = BATTING_BEFORE.read(&self.store, batter, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let rows = self.last_innings(
                "SELECT day, match, against, runs, balls, out FROM batting WHERE person = ?1 AND class = ?2 AND day < ?3
                 ORDER BY day DESC, match DESC, innings DESC LIMIT 5",
                batter,
                scope,
                before,
            )?;
            let mut recent = Vec::with_capacity(INNINGS);
            let mut sums = [0; 4];
            for (day, _, against, [runs, balls, out]) in &rows {
                for (sum, more) in sums.iter_mut().zip([1, *balls, *runs, *runs]) {
                    *sum += more;
                }
                let (day, against) = (Day::from_number(*day).to_string(), self.side_name(*against)?);
                recent.push(RecentBatting { day, against, runs: *runs, balls: *balls, out: *out > 0 });
            }
            let [_, innings, runs, balls, ..] = all;
            let sample = self.sample(scope, matches(&rows))?;
            Ok(Some(BatterForm { sample, recent, trend: trend(sums, [innings, balls, runs, runs]) }))
        })
    }

    /// The last five innings that a bowler has bowled in before a day; `None` if never bowled.
    ///
    /// # Errors
    /// The store failed.
    pub fn bowler_form(
        &self,
        bowler: &PersonId,
        scope: Scope,
        before: Day,
    ) -> Result<Option<BowlerForm>, ArchiveError> {
        self.answer(|| {
            let Some(bowler) = self.person(bowler)? else { return Ok(None) };
            let Some(all) = BOWLING_BEFORE.read(&self.store, bowler, scope.codes(), before.number())? else {
                return Ok(None);
            };
            let rows = self.last_innings(
                "SELECT day, match, against, balls, runs, wickets FROM bowling WHERE person = ?1 AND class = ?2 AND day < ?3
                 ORDER BY day DESC, match DESC, innings DESC LIMIT 5",
                bowler,
                scope,
                before,
            )?;
            let mut recent = Vec::with_capacity(INNINGS);
            let mut sums = [0; 4];
            for (day, _, against, [balls, runs, wickets]) in &rows {
                for (sum, more) in sums.iter_mut().zip([1, *balls, *runs, *wickets]) {
                    *sum += more;
                }
                let (day, against) = (Day::from_number(*day).to_string(), self.side_name(*against)?);
                recent.push(RecentBowling { day, against, balls: *balls, runs: *runs, wickets: *wickets });
            }
            let [_, innings, balls, runs, wickets, ..] = all;
            let sample = self.sample(scope, matches(&rows))?;
            Ok(Some(BowlerForm { sample, recent, trend: trend(sums, [innings, balls, runs, wickets]) }))
        })
    }

    /// The last rows of the scope's classes, the latest first.
    fn last_innings(&self, sql: &str, person: i64, scope: Scope, before: Day) -> rusqlite::Result<Vec<Row>> {
        let (first, last) = scope.codes();
        let mut query = self.store.prepare_cached(sql)?;
        let mut found: Vec<Row> = Vec::with_capacity(INNINGS);
        for class in first..=last {
            let mut rows = query.query((person, class, before.number()))?;
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, row.get(1)?, row.get(2)?, [row.get(3)?, row.get(4)?, row.get(5)?]));
            }
        }
        if first != last {
            found.sort_by_key(|row| std::cmp::Reverse(row.0));
            found.truncate(INNINGS);
        }
        Ok(found)
    }
}

/// Matches of the rows; innings of one match are neighbours.
fn matches(rows: &[Row]) -> u32 {
    let mut matches: Vec<i64> = rows.iter().map(|row| row.1).collect();
    matches.dedup();
    matches.len() as u32
}
