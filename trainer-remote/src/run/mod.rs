//! A run's folder, `runs/<name>`: what its stages made, and the manifest that says of what.
//!
//! `manifest` what each stage took and made, by hash; `hash` those hashes; `lock` one process at a time; `tell` bars,
//! plain lines, `events.jsonl` and `status.json`; `atomic` files that are whole or not there; `stop` signals.

mod atomic;
mod events;
mod hash;
mod lock;
mod manifest;
mod stop;
mod tell;

use std::path::{Path, PathBuf};

pub use atomic::{swap_in, write as write_atomic, write_json};
pub use events::{Events, Status};
pub use hash::{Stamp, of_bytes, of_path};
pub use lock::{Locked, RunLock};
pub use manifest::{Attempt, Inputs, Manifest, Record};
pub use stop::{Stop, on_signals};
pub use tell::{Screen, Teller};

/// The folder of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// The folder of a training's run, in the folder of all runs.
    pub fn new(runs: &Path, name: &str) -> Self {
        Self { path: runs.join(name) }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path in it; `place` is written with `/`.
    pub fn join(&self, place: &str) -> PathBuf {
        self.path.join(place)
    }
}
