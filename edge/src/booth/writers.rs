//! The model that the configuration asks for.

use std::{path::PathBuf, sync::Arc};

use commentary::{ChatTemplate, Layout};
#[cfg(feature = "llama")]
use llm::memory::{self, Plan};
use llm::{OllamaConfig, OllamaWriter, OpenAiConfig, OpenAiWriter, Writer, memory::Wish};

use super::choice::Stamp;
#[cfg(feature = "llama")]
use super::layout;
#[cfg(feature = "llama")]
use crate::config::place;
use crate::config::{self, Config, ConfigError, Fallback, ModelBackend, secret};

/// A writer and how it is spoken to.
#[derive(Clone)]
pub struct Model {
    /// The writer.
    pub writer: Arc<dyn Writer>,
    /// How prompts are laid out for it.
    pub layout: Layout,
    /// How it chooses words.
    pub sampling: llm::Sampling,
    /// The file it was loaded from, of an embedded one, and what that file was then.
    pub file: Option<(PathBuf, Option<Stamp>)>,
    /// Whether it was made for this layout: such a model learned from prompts with a single voice in them.
    pub made_for_layout: bool,
    /// Whether it may write only what the moment bears out, where it heeds that; see [`commentary::Grounds`].
    pub grounded: bool,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("writer", &self.writer.info()).finish_non_exhaustive()
    }
}

/// What became of the configured model.
#[derive(Debug)]
pub enum Built {
    /// None is wanted.
    None,
    /// It is there. A server may still be away: the breaker sees to that.
    Model(Model),
    /// It is wanted and cannot be had.
    Missing(llm::WriteError),
}

/// Builds the model. Loading a file takes seconds and blocks: call it where that does no harm.
///
/// # Errors
/// A configuration that can never work: a server's address that is none, a key file that cannot be read, an embedded
/// model in a build without one.
pub fn build(config: &Config) -> Result<Built, ConfigError> {
    let model = &config.model;
    let name = || model.name.clone().unwrap_or_default();
    let address = |error: &llm::WriteError| {
        let hint = error.hint().unwrap_or_else(|| "write it as http://HOST:PORT".to_owned());
        ConfigError::value("model.url", model.url.clone().unwrap_or_default(), error.to_string(), hint)
    };
    #[cfg_attr(not(feature = "llama"), expect(unused_mut, reason = "only the file of an embedded model tells them"))]
    let (mut own_layout, mut file, mut made_for_layout) = (None, None, false);
    let writer: Arc<dyn Writer> = match model.backend {
        ModelBackend::None => return Ok(Built::None),
        #[cfg(feature = "llama")]
        ModelBackend::Embedded => match embedded(config) {
            Ok(loaded) => {
                (own_layout, file) = (Some(loaded.layout), Some((loaded.path, loaded.stamp)));
                made_for_layout = loaded.made_for_layout;
                Arc::new(loaded.writer)
            }
            Err(error) => return Ok(Built::Missing(error)),
        },
        #[cfg(not(feature = "llama"))]
        ModelBackend::Embedded => {
            return Err(ConfigError::value(
                "model.backend",
                "embedded",
                "this build has no embedded model",
                "use \"ollama\" or \"openai\", or a build with the feature `llama`",
            ));
        }
        ModelBackend::Ollama => {
            let mut ollama = OllamaConfig { url: model.url.clone(), ..OllamaConfig::new(name()) };
            if let Some(parallel) = model.parallel {
                ollama.parallel = usize::try_from(parallel.get()).unwrap_or(1);
            }
            if let Some(context) = model.context {
                ollama.num_ctx = u32::try_from(context.get()).unwrap_or(u32::MAX);
            }
            Arc::new(OllamaWriter::new(ollama).map_err(|error| address(&error))?)
        }
        ModelBackend::OpenAi => {
            let key =
                secret::find("model.api_key", model.api_key.as_ref(), model.api_key_file.as_deref(), "model-api-key")?;
            let openai = OpenAiConfig {
                url: model.url.clone().unwrap_or_default(),
                model: name(),
                api_key: key.map(|key| llm::Secret::new(key.expose())),
            };
            Arc::new(OpenAiWriter::new(openai).map_err(|error| address(&error))?)
        }
    };
    let layout = model.layout.or(own_layout).unwrap_or(Layout::Chat(ChatTemplate::ChatMl));
    Ok(Built::Model(Model {
        writer,
        layout,
        sampling: model.sampling,
        file,
        made_for_layout,
        grounded: model.grounded,
    }))
}

