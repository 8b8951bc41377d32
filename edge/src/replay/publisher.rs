//! The feed: sends a [`Plan`] at its tempo, keeps status and snapshot retained, answers those who missed something.

use std::{sync::Arc, time::Duration};

use cricket::event::{Event, EventData};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    BrokerUrl, Plan, Speed,
    ledger::Ledger,
    link::{Link, LinkSettings, LinkState},
    link_error::LinkError,
    resync::{self, Missed},
    tempo::pause_before,
};

/// How often the status is published, so that consumers know the feed lives.
const STATUS_EVERY: Duration = Duration::from_secs(10);
/// Snapshots come no closer together than this, however fast the match is played: each holds the whole match.
const SNAPSHOT_APART: Duration = Duration::from_secs(2);
/// How long after the last event a consumer may still ask for what it missed: it waits 2 s before it asks.
const LINGER: Duration = Duration::from_secs(3);
/// How long acknowledgements may stay away.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the feed waits for its listener before it goes on.
const LISTENER: Duration = Duration::from_secs(2);
/// What the listener is given to have its say once it has dealt with an event.
const LAST_WORD: Duration = Duration::from_millis(12);
/// How long a retained message may take to arrive.
const RETAINED: Duration = Duration::from_millis(400);

/// Where and how fast.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The broker.
    pub broker: BrokerUrl,
    /// First levels of the topics, `cricket` unless set otherwise.
    pub base_topic: String,
    /// How fast.
    pub speed: Speed,
    /// No pause is longer than this, at any speed.
    pub longest_pause: Duration,
    /// The last `seq` that a listener has dealt with, where one tells: the feed then never runs ahead of it, so that a
    /// demonstration stays in order even without pauses.
    pub listener: Option<watch::Receiver<u64>>,
}

/// The feed's own state, retained on `<base>/<match>/status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Whether the feed is there.
    pub online: bool,
    /// Its epoch.
    pub epoch: u32,
    /// The last event sent without a gap before it.
    pub seq: u64,
}

/// The status that a feed of this match left on the broker, if there was one.
///
/// # Errors
/// [`LinkError`] when the broker cannot be reached.
pub async fn previous_status(settings: &Settings, match_id: &str) -> Result<Option<Status>, LinkError> {
    let (link, mut incoming) = Link::connect(LinkSettings {
        broker: settings.broker.clone(),
        client_id: client_id("look"),
        last_will: None,
        subscriptions: vec![topic(settings, match_id, "status")],
    })
    .await?;
    let message = tokio::time::timeout(RETAINED, incoming.recv()).await.ok().flatten();
    link.close().await;
    Ok(message.and_then(|message| serde_json::from_slice(&message.payload).ok()))
}

/// A feed on its broker.
pub struct Publisher {
    link: Link,
    settings: Settings,
    plan: Plan,
    epoch: u32,
    ledger: Ledger,
    snapshots: u32,
    last_snapshot: Instant,
    last_status: Instant,
    missed: Arc<Missed>,
}

impl Publisher {
    /// Connects, and says that the feed is there.
    ///
    /// # Errors
    /// [`LinkError`] when the broker cannot be reached.
    pub async fn connect(settings: Settings, plan: Plan) -> Result<Self, LinkError> {
        let epoch = plan.sends.first().or(plan.known.first()).map_or(1, |event| event.epoch);
        let match_id = &plan.match_id;
        let gone = Status { online: false, epoch, seq: 0 };
        let (link, incoming) = Link::connect(LinkSettings {
            broker: settings.broker.clone(),
            client_id: client_id("feed"),
            last_will: Some((topic(&settings, match_id, "status"), json(&gone))),
            subscriptions: vec![topic(&settings, match_id, "resync")],
        })
        .await?;
        let missed = Arc::new(Missed::default());
        tokio::spawn(resync::collect(incoming, epoch, Arc::clone(&missed)));
        let now = Instant::now();
        let ledger = Ledger::starting_with(&plan.known);
        Ok(Self { link, settings, epoch, ledger, plan, snapshots: 0, last_snapshot: now, last_status: now, missed })
    }

