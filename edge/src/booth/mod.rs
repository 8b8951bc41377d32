//! Who speaks, and who writes for them.
//!
//! The ladder: a line that lies ready, else a model's line within its deadline, else another model's, else the phrasebook. The call of a wicket
//! or a boundary never waits for a model: unless a line lies ready or the model answers at once it comes from the
//! phrasebook, and the model's line follows as colour. [`news`] says of what moment an event is spoken, [`plan`] who speaks, [`ahead`] has lines written before their
//! ball, [`scribe`] one moment at a time (the newest), [`account`] holds what it costs and brings,
//! [`breaker`] leaves a failing model alone for a while,
//! [`exchange`] is the seat in which a model can be exchanged for another while it writes, [`choice`] which one was
//! chosen, [`changeover`] the daemon's part in that, [`layout`] how to speak to it;
//! [`voices`] and [`writers`] build what the configuration asks for,
//! [`own_model`] is the model inside the program.

pub mod account;
pub mod ahead;
pub mod breaker;
pub mod changeover;
pub mod choice;
pub mod exchange;
pub mod layout;
pub mod news;
#[cfg(feature = "llama")]
pub mod own_model;
pub mod plan;
mod request;
pub mod scribe;
pub mod voices;
pub mod writers;

pub use account::{Account, Accounts};
pub use ahead::Ahead;
pub use breaker::Breaker;
pub use exchange::{Exchange, Seat};
pub use plan::{Ask, Pace, Plan};
pub use scribe::{Job, Scribe, Wanted, Written};
pub use voices::Voices;
