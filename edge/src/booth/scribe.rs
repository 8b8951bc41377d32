//! Has lines written by the model, the newest moment of each match first and only.
//!
//! Asking is instant and replaces what was waiting for the same match; what is being written is cancelled by the asker.
//! The answers come back over a bounded channel, each naming its job: an answer to an old job is of no interest.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use commentary::{CheckedLine, LineKind, Moment, Persona, Prompt, checker::check_as, prompt::render_retry, render};
use llm::{WriteError, WriteRequest, WriterInfo, collect};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{breaker::Breaker, writers::Model};
use crate::telemetry::{Metrics, Repeats, metrics::ByReason};

/// A second try is made when at least this much is left of the time.
const WORTH_A_RETRY: Duration = Duration::from_millis(300);

/// A moment, and who wants a line of it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Names it in the answers.
    pub id: u64,
    /// The moment.
    pub moment: Arc<Moment>,
    /// Personas in the order of speaking: place at the microphone, who, and what kind of line.
    pub personas: Vec<(usize, Arc<Persona>, LineKind)>,
    /// When a line is no longer wanted.
    pub deadline: Instant,
    /// Cancelled by the asker when something newer has happened.
    pub cancel: CancellationToken,
}

/// An answer.
#[derive(Debug)]
pub struct Written {
    /// Which job.
    pub job: u64,
    /// The match.
    pub match_id: Arc<str>,
    /// Whose line.
    pub persona: usize,
    /// The line; `None` when there is none, for whatever reason.
    pub line: Option<CheckedLine>,
}

/// The asker's end.
#[derive(Debug, Clone)]
pub struct Scribe {
    waiting: Arc<Waiting>,
    breaker: Arc<Mutex<Breaker>>,
    info: WriterInfo,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: Mutex<BTreeMap<Arc<str>, Job>>,
    news: Notify,
}

impl Scribe {
    /// Starts the scribe's task; it ends with `stop`.
    pub fn start(model: Model, answers: mpsc::Sender<Written>, metrics: Metrics, stop: CancellationToken) -> Self {
        let scribe = Self { waiting: Arc::default(), breaker: Arc::default(), info: model.writer.info() };
        let desk = Task { scribe: scribe.clone(), model, answers, metrics, repeats: Repeats::default() };
        tokio::spawn(async move {
            tokio::select! {
                () = desk.run() => {}
                () = stop.cancelled() => {}
            }
        });
        scribe
    }

    /// Who writes.
    pub fn info(&self) -> &WriterInfo {
        &self.info
    }

    /// Whether it is worth asking now.
    pub fn is_willing(&self) -> bool {
        !lock(&self.breaker).is_open(std::time::Instant::now())
    }

    /// Asks for lines; whatever waited for the same match is forgotten.
    pub fn ask(&self, job: Job) {
        lock(&self.waiting.jobs).insert(job.moment.match_id.clone(), job);
        self.waiting.news.notify_one();
    }
}

/// Each change under these locks is one call; a panic elsewhere cannot leave them half-made.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Task {
    scribe: Scribe,
    model: Model,
    answers: mpsc::Sender<Written>,
    metrics: Metrics,
    repeats: Repeats,
}

impl Task {
    async fn run(mut self) {
        loop {
            let job = lock(&self.scribe.waiting.jobs).pop_first();
            let Some((match_id, job)) = job else {
                self.scribe.waiting.news.notified().await;
                continue;
            };
            for (place, persona, kind) in &job.personas {
                if job.cancel.is_cancelled() {
                    break;
                }
                let line = self.line(&job, persona, *kind).await;
                let answer = Written { job: job.id, match_id: match_id.clone(), persona: *place, line };
                if self.answers.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    /// A checked line, with one second try that names the fault.
    async fn line(&mut self, job: &Job, persona: &Persona, kind: LineKind) -> Option<CheckedLine> {
        if !lock(&self.scribe.breaker).allows(std::time::Instant::now()) {
            return None;
        }
        let mut prompt = render(&job.moment, persona, kind, self.model.layout);
        for attempt in 0..2 {
            let text = match self.write(job, &prompt, attempt).await {
                Ok(text) => text,
                Err(error) => {
                    self.failed(&error);
                    return None;
                }
            };
            if lock(&self.scribe.breaker).succeeded() {
                tracing::info!("the model writes again");
            }
            match check_as(kind, &text, &job.moment, persona) {
                Ok(line) => return Some(line),
                Err(rejection) => {
                    self.metrics.rejected.inc();
                    tracing::debug!(key = %job.moment.key, persona = %persona.id, "the model's line is refused: {rejection}");
                    if job.deadline.saturating_duration_since(Instant::now()) < WORTH_A_RETRY {
                        return None;
                    }
                    prompt = render_retry(&job.moment, persona, kind, self.model.layout, &rejection);
                }
            }
        }
        None
    }

    async fn write(&self, job: &Job, prompt: &Prompt, attempt: u32) -> Result<String, WriteError> {
        let mut sampling = self.model.sampling;
        // The same seed and prompt would only bring the same line again.
        sampling.seed = sampling.seed.map(|seed| seed.wrapping_add(attempt));
        let request = WriteRequest {
            prompt: prompt.text.clone(),
            stop: prompt.stop.clone(),
            max_tokens: prompt.max_tokens,
            sampling,
            deadline: job.deadline,
            cancel: job.cancel.clone(),
        };
        collect(&*self.model.writer, request).await.map(|written| written.text)
    }

    fn failed(&mut self, error: &WriteError) {
        if !error.is_writers_fault() {
            lock(&self.scribe.breaker).unknown();
            return;
        }
        self.metrics.model_failures.get_or_create(&ByReason { reason: error.label() }).inc();
        let pause = lock(&self.scribe.breaker).failed(std::time::Instant::now());
        let hint = error.hint().map(|hint| format!("; hint: {hint}")).unwrap_or_default();
        if self.repeats.say(error.label()).is_some() {
            tracing::warn!(model = %self.scribe.info.model, "the model wrote no line, the phrasebook speaks: {error}{hint}");
        }
        if let Some(pause) = pause {
            tracing::warn!(model = %self.scribe.info.model, "the model is left alone for {} s after repeated failures", pause.as_secs());
        }
    }
}
