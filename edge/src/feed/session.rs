//! One connection's life, from CONNECT to its end.
//!
//! Two futures run side by side and neither is ever dropped half-way: one polls the connection and forwards what comes
//! to the desk, the other takes what the desk wants sent. Publications are matched with their acknowledgements by the
//! order in which they left.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Outgoing, Packet, QoS, StateError,
    SubscribeFilter, SubscribeReasonCode,
};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{
    link::LinkConfig,
    port::{FromBroker, Receipt, Received, ToBroker, Token},
};
use crate::telemetry::Ticks;

/// Requests that may wait inside the client.
const REQUESTS: usize = 64;
/// How long to wait for the broker when connecting, and when saying goodbye.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a session ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// We were told to stop, and have said goodbye.
    Stopped,
    /// It never began.
    NotConnected(String),
    /// The broker would not have us.
    Refused(String),
    /// It broke off.
    ThrownOut(String),
    /// A message was larger than we take.
    TooLarge {
        /// In the client's words.
        reason: String,
    },
    /// The desk did not take messages for so long that the broker would have taken us for dead.
    Stuck,
}

impl Ended {
    /// Whether there had been a session at all.
    pub(super) fn was_connected(&self) -> bool {
        !matches!(self, Self::NotConnected(_) | Self::Refused(_))
    }
}

/// Publications on their way: those handed to the client, in order, and those that left, by packet id.
#[derive(Default)]
struct Flight {
    handed: VecDeque<Token>,
    left: HashMap<u16, Token>,
}

/// Runs one session to its end.
pub(super) async fn run_session(
    session: u64,
    config: &LinkConfig,
    commands: &mut mpsc::Receiver<ToBroker>,
    to_desk: &mpsc::Sender<FromBroker>,
    ticks: &Ticks,
    stop: &CancellationToken,
) -> Ended {
    let (client, connection) = AsyncClient::new(options(config), REQUESTS);
    let flight = Mutex::new(Flight::default());
    let poll = Poll { session, config, client: &client, to_desk, flight: &flight };
    let polling = poll.run(connection);
    let sending = send_all(session, &client, commands, &flight, stop);
    tokio::pin!(polling, sending);
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            ended = &mut polling => return ended,
            () = &mut sending => break,
            _ = tick.tick() => ticks.tick(),
        }
    }
    // Told to stop: everything is handed over; the goodbye goes out behind it.
    let goodbye = async {
        let _ = client.disconnect().await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = &mut polling => {}
        () = goodbye => {}
        () = tokio::time::sleep(PATIENCE) => {}
    }
    Ended::Stopped
}

fn options(config: &LinkConfig) -> MqttOptions {
    let mut options = MqttOptions::new(&config.client_id, &config.host, config.port);
    options
        .set_keep_alive(config.keep_alive)
        // The broker keeps what is meant for us while we are away, and sends again what we did not acknowledge.
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_max_packet_size(config.max_packet, config.max_packet)
        .set_last_will(LastWill::new(&config.last_will.0, config.last_will.1, QoS::AtLeastOnce, true));
    if let Some((user, password)) = &config.login {
        options.set_credentials(user, password.expose());
    }
    options
}

/// Hands the desk's commands to the client until told to stop and all are handed over.
async fn send_all(
    session: u64,
    client: &AsyncClient,
    commands: &mut mpsc::Receiver<ToBroker>,
    flight: &Mutex<Flight>,
    stop: &CancellationToken,
) {
    loop {
        let command = tokio::select! {
            biased;
            command = commands.recv() => command,
            () = stop.cancelled() => None,
        };
        let Some(command) = command else { return };
        // An error means that the client is gone; the polling side says why.
        let _ = match command {
            ToBroker::Publish { token, topic, payload, retain } => {
                flight.lock().unwrap_or_else(PoisonError::into_inner).handed.push_back(token);
                client.publish(topic, QoS::AtLeastOnce, retain, payload).await
            }
            ToBroker::Ack(receipt) if receipt.session == session => client.ack(&receipt.publish).await,
            ToBroker::Ack(_) => Ok(()),
        };
    }
}

struct Poll<'a> {
    session: u64,
    config: &'a LinkConfig,
    client: &'a AsyncClient,
    to_desk: &'a mpsc::Sender<FromBroker>,
    flight: &'a Mutex<Flight>,
}

impl Poll<'_> {
    async fn run(&self, mut connection: EventLoop) -> Ended {
        connection.network_options.set_connection_timeout(PATIENCE.as_secs()).set_tcp_nodelay(true);
        let mut connected = false;
        loop {
            let event = match connection.poll().await {
                Ok(event) => event,
                Err(error) => return ended(&error, connected),
            };
            let forward = match event {
                Event::Incoming(Packet::ConnAck(_)) => {
                    connected = true;
                    let filters = self.config.subscriptions.iter();
                    let filters = filters.map(|filter| SubscribeFilter::new(filter.clone(), QoS::AtLeastOnce));
                    // The client's queue is empty at this moment, so this cannot fail for want of room.
                    if let Err(error) = self.client.try_subscribe_many(filters) {
                        return Ended::ThrownOut(error.to_string());
                    }
                    Some(FromBroker::Connected)
                }
                Event::Incoming(Packet::SubAck(answer)) => {
                    if answer.return_codes.contains(&SubscribeReasonCode::Failure) {
                        tracing::error!(
                            topics = ?self.config.subscriptions,
                            "the broker does not let us listen; hint: allow the user to read these topics in the broker's access list"
                        );
                    }
                    None
                }
                Event::Incoming(Packet::Publish(publish)) => {
                    Some(FromBroker::Message(Box::new(self.received(publish))))
                }
                Event::Incoming(Packet::PubAck(ack)) => {
                    let token = self.flight.lock().unwrap_or_else(PoisonError::into_inner).left.remove(&ack.pkid);
                    token.map(FromBroker::Published)
                }
                Event::Outgoing(Outgoing::Publish(id)) => {
                    let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(token) = flight.handed.pop_front() {
                        flight.left.insert(id, token);
                    }
                    None
                }
                Event::Outgoing(Outgoing::Disconnect) => return Ended::Stopped,
                _ => None,
            };
            if let Some(forward) = forward {
                // Waiting here stops the pings. Half the keep-alive is as long as that may last.
                match timeout(self.config.keep_alive / 2, self.to_desk.send(forward)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return Ended::Stopped,
                    Err(_) => return Ended::Stuck,
                }
            }
        }
    }

    fn received(&self, mut publish: rumqttc::Publish) -> Received {
        let payload = std::mem::take(&mut publish.payload);
        Received {
            topic: std::mem::take(&mut publish.topic),
            payload: payload.into(),
            retained: publish.retain,
            at: Instant::now(),
            receipt: Receipt { session: self.session, publish },
        }
    }
}

fn ended(error: &ConnectionError, connected: bool) -> Ended {
    let reason = error.to_string();
    match error {
        ConnectionError::ConnectionRefused(code) => Ended::Refused(format!("{code:?}")),
        _ if !connected => Ended::NotConnected(reason),
        ConnectionError::MqttState(StateError::Deserialization(
            rumqttc::mqttbytes::Error::PayloadSizeLimitExceeded(_),
        )) => Ended::TooLarge { reason },
        _ => Ended::ThrownOut(reason),
    }
}
