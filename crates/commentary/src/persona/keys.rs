//! Keys and words of a persona's files that do not exist, each with the nearest that does: all of them at once, where
//! reading stops at the first.

use strum::IntoEnumIterator;
use toml::Table;

use crate::{
    facts::EventWord,
    phrasebook::{Finding, Weight, situation_names, slot_names},
};

const PERSONA: [&str; 11] =
    ["id", "name", "language", "style", "phrasebook", "notes", "length", "talk", "words", "exemplar", "voice"];
const LENGTH: [&str; 4] = ["wicket", "boundary", "other", "summary"];
const TALK: [&str; 5] = ["threshold", "quiet_balls", "colour", "overs", "statistics"];
const WORDS: [&str; 2] = ["prefer", "avoid"];
const EXEMPLAR: [&str; 2] = ["moment", "line"];
const VOICE: [&str; 2] = ["rate", "pitch"];
const BOOK: [&str; 9] = ["id", "language", "call", "colour", "over", "innings", "stat", "status", "correction"];
const GROUP: [&str; 3] = ["on", "with", "say"];

/// Two names further apart than this, 0 to 1, are not taken for one another.
const NEAR: f64 = 0.7;

/// What in a persona's file has a name that does not exist; empty for text that is not TOML, which reading refuses.
pub fn persona_keys(text: &str) -> Vec<Finding> {
    let Ok(file) = text.parse::<Table>() else { return Vec::new() };
    let mut found = Vec::new();
    known("", &file, &PERSONA, &mut found);
    for (key, inner) in [("length", &LENGTH[..]), ("talk", &TALK), ("words", &WORDS), ("voice", &VOICE)] {
        if let Some(table) = file.get(key).and_then(toml::Value::as_table) {
            known(key, table, inner, &mut found);
        }
    }
    for table in tables(&file, "exemplar") {
        known("exemplar", table, &EXEMPLAR, &mut found);
    }
    found
}

/// What in a phrasebook's file has a name that does not exist: keys, events, situations, slots.
pub fn phrasebook_keys(text: &str) -> Vec<Finding> {
    let Ok(file) = text.parse::<Table>() else { return Vec::new() };
    let mut found = Vec::new();
    known("", &file, &BOOK, &mut found);
    let events: Vec<&str> = EventWord::iter().map(EventWord::id).collect();
    let (situations, slots) = (situation_names(), slot_names());
    for kind in BOOK.into_iter().skip(2) {
        for table in tables(&file, kind) {
            let place = format!("[[{kind}]]");
            known(&place, table, &GROUP, &mut found);
            if let Some(on) = table.get("on").and_then(toml::Value::as_str) {
                one_of(&place, "event", on, &events, &mut found);
            }
            for situation in strings(table, "with") {
                one_of(&place, "situation", situation, &situations, &mut found);
            }
            for phrasing in strings(table, "say") {
                for slot in phrasing.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    let name = slot.split(' ').next().unwrap_or_default();
                    one_of(&place, "slot", name.strip_suffix("'s").unwrap_or(name), &slots, &mut found);
                }
            }
        }
    }
    found
}

fn tables<'a>(file: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    file.get(key).and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_table)
}

fn strings<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a str> {
    table.get(key).and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str)
}

fn known(place: &str, table: &Table, keys: &[&str], found: &mut Vec<Finding>) {
    for key in table.keys() {
        one_of(place, "key", key, keys, found);
    }
}

fn one_of(place: &str, what: &str, name: &str, known: &[&str], found: &mut Vec<Finding>) {
    if known.contains(&name) {
        return;
    }
    let nearest = known.iter().map(|other| (strsim::jaro_winkler(name, other), other));
    let nearest = nearest.filter(|(near, _)| *near >= NEAR).max_by(|(a, _), (b, _)| a.total_cmp(b));
    let hint = nearest
        .map_or_else(|| format!("there are {}", known.join(", ")), |(_, other)| format!("did you mean '{other}'?"));
    found.push(Finding {
        weight: Weight::Fault,
        place: if place.is_empty() { "top level".to_owned() } else { place.to_owned() },
        phrasing: None,
        what: format!("there is no {what} '{name}'"),
        hint,
    });
}
