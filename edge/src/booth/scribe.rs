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
    CheckedLine, LineKind, Memory, Moment, Persona, Reply,
    prompt::render_among,
    reply::{TRIES, judge},
};
use llm::{Meter, Urgency, WriteError, WriteRequest, WriterInfo, collect};
use tokio::{
    sync::{Notify, mpsc, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    account::{Accounts, Check},
    ahead::shelf::Begun,
    exchange::{Exchange, INSTANT, Seat},
    plan::Pace,
    voices::Voices,
};
use crate::telemetry::{Metrics, Repeats, metrics::ByReason};

/// Another try is made when what is left of the time is at least this, and twice what a line takes.
const WORTH_A_RETRY: Duration = Duration::from_millis(20);
/// The part of the time left that is kept for the second model, while it is not known what it takes, and at most.
const SECONDS_SHARE: u32 = 4;
/// How long a rehearsal may take.
const REHEARSAL: Duration = Duration::from_secs(60);

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
    /// The line and who wrote it; `None` when there is none, for whatever reason.
    pub line: Option<(CheckedLine, WriterInfo)>,
}

/// The asker's end.
#[derive(Debug, Clone)]
pub struct Scribe {
    waiting: Arc<Waiting>,
    exchange: Exchange,
    busy: Arc<watch::Sender<bool>>,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: Mutex<BTreeMap<Arc<str>, Job>>,
    news: Notify,
}

