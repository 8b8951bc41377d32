//! The kit: the Python programs that train, embedded in this program, run with a settings file and followed through
//! their events.
//!
//! `files` the programs; `environment` the Python they run in, found or set up; `settings` what each is told; `program`
//! one run of one; `events` what it says; `error` what goes wrong, in words.

mod environment;
mod error;
mod events;
mod files;
mod program;
pub mod settings;

use std::path::{Path, PathBuf};

pub use environment::{Checked, Environment, Wanted, check, set_up};
pub use error::KitError;
pub use events::{Event, Finished};
pub use files::{FILES, hash, write_to};

use crate::{progress::Progress, run::Stop};

/// The kit as a run uses it: the programs written beside the run, and a Python that can run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    programs: PathBuf,
    python: PathBuf,
}

impl Kit {
    /// Writes the programs into a folder, finds or sets up their Python, and checks it.
    ///
    /// # Errors
    /// When the folder cannot be written, or no Python can run them.
    pub fn prepare(
        programs: &Path,
        wanted: &Wanted,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> Result<(Self, Checked), KitError> {
        write_to(programs)?;
        let python = match Environment::find(wanted)? {
            Environment::Ready(python) => python,
            Environment::ToSetUp(folder) => set_up(programs, &folder, progress, stop)?,
        };
        let checked = check(programs, &python)?;
        Ok((Self { programs: programs.to_owned(), python }, checked))
    }

    /// Runs a program on its settings, which are written to `file` first, and follows it to its end.
    ///
    /// # Errors
    /// [`KitError`] that says what happened, what was kept and how to go on.
    pub fn run(
        &self,
        file: &Path,
        settings: &settings::Settings,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> Result<Finished, KitError> {
        program::run(&self.python, &self.programs, file, settings, progress, stop)
    }
}
