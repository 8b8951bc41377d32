//! A batter and a bowler at a ground, and which grounds a name means.

use cricket::player::PersonId;
use serde::Serialize;

use super::{
    Estimate, PRIOR_BALLS, Sample,
    estimate::{per_hundred, per_six, share},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    ground::GroundKey,
    keep::{BATTING_BEFORE, BOWLING_BEFORE},
};

/// A batter at a ground.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatterAtGround {
    /// What was counted.
    pub sample: Sample,
    /// Innings.
    pub innings: u32,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub balls: u32,
    /// Times dismissed.
    pub dismissals: u32,
    /// Highest score.
    pub highest: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
    /// Runs per hundred balls; expected is the batter's rate at all grounds. `None` without a ball.
    pub run_rate: Option<Estimate>,
}

impl BatterAtGround {
    /// Runs per hundred balls; `None` under twelve balls.
    pub fn strike_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.balls)
    }
}

/// A bowler at a ground.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BowlerAtGround {
    /// What was counted.
    pub sample: Sample,
    /// Innings bowled in.
    pub innings: u32,
    /// Legal balls.
    pub balls: u32,
    /// Runs conceded.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
    /// Runs conceded per hundred balls; expected is the bowler's rate at all grounds. `None` without a ball.
    pub run_rate: Option<Estimate>,
}

impl BowlerAtGround {
    /// Runs per six balls; `None` under twelve balls.
    pub fn economy(&self) -> Option<f64> {
        per_six(self.runs, self.balls)
    }
}

/// The numbers under which one ground is held: with its city, and, where the name is that of one ground alone, without.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grounds {
    pub(super) first: i64,
    /// The same as the first where there is one only.
    pub(super) second: i64,
}

impl Grounds {
    pub(super) fn each(self) -> impl Iterator<Item = i64> {
        let second = (self.second != self.first).then_some(self.second);
        std::iter::once(self.first).chain(second)
    }
}

impl Archive {
    /// Which ground is meant, as far as matches before a day tell.
    pub(super) fn grounds(&self, venue: &str, city: Option<&str>, before: Day) -> rusqlite::Result<Option<Grounds>> {
        let key = GroundKey::of(venue, city);
        let mut query = self.store.prepare_cached("SELECT no, city FROM ground WHERE name = ?1")?;
        let mut rows = query.query([&key.name])?;
        let mut held: Option<i64> = None;
        let mut unplaced: Option<i64> = None;
        let mut elsewhere: Option<i64> = None;
        let mut cities = 0;
        let mut played = self.store.prepare_cached("SELECT 1 FROM match WHERE ground = ?1 AND day < ?2 LIMIT 1")?;
        while let Some(row) = rows.next()? {
            let no: i64 = row.get(0)?;
            if !played.exists((no, before.number()))? {
                continue;
            }
            match row.get_ref(1)?.as_str().unwrap_or_default() {
                "" => unplaced = Some(no),
                city => {
                    cities += 1;
                    *(if city == key.city { &mut held } else { &mut elsewhere }) = Some(no);
                }
            }
        }
        // A name without a city stands for the one ground of that name, if there is but one.
        let found = match (key.city.is_empty(), cities) {
            (true, 1) => [unplaced, elsewhere],
            (false, 1) if held.is_some() => [held, unplaced],
            (true, _) | (false, 0) => [unplaced, None],
            (false, _) => [held, None],
        };
        let mut found = found.into_iter().flatten();
        Ok(found.next().map(|first| Grounds { first, second: found.next().unwrap_or(first) }))
    }

    /// This batter at a ground, in matches before a day; `None` if never at the crease there.
    ///
    /// # Errors
    /// The store failed.
    pub fn batter_at(
        &self,
        batter: &PersonId,
        (venue, city): (&str, Option<&str>),
        scope: Scope,
        before: Day,
    ) -> Result<Option<BatterAtGround>, ArchiveError> {
        self.answer(|| {
            let Some(batter) = self.person(batter)? else { return Ok(None) };
            let Some(grounds) = self.grounds(venue, city, before)? else { return Ok(None) };
            let (first, last) = scope.codes();
            let mut sums = [0_u32; 6];
            let (mut matches, mut highest, mut latest) = (0, 0, None);
            let mut query = self.store.prepare_cached(
                "SELECT match, runs, balls, out, fours, sixes, 1 FROM batting
                 WHERE person = ?1 AND class = ?2 AND day < ?3 AND ground IN (?4, ?5)",
            )?;
            for class in first..=last {
                let mut rows = query.query((batter, class, before.number(), grounds.first, grounds.second))?;
                while let Some(row) = rows.next()? {
                    let played: i64 = row.get(0)?;
                    matches += u32::from(latest != Some(played));
                    latest = Some(played);
                    highest = highest.max(row.get(1)?);
                    for (at, sum) in sums.iter_mut().enumerate() {
                        *sum += row.get::<_, u32>(at + 1)?;
                    }
                }
            }
            let [runs, balls, dismissals, fours, sixes, innings] = sums;
            if innings == 0 {
                return Ok(None);
            }
            let all = BATTING_BEFORE.read(&self.store, batter, (first, last), before.number())?.unwrap_or_default();
            let run_rate = share(all[2], all[3]).map(|usual| Estimate::of(runs, balls, usual, PRIOR_BALLS, 100.0));
            let sample = self.sample(scope, matches)?;
            Ok(Some(BatterAtGround { sample, innings, runs, balls, dismissals, highest, fours, sixes, run_rate }))
        })
    }

    /// This bowler at a ground, in matches before a day; `None` if never bowled there.
    ///
    /// # Errors
    /// The store failed.
    pub fn bowler_at(
        &self,
        bowler: &PersonId,
        (venue, city): (&str, Option<&str>),
        scope: Scope,
        before: Day,
    ) -> Result<Option<BowlerAtGround>, ArchiveError> {
        self.answer(|| {
            let Some(bowler) = self.person(bowler)? else { return Ok(None) };
            let Some(grounds) = self.grounds(venue, city, before)? else { return Ok(None) };
            let (first, last) = scope.codes();
            let mut sums = [0_u32; 4];
            let (mut matches, mut latest) = (0, None);
            let mut query = self.store.prepare_cached(
                "SELECT match, 1, balls, runs, wickets FROM bowling
                 WHERE person = ?1 AND class = ?2 AND day < ?3 AND ground IN (?4, ?5)",
            )?;
            for class in first..=last {
                let mut rows = query.query((bowler, class, before.number(), grounds.first, grounds.second))?;
                while let Some(row) = rows.next()? {
                    let played: i64 = row.get(0)?;
                    matches += u32::from(latest != Some(played));
                    latest = Some(played);
                    for (at, sum) in sums.iter_mut().enumerate() {
                        *sum += row.get::<_, u32>(at + 1)?;
                    }
                }
            }
            let [innings, balls, runs, wickets] = sums;
            if innings == 0 {
                return Ok(None);
            }
            let all = BOWLING_BEFORE.read(&self.store, bowler, (first, last), before.number())?.unwrap_or_default();
            let run_rate = share(all[3], all[2]).map(|usual| Estimate::of(runs, balls, usual, PRIOR_BALLS, 100.0));
            let sample = self.sample(scope, matches)?;
            Ok(Some(BowlerAtGround { sample, innings, balls, runs, wickets, run_rate }))
        })
    }
}
