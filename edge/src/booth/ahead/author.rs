//! Has the shelf's lines written: the task behind [`Ahead`].

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use commentary::{Archive, NoArchive, Persona, Prompt, Reply, prompt::render_among, reply::judge};
use cricket::outlook::{NoRecords, Records};
use llm::{Urgency, Usage, WriteError, WriteRequest, collect};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Ahead, Look, Rules, Shared, When,
    budget::Speed,
    prospect::{decisions, prospects},
    shelf::{Answer, Work},
    wish::{Wish, wishes},
};
use crate::{
    booth::{
        Exchange, Pace, Scribe, Seat, Voices,
        account::{Accounts, Check},
        exchange::INSTANT,
    },
    telemetry::{Metrics, heat::Heat},
};

/// Lines written at once: a step of eight sequences costs little more than a step of one.
const AT_ONCE: usize = 8;
/// Attempts at a line, when one was refused or was said a moment ago. Nobody waits, and what comes most, the single, is what
/// a model soonest says in the words of a moment ago.
const TRIES: u32 = 5;
/// How long the writer is at work before its speed is noted.
const STRETCH: Duration = Duration::from_secs(5);
/// A line that takes longer is given up: the match has moved on.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the author works with.
#[derive(Debug, Clone)]
pub struct Tools {
    /// Who writes now.
    pub exchange: Exchange,
    /// Who speaks.
    pub voices: Voices,
    /// Whose lines come first.
    pub scribe: Scribe,
    /// What is configured.
    pub rules: Rules,
    /// The machine's heat.
    pub heat: Heat,
    /// What it costs and brings.
    pub accounts: Accounts,
    /// The counters.
    pub metrics: Metrics,
}

impl Ahead {
    /// Starts the author's task; it ends with `stop`.
    pub fn start(tools: Tools, stop: CancellationToken) -> Self {
        let ahead = Self {
            shared: Arc::default(),
            exchange: tools.exchange.clone(),
            voices: tools.voices.clone(),
            accounts: tools.accounts.clone(),
        };
        let shared = ahead.shared.clone();
        let author =
            Author { shared, tools: Arc::new(tools), speed: Arc::default(), tokens: Arc::default(), busy: None };
        tokio::spawn(async move {
            tokio::select! {
                () = author.run() => {}
                () = stop.cancelled() => {}
            }
        });
        ahead
    }
}

struct Author {
    shared: Arc<Shared>,
    tools: Arc<Tools>,
    speed: Arc<Mutex<Speed>>,
    /// Tokens dealt with so far, read and written.
    tokens: Arc<AtomicU32>,
    /// Since when lines are being written, and the tokens dealt with before.
    busy: Option<(Instant, u32)>,
}

