//! One MQTT connection of a publisher that loses nothing: at most [`WINDOW`] messages wait for their acknowledgement,
//! and whatever was not acknowledged before a connection broke is sent again, in order, on the next one.
//!
//! rumqttc forgets unacknowledged messages when the broker has no session for it, so they are kept here.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Outgoing, Packet, Publish, QoS,
    SubscribeReasonCode,
};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinHandle,
    time::Instant,
};

use super::{
    BrokerUrl,
    link_error::{LinkError, first_error},
};
use crate::broker::MAX_PACKET;

/// Messages on their way without an acknowledgement, at most.
pub const WINDOW: usize = 16;

/// Room for the window sent twice over a reconnect, and for subscriptions.
const REQUESTS: usize = 4 * WINDOW;
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// What the connection reports to its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Connected, for the n-th time (from 1).
    Up(u32),
    /// Lost; it is being sought again.
    Lost(String),
}

/// A message that came in on a subscription.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its topic.
    pub topic: String,
    /// Its bytes.
    pub payload: Vec<u8>,
}

impl From<Publish> for Incoming {
    fn from(message: Publish) -> Self {
        Self { topic: message.topic, payload: message.payload.to_vec() }
    }
}

struct Waiting {
    topic: String,
    payload: Vec<u8>,
    retain: bool,
}

#[derive(Default)]
struct Outbound {
    up: bool,
    waiting: VecDeque<Waiting>,
}

struct Shared {
    client: AsyncClient,
    outbound: Mutex<Outbound>,
    window: Semaphore,
    subscriptions: Vec<String>,
}

/// A connection to a broker.
pub struct Link {
    broker: BrokerUrl,
    shared: Arc<Shared>,
    state: watch::Receiver<LinkState>,
    task: JoinHandle<()>,
}

/// How to connect.
pub struct LinkSettings {
    /// Where.
    pub broker: BrokerUrl,
    /// MQTT client id.
    pub client_id: String,
    /// Retained message that the broker publishes when we are gone without a word: topic and payload.
    pub last_will: Option<(String, Vec<u8>)>,
    /// Topics to hear, subscribed on every connect.
    pub subscriptions: Vec<String>,
}

