//! The terminal's own connection: it subscribes to events, score and lines like any other listener, and prints.

use std::{io::Write, time::Duration};

use commentary::Line;
use cricket::event::decode_payload;
use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use super::broadcast::Broadcast;
use crate::replay::{
    BrokerUrl,
    link::{Incoming, Link, LinkSettings},
    link_error::LinkError,
};

/// How long a block is held back for what may still be said about the last ball.
const HOLD: Duration = Duration::from_millis(500);
/// How long nothing must be said after the match's end before the broadcast closes.
const LAST_WORDS: Duration = Duration::from_millis(1500);
/// The longest a broadcast waits for last words.
const LAST_WORDS_LIMIT: Duration = Duration::from_secs(20);

/// A listener that prints.
pub struct Client {
    link: Link,
    incoming: tokio::sync::mpsc::Receiver<Incoming>,
    broadcast: Broadcast,
    /// Whether a line with the score stays at the foot of the screen.
    foot: bool,
    /// The last `seq` that the daemon's score accounts for.
    scored: watch::Sender<u64>,
}

impl Client {
    /// Subscribes to everything about a match. With `foot`, the last line of the terminal always shows the score.
    ///
    /// # Errors
    /// [`LinkError`] when the broker cannot be reached.
    pub async fn connect(
        broker: BrokerUrl,
        base_topic: &str,
        match_id: &str,
        broadcast: Broadcast,
        foot: bool,
    ) -> Result<Self, LinkError> {
        let topic = |leaf: &str| format!("{base_topic}/{match_id}/{leaf}");
        let (link, incoming) = Link::connect(LinkSettings {
            broker,
            client_id: format!("vachak-terminal-{}", std::process::id()),
            last_will: None,
            subscriptions: vec![topic("events"), topic("score"), topic("commentary/+")],
        })
        .await?;
        Ok(Self { link, incoming, broadcast, foot, scored: watch::Sender::new(0) })
    }

    /// How far the daemon's score has come, to be watched.
    pub fn scored(&self) -> watch::Receiver<u64> {
        self.scored.subscribe()
    }

    /// Prints until the match has ended and the last words are said, or `stop` says so. Hands back the match as heard.
    ///
    /// # Errors
    /// When `out` cannot be written; a closed pipe is such a case.
    pub async fn show(mut self, out: &mut (dyn Write + Send), stop: &CancellationToken) -> std::io::Result<Broadcast> {
        let mut tick = tokio::time::interval(HOLD / 2);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut heard, mut ended): (Instant, Option<Instant>) = (Instant::now(), None);
        loop {
            tokio::select! {
                message = self.incoming.recv() => {
                    let Some(message) = message else { break };
                    if !message.topic.ends_with("/score") {
                        heard = Instant::now();
                    }
                    let text = self.text(&message);
                    self.print(out, &text)?;
                    if ended.is_none() && self.broadcast.state().recorded_result.is_some() {
                        ended = Some(Instant::now());
                    }
                }
                _ = tick.tick() => {
                    if self.broadcast.holds_back() && heard.elapsed() >= HOLD {
                        let text = self.broadcast.flush();
                        self.print(out, &text)?;
                    }
                    let over = ended.is_some_and(|ended| heard.elapsed() >= LAST_WORDS || ended.elapsed() >= LAST_WORDS_LIMIT);
                    if over {
                        break;
                    }
                }
                () = stop.cancelled() => break,
            }
        }
        let text = self.broadcast.flush();
        self.print(out, &text)?;
        if self.foot {
            write!(out, "{ERASE}")?;
        }
        out.flush()?;
        self.link.close().await;
        Ok(self.broadcast)
    }

    fn text(&mut self, message: &Incoming) -> String {
        if message.topic.ends_with("/events") {
            let events = decode_payload(&message.payload).unwrap_or_default();
            events.into_iter().flatten().map(|event| self.broadcast.event(event)).collect()
        } else if message.topic.ends_with("/score") {
            if let Ok(score) = serde_json::from_slice::<Value>(&message.payload) {
                self.broadcast.score(&score);
                self.scored.send_replace(score.get("seq").and_then(Value::as_u64).unwrap_or(0));
            }
            String::new()
        } else {
            match serde_json::from_slice::<Line>(&message.payload) {
                Ok(line) => self.broadcast.line(&line),
                Err(error) => {
                    tracing::warn!(topic = message.topic, %error, "not a line of commentary");
                    String::new()
                }
            }
        }
    }

    fn print(&self, out: &mut (dyn Write + Send), text: &str) -> std::io::Result<()> {
        if self.foot {
            write!(out, "{ERASE}{text}{}", self.broadcast.foot())?;
        } else {
            write!(out, "{text}")?;
        }
        out.flush()
    }
}

/// To the line's beginning, and rub it out.
const ERASE: &str = "\r\u{1b}[K";
