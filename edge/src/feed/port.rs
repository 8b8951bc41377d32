//! What the house knows of the broker: messages in, publications out. No MQTT library shows through here, so that the
//! client can be replaced.

use std::time::Instant;

/// Names a publication until the broker has acknowledged it.
pub type Token = u64;

/// What it takes to acknowledge a message. Worth nothing after its session: the broker sends the message again then.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub(super) session: u64,
    pub(super) publish: rumqttc::Publish,
}

/// A message from the broker.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its topic.
    pub topic: String,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// Whether the broker had kept it, rather than passing it on as it came.
    pub retained: bool,
    /// When it arrived.
    pub at: Instant,
    /// To acknowledge it by.
    pub receipt: Receipt,
}

/// What comes from the broker.
#[derive(Debug)]
pub enum FromBroker {
    /// A session begins; whatever was on its way in the last one may be lost.
    Connected,
    /// A message.
    Message(Box<Received>),
    /// The broker has this publication.
    Published(Token),
    /// The session is over.
    Lost,
}

/// What goes to the broker.
#[derive(Debug)]
pub enum ToBroker {
    /// Publish with QoS 1.
    Publish {
        /// Named again in [`FromBroker::Published`].
        token: Token,
        /// Where.
        topic: String,
        /// What.
        payload: Vec<u8>,
        /// Whether the broker keeps it for those who come later.
        retain: bool,
    },
    /// Acknowledge a message.
    Ack(Box<Receipt>),
}
