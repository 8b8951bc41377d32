//! Whatever the order in which matches come, and whatever replaces what, the tables end up the same.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{collections::HashMap, path::Path};

use cricket::cricsheet::CricsheetMatch;
use rusqlite::{Connection, types::Value};
use stats::Archive;
use tempfile::TempDir;

/// Everything in a store but row numbers, each told by what it stands for, and names of sides that nothing uses.
fn dump(path: &Path) -> Vec<String> {
    let store = Connection::open(path).unwrap();
    let names = |sql: &str| -> HashMap<i64, String> {
        let mut query = store.prepare(sql).unwrap();
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let people = names("SELECT no, id FROM person");
    let matches = names("SELECT no, id FROM match");
    let sides = names("SELECT no, name FROM side");
    let grounds = names("SELECT no, name || '|' || city FROM ground");
    let contests = names("SELECT no, event || '|' || season FROM contest");
    let aliases = names("SELECT no, name FROM alias");
    let tables = names(
        "SELECT rowid, name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'side'",
    );
    let mut all = Vec::new();
    for table in tables.values() {
        let mut query = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let mut cells: Vec<String> = Vec::new();
            for (at, column) in columns.iter().enumerate() {
                let value: Value = row.get(at).unwrap();
                let of = |names: &HashMap<i64, String>| match &value {
                    Value::Integer(0) | Value::Null => "none".to_owned(),
                    Value::Integer(no) => names[no].clone(),
                    other => format!("{other:?}"),
                };
                cells.push(match (table.as_str(), column.as_str()) {
                    (_, "no") => continue,
                    ("part", "name") => of(&aliases),
                    (_, "person" | "batter" | "bowler" | "a" | "b") => of(&people),
                    (_, "match") => of(&matches),
                    ("batting" | "bowling" | "chase", "side" | "against") | ("at_ground", "setter" | "chaser") => {
                        of(&sides)
                    }
                    (_, "ground") => of(&grounds),
                    (_, "contest") => of(&contests),
                    ("standing", "people") => standing(&value, &people),
                    _ => format!("{value:?}"),
                });
            }
            if table == "stand" {
                // The pair's order is that of the numbers.
                cells[..2].sort();
            }
            all.push(format!("{table}: {}", cells.join(" ")));
        }
    }
    all.sort();
    all
}

/// The packed sums, in the order of ids.
fn standing(value: &Value, people: &HashMap<i64, String>) -> String {
    let Value::Blob(bytes) = value else { panic!("{value:?} is not packed") };
    let mut all: Vec<String> = bytes
        .chunks(26)
        .map(|one| {
            let person = u32::from_le_bytes(one[..4].try_into().unwrap());
            format!("{} {:?}", people[&i64::from(person)], &one[4..])
        })
        .collect();
    all.sort();
    all.join(", ")
}

fn store(folder: &Path, name: &str, matches: &[(u64, CricsheetMatch)]) -> Vec<String> {
    let path = folder.join(name);
    let mut archive = Archive::open(&path).unwrap();
    for (id, played) in matches {
        support::write(folder, *id, played);
        let file = folder.join(format!("{id}.json"));
        assert_eq!(archive.add(&file, &mut |_: &stats::Progress| {}).unwrap().bad_files, 0);
    }
    dump(&path)
}

/// Invented matches with days that repeat, of one season each two years, some without a ground.
fn matches() -> Vec<(u64, CricsheetMatch)> {
    let change = |seed: u64, mut played: CricsheetMatch| {
        if seed.is_multiple_of(4) {
            played.info.dates = vec!["2015-03-10".to_owned()];
        }
        if seed.is_multiple_of(7) {
            played.info.venue = None;
        }
        played
    };
    (0..24).map(|seed| (seed, change(seed, support::invented(seed)))).collect()
}

#[test]
fn the_order_of_adding_leaves_no_trace() {
    let folder = TempDir::new().unwrap();
    let mut matches = matches();
    matches.sort_by_key(|(_, played)| played.info.dates[0].clone());
    let in_order = store(folder.path(), "in_order.db", &matches);
    assert!(in_order.iter().any(|row| row.starts_with("standing")) && in_order.len() > 3000);
    matches.reverse();
    assert_eq!(store(folder.path(), "reversed.db", &matches), in_order);
    matches.sort_by_key(|(id, _)| id * 7 % 24);
    assert_eq!(store(folder.path(), "mixed.db", &matches), in_order);
}

#[test]
fn what_was_replaced_leaves_no_trace() {
    let folder = TempDir::new().unwrap();
    let mut last = matches();
    for (_, played) in &mut last {
        played.meta["revision"] = 2.into();
    }
    let clean = store(folder.path(), "clean.db", &last);
    // First other matches altogether under the same ids: other people, days, grounds, even another gender.
    let mut all: Vec<_> = (0..24).map(|id| (id, support::invented(id + 31))).collect();
    for (_, played) in &mut all {
        played.info.venue = Some("Nowhere Oval".to_owned());
        played.info.teams[0] = "Old Name".into();
    }
    all.extend(last);
    assert_eq!(store(folder.path(), "replaced.db", &all), clean);
}

#[test]
fn a_store_of_version_1_is_brought_up_to_date_from_its_deliveries() {
    let folder = TempDir::new().unwrap();
    let now = store(folder.path(), "now.db", &matches());
    // As the first version kept it: its tables, and of its figures one row that is thrown away.
    let old = folder.path().join("old.db");
    let first = Connection::open(&old).unwrap();
    first.execute_batch(include_str!("../src/schema/1.sql")).unwrap();
    first.execute("ATTACH ?1 AS now", [folder.path().join("now.db").to_str().unwrap()]).unwrap();
    first
        .execute_batch(
            "INSERT INTO match SELECT no, id, class, day, match_type, balls_per_over, overs, season, event, venue, city,
                 team1, team2, winner, result, method, revision, fingerprint FROM now.match;
             INSERT INTO person SELECT no, id, name, named_on FROM now.person;
             INSERT INTO part SELECT match, place, person FROM now.part;
             INSERT INTO innings SELECT * FROM now.innings;
             INSERT INTO batting VALUES (1, 0, 20150310, 1, 1, 1, 999, 1, 0, 0, 0, 0);
             PRAGMA main.user_version = 1;
             PRAGMA main.application_id = 0x56414348;",
        )
        .unwrap();
    drop(first);
    assert!(Archive::open_read_only(&old).unwrap_err().to_string().contains("older version 1"));
    drop(Archive::open(&old).unwrap());
    assert_eq!(dump(&old), now);
    let checked: String =
        Connection::open(&old).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
}
