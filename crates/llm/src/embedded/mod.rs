//! Lines from llama.cpp inside this process.
//!
//! A llama.cpp context belongs to one thread and borrows its model, so one OS thread a writer owns both (`worker`).
//! Requests reach it through a bounded `queue`, text comes back through a bounded channel that is never full, so the
//! thread never waits for a reader.
//!
//! The `engine` is the work itself, on many lines at once, step by step at a `pace` that the machine allows: what a `line`
//! is made of, the `choice` of its tokens, its `text`; the `cache` of what was computed, counted in `cells`, what of it
//! is `kept` for other lines, and the `states` of it on disk. [`gguf`] looks a model file over first, because what is wrong
//! with a file should be said in words before C++ meets it.

mod backend;
mod cache;
mod cells;
mod choice;
mod engine;
mod kept;
mod line;
mod pace;
mod queue;
mod states;
mod text;
mod threads;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::error::WriteError;
use crate::gguf;
use crate::limit::{Limits, limited};
use crate::memory::{self, Plan, Wish};
use crate::request::WriteRequest;
use crate::writer::{Backend, Piece, TextStream, Writer, WriterInfo};
use queue::{Job, Queue, Reply, died};

pub use backend::backend;
pub use threads::usual as usual_threads;

/// Which model, and what it may use.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddedConfig {
    /// A GGUF file; of a split model, the first part.
    pub model: PathBuf,
    /// Threads for the computation. `None`: one a physical core, at most 4; more bring nothing on a Pi.
    pub threads: Option<u32>,
    /// Tokens of prompt and line together, at least 64, at most about a million; a line is held to what the model was
    /// trained on. All lines that are written at once share them, and what their prompts have in common counts once; a
    /// line that does not fit beside the others waits. Memory for it is taken at the start: about 9 KB a token for a
    /// model of 0.5 billion parameters, 21 KB for one of 1.5 billion.
    pub context: u32,
    /// Lines that are written at once, 1 to 64; the others wait. With memory as the limit, eight at once take little
    /// more than twice the time of one. Recurrent models write one line at a time, whatever is set.
    pub parallel: u32,
    /// Where the states after the fixed parts of prompts are kept for the next start, at most 16 files and 256 MiB.
    /// `None`: nowhere, and after a start the first line takes longer.
    pub state_directory: Option<PathBuf>,
    /// What changes the model's manner without being a model itself; one for all lines.
    pub adapter: Option<Adapter>,
}

/// A LoRA adapter.
#[derive(Debug, Clone, PartialEq)]
pub struct Adapter {
    /// A GGUF file that was made for the same model.
    pub path: PathBuf,
    /// How strongly it acts: 1 as it was trained, 0 not at all.
    pub scale: f32,
}

impl EmbeddedConfig {
    /// The usual: a context of 2048 tokens, threads by the machine, 8 lines at once, nothing kept on disk.
    pub fn new(model: impl Into<PathBuf>) -> Self {
        Self { model: model.into(), threads: None, context: 2048, parallel: 8, state_directory: None, adapter: None }
    }
}

