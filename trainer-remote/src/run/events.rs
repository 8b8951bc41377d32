//! What a run does, for programs: `events.jsonl`, appended, and `status.json`, the last word.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Write as _},
    path::PathBuf,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{RunFolder, write_json};

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The sequence number of the last event.
    pub seq: u64,
    /// When this was written.
    pub ts: Timestamp,
    /// The process that wrote it.
    pub pid: u32,
    /// The stage at work, or the last that was.
    pub stage: Option<String>,
    /// The last event: `started`, `progress`, `note`, `skipped`, `done`, `failed`, `stopped` or `finished`.
    pub event: String,
    /// How much of the stage is done, if it is known.
    #[serde(default)]
    pub done: Option<u64>,
    /// How much there is to do.
    #[serde(default)]
    pub of: Option<u64>,
    /// What is counted.
    #[serde(default)]
    pub unit: Option<String>,
    /// What a person should know: a note, or what went wrong.
    #[serde(default)]
    pub what: Option<String>,
}

/// Writes both. A disk that refuses them does not end a run that goes well otherwise.
#[derive(Debug)]
pub struct Events {
    file: File,
    status: PathBuf,
    seq: u64,
}

impl Events {
    /// Opens the run's events; their numbers go on where they stood.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(run: &RunFolder) -> io::Result<Self> {
        let path = run.join("events.jsonl");
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        let (mut seq, mut cut) = (0, false);
        for line in BufReader::new(&file).split(b'\n') {
            // A line that a crash cut short has no number.
            let event: Value = serde_json::from_slice(&line?).unwrap_or_default();
            cut = event.is_null();
            seq = event.get("seq").and_then(Value::as_u64).unwrap_or(seq);
        }
        if cut {
            file.write_all(b"\n")?;
        }
        Ok(Self { file, status: run.join("status.json"), seq })
    }

    /// Appends an event of a stage.
    pub fn write(&mut self, stage: Option<&str>, event: &str, more: &Value) {
        self.seq += 1;
        let mut line = Map::new();
        let head =
            json!({"seq": self.seq, "ts": Timestamp::now(), "pid": std::process::id(), "stage": stage, "event": event});
        for part in [&head, more] {
            line.extend(part.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
        }
        let mut text = Value::Object(line.clone()).to_string();
        text.push('\n');
        let _ = self.file.write_all(text.as_bytes());
        let _ = write_json(&self.status, &line);
    }
}

impl Status {
    /// The status of a run; `None` where there was none yet, or it cannot be read.
    pub fn read(run: &RunFolder) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(run.join("status.json")).ok()?).ok()
    }
}
