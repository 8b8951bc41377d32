//! An MQTT broker inside the program, for `vachak demo` and for homes where one box does everything.
//!
//! It listens on loopback only and asks for no password, so it is never a way in from the network. rumqttd routes on a
//! thread of its own and has no shutdown: the thread lives until the program ends, which is what both uses want.
//! Retained messages live in memory, so after a restart the publishers have to publish their state again, as ours do.
//!
//! What rumqttd 0.20 does differently from mosquitto, and what follows for callers:
//! - a client must send keep-alives (a keep-alive of 0 is refused);
//! - each new subscription is handed at most a hundred retained messages;
//! - a subscriber that falls [`BACKLOG`] bytes behind loses the oldest messages.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// The largest message the broker takes, in bytes: the event contract's largest payload, with room for the topic.
pub const MAX_PACKET: usize = cricket::event::decode::MAX_PAYLOAD + 64 * 1024;

/// Bytes kept for each subscription filter before the oldest are dropped.
pub const BACKLOG: usize = SEGMENT * SEGMENTS;

const SEGMENT: usize = 4 * 1024 * 1024;
const SEGMENTS: usize = 8;
const MAX_CLIENTS: usize = 256;
const START_LIMIT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 5;

/// Why the broker did not start.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// The port is in use, or not ours to take.
    #[error("cannot listen on 127.0.0.1:{port} for MQTT: {source}; hint: choose another port, or 0 for any free one")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The thread could not be started.
    #[error("cannot start the broker's thread: {0}; hint: the machine is out of threads or memory")]
    Thread(io::Error),
    /// It was started and never answered.
    #[error("the embedded broker did not come up on {address} within {} s; hint: start again, or use mosquitto", START_LIMIT.as_secs())]
    Silent {
        /// Where it should have listened.
        address: SocketAddr,
    },
}

/// A running broker; it stays up until the program ends.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedBroker {
    address: SocketAddr,
}

impl EmbeddedBroker {
    /// Starts the broker on `127.0.0.1:port` (0: any free port) and returns once it accepts connections. Blocks for
    /// some milliseconds; call it before serving, or from a blocking task.
    ///
    /// # Errors
    /// [`BrokerError`], when the port is taken or nothing comes up.
    pub fn start(port: u16) -> Result<Self, BrokerError> {
        let attempts = if port == 0 { ATTEMPTS } else { 1 };
        let mut silent = None;
        for _ in 0..attempts {
            let address = free_address(port)?;
            if start_on(address)? {
                return Ok(Self { address });
            }
            silent = Some(address);
        }
        Err(BrokerError::Silent { address: silent.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, port))) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// rumqttd cannot say which port it was given, so a free one is found first. Between here and its own bind another
/// program may take the port; [`start_on`] notices and the caller tries again.
fn free_address(port: u16) -> Result<SocketAddr, BrokerError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .and_then(|listener| listener.local_addr())
        .map_err(|source| BrokerError::Port { port, source })
}

/// Whether the broker came up on `address`; `false` when it ended (the port was taken meanwhile) or stayed silent.
fn start_on(address: SocketAddr) -> Result<bool, BrokerError> {
    let server = thread::Builder::new()
        .name("mqtt-broker".to_owned())
        .spawn(move || {
            // Its error is told in its own log; here it shows as a thread that has ended.
            rumqttd::Broker::new(settings(address)).start().is_ok()
        })
        .map_err(BrokerError::Thread)?;
    let limit = Instant::now() + START_LIMIT;
    while Instant::now() < limit {
        if server.is_finished() {
            return Ok(false);
        }
        if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
            // Whoever took the port could have answered; ours has ended in that case.
            thread::sleep(Duration::from_millis(20));
            return Ok(!server.is_finished());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(false)
}

fn settings(address: SocketAddr) -> rumqttd::Config {
    let connections = rumqttd::ConnectionSettings {
        connection_timeout_ms: 5_000,
        max_payload_size: MAX_PACKET,
        max_inflight_count: 100,
        auth: None,
        external_auth: None,
        // A message on a topic that nobody has subscribed to yet is accepted like any other.
        dynamic_filters: true,
    };
    let server = rumqttd::ServerSettings {
        name: "mqtt-listener".to_owned(),
        listen: address,
        tls: None,
        next_connection_delay_ms: 1,
        connections,
    };
    rumqttd::Config {
        router: rumqttd::RouterConfig {
            max_connections: MAX_CLIENTS,
            max_outgoing_packet_count: 200,
            max_segment_size: SEGMENT,
            max_segment_count: SEGMENTS,
            ..rumqttd::RouterConfig::default()
        },
        v4: Some(HashMap::from([("loopback".to_owned(), server)])),
        ..rumqttd::Config::default()
    }
}
