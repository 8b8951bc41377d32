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
    prompt::render_among,
    reply::{TRIES, judge},
};
use llm::{WriteError, WriteRequest, WriterInfo, collect};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{breaker::Breaker, plan::Pace, writers::Model};
use crate::telemetry::{Metrics, Repeats, metrics::ByReason};

/// Another try is made when what is left of the time is at least this, and twice what a line takes.
const WORTH_A_RETRY: Duration = Duration::from_millis(20);
/// A line that is there so soon is heard with the moment itself.
pub(crate) const INSTANT: Duration = Duration::from_millis(150);

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
    /// The line; `None` when there is none, for whatever reason.
    pub line: Option<CheckedLine>,
}

/// The asker's end.
#[derive(Debug, Clone)]
pub struct Scribe {
    waiting: Arc<Waiting>,
    breaker: Arc<Mutex<Breaker>>,
    takes: Arc<Mutex<Option<Duration>>>,
    info: WriterInfo,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: Mutex<BTreeMap<Arc<str>, Job>>,
    news: Notify,
}

impl Scribe {
    /// Starts the scribe's task; it ends with `stop`. The voices of the `cast` stand in every prompt together.
    pub fn start(
        model: Model,
        cast: Vec<Arc<Persona>>,
        answers: mpsc::Sender<Written>,
        metrics: Metrics,
        stop: CancellationToken,
    ) -> Self {
        let scribe =
            Self { waiting: Arc::default(), breaker: Arc::default(), takes: Arc::default(), info: model.writer.info() };
        let desk = Task { scribe: scribe.clone(), model, cast, answers, metrics, repeats: Repeats::default() };
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

    /// How soon a line would be there if asked for now; `None` while it is not worth asking. Until the first line is
    /// written it is taken to be slow.
    pub fn pace(&self) -> Option<Pace> {
        if lock(&self.breaker).is_open(std::time::Instant::now()) {
            return None;
        }
        let takes = *lock(&self.takes);
        Some(if takes.is_some_and(|takes| takes <= INSTANT) { Pace::Instant } else { Pace::Later })
    }

    /// Notes how long a line took: a slower one counts at once, faster ones little by little.
    fn took(&self, time: Duration) {
        let mut takes = lock(&self.takes);
        *takes = Some(takes.map_or(time, |before| time.max((before * 7 + time) / 8)));
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
    cast: Vec<Arc<Persona>>,
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
                said = line.clone().map(|line| (wanted.place, line));
                let answer =
                    Written { job: job.id, match_id: match_id.clone(), persona: wanted.place, kind: wanted.kind, line };
                if self.answers.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    /// A checked line that was not said a moment ago. A second try names the fault of the first.
    async fn line(&mut self, job: &Job, wanted: &Wanted, memory: &Memory) -> Option<CheckedLine> {
        if !lock(&self.scribe.breaker).allows(std::time::Instant::now()) {
            return None;
        }
        let Wanted { persona, kind, .. } = wanted;
        let layout = self.model.layout;
        let cast: Vec<&Persona> = self.cast.iter().map(|persona| &**persona).collect();
        let mut prompt = render_among(&cast, &job.moment, persona, *kind, layout, None);
        for attempt in 0..TRIES {
            let begun = Instant::now();
            let text = match self.write(job, &prompt, attempt).await {
                Ok(text) => text,
                Err(error) => {
                    self.failed(&error);
                    if matches!(error, WriteError::DeadlinePassed) {
                        self.scribe.took(begun.elapsed().max(INSTANT * 2));
                    }
                    return None;
                }
            };
            let took = begun.elapsed();
            self.scribe.took(took);
            if lock(&self.scribe.breaker).succeeded() {
                tracing::info!("the model writes again");
            }
            match judge(&text, *kind, &job.moment, persona, layout, memory) {
                Reply::Line(line) => return Some(line),
                Reply::Repeat(line) => {
                    tracing::trace!(key = %job.moment.key, persona = %persona.id, "said a moment ago: {}", line.text());
                }
                Reply::Refused(rejection) => {
                    self.metrics.rejected.inc();
                    tracing::debug!(key = %job.moment.key, persona = %persona.id, "the model's line is refused: {rejection}");
                    prompt = render_among(&cast, &job.moment, persona, *kind, layout, Some(&rejection));
                }
            }
            if job.deadline.saturating_duration_since(Instant::now()) < WORTH_A_RETRY.max(took * 2) {
                return None;
            }
        }
        None
    }

    async fn write(&self, job: &Job, prompt: &Prompt, attempt: u32) -> Result<String, WriteError> {
        let mut sampling = self.model.sampling;
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
