//! The thread that owns the model: loads it, and is the engine until the writer closes the queue.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::mpsc::SyncSender;

use llama_cpp_2::context::params::{KvCacheType, LlamaContextParams};
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaLoraAdapter, LlamaModel};

use super::backend::backend;
use super::cache::Cache;
use super::engine::{Bounds, Engine};
use super::kept::{FIXED, RECENT};
use super::pace;
use super::queue::Queue;
use super::states::States;
use super::{Adapter, EmbeddedConfig, threads};
use crate::error::WriteError;
use crate::gguf;

/// No sensible prompt fits into less.
const SMALLEST_CONTEXT: u32 = 64;
/// More lines at once than this only wait for each other.
const MOST_LINES: u32 = 64;
/// llama.cpp numbers tokens and cells with 32 bits, and some of its sums are of products of them.
const LARGEST_CONTEXT: u32 = 1 << 20;
/// llama.cpp's `LLAMA_FLASH_ATTN_TYPE_DISABLED`.
const NO_FLASH_ATTENTION: i32 = 0;

/// Whoever waits in the queue learns that the thread is gone, however it went.
struct Leaving<'a>(&'a Queue);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The life of the thread; `is_packed` as [`crate::ModelFile::is_packed`] tells.
pub(super) fn run(config: &EmbeddedConfig, is_packed: bool, queue: &Queue, ready: &SyncSender<Result<(), WriteError>>) {
    let _leaving = Leaving(queue);
    let (model, adapter) = match load(config) {
        Ok(loaded) => loaded,
        Err(error) => return report(ready, Err(error)),
    };
    let mut engine = match start(&model, adapter, config, is_packed) {
        Ok(engine) => engine,
        Err(error) => return report(ready, Err(error)),
    };
    if let Err(error) = engine.probe() {
        return report(ready, Err(unusable(config, &error.to_string())));
    }
    report(ready, Ok(()));
    engine.run(queue);
}

/// The writer waits for this; should it have gone, there is no one to tell.
fn report(ready: &SyncSender<Result<(), WriteError>>, outcome: Result<(), WriteError>) {
    let _ = ready.send(outcome);
}

/// The model, and the adapter with its strength.
type Loaded = (LlamaModel, Option<(LlamaLoraAdapter, f32)>);

fn load(config: &EmbeddedConfig) -> Result<Loaded, WriteError> {
    let backend = backend().ok_or_else(|| WriteError::Stopped {
        reason: "llama.cpp was started by another part of this process".to_owned(),
    })?;
    // Read into memory, not mapped: a mapped file that somebody cuts short while it is in use ends the process, and one
    // whose pages the system takes back stalls a line on the disk.
    let params = LlamaModelParams::default().with_use_mmap(false);
    let mut model = LlamaModel::load_from_file(backend, &config.model, &params)
        .map_err(|error| refused(config, &error.to_string()))?;
    let adapter = match &config.adapter {
        None => None,
        Some(adapter) => {
            let loaded = model.lora_adapter_init(&adapter.path).map_err(|error| misfit(adapter, &error.to_string()))?;
            Some((loaded, adapter.scale))
        }
    };
    Ok((model, adapter))
}

