//! The words: what a ball meant, what may be said of it, who says it, and the guard between a writer and the air.
//!
//! Pure: no I/O, no clock, no randomness but a seed drawn from match, key and persona. One event's way through here:
//! [`Moment::form`] reads the match ([`reading`]) and lists what may be claimed ([`facts`]); [`talk::decide`] says
//! whether a [`Persona`] speaks; [`prompt::render`] asks a model, or the [`Phrasebook`] finds the words; and
//! [`checker::check`] is the only way to a [`CheckedLine`], the only thing that may become a [`Line`].

pub mod archive;
pub mod checker;
pub mod facts;
mod language;
pub mod line;
pub mod memory;
pub mod moment;
pub mod name;
pub mod notes;
pub mod persona;
pub mod phrasebook;
pub mod prompt;
pub mod reading;
pub mod rehearsal;
pub mod reply;
pub mod scene;
pub mod standing;
mod statistic;
pub mod talk;
pub mod vocabulary;

pub use archive::{Archive, NoArchive};
pub use checker::{CheckedLine, Fault, Grounds, Rejection, check};
pub use facts::{FactRef, FactSheet};
pub use line::{Line, LineKind, Origin};
pub use memory::Memory;
pub use moment::{Moment, Occasion, Status};
pub use persona::{Persona, PersonaError, Personas};
pub use phrasebook::Phrasebook;
pub use prompt::{ChatTemplate, Layout, Prompt, render};
pub use reading::{Pressure, Reading};
pub use reply::Reply;
pub use scene::Scene;
pub use talk::{Decision, decide};