impl Link {
    /// Connects, and returns once the broker has let us in and acknowledged the subscriptions. Messages on the subscriptions arrive on the receiver; when
    /// its owner is slow, further ones wait at the broker.
    ///
    /// # Errors
    /// [`LinkError::Refused`] and [`LinkError::Unreachable`] for the first connection. Later losses are mended.
    pub async fn connect(settings: LinkSettings) -> Result<(Self, mpsc::Receiver<Incoming>), LinkError> {
        let broker = settings.broker;
        let mut options = MqttOptions::new(settings.client_id, broker.host.clone(), broker.port);
        options.set_keep_alive(KEEP_ALIVE).set_max_packet_size(MAX_PACKET, MAX_PACKET).set_clean_session(true);
        if let Some((user, password)) = &broker.login {
            options.set_credentials(user, password);
        }
        if let Some((topic, payload)) = settings.last_will {
            options.set_last_will(LastWill::new(topic, payload, QoS::AtLeastOnce, true));
        }
        let (client, mut connection) = AsyncClient::new(options, REQUESTS);
        let shared = Arc::new(Shared {
            client,
            outbound: Mutex::default(),
            window: Semaphore::new(WINDOW),
            subscriptions: settings.subscriptions,
        });
        let (incoming, receiver) = mpsc::channel(256);
        // The first connection is made here, so that what is wrong with it is an error and not a log line.
        let mut awaited = shared.subscriptions.len();
        loop {
            match connection.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => shared.connected(),
                Ok(Event::Incoming(Packet::SubAck(ack))) => {
                    if ack.return_codes.contains(&SubscribeReasonCode::Failure) {
                        let reason = "it does not let us subscribe".to_owned();
                        return Err(LinkError::Refused { broker, reason, hint: "look at the broker's access list" });
                    }
                    awaited = awaited.saturating_sub(1);
                }
                // Retained messages come with the subscription; beyond the channel's room there are none worth waiting for.
                Ok(Event::Incoming(Packet::Publish(message))) => drop(incoming.try_send(message.into())),
                Ok(_) => {}
                Err(error) => return Err(first_error(broker, &error)),
            }
            if awaited == 0 && shared.lock().up {
                break;
            }
        }
        let (state_sender, state) = watch::channel(LinkState::Up(1));
        let task = tokio::spawn(keep(connection, Arc::clone(&shared), state_sender, incoming));
        Ok((Self { broker, shared, state, task }, receiver))
    }

    /// Where it is connected to.
    pub fn broker(&self) -> &BrokerUrl {
        &self.broker
    }

    /// The connection's state, to be watched.
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// Sends a message at QoS 1; waits while [`WINDOW`] others are unacknowledged.
    ///
    /// # Errors
    /// [`LinkError::Closed`] after [`close`](Self::close).
    pub async fn publish(&self, topic: String, payload: Vec<u8>, retain: bool) -> Result<(), LinkError> {
        let permit =
            self.shared.window.acquire().await.map_err(|_| LinkError::Closed { broker: self.broker.clone() })?;
        // Given back by the acknowledgement.
        permit.forget();
        let mut outbound = self.shared.lock();
        outbound.waiting.push_back(Waiting { topic, payload, retain });
        if let (true, Some(message)) = (outbound.up, outbound.waiting.back()) {
            self.shared.hand_over(message);
        }
        Ok(())
    }

    /// Waits until everything sent is acknowledged, for at most `limit` without progress.
    ///
    /// # Errors
    /// [`LinkError::Unacknowledged`] when the broker stays silent.
    pub async fn settle(&self, limit: Duration) -> Result<(), LinkError> {
        let mut last = (usize::MAX, Instant::now());
        loop {
            let waiting = self.shared.lock().waiting.len();
            if waiting == 0 {
                return Ok(());
            }
            if waiting < last.0 {
                last = (waiting, Instant::now());
            } else if last.1.elapsed() > limit {
                return Err(LinkError::Unacknowledged {
                    broker: self.broker.clone(),
                    waiting,
                    seconds: limit.as_secs(),
                });
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Says goodbye to the broker, so that it does not publish the last will.
    pub async fn close(self) {
        self.shared.window.close();
        // With the connection gone there is nobody to say goodbye to.
        if self.shared.client.disconnect().await.is_ok() {
            let _ = tokio::time::timeout(Duration::from_secs(2), self.task).await;
        }
    }
}

impl Shared {
    /// Never held across an await; a panic elsewhere cannot leave the queue half changed.
    fn lock(&self) -> MutexGuard<'_, Outbound> {
        self.outbound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connected(&self) {
        let mut outbound = self.lock();
        outbound.up = true;
        for topic in &self.subscriptions {
            if let Err(error) = self.client.try_subscribe(topic, QoS::AtLeastOnce) {
                tracing::warn!(topic, %error, "cannot subscribe");
            }
        }
        for message in &outbound.waiting {
            self.hand_over(message);
        }
    }

    /// The queue towards the connection holds the window twice over, and is empty after a reconnect: it has room.
    fn hand_over(&self, message: &Waiting) {
        let payload = message.payload.clone();
        if let Err(error) = self.client.try_publish(&message.topic, QoS::AtLeastOnce, message.retain, payload) {
            tracing::warn!(topic = message.topic, %error, "cannot hand a message to the connection");
        }
    }

    /// A broker acknowledges in the order of sending (MQTT 3.1.1, 4.6), so it is the oldest that is acknowledged.
    fn acknowledged(&self) {
        if self.lock().waiting.pop_front().is_some() {
            self.window.add_permits(1);
        }
    }

    fn lost(&self, connection: &mut EventLoop) {
        self.lock().up = false;
        // Acknowledgements that came in just before count; after the reconnect they would count for others.
        for event in connection.state.events.drain(..) {
            if matches!(event, Event::Incoming(Packet::PubAck(_))) {
                self.acknowledged();
            }
        }
    }
}

/// Keeps the connection until it is closed from our side.
async fn keep(
    mut connection: EventLoop,
    shared: Arc<Shared>,
    state: watch::Sender<LinkState>,
    incoming: mpsc::Sender<Incoming>,
) {
    let (mut connects, mut wait) = (1, FIRST_WAIT);
    loop {
        match connection.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                connects += 1;
                wait = FIRST_WAIT;
                shared.connected();
                state.send_replace(LinkState::Up(connects));
            }
            Ok(Event::Incoming(Packet::PubAck(_))) => shared.acknowledged(),
            Ok(Event::Incoming(Packet::Publish(message))) => {
                // Waiting here stops reading, so a slow owner slows the broker down instead of filling memory.
                if incoming.send(message.into()).await.is_err() {
                    return;
                }
            }
            // We have said goodbye, or nobody is left who could send anything.
            Ok(Event::Outgoing(Outgoing::Disconnect)) | Err(ConnectionError::RequestsDone) => return,
            Ok(_) => {}
            Err(error) => {
                shared.lost(&mut connection);
                state.send_replace(LinkState::Lost(error.to_string()));
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}
