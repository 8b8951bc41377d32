//! The figures of a teaching.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::Serialize;

use crate::row::Row;

/// What became of a row, for counting.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// It got a line.
    Filled {
        /// The line.
        line: &'a str,
        /// Whether it was composed of two sayings.
        joined: bool,
    },
    /// It got none.
    Refused {
        /// Why.
        reason: &'a str,
    },
}

/// The figures of a teaching.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// Who wrote.
    pub teacher: String,
    /// Rows with a line, by split.
    pub filled: BTreeMap<String, u64>,
    /// Rows without one, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Of the lines, the share composed of two sayings, 0 to 1.
    pub joined: f64,
    /// What the teacher has cost, earlier runs included, in the price's currency.
    pub spent: f64,
    /// By persona.
    pub personas: BTreeMap<String, PersonaFigures>,
    #[serde(skip)]
    joins: u64,
    #[serde(skip)]
    seen: BTreeMap<String, HashSet<u64>>,
}

/// The figures of one persona's lines.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PersonaFigures {
    /// Lines.
    pub lines: u64,
    /// Different ones among them.
    pub distinct: u64,
    /// Rows without a line.
    pub refused: u64,
}

impl Summary {
    /// Lines in all.
    pub fn lines(&self) -> u64 {
        self.filled.values().sum()
    }

    /// Counts a row.
    pub(super) fn note(&mut self, split: &str, row: &Row, told: Told<'_>) {
        let persona = self.personas.entry(row.persona.clone()).or_default();
        match told {
            Told::Filled { line, joined } => {
                persona.lines += 1;
                *self.filled.entry(split.to_owned()).or_default() += 1;
                self.joins += u64::from(joined);
                let mut hasher = DefaultHasher::new();
                line.hash(&mut hasher);
                self.seen.entry(row.persona.clone()).or_default().insert(hasher.finish());
            }
            Told::Refused { reason } => {
                persona.refused += 1;
                *self.refused.entry(reason.to_owned()).or_default() += 1;
            }
        }
    }

    pub(super) fn finish(&mut self, teacher: &str, spent: f64) {
        self.spent = spent;
        teacher.clone_into(&mut self.teacher);
        self.joined = if self.lines() == 0 { 0.0 } else { self.joins as f64 / self.lines() as f64 };
        for (persona, seen) in &self.seen {
            if let Some(figures) = self.personas.get_mut(persona) {
                figures.distinct = seen.len() as u64;
            }
        }
    }
}