    /// The connection's state, to be watched.
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.link.state()
    }

    /// Sends the whole plan; `sent` is told each event as it goes out. Ends early, and in order, when `stop` says so.
    ///
    /// # Errors
    /// [`LinkError`] when the broker stops acknowledging.
    pub async fn play(mut self, stop: &CancellationToken, mut sent: impl FnMut(&Event)) -> Result<(), LinkError> {
        self.publish_status(true).await?;
        if self.plan.in_play {
            self.publish_snapshot().await?;
        } else {
            for event in self.plan.known.clone() {
                self.publish_event(&event).await?;
                sent(&event);
            }
            if self.epoch == 1 {
                self.publish_snapshot().await?;
            }
        }
        let sends = std::mem::take(&mut self.plan.sends);
        let mut previous: Option<Event> = None;
        for mut event in sends {
            let pause = pause_before(previous.as_ref(), &event);
            let until = Instant::now() + self.settings.speed.scale(pause, self.settings.longest_pause);
            if self.wait(until, stop).await? {
                break;
            }
            self.wait_for_listener(stop).await;
            let now = crate::clock::text(crate::clock::now_ms());
            event.ts.get_or_insert_with(|| now.clone());
            event.sent_at = Some(now);
            self.publish_event(&event).await?;
            sent(&event);
            self.ledger.note(&event);
            let over = matches!(event.data, EventData::OverEnd(_) | EventData::InningsEnd(_)) || event.rev > 0;
            // After a restart the ledger lacks what the last epoch sent, until all of it has been sent again.
            if over && self.epoch == 1 && self.last_snapshot.elapsed() >= SNAPSHOT_APART {
                self.publish_snapshot().await?;
            }
            previous = Some(event);
        }
        if !stop.is_cancelled() {
            self.publish_snapshot().await?;
            self.link.settle(PATIENCE).await?;
            self.wait(Instant::now() + LINGER, stop).await?;
        }
        self.publish_status(false).await?;
        self.link.settle(PATIENCE).await?;
        self.link.close().await;
        Ok(())
    }

    /// Waits, and meanwhile answers requests and keeps the status fresh. Whether it was told to stop.
    async fn wait(&mut self, until: Instant, stop: &CancellationToken) -> Result<bool, LinkError> {
        loop {
            if let Some(from) = self.missed.take() {
                for event in self.ledger.since(from) {
                    self.publish_event(&event).await?;
                }
            }
            if self.last_status.elapsed() >= STATUS_EVERY {
                self.publish_status(true).await?;
            }
            if stop.is_cancelled() {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            tokio::select! {
                () = tokio::time::sleep_until(until.min(self.last_status + STATUS_EVERY)) => {}
                () = stop.cancelled() => {}
                () = self.missed.asked.notified() => {}
            }
        }
    }

    /// Waits until the listener has dealt with what it was sent; one that stays silent is left behind.
    async fn wait_for_listener(&mut self, stop: &CancellationToken) {
        let position = self.ledger.position();
        if let Some(listener) = &mut self.settings.listener {
            let dealt_with = async {
                // A listener that has gone is not waited for either.
                let _ = tokio::time::timeout(LISTENER, listener.wait_for(|heard| *heard >= position)).await;
                tokio::time::sleep(LAST_WORD).await;
            };
            tokio::select! {
                () = dealt_with => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn publish_event(&self, event: &Event) -> Result<(), LinkError> {
        self.link.publish(topic(&self.settings, &self.plan.match_id, "events"), json(event), false).await
    }

    async fn publish_snapshot(&mut self) -> Result<(), LinkError> {
        self.snapshots += 1;
        self.last_snapshot = Instant::now();
        let snapshot = self.ledger.snapshot(&self.plan.match_id, self.epoch, self.snapshots);
        self.link.publish(topic(&self.settings, &self.plan.match_id, "snapshot"), json(&snapshot), true).await
    }

    async fn publish_status(&mut self, online: bool) -> Result<(), LinkError> {
        self.last_status = Instant::now();
        let status = Status { online, epoch: self.epoch, seq: self.ledger.position() };
        self.link.publish(topic(&self.settings, &self.plan.match_id, "status"), json(&status), true).await
    }
}

fn topic(settings: &Settings, match_id: &str, leaf: &str) -> String {
    format!("{}/{match_id}/{leaf}", settings.base_topic)
}

/// Our own types hold nothing that JSON cannot.
fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// Two clients of one id throw each other off the broker, so each has its own.
fn client_id(part: &str) -> String {
    let now = jiff::Timestamp::now().as_microsecond();
    format!("vachak-{part}-{}-{:x}", std::process::id(), now)
}
