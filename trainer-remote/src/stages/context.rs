//! What every stage is given, and how it gathers what it depends on.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::{Stage, StageError};
use crate::{
    kit::{self, Kit, settings},
    progress::Progress,
    run::{self, Inputs, Manifest, RunFolder, Stop},
    training::{Method, Training},
};

/// What every stage is given.
pub struct Context<'a> {
    /// The training.
    pub training: &'a Training,
    /// The repository: where paths in the training start.
    pub root: &'a Path,
    /// The matches: `data.source`, or what `--source` named.
    pub source: &'a Path,
    /// The run's folder.
    pub run: &'a RunFolder,
    /// What is known of the run.
    pub manifest: &'a Manifest,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
    /// Set when it is to stop.
    pub stop: &'a Stop,
    /// The kit, for the stages that need it.
    pub kit: Option<&'a Kit>,
}

/// What a stage made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Done {
    /// Files and folders in the run's folder, written with `/`.
    pub outputs: Vec<String>,
    /// Figures that a person wants.
    pub figures: Value,
}

impl Context<'_> {
    /// The folder of a stage.
    pub fn folder(&self, stage: Stage) -> PathBuf {
        self.run.join(stage.name())
    }

    /// Where the whole trained model lies, in the run's folder.
    pub fn model_place(&self) -> (&'static str, Stage) {
        match self.training.sft.method {
            Method::Full => ("sft/model", Stage::Sft),
            Method::Lora | Method::Qlora => ("merge/model", Stage::Merge),
        }
    }

    /// The base as the kit's programs want it.
    pub(super) fn base(&self) -> settings::BaseSettings {
        settings::BaseSettings::new(&self.training.base, self.run.join("tokenizer"), self.root)
    }

    /// Runs a program of the kit in a stage's folder.
    pub(super) fn run_kit(&self, stage: Stage, task: settings::Task) -> Result<kit::Finished, StageError> {
        let settings = settings::Settings::new(self.folder(stage), task);
        let file = self.run.join(&format!("settings/{}.json", settings.task()));
        let kit = self.kit.ok_or_else(|| StageError::Ours { stage, what: "the kit is not at hand".to_owned() })?;
        Ok(kit.run(&file, &settings, self.progress, self.stop)?)
    }

    /// An error when the stage is to stop here.
    ///
    /// # Errors
    /// [`StageError::Stopped`].
    pub fn check(&self, stage: Stage) -> Result<(), StageError> {
        if self.stop.is_cancelled() { Err(self.stopped(stage)) } else { Ok(()) }
    }

    /// That a stage was asked to stop and kept nothing of its own; what the stages before made stays.
    pub(super) fn stopped(&self, stage: Stage) -> StageError {
        StageError::Stopped { stage, kept: None, name: self.training.name.clone() }
    }

    /// Begins to gather what a stage depends on: this program and the prompts' renderer, to begin with.
    pub fn gather(&self) -> Gather<'_> {
        let mut inputs = Inputs::default();
        inputs.code.insert("trainer-remote".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        inputs.code.insert("prompt version".to_owned(), self.training.data.layout.version().to_string());
        Gather { context: self, inputs }
    }
}

/// Gathers what a stage depends on.
pub struct Gather<'a> {
    context: &'a Context<'a>,
    inputs: Inputs,
}

impl Gather<'_> {
    /// Settings, under the name of their section.
    #[must_use]
    pub fn settings(mut self, section: &str, settings: &impl Serialize) -> Self {
        // Settings come from TOML, so they are JSON too.
        self.inputs.settings.insert(section.to_owned(), serde_json::to_value(settings).unwrap_or_default());
        self
    }

    /// The seed.
    #[must_use]
    pub fn seed(self) -> Self {
        let seed = self.context.training.seed;
        self.settings("seed", &seed)
    }

    /// A file, or all files of a folder, that a stage before made.
    ///
    /// # Errors
    /// [`StageError::Needs`] when it is not there.
    pub fn made(mut self, place: &str, from: Stage) -> Result<Self, StageError> {
        let Context { run, manifest, training, .. } = self.context;
        let hashes = manifest.hashes(run, place).map_err(StageError::io(run.join(place)))?;
        let missing = || StageError::Needs { place: place.to_owned(), from, name: training.name.clone() };
        self.inputs.files.extend(hashes.ok_or_else(missing)?);
        Ok(self)
    }

    /// A file or folder outside the run, under a name that does not depend on where it lies.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outside(mut self, name: &str, path: &Path) -> Result<Self, StageError> {
        let hash = run::of_path(path).map_err(StageError::io(path))?;
        self.inputs.files.insert(name.to_owned(), hash);
        Ok(self)
    }

    /// The kit's programs and the lock of their packages.
    #[must_use]
    pub fn kit(mut self) -> Self {
        self.inputs.code.insert("kit".to_owned(), kit::hash());
        self
    }

    /// Other code.
    #[must_use]
    pub fn code(mut self, name: &str, version: &str) -> Self {
        self.inputs.code.insert(name.to_owned(), version.to_owned());
        self
    }

    /// All that was gathered.
    pub fn done(self) -> Inputs {
        self.inputs
    }
}
