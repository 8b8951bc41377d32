//! A person's figures in a season of a competition.

use cricket::player::PersonId;
use rusqlite::OptionalExtension;
use serde::Serialize;

use super::{
    Sample,
    estimate::{per_hundred, per_six},
};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::Standings,
};

/// A season of a competition, by the names that its matches carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season<'a> {
    /// The competition.
    pub event: &'a str,
    /// The season, such as `2024` or `2023/24`.
    pub season: &'a str,
}

/// A person's figures in a season of a competition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeasonFigures {
    /// What was counted: the person's matches in the season.
    pub sample: Sample,
    /// Innings batted.
    pub batting_innings: u32,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub faced: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
    /// Times dismissed.
    pub dismissals: u32,
    /// Innings bowled in.
    pub bowling_innings: u32,
    /// Legal balls bowled.
    pub balls: u32,
    /// Runs conceded.
    pub conceded: u32,
    /// Credited wickets.
    pub wickets: u32,
}

impl SeasonFigures {
    /// Runs per hundred balls faced; `None` under twelve balls.
    pub fn strike_rate(&self) -> Option<f64> {
        per_hundred(self.runs, self.faced)
    }

    /// Runs conceded per six balls; `None` under twelve balls.
    pub fn economy(&self) -> Option<f64> {
        per_six(self.conceded, self.balls)
    }
}

impl Archive {
    /// A person's figures in a season of a competition, in matches before a day; `None` if the person has neither batted
    /// nor bowled in it.
    ///
    /// # Errors
    /// The store failed.
    pub fn season_figures(
        &self,
        person: &PersonId,
        season: Season<'_>,
        scope: Scope,
        before: Day,
    ) -> Result<Option<SeasonFigures>, ArchiveError> {
        self.answer(|| {
            let Some(person) = self.person(person)? else { return Ok(None) };
            let mut own: Option<SeasonFigures> = None;
            let sample = self.sample(scope, 0)?;
            self.standings(season, scope, before, |_, people| {
                let Some(one) = Standings::all(people).find(|one| i64::from(one.person) == person) else { return };
                let own = own.get_or_insert(SeasonFigures {
                    sample,
                    batting_innings: 0,
                    runs: 0,
                    faced: 0,
                    fours: 0,
                    sixes: 0,
                    dismissals: 0,
                    bowling_innings: 0,
                    balls: 0,
                    conceded: 0,
                    wickets: 0,
                });
                own.sample.matches += one.matches();
                own.batting_innings += one.batting_innings();
                own.runs += one.runs();
                own.faced += one.faced();
                own.fours += one.fours();
                own.sixes += one.sixes();
                own.dismissals += one.dismissals();
                own.bowling_innings += one.bowling_innings();
                own.balls += one.balls();
                own.conceded += one.conceded();
                own.wickets += one.wickets();
            })?;
            Ok(own)
        })
    }

    /// Visits the season's sums before a day, once for each class of the scope: matches, and people packed.
    pub(super) fn standings(
        &self,
        season: Season<'_>,
        scope: Scope,
        before: Day,
        mut visit: impl FnMut(u32, &[u8]),
    ) -> rusqlite::Result<()> {
        let contest: Option<i64> = self
            .store
            .prepare_cached("SELECT no FROM contest WHERE event = ?1 AND season = ?2")?
            .query_row((season.event, season.season), |row| row.get(0))
            .optional()?;
        let Some(contest) = contest else { return Ok(()) };
        let (first, last) = scope.codes();
        let mut query = self.store.prepare_cached(
            "SELECT matches, people FROM standing WHERE contest = ?1 AND class = ?2 AND day < ?3 ORDER BY day DESC LIMIT 1",
        )?;
        for class in first..=last {
            let mut rows = query.query((contest, class, before.number()))?;
            if let Some(row) = rows.next()? {
                visit(row.get(0)?, row.get_ref(1)?.as_blob().unwrap_or_default());
            }
        }
        Ok(())
    }
}
