//! Has lines written by the model, the newest moment of each match first and only.
//!
//! Asking is instant and replaces what was waiting for the same match; what is being written is cancelled by the asker.
//! The answers come back over a bounded channel, each naming its job: an answer to an old job is of no interest.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use commentary::{
    CheckedLine, LineKind, Memory, Moment, Persona, Prompt, Reply,
    prompt::render_retry,
    render,
    reply::{TRIES, judge},
};
use llm::{WriteError, WriteRequest, WriterInfo, collect};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    exchange::{Exchange, INSTANT, Seat},
    plan::Pace,
};
use crate::telemetry::{Metrics, Repeats, metrics::ByReason};

/// Another try is made when what is left of the time is at least this, and twice what a line takes.
const WORTH_A_RETRY: Duration = Duration::from_millis(20);

/// A moment, and who wants a line of it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Names it in the answers.
    pub id: u64,
    /// The moment.
    pub moment: Arc<Moment>,
    /// The lines wanted, in the order of speaking.
    pub wanted: Vec<Wanted>,
    /// When a line is no longer wanted.
    pub deadline: Instant,
    /// Cancelled by the asker when something newer has happened.
    pub cancel: CancellationToken,
}

/// A line wanted of a moment.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The persona's place at the microphone.
    pub place: usize,
    /// Who speaks.
    pub persona: Arc<Persona>,
    /// What kind of line.
    pub kind: LineKind,
    /// What the persona said lately, so that the model does not say it again.
    pub memory: Memory,
}

/// An answer.
#[derive(Debug)]
pub struct Written {
    /// Which job.
    pub job: u64,
    /// The match.
    pub match_id: Arc<str>,
    /// Whose line, by place at the microphone.
    pub persona: usize,
    /// Its kind.
    pub kind: LineKind,
    /// The line and who wrote it; `None` when there is none, for whatever reason.
    pub line: Option<(CheckedLine, WriterInfo)>,
}

/// The asker's end.
#[derive(Debug, Clone)]
pub struct Scribe {
    waiting: Arc<Waiting>,
    exchange: Exchange,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: Mutex<BTreeMap<Arc<str>, Job>>,
    news: Notify,
}

impl Scribe {
    /// Starts the scribe's task; it ends with `stop`.
    pub fn start(
        exchange: Exchange,
        answers: mpsc::Sender<Written>,
        metrics: Metrics,
        stop: CancellationToken,
    ) -> Self {
        let scribe = Self { waiting: Arc::default(), exchange };
        let desk = Task { scribe: scribe.clone(), answers, metrics, repeats: Repeats::default() };
        tokio::spawn(async move {
            tokio::select! {
                () = desk.run() => {}
                () = stop.cancelled() => {}
            }
        });
        scribe
    }

    /// Who writes now, if there is a model.
    pub fn info(&self) -> Option<WriterInfo> {
        self.exchange.seat().map(|seat| seat.info.clone())
    }

    /// How soon a line would be there if asked for now; `None` while there is no model, or it is not worth asking.
    pub fn pace(&self) -> Option<Pace> {
        self.exchange.seat()?.pace()
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
            let mut said: Option<(usize, CheckedLine)> = None;
            for wanted in &job.wanted {
                if job.cancel.is_cancelled() {
                    break;
                }
                let mut memory = wanted.memory.clone();
                if let Some((_, line)) = said.take().filter(|(place, _)| *place == wanted.place) {
                    memory.remember(&job.moment, line.text());
                }
                let line = self.line(&job, wanted, &memory).await;
                said = line.clone().map(|(line, _)| (wanted.place, line));
                let answer =
                    Written { job: job.id, match_id: match_id.clone(), persona: wanted.place, kind: wanted.kind, line };
                if self.answers.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    /// A checked line that was not said a moment ago. A second try names the fault of the first.
    async fn line(&mut self, job: &Job, wanted: &Wanted, memory: &Memory) -> Option<(CheckedLine, WriterInfo)> {
        let seat = self.scribe.exchange.seat()?;
        if !seat.breaker().allows(std::time::Instant::now()) {
            return None;
        }
        let Wanted { persona, kind, .. } = wanted;
        let layout = seat.model.layout;
        let mut prompt = render(&job.moment, persona, *kind, layout);
        for attempt in 0..TRIES {
            let begun = Instant::now();
            let text = match self.write(&seat, job, &prompt, attempt).await {
                Ok(text) => text,
                Err(error) => {
                    self.failed(&seat, &error);
                    if matches!(error, WriteError::DeadlinePassed) {
                        seat.took(begun.elapsed().max(INSTANT * 2));
                    }
                    return None;
                }
            };
            let took = begun.elapsed();
            seat.took(took);
            if seat.breaker().succeeded() {
                tracing::info!("the model writes again");
            }
            match judge(&text, *kind, &job.moment, persona, layout, memory) {
                Reply::Line(line) => return Some((line, seat.info.clone())),
                Reply::Repeat(line) => {
                    tracing::trace!(key = %job.moment.key, persona = %persona.id, "said a moment ago: {}", line.text());
                }
                Reply::Refused(rejection) => {
                    self.metrics.rejected.inc();
                    tracing::debug!(key = %job.moment.key, persona = %persona.id, "the model's line is refused: {rejection}");
                    prompt = render_retry(&job.moment, persona, *kind, layout, &rejection);
                }
            }
            if job.deadline.saturating_duration_since(Instant::now()) < WORTH_A_RETRY.max(took * 2) {
                return None;
            }
        }
        None
    }

    async fn write(&self, seat: &Seat, job: &Job, prompt: &Prompt, attempt: u32) -> Result<String, WriteError> {
        let mut sampling = seat.model.sampling;
        // The same seed and prompt would only bring the same line again.
        sampling.seed = sampling.seed.map(|seed| seed.wrapping_add(attempt));
        let request = WriteRequest {
            fixed_len: prompt.fixed_len,
            stop: prompt.stop.clone(),
            max_tokens: prompt.max_tokens,
            sampling,
            cancel: job.cancel.clone(),
            ..WriteRequest::new(prompt.text.as_str(), job.deadline)
        };
        collect(&*seat.model.writer, request).await.map(|written| written.text)
    }

    fn failed(&mut self, seat: &Seat, error: &WriteError) {
        let model = &seat.info.model;
        if matches!(error, WriteError::Cancelled | WriteError::Busy) {
            seat.breaker().unknown();
            return;
        }
        self.metrics.model_failures.get_or_create(&ByReason { reason: error.label() }).inc();
        let hint = error.hint().map(|hint| format!("; hint: {hint}")).unwrap_or_default();
        if self.repeats.say(error.label()).is_some() {
            tracing::warn!(%model, "the model wrote no line, the phrasebook speaks: {error}{hint}");
        }
        // A prompt that does not fit is not the model's failure: a shorter one may.
        if !error.is_writers_fault() {
            seat.breaker().unknown();
            return;
        }
        let pause = seat.breaker().failed(std::time::Instant::now());
        if let Some(pause) = pause {
            tracing::warn!(%model, "the model is left alone for {} s after repeated failures", pause.as_secs());
        }
    }
}
