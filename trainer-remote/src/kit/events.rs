//! What a program of the kit says: JSON Lines, read as they come. Nothing in them is believed to be there.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

/// Something a program said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It has begun.
    Started {},
    /// So many steps of so many.
    Progress {
        /// Steps done.
        step: u64,
        /// Steps in all.
        of: u64,
        /// The last loss, where there is one.
        #[serde(default)]
        loss: Option<f64>,
        /// Tokens a second.
        #[serde(default)]
        tokens_per_second: Option<f64>,
    },
    /// Work was saved.
    Checkpoint {
        /// At this step.
        step: u64,
        /// Where.
        #[serde(default)]
        path: Option<PathBuf>,
    },
    /// Something to know that ends nothing.
    Warning {
        /// What.
        what: String,
    },
    /// All is made.
    Done(Finished),
    /// It gave up.
    Failed {
        /// What happened.
        what: String,
        /// What was kept.
        #[serde(default)]
        kept: Option<String>,
        /// How to go on.
        #[serde(default)]
        hint: Option<String>,
    },
}

/// What a program made.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Finished {
    /// Paths, by name.
    #[serde(default)]
    pub artefacts: BTreeMap<String, PathBuf>,
    /// Figures for people.
    #[serde(default)]
    pub figures: Value,
}

/// The most of an events file that is read at once; a program that says more in a moment is out of order.
const MOST: u64 = 16 << 20;

/// Reads an events file as it grows.
#[derive(Debug)]
pub(super) struct Follower {
    path: PathBuf,
    at: u64,
    rest: Vec<u8>,
    /// Lines that were no events.
    pub(super) nonsense: usize,
}

impl Follower {
    /// Follows what will be said from now on; what a former run said is passed over.
    pub(super) fn from_here(path: &Path) -> Self {
        let at = path.metadata().map_or(0, |meta| meta.len());
        Self { path: path.to_owned(), at, rest: Vec::new(), nonsense: 0 }
    }

    /// What was said since the last look.
    pub(super) fn read(&mut self) -> io::Result<Vec<Event>> {
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            file => file?,
        };
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.take(MOST).read_to_end(&mut self.rest)?;
        self.at += read as u64;
        let mut events = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            match serde_json::from_slice(&line) {
                Ok(event) => events.push(event),
                Err(_) if line.trim_ascii().is_empty() => {}
                Err(_) => self.nonsense += 1,
            }
        }
        Ok(events)
    }
}
