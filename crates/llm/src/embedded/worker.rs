//! The thread that owns the model: loads it, then takes one request after another.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Instant;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use tokio::sync::{mpsc, oneshot};

use super::EmbeddedConfig;
use super::backend::backend;
use super::session::{Session, Watch};
use crate::error::WriteError;
use crate::request::WriteRequest;
use crate::usage::Usage;

/// Work for the thread.
pub(super) enum Job {
    Write {
        request: WriteRequest,
        reply: mpsc::Sender<Reply>,
        /// When it was made.
        asked: Instant,
    },
    /// Compute one token, so that it is known that the model does.
    Probe { reply: oneshot::Sender<Result<(), WriteError>> },
}

/// What comes back from a request: text, then exactly one of the others. None of them means that the thread is dead.
pub(super) enum Reply {
    Text(String),
    Done(Usage),
    Failed(WriteError),
}

/// The most tokens a line may have, whatever is asked for.
pub(super) const MOST_TOKENS: usize = 1 << 16;

/// The most replies a request can bring: a piece a token, the held-back rest, and the end. A channel of this size is
/// never full, so the thread waits for no reader; it takes memory only as it fills.
pub(super) fn most_replies(request: &WriteRequest) -> usize {
    (request.max_tokens as usize).min(MOST_TOKENS) + 2
}

/// The life of the thread. Ends when the writer closes the queue.
pub(super) fn run(
    config: &EmbeddedConfig,
    queue: &Receiver<Job>,
    ready: &SyncSender<Result<(), WriteError>>,
    closing: &AtomicBool,
) {
    let model = match load(config) {
        Ok(model) => model,
        Err(error) => return report(ready, Err(error)),
    };
    let mut session = match Session::start(&model, config) {
        Ok(session) => session,
        Err(error) => return report(ready, Err(error)),
    };
    if let Err(error) = session.probe() {
        return report(ready, Err(unusable(config, &error.to_string())));
    }
    report(ready, Ok(()));
    while let Ok(job) = queue.recv() {
        if closing.load(Ordering::Relaxed) {
            return;
        }
        match job {
            Job::Write { request, reply, asked } => {
                let waited = asked.elapsed();
                let watch = Watch { request: &request, reply: &reply, closing };
                let last = match session.write(&request, &watch) {
                    Ok(usage) => Reply::Done(Usage { waited: Some(waited), ..usage }),
                    Err(error) => Reply::Failed(error),
                };
                // Nobody may be listening any more.
                let _ = reply.try_send(last);
            }
            Job::Probe { reply } => {
                let _ = reply.send(session.probe());
            }
        }
    }
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

/// The error for a file that looked sound and yet does not work.
pub(super) fn unusable(config: &EmbeddedConfig, reason: &str) -> WriteError {
    WriteError::Model {
        path: config.model.clone(),
        reason: reason.to_owned(),
        hint: "the log has llama.cpp's own words; try a smaller context, or another GGUF of a text-generating model"
            .to_owned(),
    }
}
