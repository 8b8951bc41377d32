//! The commentator's desk: the one task that owns the matches, and through which everything passes.
//!
//! Invariants: only this task changes a match; it never waits for the broker, a browser or a model, only for the
//! journal; what a batch of messages brought is committed in one transaction, and then acknowledged and sent. `game`
//! is one match, `ahead` looks at what may come next, `told` what was said in it, `tempo` whether there is time to say more, `speak` makes lines of moments,
//! `score` is what an overlay reads, `settle` commits and sends,
//! `intake` takes messages, `report` tells how the box is.

mod ahead;
mod game;
mod intake;
mod overtaken;
mod report;
mod score;
mod settle;
mod speak;
mod stop;
mod tempo;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{
    booth::{Accounts, Ahead, Scribe, Voices, Written},
    feed::{FromBroker, Receipt, Received, Subject, ToBroker, Topics},
    journal::{Journal, LineRecord, Recovered, Transaction},
    outbox::Outbox,
    past::Past,
    telemetry::{Metrics, Repeats, Ticks},
    web::Board,
};
use game::Game;

/// Messages taken together, and committed together.
const BATCH: usize = 32;
/// Messages held back while lines are leaving; the broker sends no more than its window of unacknowledged ones.
const MOST_HELD: usize = 1024;
/// Echoes of our lines are in when none has come for so long.
const QUIET: Duration = Duration::from_secs(1);
/// Longer they are not waited for: lines are for now.
const LONGEST_LISTENING: Duration = Duration::from_secs(3);
/// How often the desk looks at the clock.
const TICK: Duration = Duration::from_millis(100);

/// What the desk works with.
#[derive(Debug)]
pub struct Tools {
    /// Where everything is committed.
    pub journal: Journal,
    /// What goes to the broker.
    pub out: mpsc::Sender<ToBroker>,
    /// What comes from the broker.
    pub inbox: mpsc::Receiver<FromBroker>,
    /// Who speaks.
    pub voices: Voices,
    /// Who writes for them, if anybody.
    pub scribe: Option<Scribe>,
    /// Who writes ahead of the ball, if anybody.
    pub ahead: Option<Ahead>,
    /// What the writing costs and brings.
    pub accounts: Accounts,
    /// Past matches, if there is an archive.
    pub past: Option<Past>,
    /// What was written.
    pub written: mpsc::Receiver<Written>,
    /// What the page shows.
    pub board: Arc<Board>,
    /// Our topics.
    pub topics: Topics,
    /// The counters.
    pub metrics: Metrics,
    /// The desk's sign of life.
    pub ticks: Ticks,
}

/// What the desk must know of the configuration.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long a line is worth saying.
    pub line_lasts: Duration,
    /// How long a model may write.
    pub model_deadline: Duration,
    /// What is published as `info`, an object of JSON; who writes is added to it.
    pub info: serde_json::Value,
}

/// The desk.
#[derive(Debug)]
pub struct Desk {
    tools: Tools,
    rules: Rules,
    games: BTreeMap<Arc<str>, Game>,
    outbox: Outbox,
    pending: Pending,
    repeats: Repeats,
    next_job: u64,
    /// Messages that wait until there is room for the lines they will bring.
    held: VecDeque<Received>,
    /// Since when echoes of our lines are listened for, and when the last one came or was acknowledged.
    listening: Option<(Instant, Instant)>,
    report: report::Report,
}

/// What waits for the next commit.
#[derive(Debug, Default)]
struct Pending {
    transaction: Transaction,
    /// In the order of receiving: brokers want acknowledgements in that order (MQTT 4.6).
    receipts: Vec<Receipt>,
    /// Lines of the transaction, with the event's arrival: they go out once it is committed.
    lines: Vec<(LineRecord, Instant)>,
    /// Matches whose score changed.
    scores: Vec<Arc<str>>,
    /// Matches about whose next ball there is something new to think.
    looks: BTreeSet<Arc<str>>,
    /// Matches whose report is due.
    reports: BTreeSet<Arc<str>>,
    /// Failed commits in a row, and when to try again.
    failures: u32,
    retry: Option<Instant>,
}

impl Desk {
    /// A desk with the matches and lines of the last run.
    pub fn new(tools: Tools, rules: Rules, recovered: Recovered) -> Self {
        let mut desk = Self {
            tools,
            rules,
            games: BTreeMap::new(),
            outbox: Outbox::default(),
            pending: Pending::default(),
            repeats: Repeats::default(),
            next_job: 0,
            held: VecDeque::new(),
            listening: None,
            report: report::Report::default(),
        };
        desk.outbox.set_state(desk.tools.topics.state(), "online");
        desk.report_info();
        for found in recovered.matches {
            desk.carry_on(found);
        }
        desk
    }

    /// Works until told to stop, then clears the desk.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut clock = interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(from) = self.tools.inbox.recv() => {
                    self.take(from);
                    for _ in 1..BATCH {
                        let Ok(next) = self.tools.inbox.try_recv() else { break };
                        self.take(next);
                    }
                }
                Some(written) = self.tools.written.recv() => self.take_written(written),
                _ = clock.tick() => self.look_at_clock(),
            }
            self.tools.ticks.tick();
            self.settle().await;
            while !self.held.is_empty() && !self.outbox.is_crowded() {
                for message in self.held.drain(..BATCH.min(self.held.len())).collect::<Vec<_>>() {
                    self.take_message(message);
                }
                self.settle().await;
            }
        }
        self.clear().await;
    }

    fn take(&mut self, from: FromBroker) {
        match from {
            FromBroker::Message(echo) if self.tools.topics.subject(&echo.topic) == Subject::Line => {
                if let Some((_, last)) = &mut self.listening {
                    *last = Instant::now();
                }
                self.outbox.echoed(&echo.payload);
                self.pending.receipts.push(echo.receipt);
            }
            FromBroker::Message(message) if self.held.is_empty() && !self.outbox.is_crowded() => {
                self.take_message(*message);
            }
            FromBroker::Message(message) => {
                self.held.push_back(*message);
                if self.held.len() > MOST_HELD
                    && let Some(oldest) = self.held.pop_front()
                {
                    self.take_message(oldest);
                }
            }
            FromBroker::Published(token) => self.outbox.published(token),
            FromBroker::Connected => {
                self.tools.metrics.connects.inc();
                self.tools.metrics.connected.set(1);
                tracing::info!("connected to the broker");
                let now = Instant::now();
                self.listening = self.outbox.connected().then_some((now, now));
            }
            FromBroker::Lost => {
                self.tools.metrics.connected.set(0);
                self.listening = None;
                self.outbox.lost();
            }
        }
    }

    /// Sends what may get lost: an acknowledgement that is not sent only brings the message again.
    fn send(&mut self, command: ToBroker) {
        if self.tools.out.try_send(command).is_err() && self.repeats.say("queue to the broker").is_some() {
            tracing::warn!("the queue to the broker is full; what it lost is sent again");
        }
    }

    fn look_at_clock(&mut self) {
        let now = Instant::now();
        if self.listening.is_some_and(|(since, last)| now - last >= QUIET || now - since >= LONGEST_LISTENING) {
            self.listening = None;
            self.outbox.resume();
        }
        self.heal_gaps(now);
        self.report_info();
        self.report_health(now);
    }
}
