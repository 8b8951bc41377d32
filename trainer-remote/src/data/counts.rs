//! What a source holds: its matches, and its balls by format, event, pressure and kind of line. Measured once, kept.

use std::{collections::BTreeMap, path::Path};

use commentary::{LineKind, Pressure, reading};
use serde::{Deserialize, Serialize};
use stats::BadFile;
use tokio_util::sync::CancellationToken;

use super::{
    DataError,
    kept::{Kept, fingerprint},
    pipeline,
    recipe::KINDS,
    replay::{Bowled, Played, each_bowled},
    told::{self, EVENTS, Told},
};
use crate::progress::Progress;

/// Steps of pressure.
const PRESSURES: [Pressure; 5] =
    [Pressure::Calm, Pressure::Building, Pressure::Tense, Pressure::Intense, Pressure::Critical];

/// Cells of one format.
pub(super) const CELLS: usize = EVENTS * PRESSURES.len() * KINDS.len();

/// What balls are counted and drawn by, within a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// The place of the most telling event.
    pub(super) event: usize,
    /// The pressure after the ball.
    pub(super) pressure: Pressure,
    /// The kind of line.
    pub(super) kind: LineKind,
}

impl Cell {
    /// The cells of a ball, one for each kind of line that it brings.
    pub(super) fn each(bowled: &Bowled<'_>, told: Told) -> impl Iterator<Item = Self> {
        let pressure = reading::read(bowled.state).map(|reading| reading.pressure).unwrap_or_default();
        told::kinds(bowled.happenings).map(move |kind| Self { event: told.first(), pressure, kind })
    }

    /// Its place among the cells of a format.
    pub(super) fn place(self) -> usize {
        let kind = KINDS.iter().position(|kind| *kind == self.kind).unwrap_or(0);
        (self.event * PRESSURES.len() + self.pressure as usize) * KINDS.len() + kind
    }

    /// The cell at a place.
    pub(super) fn at(place: usize) -> Self {
        Self {
            event: place / (PRESSURES.len() * KINDS.len()),
            pressure: PRESSURES[place / KINDS.len() % PRESSURES.len()],
            kind: KINDS[place % KINDS.len()],
        }
    }
}

/// What a source holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// Its matches in its order.
    pub matches: Vec<MatchEntry>,
    /// Balls by cell, by format.
    pub(super) formats: BTreeMap<String, Vec<u64>>,
    /// Files that are no matches.
    pub bad: Vec<BadFile>,
}

/// One match of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchEntry {
    /// Its id.
    pub id: String,
    /// Series or competition; empty where the file names none.
    pub series: String,
    /// Season as the file says.
    pub season: String,
    /// Year of the first day of play; 0 where the file does not say.
    pub year: u16,
    /// Its balls.
    pub balls: u64,
}

impl Counts {
    /// The counts kept in a file, if they are of this source as it is; else they are measured and kept there.
    ///
    /// # Errors
    /// [`DataError`] of the source and of writing, and for a source without a ball.
    pub fn of(
        source: &Path,
        kept: &Path,
        threads: usize,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Self, DataError> {
        let print = fingerprint(source)?;
        if let Some(counts) = Kept::read(kept, &print) {
            progress.note(&format!("the source was counted before: {}", kept.display()));
            return Ok(counts);
        }
        progress.note("counting what the source holds");
        let counts = Self::measure(source, threads, progress, cancel)?;
        Kept::write(&counts, print, kept)?;
        Ok(counts)
    }

    fn measure(
        source: &Path,
        threads: usize,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Self, DataError> {
        let mut counts = Self { matches: Vec::new(), formats: BTreeMap::new(), bad: Vec::new() };
        let work = |name: &str, content: &[u8]| {
            let played = Played::read(name, content)?;
            let mut entry = MatchEntry {
                id: played.match_id.to_string(),
                series: played.series().to_owned(),
                season: played.season(),
                year: played.year(),
                balls: 0,
            };
            let format = played.game.info.match_type.clone();
            let mut cells: BTreeMap<usize, u64> = BTreeMap::new();
            each_bowled(played, |bowled| {
                entry.balls += 1;
                for cell in Cell::each(&bowled, Told::of(bowled.state, bowled.ball, bowled.happenings)) {
                    *cells.entry(cell.place()).or_default() += 1;
                }
            });
            Ok((entry, format, cells))
        };
        pipeline::each(source, threads, progress, cancel, work, |counted| {
            match counted {
                Ok((entry, format, cells)) => {
                    counts.matches.push(entry);
                    let known = counts.formats.entry(format).or_insert_with(|| vec![0; CELLS]);
                    for (place, balls) in cells {
                        known[place] += balls;
                    }
                }
                Err(bad) => {
                    progress.note(&format!("{} is passed over: {}", bad.name, bad.reason));
                    counts.bad.push(bad);
                }
            }
            Ok(())
        })?;
        if counts.balls() == 0 {
            return Err(DataError::NoMatches { path: source.to_owned(), bad: counts.bad.len() as u64 });
        }
        Ok(counts)
    }

    /// Balls in all.
    pub fn balls(&self) -> u64 {
        self.matches.iter().map(|one| one.balls).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbered_without_gap_or_clash() {
        for place in 0..CELLS {
            assert_eq!(Cell::at(place).place(), place);
        }
    }
}