fn start<'model>(
    model: &'model LlamaModel,
    adapter: Option<(LlamaLoraAdapter, f32)>,
    config: &EmbeddedConfig,
    is_packed: bool,
) -> Result<Engine<'model>, WriteError> {
    let cells = config.context.clamp(SMALLEST_CONTEXT, LARGEST_CONTEXT);
    let trained = model.n_ctx_train().max(SMALLEST_CONTEXT);
    if config.context != cells {
        tracing::warn!(configured = config.context, used = cells, "the context was fitted to what llama.cpp allows");
    }
    // One state for all that went before can be neither shared nor taken back in part.
    let shares = !model.is_recurrent() && !model.is_hybrid();
    let lines = if shares { config.parallel.clamp(1, MOST_LINES) } else { 1 };
    let kept = if shares { FIXED + RECENT } else { 0 };
    let sequences = lines + kept as u32;
    let batch = pace::LARGEST as u32 + lines;
    let threads = config.threads.map_or_else(threads::usual, |threads| threads as usize);
    let threads = i32::try_from(threads.clamp(1, 256)).unwrap_or(1);
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(cells))
        .with_n_batch(batch)
        .with_n_ubatch(batch)
        .with_n_seq_max(sequences)
        // One store for all sequences, so that they can share cells, and a sliding window that forgets nothing early.
        .with_kv_unified(true)
        .with_swa_full(true)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        // llama.cpp adds values of half precision up in half precision, and a sum of those depends on the order in which
        // cells lie, that is, on what was written before: by up to 0.3 in a logit, enough to turn one line in ten.
        .with_type_v(KvCacheType::F32)
        // On a processor it goes from cell to cell; whole products of matrices take a seventh less for three lines.
        .with_flash_attention_policy(NO_FLASH_ATTENTION);
    let backend = backend().ok_or_else(|| unusable(config, "llama.cpp is not running"))?;
    let mut context = model
        .new_context(backend, params)
        .map_err(|error| unusable(config, &format!("there is no context for it ({error})")))?;
    // The adapter itself belongs to the model and lives as long.
    if let (Some((mut loaded, scale)), Some(named)) = (adapter, &config.adapter) {
        context.lora_adapter_set(&mut loaded, scale).map_err(|error| misfit(named, &error.to_string()))?;
    }
    // llama.cpp rounds the sizes in both directions; the smaller figures are safe.
    let cells = cells.min(context.n_ctx());
    let batch = batch.min(context.n_batch()).min(context.n_ubatch()) as usize;
    let line = cells.min(trained) as usize;
    tracing::info!(model = %config.model.display(), context = line, cells, lines, threads, "the embedded model is ready");
    let states = config.state_directory.as_deref().filter(|_| shares);
    let states = states.and_then(|folder| {
        let adapter = config.adapter.as_ref();
        let parts = gguf::files_of(&config.model);
        let files = parts.iter().map(|part| &**part).chain(adapter.map(|adapter| &*adapter.path));
        let scale = adapter.map_or_else(String::new, |adapter| format!(", adapter at {}", adapter.scale));
        States::open(folder, &files.collect::<Vec<&Path>>(), &format!("values in full{scale}"))
    });
    let cache = Cache::new(context, cells as usize, sequences as u16, batch);
    let fewest = if shares && is_packed { pace::GROUP } else { 1 };
    Ok(Engine::new(model, cache, Bounds { line, lines: lines as usize, fewest, shares }, states))
}

/// The error for a file that llama.cpp does not load: most often one of an architecture newer than itself.
fn refused(config: &EmbeddedConfig, reason: &str) -> WriteError {
    let file = gguf::check(&config.model).ok();
    let architecture = file.and_then(|file| file.architecture).unwrap_or_else(|| "not told".to_owned());
    unusable(config, &format!("llama.cpp refused it ({reason}); its architecture is `{architecture}`"))
}

/// The error for an adapter that looked right and has no place in the model.
fn misfit(adapter: &Adapter, reason: &str) -> WriteError {
    WriteError::Model {
        path: adapter.path.clone(),
        reason: format!("the adapter does not fit the model ({reason})"),
        hint: "take the adapter that was made for this very model; the log has llama.cpp's own words".to_owned(),
    }
}

/// The error for a file that looked sound and yet does not work.
pub(super) fn unusable(config: &EmbeddedConfig, reason: &str) -> WriteError {
    WriteError::Model {
        path: config.model.clone(),
        reason: reason.to_owned(),
        hint: "the log has llama.cpp's own words; try a smaller context, or a text-generating model of an older architecture"
            .to_owned(),
    }
}
