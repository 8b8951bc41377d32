//! Whom and what the numbers in a row stand for.

use std::collections::HashMap;

use rusqlite::Connection;

/// Ids of matches and names of people, by their numbers in the store.
pub(super) struct Names {
    matches: HashMap<i64, String>,
    people: HashMap<i64, String>,
}

impl Names {
    pub(super) fn read(store: &Connection) -> rusqlite::Result<Self> {
        let read = |sql| -> rusqlite::Result<HashMap<i64, String>> {
            store.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        Ok(Self { matches: read("SELECT no, id FROM match")?, people: read("SELECT no, name FROM person")? })
    }

    /// The id of a match.
    pub(super) fn match_id(&self, no: i64) -> Option<&str> {
        self.matches.get(&no).map(String::as_str)
    }

    /// The value of a key column, as a person's name where the column holds a person.
    pub(super) fn told(&self, column: &str, value: &rusqlite::types::Value) -> String {
        let rusqlite::types::Value::Integer(number) = value else { return super::compare::value(value) };
        let person = matches!(column, "person" | "batter" | "bowler" | "a" | "b");
        match self.people.get(number).filter(|_| person) {
            Some(name) => format!("{column} {name}"),
            None => format!("{column} {number}"),
        }
    }
}