/// A writer with a model of its own, loaded until it is dropped.
pub struct EmbeddedWriter {
    info: WriterInfo,
    layout: Option<String>,
    queue: Arc<Queue>,
    /// `None` only while dropping.
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedWriter {
    /// Loads the model and has it compute one token. Takes as long as reading the file does, seconds on an SD card, and
    /// blocks all the while: inside a runtime, call it through `spawn_blocking`.
    ///
    /// # Errors
    /// [`WriteError::Model`] when a file is missing, no GGUF, cut short, of a kind that does not continue a text, too large
    /// for the memory there is, an adapter of another model, or refused by llama.cpp; [`WriteError::Stopped`] when no thread could be started.
    pub fn load(config: EmbeddedConfig) -> Result<Self, WriteError> {
        let file = gguf::check(&config.model)?;
        if let Some(adapter) = &config.adapter {
            file.takes(&adapter.path)?;
        }
        let wish = Wish { context: Some(config.context), lines: Some(config.parallel) };
        Plan::of(&file, wish, memory::available()).check(&config.model)?;
        let is_packed = file.is_packed();
        let layout = file.layout;
        let info = WriterInfo { backend: Backend::Embedded, model: name(&config.model) };
        let queue = Arc::new(Queue::default());
        let (ready, loaded) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("llama".to_owned())
            .spawn({
                let queue = Arc::clone(&queue);
                move || worker::run(&config, is_packed, &queue, &ready)
            })
            .map_err(|error| WriteError::Stopped { reason: format!("its thread could not be started ({error})") })?;
        // Made before the wait, so that the thread is joined on every way out.
        let writer = Self { info, layout, queue, thread: Some(thread) };
        loaded.recv().unwrap_or_else(|_| Err(died()))?;
        Ok(writer)
    }

    /// How the model's own file says that prompts are laid out for it (`vachak.layout`), where it was made for this.
    pub fn layout(&self) -> Option<&str> {
        self.layout.as_deref()
    }
}

impl Writer for EmbeddedWriter {
    fn info(&self) -> WriterInfo {
        self.info.clone()
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        // The worker has found the stop texts already and holds back none of the text after them.
        let limits = Limits { stop: Vec::new(), ..Limits::of(&request) };
        let (reply, mut pieces) = mpsc::channel(queue::most_replies(&request));
        if let Err(error) = self.queue.push(Job { request, reply, asked: std::time::Instant::now() }) {
            return stream::once(async { Err(error) }).boxed();
        }
        let text = async_stream::try_stream! {
            loop {
                match pieces.recv().await {
                    Some(Reply::Text(piece)) => yield Piece::Text(piece),
                    Some(Reply::Done(usage)) => {
                        yield Piece::End(usage);
                        return;
                    }
                    Some(Reply::Failed(error)) => Err(error)?,
                    None => Err(died())?,
                }
            }
        };
        limited(text, limits)
    }

    fn probe(&self, deadline: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.queue.probe(reply)?;
            match timeout_at(deadline, answer).await {
                Ok(answer) => answer.unwrap_or_else(|_| Err(died())),
                Err(_) => Err(WriteError::DeadlinePassed),
            }
        })
    }
}

impl Drop for EmbeddedWriter {
    /// Stops the lines in progress, between two steps, and waits for the thread.
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!(model = %self.info.model, "the embedded model's thread had panicked");
        }
    }
}

/// The file's name without its ending.
fn name(model: &Path) -> String {
    model.file_stem().map_or_else(|| model.display().to_string(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::time::Duration;

    use super::*;
    use crate::collect::collect;

    /// A writer whose thread is the test's own.
    fn writer(work: impl FnOnce(&Queue) + Send + 'static) -> EmbeddedWriter {
        let queue = Arc::new(Queue::default());
        EmbeddedWriter {
            layout: None,
            info: WriterInfo { backend: Backend::Embedded, model: "none".to_owned() },
            queue: Arc::clone(&queue),
            thread: Some(std::thread::spawn(move || {
                work(&queue);
                queue.end();
            })),
        }
    }

    fn request() -> WriteRequest {
        WriteRequest::new("a prompt", Instant::now() + Duration::from_secs(20))
    }

    #[tokio::test]
    async fn a_thread_that_dies_under_a_request_is_reported() {
        let writer = writer(|queue| {
            queue.wait();
            for job in queue.take(1, 0, false) {
                job.reply.try_send(Reply::Text("Four".to_owned())).unwrap();
            }
        });
        assert_eq!(collect(&writer, request()).await, Err(died()));
        assert_eq!(collect(&writer, request()).await, Err(died()));
        assert_eq!(writer.probe(request().deadline).await, Err(died()));
    }

    #[tokio::test]
    async fn a_full_queue_is_reported_at_once() {
        let (go, wait) = sync_channel::<()>(0);
        let writer = writer(move |queue| {
            let _ = wait.recv();
            drop(queue.take_probes());
        });
        let waiting: Vec<_> = (0..queue::QUEUE).map(|_| writer.write(request())).collect();
        assert_eq!(collect(&writer, request()).await, Err(WriteError::Busy));
        drop(go);
        drop(waiting);
    }
}
