//! The thread that owns the model: loads it, and is the engine until the writer closes the queue.

use std::num::NonZeroU32;
use std::sync::mpsc::SyncSender;

use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;

use super::backend::backend;
use super::cache::Cache;
use super::engine::{Bounds, Engine};
use super::kept::{FIXED, RECENT};
use super::pace;
use super::queue::Queue;
use super::states::States;
use super::{EmbeddedConfig, threads};
use crate::error::WriteError;

/// No sensible prompt fits into less.
const SMALLEST_CONTEXT: u32 = 64;
/// More lines at once than this only wait for each other.
const MOST_LINES: u32 = 32;
/// llama.cpp numbers tokens and cells with 32 bits, and some of its sums are of products of them.
const LARGEST_CONTEXT: u32 = 1 << 20;

/// Whoever waits in the queue learns that the thread is gone, however it went.
struct Leaving<'a>(&'a Queue);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The life of the thread.
pub(super) fn run(config: &EmbeddedConfig, queue: &Queue, ready: &SyncSender<Result<(), WriteError>>) {
    let _leaving = Leaving(queue);
    let model = match load(config) {
        Ok(model) => model,
        Err(error) => return report(ready, Err(error)),
    };
    let mut engine = match start(&model, config) {
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

fn load(config: &EmbeddedConfig) -> Result<LlamaModel, WriteError> {
    let backend = backend().ok_or_else(|| WriteError::Stopped {
        reason: "llama.cpp was started by another part of this process".to_owned(),
    })?;
    LlamaModel::load_from_file(backend, &config.model, &LlamaModelParams::default())
        .map_err(|error| unusable(config, &format!("llama.cpp refused it ({error})")))
}

fn start<'model>(model: &'model LlamaModel, config: &EmbeddedConfig) -> Result<Engine<'model>, WriteError> {
    let cells = config.context.clamp(SMALLEST_CONTEXT, LARGEST_CONTEXT);
    let trained = model.n_ctx_train().max(SMALLEST_CONTEXT);
    if config.context != cells || cells > trained {
        tracing::warn!(
            configured = config.context,
            used = cells.min(trained),
            trained,
            "the context of a line was fitted to what the model allows"
        );
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
        .with_n_threads_batch(threads);
    let backend = backend().ok_or_else(|| unusable(config, "llama.cpp is not running"))?;
    let context = model
        .new_context(backend, params)
        .map_err(|error| unusable(config, &format!("there is no context for it ({error})")))?;
    // llama.cpp rounds the sizes in both directions; the smaller figures are safe.
    let cells = cells.min(context.n_ctx());
    let batch = batch.min(context.n_batch()).min(context.n_ubatch()) as usize;
    let line = cells.min(trained) as usize;
    tracing::info!(model = %config.model.display(), context = line, cells, lines, threads, "the embedded model is ready");
    let states = config.state_directory.as_deref().filter(|_| shares);
    let states = states.and_then(|folder| States::open(folder, &[&config.model], "cells of f16"));
    let cache = Cache::new(context, cells as usize, sequences as u16, batch);
    Ok(Engine::new(model, cache, Bounds { line, lines: lines as usize, shares }, states))
}

/// The error for a file that looked sound and yet does not work.
pub(super) fn unusable(config: &EmbeddedConfig, reason: &str) -> WriteError {
    WriteError::Model {
        path: config.model.clone(),
        reason: reason.to_owned(),
        hint: "the log has llama.cpp's own words; try a smaller context, or another GGUF of a text-generating model"
            .to_owned(),
    }
}
