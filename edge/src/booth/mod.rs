//! Who speaks, and who writes for them.
//!
//! The ladder: a model's line within its deadline, else the phrasebook. The call of a wicket or a boundary never waits
//! for a model: unless the model answers at once it comes from the phrasebook, and the model's line follows as colour. [`plan`] decides that,
//! [`scribe`] has lines written one moment at a time (the newest), [`breaker`] leaves a failing model alone for a while,
//! [`exchange`] is the seat in which a model can be exchanged for another while it writes, [`choice`] which one was
//! chosen, [`changeover`] the daemon's part in that, [`layout`] how to speak to it;
//! [`voices`] and [`writers`] build what the configuration asks for,
//! [`own_model`] is the model inside the program.

pub mod breaker;
pub mod changeover;
pub mod choice;
pub mod exchange;
pub mod layout;
#[cfg(feature = "llama")]
pub mod own_model;
pub mod plan;
pub mod scribe;
pub mod voices;
pub mod writers;

pub use breaker::Breaker;
pub use exchange::{Exchange, Seat};
pub use plan::{Ask, Pace, Plan};
pub use scribe::{Job, Scribe, Wanted, Written};
pub use voices::Voices;
