//! What people and machines can see of the daemon: the log, the counters, the signs of life.
//!
//! WARN: something went wrong and was put right, nothing is lost. ERROR: something is lost, or a person is needed. What
//! repeats is said at a limited rate ([`repeat`]). Nothing is logged per token, and nothing goes to two places.

pub mod heat;
pub mod journald;
pub mod life;
pub mod log;
pub mod metrics;
pub mod repeat;

pub use life::{Life, Ticks};
pub use metrics::Metrics;
pub use repeat::Repeats;
