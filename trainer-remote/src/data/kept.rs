//! Counts kept in a file, with what shows whether the source is still the same.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use commentary::{LineKind, Pressure};
use serde::{Deserialize, Serialize};
use stats::BadFile;

use super::{
    DataError,
    counts::{CELLS, Cell, Counts, MatchEntry},
    rows, told,
};

/// Raised when counting changes.
const SCHEMA: &str = "vachak.counts/1";

/// What shows whether a source is still the same: paths, lengths and times of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fingerprint {
    source: PathBuf,
    files: u64,
    bytes: u64,
    /// Seconds since 1970 of the newest change.
    changed: u64,
}

/// The fingerprint of a source as it is now.
pub(super) fn fingerprint(source: &Path) -> Result<Fingerprint, DataError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| DataError::Source(stats::SourceError::Io { path, source })
    };
    let whole = fs::canonicalize(source).map_err(failed(source))?;
    let mut print = Fingerprint { source: whole.clone(), files: 0, bytes: 0, changed: 0 };
    let mut paths = vec![whole];
    while let Some(path) = paths.pop() {
        let known = fs::symlink_metadata(&path).map_err(failed(&path))?;
        if known.is_dir() {
            for entry in fs::read_dir(&path).map_err(failed(&path))? {
                paths.push(entry.map_err(failed(&path))?.path());
            }
        } else {
            print.files += 1;
            print.bytes += known.len();
            let changed = known.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            print.changed = print.changed.max(changed.map_or(0, |since| since.as_secs()));
        }
    }
    Ok(print)
}

/// The counts as a file has them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    schema: String,
    of: Fingerprint,
    cells: Vec<KeptCell>,
    matches: Vec<MatchEntry>,
    bad: Vec<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptCell {
    format: String,
    event: String,
    pressure: Pressure,
    kind: LineKind,
    balls: u64,
}

impl Kept {
    /// `None` where the file is missing, of another source, or of another version: then it is made again.
    pub(super) fn read(path: &Path, print: &Fingerprint) -> Option<Counts> {
        let kept: Self = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        if kept.schema != SCHEMA || kept.of != *print {
            return None;
        }
        let mut formats: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for KeptCell { format, event, pressure, kind, balls } in kept.cells {
            let cell = Cell { event: told::place(&event)?, pressure, kind };
            *formats.entry(format).or_insert_with(|| vec![0; CELLS]).get_mut(cell.place())? += balls;
        }
        let bad = kept.bad.into_iter().map(|(name, reason)| BadFile { name, reason }).collect();
        Some(Counts { matches: kept.matches, formats, bad })
    }

    /// Keeps the counts of a source.
    pub(super) fn write(counts: &Counts, of: Fingerprint, path: &Path) -> Result<(), DataError> {
        let cells = counts.formats.iter().flat_map(|(format, cells)| {
            let filled = cells.iter().enumerate().filter(|(_, balls)| **balls > 0);
            filled.map(|(place, balls)| {
                let Cell { event, pressure, kind } = Cell::at(place);
                let (format, event) = (format.clone(), told::event(event).id().to_owned());
                KeptCell { format, event, pressure, kind, balls: *balls }
            })
        });
        let kept = Self {
            schema: SCHEMA.to_owned(),
            of,
            cells: cells.collect(),
            matches: counts.matches.clone(),
            bad: counts.bad.iter().map(|bad| (bad.name.clone(), bad.reason.clone())).collect(),
        };
        rows::write_json(path, &kept, "nothing")
    }
}
