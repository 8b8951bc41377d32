//! Publishing a Cricsheet file as a live feed would.
//!
//! [`source`] reads the file; [`plan`] says in which order its events are sent and [`tempo`] how far apart, with
//! [`chaos`] for what a real feed does wrong; [`publisher`] sends them over a [`link`] that loses nothing across
//! reconnects, and keeps a [`ledger`] for snapshots and for consumers that missed something.

pub mod chaos;
pub mod ledger;
pub mod link;
pub mod link_error;
pub mod plan;
pub mod publisher;
mod resync;
pub mod source;
pub mod tempo;
pub mod url;

pub use plan::{Plan, Start};
pub use publisher::{Publisher, Settings};
pub use tempo::Speed;
pub use url::BrokerUrl;
