//! People, sides, grounds and seasons by their numbers, made where new. What was met is remembered.

use std::{collections::HashMap, sync::Arc};

use cricket::player::PersonId;
use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::ground::GroundKey;

#[derive(Default)]
pub(super) struct Numbers {
    /// With the day and the name in the store.
    people: HashMap<PersonId, (i64, u32, Arc<str>)>,
    aliases: HashMap<(i64, Arc<str>), i64>,
    sides: HashMap<String, i64>,
    grounds: HashMap<GroundKey, i64>,
    contests: HashMap<(String, String), i64>,
}

impl Numbers {
    /// Numbers of a person and of the name, made if new. The person's name follows the latest match; of matches of one
    /// day, the name that sorts last.
    pub(super) fn person(
        &mut self,
        store: &Connection,
        id: &PersonId,
        name: &Arc<str>,
        day: u32,
    ) -> rusqlite::Result<(i64, i64)> {
        let known = match self.people.get(id) {
            Some(known) => Some(known.clone()),
            None => store
                .prepare_cached("SELECT no, named_on, name FROM person WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?.into())))
                .optional()?,
        };
        let kept = match known {
            Some((no, named_on, before)) if (named_on, &before) < (day, name) => {
                if before == *name {
                    store.prepare_cached("UPDATE person SET named_on = ?2 WHERE no = ?1")?.execute((no, day))?;
                } else {
                    store
                        .prepare_cached("UPDATE person SET name = ?2, named_on = ?3 WHERE no = ?1")?
                        .execute((no, name, day))?;
                }
                (no, day, name.clone())
            }
            Some(known) => known,
            None => {
                let no = store
                    .prepare_cached("INSERT INTO person (id, name, named_on) VALUES (?1, ?2, ?3) RETURNING no")?
                    .query_row((id.as_str(), name, day), |row| row.get(0))?;
                (no, day, name.clone())
            }
        };
        let no = kept.0;
        self.people.insert(id.clone(), kept);
        let key = (no, name.clone());
        let alias = match self.aliases.get(&key) {
            Some(alias) => *alias,
            None => find_or_make(
                store,
                "SELECT no FROM alias WHERE person = ?1 AND name = ?2",
                "INSERT INTO alias (person, name) VALUES (?1, ?2) RETURNING no",
                &[&no, name],
            )?,
        };
        self.aliases.insert(key, alias);
        Ok((no, alias))
    }

    pub(super) fn side(&mut self, store: &Connection, name: &str) -> rusqlite::Result<i64> {
        if let Some(no) = self.sides.get(name) {
            return Ok(*no);
        }
        let no = find_or_make(
            store,
            "SELECT no FROM side WHERE name = ?1",
            "INSERT INTO side (name) VALUES (?1) RETURNING no",
            &[&name],
        )?;
        self.sides.insert(name.to_owned(), no);
        Ok(no)
    }

    pub(super) fn ground(&mut self, store: &Connection, venue: &str, city: Option<&str>) -> rusqlite::Result<i64> {
        let key = GroundKey::of(venue, city);
        if let Some(no) = self.grounds.get(&key) {
            return Ok(*no);
        }
        let no = find_or_make(
            store,
            "SELECT no FROM ground WHERE name = ?1 AND city = ?2",
            "INSERT INTO ground (name, city) VALUES (?1, ?2) RETURNING no",
            &[&key.name, &key.city],
        )?;
        self.grounds.insert(key, no);
        Ok(no)
    }

    pub(super) fn contest(&mut self, store: &Connection, event: &str, season: &str) -> rusqlite::Result<i64> {
        let key = (event.to_owned(), season.to_owned());
        if let Some(no) = self.contests.get(&key) {
            return Ok(*no);
        }
        let no = find_or_make(
            store,
            "SELECT no FROM contest WHERE event = ?1 AND season = ?2",
            "INSERT INTO contest (event, season) VALUES (?1, ?2) RETURNING no",
            &[&event, &season],
        )?;
        self.contests.insert(key, no);
        Ok(no)
    }
}

fn find_or_make(store: &Connection, find: &str, make: &str, key: &[&dyn ToSql]) -> rusqlite::Result<i64> {
    let found = store.prepare_cached(find)?.query_row(key, |row| row.get(0)).optional()?;
    match found {
        Some(no) => Ok(no),
        None => store.prepare_cached(make)?.query_row(key, |row| row.get(0)),
    }
}
