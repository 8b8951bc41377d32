//! Keeping the connection: session after session, with pauses between.

use std::time::{Duration, Instant};

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    backoff::Backoff,
    port::{FromBroker, ToBroker},
    session::{Ended, run_session},
};
use crate::telemetry::{Repeats, Ticks};

/// Messages that may wait for the desk; when it is full the broker holds the rest.
const INBOX: usize = 256;
/// Publications and acknowledgements that may wait for the connection.
const OUTBOX: usize = 2048;
/// How long a session must last for the pauses to start over.
const STABLE: Duration = Duration::from_secs(30);
/// So many sessions in a row, each thrown out soon after it began, look like a second client with our id.
const THROWN_OUT: u32 = 3;

/// How to reach the broker, and as whom.
#[derive(Debug, Clone)]
pub struct LinkConfig {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Client id.
    pub client_id: String,
    /// User name and password.
    pub login: Option<(String, crate::config::Secret)>,
    /// Seconds of silence after which the broker takes us for dead.
    pub keep_alive: Duration,
    /// Largest message taken, in bytes.
    pub max_packet: usize,
    /// What is listened to.
    pub subscriptions: Vec<String>,
    /// Topic and text that the broker publishes when we vanish.
    pub last_will: (String, &'static str),
}

/// The house's end of the connection.
#[derive(Debug)]
pub struct Link {
    /// What goes to the broker. While there is no session, what is put here is dropped: see [`FromBroker::Lost`].
    pub out: mpsc::Sender<ToBroker>,
    /// What comes from the broker.
    pub inbox: mpsc::Receiver<FromBroker>,
    /// The task; it ends after `stop`, having said goodbye to the broker.
    pub task: JoinHandle<()>,
}

impl Link {
    /// Starts to connect, and goes on until `stop`.
    pub fn start(config: LinkConfig, ticks: Ticks, stop: CancellationToken) -> Self {
        let (out, commands) = mpsc::channel(OUTBOX);
        let (to_desk, inbox) = mpsc::channel(INBOX);
        let task = tokio::spawn(keep_connected(config, commands, to_desk, ticks, stop));
        Self { out, inbox, task }
    }
}

async fn keep_connected(
    mut config: LinkConfig,
    mut commands: mpsc::Receiver<ToBroker>,
    to_desk: mpsc::Sender<FromBroker>,
    ticks: Ticks,
    stop: CancellationToken,
) {
    let (mut backoff, mut repeats) = (Backoff::default(), Repeats::default());
    let (mut session, mut thrown_out) = (0_u64, 0_u32);
    loop {
        session += 1;
        let began = Instant::now();
        let ended = run_session(session, &config, &mut commands, &to_desk, &ticks, &stop).await;
        if matches!(ended, Ended::Stopped) || stop.is_cancelled() {
            return;
        }
        // What was meant for the lost session must not reach the next one: the outbox sends it again.
        while commands.try_recv().is_ok() {}
        let lasted = began.elapsed();
        if lasted >= STABLE {
            backoff.reset();
        }
        thrown_out = match &ended {
            Ended::ThrownOut(_) if lasted < STABLE => thrown_out + 1,
            _ => 0,
        };
        if let Ended::TooLarge { .. } = ended {
            config.max_packet = config.max_packet.saturating_mul(4).min(268_435_455);
        }
        say(&ended, &config, thrown_out, &mut repeats);
        if ended.was_connected() && to_desk.send(FromBroker::Lost).await.is_err() {
            return;
        }
        if !pause(backoff.pause(), &ticks, &stop).await {
            return;
        }
    }
}

/// Says why the session ended, once for each reason.
fn say(ended: &Ended, config: &LinkConfig, thrown_out: u32, repeats: &mut Repeats) {
    let broker = format!("{}:{}", config.host, config.port);
    if thrown_out >= THROWN_OUT && repeats.say("thrown out").is_some() {
        let id = &config.client_id;
        tracing::error!(
            %broker, client_id = %id,
            "the broker closed the connection {thrown_out} times just after it was made: most likely another client \
             uses the id {id}, and each throws the other out; hint: give every box its own node.name, or broker.client_id"
        );
        return;
    }
    let text = match ended {
        Ended::Stopped => return,
        Ended::NotConnected(reason) => {
            format!(
                "no connection to the broker at {broker}: {reason}; hint: check that it runs, and broker.host and broker.port; trying on"
            )
        }
        Ended::Refused(reason) => {
            format!(
                "the broker at {broker} refuses us: {reason}; hint: check broker.username and the password; trying on"
            )
        }
        Ended::ThrownOut(reason) => {
            format!("the connection to the broker at {broker} is lost: {reason}; connecting again")
        }
        Ended::TooLarge { reason } => {
            format!(
                "the broker at {broker} sent a message over the limit ({reason}); connecting again with a higher one, to set it aside; hint: broker.max_packet_bytes"
            )
        }
        Ended::Stuck => format!(
            "messages from the broker at {broker} were not taken in time; connecting again, they will be sent again"
        ),
    };
    if let Some(unsaid) = repeats.say(&text) {
        let again = if unsaid > 0 { format!(" ({unsaid} more times since)") } else { String::new() };
        tracing::warn!(%broker, "{text}{again}");
    }
}

/// Waits; false when told to stop meanwhile.
async fn pause(whole: Duration, ticks: &Ticks, stop: &CancellationToken) -> bool {
    let until = tokio::time::Instant::now() + whole;
    loop {
        ticks.tick();
        let next = until.min(tokio::time::Instant::now() + Duration::from_secs(1));
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep_until(next) => if next == until { return true },
        }
    }
}
