//! One match into the tables, or out of them, always within the caller's transaction: a reader sees all of it or nothing.
//!
//! `rows`: figures by innings, duel and stand. `so_far`: a person's running sums. `standing`: those of a season of a
//! competition. `remove`: a match out again. `fill`: the figures of a store of an earlier version. `numbers`: people,
//! sides, grounds and seasons by their numbers. Whatever the order in which matches come, the tables end up the same.

mod fill;
mod numbers;
mod remove;
mod rows;
mod so_far;
mod standing;

pub(crate) use fill::fill;
pub(crate) use remove::Held;
pub(crate) use so_far::{BATTING_BEFORE, BOWLING_BEFORE};
pub(crate) use standing::{Standing, Standings};

use rusqlite::{Connection, params};

use self::{
    numbers::Numbers,
    so_far::{BATTING, BOWLING, LastRows},
};
use crate::{
    facts::Facts,
    figures::Figures,
    reader::ReadMatch,
    tally::{InningsTally, MatchTally},
};

/// Puts matches into the store, and takes them out.
pub(crate) struct Keeper<'a> {
    store: &'a Connection,
    memory: &'a mut Memory,
}

/// What a keeper remembers of the store, so as not to ask it again; good for as long as nobody else writes and nothing is
/// taken back.
#[derive(Default)]
pub(crate) struct Memory {
    numbers: Numbers,
    batting: LastRows<{ BATTING.columns.len() }>,
    bowling: LastRows<{ BOWLING.columns.len() }>,
}

/// A match's numbers: what its figures are filed under.
struct Filed {
    no: i64,
    class: u8,
    day: u32,
    ground: Option<i64>,
    contest: Option<i64>,
    /// By place.
    people: Vec<i64>,
}

impl<'a> Keeper<'a> {
    pub(crate) fn new(store: &'a Connection, memory: &'a mut Memory) -> Self {
        Self { store, memory }
    }

    /// Puts a match that is not in the store; everything of it, within the caller's transaction.
    pub(crate) fn put(&mut self, read: &ReadMatch, tally: &MatchTally<'_>, fingerprint: i64) -> rusqlite::Result<()> {
        let store = self.store;
        let facts = Facts::of(tally);
        let (ground, contest) = self.places(&facts)?;
        let no = self.match_row(read, tally, fingerprint, ground, contest)?;
        let mut people = Vec::with_capacity(tally.people.len());
        for (place, (id, name)) in tally.people.iter().enumerate() {
            let (person, alias) = self.memory.numbers.person(store, id, name, facts.day)?;
            store
                .prepare_cached("INSERT INTO part (match, place, person, name) VALUES (?1, ?2, ?3, ?4)")?
                .execute((no, place as u32, person, alias))?;
            people.push(person);
        }
        for innings in &tally.innings {
            store
                .prepare_cached(
                    "INSERT INTO innings (match, number, team, super_over, target, runs, wickets, legal_balls, deliveries, balls)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    no,
                    innings.number,
                    innings.team,
                    innings.super_over,
                    innings.target,
                    innings.runs,
                    innings.wickets,
                    innings.legal_balls,
                    innings.deliveries,
                    innings.packed,
                ])?;
        }
        let filed = Filed { no, class: facts.class.code(), day: facts.day, ground, contest, people };
        self.figures(&filed, &facts, &tally.innings, &tally.figures)
    }

    /// The numbers of a match's ground and season.
    fn places(&mut self, facts: &Facts<'_>) -> rusqlite::Result<(Option<i64>, Option<i64>)> {
        let ground = match &facts.venue {
            Some(venue) => Some(self.memory.numbers.ground(self.store, venue, facts.city.as_deref())?),
            None => None,
        };
        let contest = match (&facts.event, &facts.season) {
            (Some(event), Some(season)) => Some(self.memory.numbers.contest(self.store, event, season)?),
            _ => None,
        };
        Ok((ground, contest))
    }

    /// Everything that is made from the deliveries.
    fn figures(
        &mut self,
        filed: &Filed,
        facts: &Facts<'_>,
        innings: &[InningsTally],
        figures: &Figures,
    ) -> rusqlite::Result<()> {
        self.batting_rows(filed, facts, innings, figures)?;
        self.bowling_rows(filed, facts, innings, figures)?;
        rows::duels(self.store, filed, figures)?;
        rows::stands(self.store, filed, figures)?;
        self.course(filed, facts, innings)?;
        if let Some(contest) = filed.contest {
            let own = Standing::of(figures, &filed.people);
            own.add_to(self.store, contest, filed.class, filed.day)?;
        }
        Ok(())
    }

    /// The match's own row; gives its number.
    fn match_row(
        &self,
        read: &ReadMatch,
        tally: &MatchTally<'_>,
        fingerprint: i64,
        ground: Option<i64>,
        contest: Option<i64>,
    ) -> rusqlite::Result<i64> {
        let facts = Facts::of(tally);
        let [first, second] = &facts.sides;
        self.store
            .prepare_cached(
                "INSERT INTO match (id, class, day, match_type, balls_per_over, overs, season, event, venue, city, team1,
                                    team2, winner, result, method, revision, fingerprint, ground, contest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) RETURNING no",
            )?
            .query_row(
                params![
                    read.id,
                    facts.class.code(),
                    facts.day,
                    tally.info.match_type,
                    facts.balls_per_over,
                    facts.overs,
                    facts.season,
                    facts.event,
                    facts.venue,
                    facts.city,
                    first,
                    second,
                    facts.winner,
                    facts.result,
                    facts.method,
                    read.revision,
                    fingerprint,
                    ground,
                    contest,
                ],
                |row| row.get(0),
            )
    }
}
