//! `manifest.json`: what each stage took and what it made, by hash.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{RunFolder, Stamp, hash, write_json};
use crate::stages::Stage;

/// The manifest's schema.
const SCHEMA: &str = "vachak.run/1";

/// What is known of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    schema: String,
    /// The training's name.
    pub name: String,
    /// The seed of the run.
    pub seed: u64,
    /// Programs that worked on it, with their versions.
    #[serde(default)]
    pub tools: BTreeMap<String, String>,
    /// Its stages, as far as they came.
    #[serde(default)]
    pub stages: BTreeMap<Stage, Record>,
    /// Stages that began and have not ended well yet.
    #[serde(default)]
    pub attempts: BTreeMap<Stage, Attempt>,
}

/// A stage at work, or one that was stopped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The hash of what it takes.
    pub inputs_sha256: String,
    /// How long it has worked, s.
    pub seconds: f64,
}

/// A stage that has ended well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it took.
    pub inputs: Inputs,
    /// The hash of that.
    pub inputs_sha256: String,
    /// What it made: files by their place in the run's folder.
    pub outputs: BTreeMap<String, Stamp>,
    /// Figures that a person wants.
    #[serde(default)]
    pub figures: Value,
    /// When it began.
    pub began: Timestamp,
    /// How long it took, over all its attempts, s.
    pub seconds: f64,
}

/// Everything that a stage's outputs depend on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Settings, by section.
    pub settings: BTreeMap<String, Value>,
    /// Files, by name: their hashes.
    pub files: BTreeMap<String, String>,
    /// Code, by name: versions and hashes.
    pub code: BTreeMap<String, String>,
}

impl Inputs {
    /// The hash of all of it.
    pub fn sha256(&self) -> String {
        // Maps of text and numbers always become JSON; their keys are in order.
        hash::of_bytes(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// What differs from before, in words; empty when nothing does.
    pub fn changes_since(&self, before: &Self) -> String {
        let mut text = String::new();
        let mut say = |what: String| {
            let _ = write!(text, "{}{what}", if text.is_empty() { "" } else { ", " });
        };
        for key in differing(&self.settings, &before.settings) {
            match (self.settings.get(key), before.settings.get(key)) {
                (Some(Value::Object(now)), Some(Value::Object(then))) => {
                    let keys = now.keys().chain(then.keys()).filter(|key| now.get(*key) != then.get(*key));
                    let mut keys: Vec<&str> = keys.map(String::as_str).collect();
                    keys.dedup();
                    keys.sort_unstable();
                    keys.dedup();
                    say(format!("[{key}] {} changed", keys.join(" and ")));
                }
                _ => say(format!("{key} changed")),
            }
        }
        for key in differing(&self.files, &before.files) {
            say(format!("{key} changed"));
        }
        for key in differing(&self.code, &before.code) {
            say(format!("{key} changed"));
        }
        text
    }
}

fn differing<'a, V: PartialEq>(one: &'a BTreeMap<String, V>, other: &'a BTreeMap<String, V>) -> Vec<&'a str> {
    let keys: std::collections::BTreeSet<&str> = one.keys().chain(other.keys()).map(String::as_str).collect();
    keys.into_iter().filter(|key| one.get(*key) != other.get(*key)).collect()
}

impl Manifest {
    /// The manifest of a run's folder, or a new one.
    ///
    /// # Errors
    /// When the file is there and cannot be used: it is never thrown away.
    pub fn read(run: &RunFolder, name: &str, seed: u64) -> Result<Self, String> {
        let path = run.join("manifest.json");
        let new = || Self {
            schema: SCHEMA.to_owned(),
            name: name.to_owned(),
            seed,
            tools: BTreeMap::new(),
            stages: BTreeMap::new(),
            attempts: BTreeMap::new(),
        };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(new()),
            Err(error) => return Err(format!("{} cannot be read: {error}; hint: check its owner", path.display())),
        };
        let hint = "hint: move it away to have every stage run anew";
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{} is damaged: {error}; {hint}", path.display()))?;
        if manifest.schema != SCHEMA {
            return Err(format!("{} is of schema '{}', not '{SCHEMA}'; {hint}", path.display(), manifest.schema));
        }
        Ok(Self { name: name.to_owned(), seed, ..manifest })
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn write(&self, run: &RunFolder) -> io::Result<()> {
        write_json(&run.join("manifest.json"), self)
    }

    /// The hashes of a file or of all files of a folder in the run's folder, by place; `None` when nothing is there.
    /// What a stage has recorded and nobody has touched is not hashed again.
    ///
    /// # Errors
    /// When something there cannot be read.
    pub fn hashes(&self, run: &RunFolder, place: &str) -> io::Result<Option<BTreeMap<String, String>>> {
        let stamps = self.stamps(run, place)?;
        Ok(stamps.map(|stamps| stamps.into_iter().map(|(place, stamp)| (place, stamp.sha256)).collect()))
    }

    /// The same, with sizes and times.
    ///
    /// # Errors
    /// When something there cannot be read.
    pub fn stamps(&self, run: &RunFolder, place: &str) -> io::Result<Option<BTreeMap<String, Stamp>>> {
        let path = run.join(place);
        let places = if path.is_dir() {
            hash::files_below(&path)?.into_iter().map(|name| format!("{place}/{name}")).collect()
        } else if path.is_file() {
            vec![place.to_owned()]
        } else {
            return Ok(None);
        };
        let stamp = |place: String| {
            let path: PathBuf = run.join(&place);
            let recorded = self.recorded(&place).filter(|stamp| stamp.still_holds(&path));
            Ok((place, recorded.map_or_else(|| Stamp::of(&path), |stamp| Ok(stamp.clone()))?))
        };
        places.into_iter().map(stamp).collect::<io::Result<_>>().map(Some)
    }

    fn recorded(&self, place: &str) -> Option<&Stamp> {
        self.stages.values().find_map(|record| record.outputs.get(place))
    }
}

impl Record {
    /// An output that is not there any more as it was made; `None` when all are.
    pub fn lacks(&self, run: &RunFolder) -> Option<&str> {
        let whole = |(place, stamp): &(&String, &Stamp)| !stamp.still_holds(Path::new(&run.join(place)));
        self.outputs.iter().find(whole).map(|(place, _)| place.as_str())
    }
}
