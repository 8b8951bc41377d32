//! Rows counted by everything a person asks about.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::row::Row;

/// Rows by what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Rows in all.
    pub rows: u64,
    /// By persona.
    pub persona: BTreeMap<String, u64>,
    /// By kind of line.
    pub kind: BTreeMap<String, u64>,
    /// By most telling event.
    pub event: BTreeMap<String, u64>,
    /// By format.
    pub format: BTreeMap<String, u64>,
    /// By pressure.
    pub pressure: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        self.rows += 1;
        for (map, value) in [
            (&mut self.persona, row.persona.as_str()),
            (&mut self.kind, row.kind.name()),
            (&mut self.event, &row.event),
            (&mut self.format, &row.format),
            (&mut self.pressure, &row.pressure),
        ] {
            add(map, value, 1);
        }
    }

    /// Adds another count.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        for (map, more) in [
            (&mut self.persona, &other.persona),
            (&mut self.kind, &other.kind),
            (&mut self.event, &other.event),
            (&mut self.format, &other.format),
            (&mut self.pressure, &other.pressure),
        ] {
            for (value, rows) in more {
                add(map, value, *rows);
            }
        }
    }
}

fn add(map: &mut BTreeMap<String, u64>, value: &str, rows: u64) {
    match map.get_mut(value) {
        Some(known) => *known += rows,
        None => {
            map.insert(value.to_owned(), rows);
        }
    }
}

/// Texts seen before, by their prints: for counting duplicates.
#[derive(Debug, Default)]
pub(super) struct Seen(HashSet<u64>);

impl Seen {
    /// Adds a print; whether it was not there before.
    pub(super) fn add(&mut self, print: u64) -> bool {
        self.0.insert(print)
    }
}

/// 64 bits of the SHA-256 of texts, a zero byte after each.
pub(super) fn print(texts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
