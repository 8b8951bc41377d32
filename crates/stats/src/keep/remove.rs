//! A match out of the tables again, as if it had never been there.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::{
    Keeper,
    numbers::Numbers,
    rows::NO_GROUND,
    so_far::{BATTING_SQL, BOWLING_SQL},
    standing::{Standing, Standings},
};

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
}

/// What a match is filed under.
struct Place {
    class: u8,
    day: u32,
    ground: Option<i64>,
    contest: Option<i64>,
    chaser: Option<i64>,
    first: Option<u32>,
}

impl Keeper<'_> {
    /// Takes a match out: its rows, and what it has added to running sums.
    pub(crate) fn remove(&mut self, held: &Held) -> rusqlite::Result<()> {
        let (store, no) = (self.store, held.no);
        let place = place(store, no)?;
        let (class, day) = (place.class, place.day);
        let people: BTreeSet<i64> = store
            .prepare_cached("SELECT person FROM part WHERE match = ?1")?
            .query_map([no], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if let Some(contest) = place.contest {
            standing(store, no, &place, &people)?.take_from(store, contest, class, day)?;
        }
        for person in &people {
            for sql in [
                "DELETE FROM batting WHERE person = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
                "DELETE FROM bowling WHERE person = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
                "DELETE FROM duel WHERE batter = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
                "DELETE FROM stand WHERE a = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
            ] {
                store.prepare_cached(sql)?.execute((person, class, day, no))?;
            }
            self.memory.batting.make_again(store, &BATTING_SQL, *person, class, day)?;
            self.memory.bowling.make_again(store, &BOWLING_SQL, *person, class, day)?;
        }
        for (change, clear, time) in [
            (
                "UPDATE first_innings SET innings = innings - 1, runs = runs - ?3 WHERE class = ?1 AND day = ?2",
                "DELETE FROM first_innings WHERE class = ?1 AND day = ?2 AND innings = 0",
                day,
            ),
            (
                "UPDATE first_innings_month SET innings = innings - 1, runs = runs - ?3 WHERE class = ?1 AND month = ?2",
                "DELETE FROM first_innings_month WHERE class = ?1 AND month = ?2 AND innings = 0",
                day / 100,
            ),
        ] {
            if let Some(first) = place.first {
                store.prepare_cached(change)?.execute((class, time, first))?;
                store.prepare_cached(clear)?.execute((class, time))?;
            }
        }
        store
            .prepare_cached("DELETE FROM at_ground WHERE ground = ?1 AND class = ?2 AND day = ?3 AND match = ?4")?
            .execute((place.ground.unwrap_or(NO_GROUND), class, day, no))?;
        store
            .prepare_cached("DELETE FROM chase WHERE side = ?1 AND class = ?2 AND day = ?3 AND match = ?4")?
            .execute((place.chaser, class, day, no))?;
        store.prepare_cached("DELETE FROM match WHERE no = ?1")?.execute([no])?;
        for person in &people {
            rename(store, *person)?;
        }
        leave_nothing(store, &place)?;
        self.memory.numbers = Numbers::default();
        Ok(())
    }
}

fn place(store: &Connection, no: i64) -> rusqlite::Result<Place> {
    store
        .prepare_cached(
            "SELECT m.class, m.day, m.ground, m.contest, g.chaser, g.first FROM match m
             LEFT JOIN at_ground g ON g.ground = coalesce(m.ground, 0) AND g.class = m.class AND g.day = m.day AND g.match = m.no
             WHERE m.no = ?1",
        )?
        .query_row([no], |row| {
            Ok(Place {
                class: row.get(0)?,
                day: row.get(1)?,
                ground: row.get(2)?,
                contest: row.get(3)?,
                chaser: row.get(4)?,
                first: row.get(5)?,
            })
        })
}

/// What the match has added to the sums of its season.
fn standing(store: &Connection, no: i64, place: &Place, people: &BTreeSet<i64>) -> rusqlite::Result<Standing> {
    let mut own = Standing::default();
    for (sql, from, columns) in [
        (
            "SELECT 1, runs, balls, fours, sixes, out FROM batting WHERE person = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
            0,
            6,
        ),
        (
            "SELECT 1, balls, runs, wickets FROM bowling WHERE person = ?1 AND class = ?2 AND day = ?3 AND match = ?4",
            6,
            4,
        ),
    ] {
        let mut query = store.prepare_cached(sql)?;
        for person in people {
            let Ok(number) = u32::try_from(*person) else { continue };
            let mut rows = query.query((person, place.class, place.day, no))?;
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<u32>>>()?;
                own.0.push(Standings::new(number, from, &values));
            }
        }
    }
    own.settle();
    Ok(own)
}

/// Gives a person the name of the latest match that is left, and lets go of names, and people, of none.
fn rename(store: &Connection, person: i64) -> rusqlite::Result<()> {
    let named: Option<(String, u32)> = store
        .prepare_cached(
            "SELECT a.name, m.day FROM part p JOIN match m ON m.no = p.match JOIN alias a ON a.no = p.name
             WHERE p.person = ?1 ORDER BY m.day DESC, a.name DESC LIMIT 1",
        )?
        .query_row([person], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    store
        .prepare_cached(
            "DELETE FROM alias WHERE person = ?1 AND no NOT IN (SELECT name FROM part WHERE person = ?1 AND name IS NOT NULL)",
        )?
        .execute([person])?;
    match named {
        Some((name, day)) => store
            .prepare_cached("UPDATE person SET name = ?2, named_on = ?3 WHERE no = ?1")?
            .execute((person, name, day))?,
        None => store.prepare_cached("DELETE FROM person WHERE no = ?1")?.execute([person])?,
    };
    Ok(())
}

/// Lets go of the day's row in the season, of the ground and of the season, where no other match has them. The name of a
/// side stays: nothing is asked of a name alone.
fn leave_nothing(store: &Connection, place: &Place) -> rusqlite::Result<()> {
    store
        .prepare_cached(
            "DELETE FROM standing WHERE contest = ?1 AND class = ?2 AND day = ?3
             AND NOT EXISTS (SELECT 1 FROM match WHERE contest = ?1 AND class = ?2 AND day = ?3)",
        )?
        .execute((place.contest, place.class, place.day))?;
    store
        .prepare_cached("DELETE FROM ground WHERE no = ?1 AND NOT EXISTS (SELECT 1 FROM match WHERE ground = ?1)")?
        .execute([place.ground])?;
    store
        .prepare_cached("DELETE FROM contest WHERE no = ?1 AND NOT EXISTS (SELECT 1 FROM match WHERE contest = ?1)")?
        .execute([place.contest])?;
    Ok(())
}