impl Author {
    async fn run(mut self) {
        let mut writing = JoinSet::new();
        let mut live = self.tools.scribe.busy();
        loop {
            // A line that somebody waits for goes first.
            if !*live.borrow_and_update() {
                self.begin(&mut writing);
            }
            self.measure(writing.is_empty());
            tokio::select! {
                () = self.shared.news.notified() => self.think().await,
                _ = writing.join_next(), if !writing.is_empty() => {}
                changed = live.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Renews the shelf of every match of which there is news.
    async fn think(&mut self) {
        loop {
            let next = self.shared.looks().pop_first();
            let Some((match_id, look)) = next else { return };
            let share = self.share();
            let pause = look.pause;
            let wished = if share > 0.0 { self.wished(look).await } else { Vec::new() };
            if self.shared.looks().contains_key(&match_id) {
                // The match has moved on while we thought.
                continue;
            }
            let speed = self.speed.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let budget = self.tools.rules.tokens.map_or_else(|| speed.budget(pause), std::num::NonZeroU32::get);
            let budget = (f64::from(budget) * share) as u32;
            let waste = self
                .shared
                .shelves()
                .entry(match_id.clone())
                .or_default()
                .renew(wished, budget, |wish| speed.cost(own_bytes(&wish.prompt)));
            for waste in waste {
                if let Some(persona) = self.tools.voices.personas.get(waste.place) {
                    self.tools.accounts.wasted(&match_id, &persona.id, waste.tokens);
                }
            }
        }
    }

    /// The part of the usual work that is to be done now, 0 to 1.
    fn share(&self) -> f64 {
        let Some(seat) = self.tools.exchange.seat() else { return 0.0 };
        match (self.tools.rules.when, seat.pace()) {
            // Left alone after failures.
            (_, None) | (When::Off, _) | (When::Auto, Some(Pace::Instant)) => 0.0,
            // The first line shows whether there is anything to be won.
            (When::Auto, _) if !seat.is_measured() => 0.0,
            _ => self.tools.heat.share(),
        }
    }

    /// What is worth writing for the next ball, and for decisions that are due. Thinking takes a while: elsewhere.
    async fn wished(&self, look: Look) -> Vec<Wish> {
        let Some(seat) = self.tools.exchange.seat() else { return Vec::new() };
        let tools = self.tools.clone();
        let thought = tokio::task::spawn_blocking(move || {
            let records: &dyn Records = look.past.as_deref().map_or(&NoRecords, |past| past);
            let archive: &dyn Archive = look.past.as_deref().map_or(&NoArchive, |past| past);
            let mut prospects = prospects(&look.score, look.announced.as_ref(), records, archive);
            prospects.extend(look.undecided.iter().flat_map(|undecided| decisions(undecided, archive)));
            wishes(&prospects, &tools.voices, &look.memories, &seat)
        });
        thought.await.unwrap_or_else(|error| {
            tracing::error!("nothing is written ahead of this ball: {error}");
            Vec::new()
        })
    }

    /// Begins lines, the most valuable of all matches first, as long as there is room.
    fn begin(&mut self, writing: &mut JoinSet<()>) {
        while writing.len() < AT_ONCE {
            let begun = {
                let mut shelves = self.shared.shelves();
                let worth = |shelf: &super::shelf::Shelf| shelf.next_worth().unwrap_or(-1.0);
                let best = shelves.iter_mut().max_by(|(_, a), (_, b)| worth(a).total_cmp(&worth(b)));
                best.and_then(|(match_id, shelf)| Some((match_id.clone(), shelf.begin()?)))
            };
            let Some((match_id, work)) = begun else { return };
            self.busy.get_or_insert_with(|| (Instant::now(), self.tokens.load(Ordering::Relaxed)));
            let pen = Pen {
                match_id,
                shared: self.shared.clone(),
                tools: self.tools.clone(),
                speed: self.speed.clone(),
                tokens: self.tokens.clone(),
            };
            writing.spawn(pen.write(work));
        }
    }

    /// Notes how fast the writer was, when it has nothing more to do or has been at it for long.
    fn measure(&mut self, is_idle: bool) {
        if let Some((since, before)) = self.busy.take_if(|(since, _)| is_idle || since.elapsed() >= STRETCH) {
            let tokens = self.tokens.load(Ordering::Relaxed);
            let mut speed = self.speed.lock().unwrap_or_else(PoisonError::into_inner);
            speed.worked(since.elapsed(), tokens.wrapping_sub(before));
            if !is_idle {
                self.busy = Some((Instant::now(), tokens));
            }
        }
    }
}

/// What a prompt has of its own, beyond what all prompts share.
fn own_bytes(prompt: &Prompt) -> usize {
    prompt.text.len() - prompt.fixed_len.min(prompt.text.len())
}

/// One line in the making.
struct Pen {
    match_id: Arc<str>,
    shared: Arc<Shared>,
    tools: Arc<Tools>,
    speed: Arc<Mutex<Speed>>,
    /// Tokens dealt with, for all pens.
    tokens: Arc<AtomicU32>,
}

impl Pen {
    async fn write(self, work: Work) {
        let (id, place) = (work.id, work.wish.place);
        let (answer, written) = self.line(work).await;
        let mut shelves = self.shared.shelves();
        let kept = shelves.get_mut(&self.match_id).is_some_and(|shelf| shelf.finish(id, answer));
        drop(shelves);
        if !kept && let Some(persona) = self.tools.voices.personas.get(place) {
            self.tools.accounts.wasted(&self.match_id, &persona.id, written);
        }
    }

    /// The writer's words, and tokens written for them. Words that do not hold by the likeliest moment are tried again;
    /// once the ball has come, the real moment is for others to judge by.
    async fn line(&self, work: Work) -> (Answer, u32) {
        let Work { id, wish, cancel } = work;
        let seat = &wish.seat;
        let cast = self.tools.voices.cast(&seat.model);
        let cast: Vec<&Persona> = cast.iter().map(|persona| &**persona).collect();
        let mut prompt = wish.prompt.clone();
        for attempt in 0..TRIES {
            let mut sampling = seat.model.sampling;
            // The same words again would be of no use.
            sampling.seed = sampling.seed.map(|seed| seed.wrapping_add(id as u32).wrapping_add(attempt));
            let until = Instant::now() + PATIENCE;
            let asked = seat.model.request(&prompt, &wish.moment, &wish.persona, &wish.memory, until);
            let request = WriteRequest { sampling, urgency: Urgency::Ahead, cancel: cancel.clone(), ..asked };
            let meter = request.meter.clone();
            let (text, tokens) = match collect(&*seat.model.writer, request).await {
                Ok(line) => {
                    // What the writer itself tells is surer than the count of its pieces.
                    let written_tokens = line.usage.written_tokens.or(meter.usage().written_tokens);
                    let usage = Usage { written_tokens, ..line.usage };
                    self.tools.accounts.wrote(&self.match_id, &wish.persona.id, &usage);
                    self.note(seat, &prompt, line.total, &usage);
                    (line.text, written_tokens.unwrap_or(0))
                }
                Err(error) => {
                    // With it comes no word of what was done until then.
                    let usage = meter.usage();
                    self.tools.accounts.wrote(&self.match_id, &wish.persona.id, &usage);
                    self.dealt_with(&prompt, &usage);
                    let tokens = usage.written_tokens.unwrap_or(0);
                    if error.is_writers_fault() {
                        tracing::debug!(r#match = %self.match_id, "nothing is written ahead: {error}");
                    }
                    return (Err(error), tokens);
                }
            };
            let is_taken = self.shared.shelves().get(&self.match_id).is_some_and(|shelf| shelf.is_taken(id));
            if is_taken {
                return (Ok((text, tokens)), tokens);
            }
            let check = |check| self.tools.accounts.judged(&self.match_id, &wish.persona.id, attempt, check);
            match judge(&text, wish.kind, &wish.moment, &wish.persona, seat.model.layout, &wish.memory) {
                Reply::Line(_) => {
                    check(Check::Passed);
                    return (Ok((text, tokens)), tokens);
                }
                Reply::Repeat(_) => check(Check::Repeated),
                Reply::Refused(rejection) => {
                    check(Check::Refused);
                    self.tools.metrics.rejected.inc();
                    let layout = seat.model.layout;
                    prompt = render_among(&cast, &wish.moment, &wish.persona, wish.kind, layout, Some(&rejection));
                }
            }
            self.tools.accounts.wasted(&self.match_id, &wish.persona.id, tokens);
        }
        (Err(WriteError::Cancelled), 0)
    }

    /// Notes what a line took.
    fn note(&self, seat: &Seat, prompt: &Prompt, total: Duration, usage: &Usage) {
        if total <= INSTANT {
            // Among others, and so soon: alone it would be there at once.
            seat.took(total);
        }
        let mut speed = self.speed.lock().unwrap_or_else(PoisonError::into_inner);
        speed.wrote(prompt.text.len(), usage.prompt_tokens, usage.written_tokens.unwrap_or(0));
        drop(speed);
        self.dealt_with(prompt, usage);
    }

    /// Counts the tokens of a line, whole or given up. Where the writer does not tell of the prompt, it has read what the
    /// prompt has of its own if any text came.
    fn dealt_with(&self, prompt: &Prompt, usage: &Usage) {
        let written = usage.written_tokens.unwrap_or(0);
        let read = match (usage.prompt_tokens, usage.reused_tokens) {
            (Some(prompt), Some(reused)) => prompt.saturating_sub(reused),
            _ if written == 0 => 0,
            _ => self.speed.lock().unwrap_or_else(PoisonError::into_inner).tokens(own_bytes(prompt)),
        };
        self.tokens.fetch_add(read.saturating_add(written), Ordering::Relaxed);
    }
}
