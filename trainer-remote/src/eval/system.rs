//! Who is asked: models behind the writers of `llm`, and the baselines that stand beside them in every table.

use std::{path::PathBuf, sync::Arc};

use commentary::{ChatTemplate, Layout};
use llm::{EmbeddedConfig, EmbeddedWriter, OllamaConfig, OllamaWriter, OpenAiConfig, OpenAiWriter, Writer};

use super::{EvalError, process};

/// A system under evaluation.
#[derive(Clone)]
pub struct System {
    /// Its name in the report; each must have its own.
    pub name: String,
    /// How prompts are laid out for it. `None`: as the model's own file says, else `chatml`.
    pub layout: Option<Layout>,
    /// Where its replies come from.
    pub model: Model,
    /// Whether it may write only what the moment bears out ([`commentary::Grounds`]); for models in this process that
    /// write names and numbers themselves.
    pub grounded: bool,
    /// Perplexity over the test rows as the training kit measured it, where it did.
    pub perplexity: Option<f64>,
}

/// Where a system's replies come from.
#[derive(Clone)]
pub enum Model {
    /// A GGUF file, by llama.cpp in this process.
    Embedded(EmbeddedConfig),
    /// A model on an Ollama server.
    Ollama(OllamaConfig),
    /// A model on a server that speaks `/v1/completions`.
    OpenAi(OpenAiConfig),
    /// A writer that somebody else has made.
    Writer(Arc<dyn Writer>),
}

impl System {
    /// A GGUF file, laid out as it says of itself.
    pub fn gguf(name: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            layout: None,
            model: Model::Embedded(EmbeddedConfig::new(file)),
            grounded: false,
            perplexity: None,
        }
    }

    /// A writer of the caller's.
    pub fn writer(name: impl Into<String>, layout: Layout, writer: Arc<dyn Writer>) -> Self {
        Self {
            name: name.into(),
            layout: Some(layout),
            model: Model::Writer(writer),
            grounded: false,
            perplexity: None,
        }
    }
}

/// A system that is ready to be asked.
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) layout: Layout,
    pub(super) writer: Arc<dyn Writer>,
    pub(super) grounded: bool,
    pub(super) perplexity: Option<f64>,
    /// Size of the model's file in bytes, where it is a file here.
    pub(super) file_bytes: Option<u64>,
    /// What this process had in memory before the model was loaded, where it was loaded here.
    pub(super) bytes_before: Option<u64>,
}

impl System {
    /// Loads or prepares it; blocks while a file is read.
    pub(super) fn ready(&self) -> Result<Ready, EvalError> {
        let failed = |error: &llm::WriteError| EvalError::System {
            system: self.name.clone(),
            reason: error.to_string(),
            hint: error.hint(),
        };
        let (mut own_layout, mut file_bytes, mut bytes_before) = (None, None, None);
        let writer: Arc<dyn Writer> = match &self.model {
            Model::Embedded(config) => {
                bytes_before = process::resident_bytes();
                let writer = EmbeddedWriter::load(config.clone()).map_err(|error| failed(&error))?;
                file_bytes = std::fs::metadata(&config.model).ok().map(|file| file.len());
                own_layout = writer.layout().and_then(|layout| layout.parse().ok());
                Arc::new(writer)
            }
            Model::Ollama(config) => Arc::new(OllamaWriter::new(config.clone()).map_err(|error| failed(&error))?),
            Model::OpenAi(config) => Arc::new(OpenAiWriter::new(config.clone()).map_err(|error| failed(&error))?),
            Model::Writer(writer) => Arc::clone(writer),
        };
        Ok(Ready {
            name: self.name.clone(),
            layout: self.layout.or(own_layout).unwrap_or(Layout::Chat(ChatTemplate::ChatMl)),
            writer,
            grounded: self.grounded,
            perplexity: self.perplexity,
            file_bytes,
            bytes_before,
        })
    }
}
