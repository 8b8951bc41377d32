//! What is measured: a model in this process or behind a server.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::bail;
use commentary::Layout;
#[cfg(feature = "llama")]
use commentary::vocabulary;
use llm::ModelFile;

use crate::{
    booth::writers::{self, Built, Model},
    config::{Bounded, Config, ModelBackend, place},
};

/// Where a model comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A GGUF file.
    Embedded(PathBuf),
    /// Random weights in a real model's shape.
    #[cfg(feature = "llama")]
    Synthetic(llm::synthetic::Synthetic),
    /// A model's name, and its server where one is named.
    Ollama(String, Option<String>),
    /// A model's name and its server.
    OpenAi(String, String),
    /// As configured, else the program's own.
    Configured,
}

/// How to set a model up.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) config: Config,
    /// How prompts are laid out, where not as the model says.
    pub(super) layout: Option<Layout>,
    pub(super) threads: Option<u64>,
    /// Where models of random weights are kept.
    pub(super) directory: PathBuf,
}

/// A model ready to write.
pub(super) struct Subject {
    pub(super) model: Model,
    pub(super) name: String,
    /// The file of a model in this process.
    pub(super) file: Option<ModelFile>,
    /// How long it took to load, of a model in this process.
    pub(super) load: Option<Duration>,
    pub(super) is_random: bool,
}

impl Source {
    /// What it is called before it is there.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Embedded(file) => format!("embedded {}", file.file_stem().unwrap_or_default().to_string_lossy()),
            #[cfg(feature = "llama")]
            Self::Synthetic(model) => format!("embedded {model} (random weights)"),
            Self::Ollama(name, _) => format!("ollama {name}"),
            Self::OpenAi(name, _) => format!("openai {name}"),
            Self::Configured => "the configured model".to_owned(),
        }
    }

    /// Makes the model ready. Blocks, for as long as writing and loading a file take; `progress` learns how much of a file is
    /// written.
    ///
    /// # Errors
    /// What is missing, with a hint: a file, room on the disk, memory, a server's address.
    pub(super) fn open(&self, setup: &Setup, progress: impl FnMut(u64, u64)) -> anyhow::Result<Subject> {
        let mut config = setup.config.clone();
        let model = &mut config.model;
        if !matches!(self, Self::Configured) {
            // What is configured for one model is nothing to another.
            (model.path, model.name, model.url, model.layout) = (None, None, None, None);
        }
        match self {
            Self::Embedded(file) => (model.backend, model.path) = (ModelBackend::Embedded, Some(file.clone())),
            #[cfg(feature = "llama")]
            Self::Synthetic(synthetic) => {
                let file = write(synthetic, &setup.directory, progress)?;
                (model.backend, model.path) = (ModelBackend::Embedded, Some(file));
            }
            Self::Ollama(name, url) => {
                (model.backend, model.name, model.url) = (ModelBackend::Ollama, Some(name.clone()), url.clone());
            }
            Self::OpenAi(name, url) => {
                (model.backend, model.name, model.url) = (ModelBackend::OpenAi, Some(name.clone()), Some(url.clone()));
            }
            Self::Configured => {}
        }
        model.layout = setup.layout.or(model.layout);
        model.threads = setup.threads.map(Bounded::of).or(model.threads);
        let begun = Instant::now();
        let built = match writers::build(&config)? {
            Built::Model(model) => model,
            Built::None => bail!(
                "no model is configured; hint: set model.backend, or name one with --embedded, --ollama, --openai or --synthetic"
            ),
            Built::Missing(error) => return Err(told(&error)),
        };
        let load = (config.model.backend == ModelBackend::Embedded).then(|| begun.elapsed());
        let info = built.writer.info();
        let file = match (load, &config.model.path) {
            (None, _) => None,
            (Some(_), Some(path)) => ModelFile::read(path).ok(),
            (Some(_), None) => {
                let directory = place::model_directory(&config)?;
                ModelFile::read(&directory.join(format!("{}.gguf", info.model))).ok()
            }
        };
        let name = match self {
            Self::Configured => format!("{} {}", info.backend, info.model),
            _ => self.name(),
        };
        Ok(Subject { model: built, name, file, load, is_random: self.is_random() })
    }

    fn is_random(&self) -> bool {
        #[cfg(feature = "llama")]
        if matches!(self, Self::Synthetic(_)) {
            return true;
        }
        false
    }
}

#[cfg(feature = "llama")]
fn write(
    model: &llm::synthetic::Synthetic,
    directory: &Path,
    progress: impl FnMut(u64, u64),
) -> anyhow::Result<PathBuf> {
    model.ensure(directory, vocabulary::english(), progress).map_err(|error| {
        let hint = error.hint();
        anyhow::Error::from(error).context(format!("{model} cannot be made; hint: {hint} (--directory)"))
    })
}

/// A writer's error with its hint.
pub(super) fn told(error: &llm::WriteError) -> anyhow::Error {
    let hint = error.hint().map(|hint| format!("; hint: {hint}")).unwrap_or_default();
    anyhow::anyhow!("{error}{hint}")
}