/// Builds the model that writes where the first cannot, with what memory that one has left. [`Built::None`] also where
/// there is no first, or it is the same.
///
/// # Errors
/// One that this build cannot have.
pub fn build_second(config: &Config) -> Result<Built, ConfigError> {
    check_second(config)?;
    let model = &config.model;
    let is_first = model.backend == ModelBackend::Embedded && model.path.is_none();
    if model.fallback == Fallback::None || model.backend == ModelBackend::None || is_first {
        return Ok(Built::None);
    }
    // What was set for the first model does not hold for another.
    let own = config::Model {
        backend: ModelBackend::Embedded,
        threads: model.threads,
        grounded: model.grounded,
        sampling: model.sampling,
        ..config::Model::default()
    };
    build(&Config { model: own, ..config.clone() })
}

fn check_second(config: &Config) -> Result<(), ConfigError> {
    if config.model.fallback == Fallback::BuiltIn && !cfg!(feature = "llama") {
        return Err(ConfigError::value(
            "model.fallback",
            "built-in",
            "this build has no model of its own",
            "use \"none\", or a build with the feature `llama`",
        ));
    }
    Ok(())
}

/// Whether the configured models could be built, without loading them.
///
/// # Errors
/// As [`build`].
pub fn check(config: &Config) -> Result<(), ConfigError> {
    check_second(config)?;
    match config.model.backend {
        // It would load the file.
        ModelBackend::Embedded if cfg!(feature = "llama") => Ok(()),
        _ => build(config).map(drop),
    }
}

/// An embedded model, and what its file says.
#[cfg(feature = "llama")]
struct Loaded {
    writer: llm::EmbeddedWriter,
    layout: Layout,
    made_for_layout: bool,
    path: PathBuf,
    stamp: Option<Stamp>,
}

#[cfg(feature = "llama")]
fn embedded(config: &Config) -> Result<Loaded, llm::WriteError> {
    let model = &config.model;
    let path = match &model.path {
        Some(path) => path.clone(),
        None => own_model(config)?,
    };
    let stamp = Stamp::of(&path);
    let file = llm::gguf::check(&path)?;
    let layout = layout::of(&file, model.layout)?.layout;
    if let Some(stop) = layout::missing_stop(&file, layout) {
        tracing::warn!(
            model = %path.display(),
            "the model has no token {stop}, by which its lines should end; they end at a line break, or where they grow too long; \
             hint: set model.layout to what the model was trained in, or take another model"
        );
    }
    let plan = Plan::of(&file, wish(config), memory::available());
    let embedded = llm::EmbeddedConfig {
        threads: model.threads.and_then(|threads| u32::try_from(threads.get()).ok()),
        context: plan.context,
        parallel: plan.lines,
        state_directory: place::state_directory(config).ok(),
        adapter: model
            .adapter
            .as_ref()
            .map(|path| llm::Adapter { path: path.clone(), scale: model.adapter_scale.get() }),
        ..llm::EmbeddedConfig::new(&path)
    };
    let writer = llm::EmbeddedWriter::load(embedded)?;
    Ok(Loaded { writer, layout, made_for_layout: file.layout.is_some(), path, stamp })
}

/// What the configuration wishes of an embedded model's memory.
pub fn wish(config: &Config) -> Wish {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Wish {
        context: config.model.context.map(|context| number(context.get())),
        lines: config.model.parallel.map(|lines| number(lines.get())),
    }
}

/// The program's own model, as a file.
#[cfg(feature = "llama")]
pub(crate) fn own_model(config: &Config) -> Result<PathBuf, llm::WriteError> {
    use super::own_model;

    let failed = |directory: &std::path::Path, reason: String| llm::WriteError::Model {
        path: directory.join(own_model::NAME),
        reason,
        hint: "make room there, or set journal.directory to a place that can be written".to_owned(),
    };
    let directory = place::model_directory(config).map_err(|error| failed("".as_ref(), error.to_string()))?;
    own_model::unpack(&directory).map_err(|error| failed(&directory, format!("it cannot be unpacked ({error})")))
}
