//! One match into the tables, or out of them.

use std::collections::HashMap;

use cricket::{event::InningsKind, player::PersonId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{reader::ReadMatch, tally::MatchTally};

/// Puts matches into the store.
pub(crate) struct Keeper<'a> {
    store: &'a Connection,
    /// Numbers of people met, and the day of their name in the store.
    people: HashMap<PersonId, (i64, u32)>,
}

impl<'a> Keeper<'a> {
    pub(crate) fn new(store: &'a Connection) -> Self {
        Self { store, people: HashMap::new() }
    }

    /// Puts a match that is not in the store; everything of it, within the caller's transaction.
    pub(crate) fn put(&mut self, read: &ReadMatch, tally: &MatchTally<'_>, fingerprint: i64) -> rusqlite::Result<()> {
        let store = self.store;
        let (class, day) = (tally.class.code(), tally.day.number());
        let no = self.facts(read, tally, fingerprint)?;
        let mut numbers = Vec::with_capacity(tally.people.len());
        for (place, (id, name)) in tally.people.iter().enumerate() {
            let person = self.person(id, name, day)?;
            store.prepare_cached("INSERT INTO part VALUES (?1, ?2, ?3)")?.execute((no, place as u32, person))?;
            numbers.push(person);
        }
        for innings in &tally.innings {
            store
                .prepare_cached(
                    "INSERT INTO innings (match, number, team, super_over, target, runs, wickets, legal_balls, deliveries, balls)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    no,
                    innings.start.innings,
                    innings.start.team,
                    innings.start.kind == InningsKind::SuperOver,
                    innings.start.target.map(|target| target.runs),
                    innings.runs,
                    innings.wickets,
                    innings.legal_balls,
                    innings.deliveries,
                    innings.packed,
                ])?;
        }
        let number = |place: u8| numbers.get(usize::from(place)).copied();
        for ((person, innings), sums) in &tally.batting {
            store
                .prepare_cached("INSERT INTO batting VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?
                .execute(params![
                    number(*person),
                    class,
                    day,
                    no,
                    innings,
                    sums.position,
                    sums.runs,
                    sums.balls,
                    sums.fours,
                    sums.sixes,
                    sums.dots,
                    sums.out
                ])?;
        }
        for ((person, innings), sums) in &tally.bowling {
            store.prepare_cached("INSERT INTO bowling VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(
                params![number(*person), class, day, no, innings, sums.balls, sums.runs, sums.wickets, sums.dots],
            )?;
        }
        for ((batter, bowler), sums) in &tally.duels {
            store.prepare_cached("INSERT INTO duel VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?.execute(
                params![
                    number(*batter),
                    number(*bowler),
                    class,
                    day,
                    no,
                    sums.balls,
                    sums.runs,
                    sums.dots,
                    sums.fours,
                    sums.sixes,
                    sums.dismissals
                ],
            )?;
        }
        Ok(())
    }

    /// The match's own row; gives its number.
    fn facts(&self, read: &ReadMatch, tally: &MatchTally<'_>, fingerprint: i64) -> rusqlite::Result<i64> {
        let info = tally.info;
        let outcome = tally.end.map(|end| &end.outcome);
        self.store
            .prepare_cached(
                "INSERT INTO match (id, class, day, match_type, balls_per_over, overs, season, event, venue, city, team1,
                                    team2, winner, result, method, revision, fingerprint)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) RETURNING no",
            )?
            .query_row(
                params![
                    read.id,
                    tally.class.code(),
                    tally.day.number(),
                    info.match_type,
                    info.balls_per_over,
                    info.overs,
                    info.season.as_ref().map(ToString::to_string),
                    info.event.as_ref().map(|event| &event.name),
                    info.venue,
                    info.city,
                    info.teams.first().map_or("", |team| team),
                    info.teams.get(1).map_or("", |team| team),
                    outcome.and_then(|outcome| outcome.winner.as_deref()),
                    outcome.and_then(|outcome| outcome.result.as_deref()),
                    outcome.and_then(|outcome| outcome.method.as_deref()),
                    read.revision,
                    fingerprint,
                ],
                |row| row.get(0),
            )
    }

    /// The number of a person, made if new; the name follows the latest match.
    fn person(&mut self, id: &PersonId, name: &str, day: u32) -> rusqlite::Result<i64> {
        let store = self.store;
        let known = match self.people.get(id) {
            Some(known) => Some(*known),
            None => store
                .prepare_cached("SELECT no, named_on FROM person WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?,
        };
        let (no, named_on) = match known {
            Some((no, named_on)) if named_on < day => {
                store
                    .prepare_cached("UPDATE person SET name = ?2, named_on = ?3 WHERE no = ?1")?
                    .execute((no, name, day))?;
                (no, day)
            }
            Some(known) => known,
            None => {
                let no = store
                    .prepare_cached("INSERT INTO person (id, name, named_on) VALUES (?1, ?2, ?3) RETURNING no")?
                    .query_row((id.as_str(), name, day), |row| row.get(0))?;
                (no, day)
            }
        };
        self.people.insert(id.clone(), (no, named_on));
        Ok(no)
    }
}

/// A match as the store holds it.
pub(crate) struct Held {
    no: i64,
    pub(crate) revision: i64,
    pub(crate) fingerprint: i64,
}

impl Held {
    pub(crate) fn find(store: &Connection, id: &str) -> rusqlite::Result<Option<Self>> {
        store
            .prepare_cached("SELECT no, revision, fingerprint FROM match WHERE id = ?1")?
            .query_row([id], |row| Ok(Self { no: row.get(0)?, revision: row.get(1)?, fingerprint: row.get(2)? }))
            .optional()
    }

    pub(crate) fn remove(&self, store: &Connection) -> rusqlite::Result<()> {
        for sql in [
            "DELETE FROM batting WHERE match = ?1 AND person IN (SELECT person FROM part WHERE match = ?1)",
            "DELETE FROM bowling WHERE match = ?1 AND person IN (SELECT person FROM part WHERE match = ?1)",
            "DELETE FROM duel WHERE match = ?1 AND batter IN (SELECT person FROM part WHERE match = ?1)",
            "DELETE FROM match WHERE no = ?1",
        ] {
            store.prepare_cached(sql)?.execute([self.no])?;
        }
        Ok(())
    }
}
