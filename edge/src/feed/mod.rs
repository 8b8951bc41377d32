//! The way to and from the broker, and what its messages mean.
//!
//! Invariants: the task that polls the connection only forwards, and never waits for anybody who might wait for it; a
//! message is acknowledged by whoever has made sure of it, never here; after a lost session nothing of it is trusted.
//! [`port`] is all that the rest of the house knows of MQTT, [`link`] keeps the connection, [`session`] is one
//! connection's life, [`backoff`] the pauses between them; [`topic`] and [`intake`] read messages.

pub mod backoff;
pub mod intake;
pub mod link;
pub mod port;
pub mod session;
pub mod topic;

pub use link::{Link, LinkConfig};
pub use port::{FromBroker, Receipt, Received, ToBroker, Token};
pub use topic::{Channel, Subject, Topics};
