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
    sync::{Notify, mpsc, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    account::{Accounts, Check},
    ahead::shelf::Begun,
    breaker::Breaker,
    plan::Pace,
    writers::Model,
};
use crate::telemetry::{Metrics, Repeats, metrics::ByReason};

/// Another try is made when what is left of the time is at least this, and twice what a line takes.
const WORTH_A_RETRY: Duration = Duration::from_millis(20);
/// A line that is there so soon is heard with the moment itself.
pub(crate) const INSTANT: Duration = Duration::from_millis(150);

/// A moment, and who wants a line of it.
#[derive(Debug)]
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
#[derive(Debug)]
pub struct Wanted {
    /// The persona's place at the microphone.
    pub place: usize,
    /// Who speaks.
    pub persona: Arc<Persona>,
    /// What kind of line.
    pub kind: LineKind,
    /// What the persona said lately, so that the model does not say it again.
    pub memory: Memory,
    /// The line, where it was begun before its ball came.
    pub begun: Option<Begun>,
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
    busy: Arc<watch::Sender<bool>>,
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
        accounts: Accounts,
        metrics: Metrics,
        stop: CancellationToken,
    ) -> Self {
        let scribe = Self {
            waiting: Arc::default(),
            breaker: Arc::default(),
            takes: Arc::default(),
            busy: Arc::new(watch::Sender::new(false)),
            info: model.writer.info(),
        };
        let desk =
            Task { scribe: scribe.clone(), model, cast, answers, accounts, metrics, repeats: Repeats::default() };
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

    /// Whether it is known how long a line takes.
    pub fn is_measured(&self) -> bool {
        lock(&self.takes).is_some()
    }

    /// Whether somebody waits for a line now.
    pub fn busy(&self) -> watch::Receiver<bool> {
        self.busy.subscribe()
    }

    /// Notes how long a line took: a slower one counts at once, faster ones little by little.
    pub(super) fn took(&self, time: Duration) {
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
    accounts: Accounts,
    metrics: Metrics,
    repeats: Repeats,
}

impl Task {
    async fn run(mut self) {
        loop {
            let job = lock(&self.scribe.waiting.jobs).pop_first();
            self.scribe.busy.send_if_modified(|busy| std::mem::replace(busy, job.is_some()) != job.is_some());
            let Some((match_id, mut job)) = job else {
                self.scribe.waiting.news.notified().await;
                continue;
            };
            let mut said: Option<(usize, CheckedLine)> = None;
            for mut wanted in std::mem::take(&mut job.wanted) {
                if job.cancel.is_cancelled() {
                    break;
                }
                let mut memory = wanted.memory.clone();
                if let Some((_, line)) = said.take().filter(|(place, _)| *place == wanted.place) {
                    memory.remember(&job.moment, line.text());
                }
                let line = self.line(&job, &mut wanted, &memory).await;
                said = line.clone().map(|line| (wanted.place, line));
                let answer =
                    Written { job: job.id, match_id: match_id.clone(), persona: wanted.place, kind: wanted.kind, line };
                if self.answers.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    /// A checked line that was not said a moment ago: one that was begun before its ball, else a new one. A second try
    /// names the fault of the first.
    async fn line(&mut self, job: &Job, wanted: &mut Wanted, memory: &Memory) -> Option<CheckedLine> {
        let mut words = match wanted.begun.take() {
            Some(begun) => finished(begun, job).await,
            None => None,
        };
        if !lock(&self.scribe.breaker).allows(std::time::Instant::now()) {
            return None;
        }
        let Wanted { persona, kind, .. } = wanted;
        let layout = self.model.layout;
        let cast: Vec<&Persona> = self.cast.iter().map(|persona| &**persona).collect();
        let mut prompt = render_among(&cast, &job.moment, persona, *kind, layout, None);
        for attempt in 0..TRIES {
            let begun = Instant::now();
            let is_new = words.is_none();
            let (text, tokens) = match words.take() {
                Some(words) => words,
                None => match self.write(job, &prompt, attempt).await {
                    Ok(line) => {
                        self.accounts.wrote(&job.moment.match_id, &persona.id, &line.usage);
                        (line.text, line.usage.written_tokens.unwrap_or(0))
                    }
                    Err(error) => {
                        self.failed(&error);
                        if matches!(error, WriteError::DeadlinePassed) {
                            self.scribe.took(begun.elapsed().max(INSTANT * 2));
                        }
                        return None;
                    }
                },
            };
            let took = begun.elapsed();
            if is_new {
                self.scribe.took(took);
                if lock(&self.scribe.breaker).succeeded() {
                    tracing::info!("the model writes again");
                }
            }
            let check = |check| self.accounts.judged(&job.moment.match_id, &persona.id, attempt, check);
            match judge(&text, *kind, &job.moment, persona, layout, memory) {
                Reply::Line(line) => {
                    check(Check::Passed);
                    return Some(line);
                }
                Reply::Repeat(line) => {
                    check(Check::Repeated);
                    tracing::trace!(key = %job.moment.key, persona = %persona.id, "said a moment ago: {}", line.text());
                }
                Reply::Refused(rejection) => {
                    check(Check::Refused);
                    self.metrics.rejected.inc();
                    tracing::debug!(key = %job.moment.key, persona = %persona.id, "the model's line is refused: {rejection}");
                    prompt = render_among(&cast, &job.moment, persona, *kind, layout, Some(&rejection));
                }
            }
            self.accounts.wasted(&job.moment.match_id, &persona.id, tokens);
            if job.deadline.saturating_duration_since(Instant::now()) < WORTH_A_RETRY.max(took * 2) {
                return None;
            }
        }
        None
    }

    async fn write(&self, job: &Job, prompt: &Prompt, attempt: u32) -> Result<llm::Written, WriteError> {
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
        collect(&*self.model.writer, request).await
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

/// The words of a line that was begun before its ball, and their tokens, once it is there; `None` when it will not be in
/// time.
async fn finished(begun: Begun, job: &Job) -> Option<(String, u32)> {
    tokio::select! {
        answer = begun.answer => answer.ok()?.ok(),
        () = tokio::time::sleep_until(job.deadline) => None,
        () = job.cancel.cancelled() => None,
    }
}