impl Scribe {
    /// Starts the scribe's task; it ends with `stop`. The voices that a model is asked for together stand in every prompt.
    pub fn start(
        exchange: Exchange,
        voices: Voices,
        answers: mpsc::Sender<Written>,
        accounts: Accounts,
        metrics: Metrics,
        stop: CancellationToken,
    ) -> Self {
        let scribe = Self { waiting: Arc::default(), exchange, busy: Arc::new(watch::Sender::new(false)) };
        let desk = Task { scribe: scribe.clone(), voices, answers, accounts, metrics, repeats: Repeats::default() };
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

    /// Who writes where that one cannot, if anybody.
    pub fn second_info(&self) -> Option<WriterInfo> {
        self.exchange.second().map(|seat| seat.info.clone())
    }

    /// How soon a line would be there if asked for now; `None` while there is no model, or none is worth asking.
    pub fn pace(&self) -> Option<Pace> {
        self.exchange.seat()?.pace().or_else(|| self.exchange.second()?.pace())
    }

    /// Whether somebody waits for a line now.
    pub fn busy(&self) -> watch::Receiver<bool> {
        self.busy.subscribe()
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

/// By when the first model must have written, so that the second still can: twice what that one takes is kept for it, but
/// never more than its share.
fn first_deadline(deadline: Instant, second: &Seat) -> Instant {
    let share = deadline.saturating_duration_since(Instant::now()) / SECONDS_SHARE;
    deadline - second.takes().map_or(share, |takes| (takes * 2).min(share))
}

struct Task {
    scribe: Scribe,
    voices: Voices,
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
                said = line.clone().map(|(line, _)| (wanted.place, line));
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
    async fn line(&mut self, job: &Job, wanted: &mut Wanted, memory: &Memory) -> Option<(CheckedLine, WriterInfo)> {
        if let Some(begun) = wanted.begun.take()
            && let Some(found) = self.begun(job, wanted, begun, memory).await
        {
            return Some(found);
        }
        let first = self.scribe.exchange.seat()?;
        let second = self.scribe.exchange.second();
        let until = second.as_ref().map_or(job.deadline, |second| first_deadline(job.deadline, second));
        if let Some(line) = self.written(&first, until, job, wanted, memory).await {
            if let Some(second) = second {
                self.rehearse(second, job, wanted, memory);
            }
            return Some(line);
        }
        let second = second?;
        self.written(&second, job.deadline, job, wanted, memory).await
    }

    /// A checked line by who sits in this seat, if it is there by `until`.
    async fn written(
        &mut self,
        seat: &Seat,
        until: Instant,
        job: &Job,
        wanted: &Wanted,
        memory: &Memory,
    ) -> Option<(CheckedLine, WriterInfo)> {
        if job.cancel.is_cancelled() || until <= Instant::now() || !seat.breaker().allows(std::time::Instant::now()) {
            return None;
        }
        let Wanted { persona, kind, .. } = wanted;
        let layout = seat.model.layout;
        let cast = self.voices.cast(&seat.model);
        let cast: Vec<&Persona> = cast.iter().map(|persona| &**persona).collect();
        let mut prompt = render_among(&cast, &job.moment, persona, *kind, layout, None);
        for attempt in 0..TRIES {
            let (begun, meter) = (Instant::now(), Meter::default());
            let mut sampling = seat.model.sampling;
            // The same seed and prompt would only bring the same line again.
            sampling.seed = sampling.seed.map(|seed| seed.wrapping_add(attempt));
            let asked = seat.model.request(&prompt, &job.moment, persona, memory, until);
            let request = WriteRequest { sampling, cancel: job.cancel.clone(), meter: meter.clone(), ..asked };
            let (text, tokens) = match collect(&*seat.model.writer, request).await {
                Ok(line) => {
                    self.accounts.wrote(&job.moment.match_id, &persona.id, &line.usage);
                    (line.text, line.usage.written_tokens.unwrap_or(0))
                }
                Err(error) => {
                    let usage = meter.usage();
                    self.accounts.wrote(&job.moment.match_id, &persona.id, &usage);
                    self.accounts.wasted(&job.moment.match_id, &persona.id, usage.written_tokens.unwrap_or(0));
                    self.failed(seat, &error);
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
            let check = |check| self.accounts.judged(&job.moment.match_id, &persona.id, attempt, check);
            match judge(&text, *kind, &job.moment, persona, layout, memory) {
                Reply::Line(line) => {
                    check(Check::Passed);
                    return Some((line, seat.info.clone()));
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
            if until.saturating_duration_since(Instant::now()) < WORTH_A_RETRY.max(took * 2) {
                return None;
            }
        }
        None
    }

    /// A line that was begun before its ball, once it is there, if it holds.
    async fn begun(
        &self,
        job: &Job,
        wanted: &Wanted,
        begun: Begun,
        memory: &Memory,
    ) -> Option<(CheckedLine, WriterInfo)> {
        let (seat, match_id, persona) = (begun.seat, &job.moment.match_id, &wanted.persona);
        let answer = tokio::select! {
            answer = begun.answer => answer.ok(),
            () = tokio::time::sleep_until(job.deadline) => None,
            () = job.cancel.cancelled() => None,
        };
        let (text, tokens) = answer?.ok()?;
        let check = match judge(&text, wanted.kind, &job.moment, persona, seat.model.layout, memory) {
            Reply::Line(line) => {
                self.accounts.judged(match_id, &persona.id, 0, Check::Passed);
                return Some((line, seat.info.clone()));
            }
            Reply::Repeat(_) => Check::Repeated,
            Reply::Refused(_) => Check::Refused,
        };
        self.accounts.judged(match_id, &persona.id, 0, check);
        self.accounts.wasted(match_id, &persona.id, tokens);
        None
    }

    /// Has the second model write, once and for nobody, what the first has just written: so it is known how long that
    /// takes, and what its prompts begin with is computed, before it is needed in a hurry.
    fn rehearse(&self, second: Arc<Seat>, job: &Job, wanted: &Wanted, memory: &Memory) {
        let cast = self.voices.cast(&second.model);
        let cast: Vec<&Persona> = cast.iter().map(|persona| &**persona).collect();
        let persona = &wanted.persona;
        let prompt = render_among(&cast, &job.moment, persona, wanted.kind, second.model.layout, None);
        if !second.is_to_rehearse(prompt.text.get(..prompt.fixed_len).unwrap_or_default()) {
            return;
        }
        let asked = second.model.request(&prompt, &job.moment, persona, memory, Instant::now() + REHEARSAL);
        let request = WriteRequest { urgency: Urgency::Ahead, ..asked };
        let (accounts, match_id, persona) = (self.accounts.clone(), job.moment.match_id.clone(), persona.clone());
        tokio::spawn(async move {
            let meter = request.meter.clone();
            let (model, written) = (&second.info.model, collect(&*second.model.writer, request).await);
            match &written {
                Ok(line) => {
                    second.took(line.total);
                    tracing::debug!(%model, "the other model has rehearsed, in {} ms", line.total.as_millis());
                }
                Err(error) => tracing::debug!(%model, "the other model could not rehearse: {error}"),
            }
            let usage = written.map_or_else(|_| meter.usage(), |line| line.usage);
            accounts.wrote(&match_id, &persona.id, &usage);
            accounts.wasted(&match_id, &persona.id, usage.written_tokens.unwrap_or(0));
        });
    }

    fn failed(&mut self, seat: &Seat, error: &WriteError) {
        let model = &seat.info.model;
        if matches!(error, WriteError::Cancelled | WriteError::Busy) {
            seat.breaker().unknown();
            return;
        }
        self.metrics.model_failures.get_or_create(&ByReason { reason: error.label() }).inc();
        let hint = error.hint().map(|hint| format!("; hint: {hint}")).unwrap_or_default();
        let other = self.scribe.exchange.second().filter(|second| !std::ptr::eq(Arc::as_ptr(second), seat));
        let instead = if other.is_some() { "the other model" } else { "the phrasebook" };
        if self.repeats.say(&format!("{model} {}", error.label())).is_some() {
            tracing::warn!(%model, "the model wrote no line, {instead} speaks: {error}{hint}");
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
