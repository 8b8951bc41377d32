//! Evaluation: what a model's lines are worth, beside what is to be had without one.
//!
//! [`run`] asks every system for the same lines of the same moments with the same seeds, judges the replies with the
//! daemon's own code ([`commentary::reply`]), and writes one report as JSON, Markdown and HTML. Four baselines stand in
//! every table, so that a figure that says nothing shows itself: the phrasebook, an empty reply, one reply to
//! everything, and the evaluated system's own replies dealt to other moments.
//!
//! - [`settings`] what is asked for; [`system`] who is asked; `moments` what they are asked about; `round` the asking.
//! - `judgement` one reply on its own; `class` what its moment was and whether the reply names it; `booth` the same
//!   system on air, with second tries and the phrasebook behind it; `repetition`, `style`, `safety`, `speed`.
//! - `figures` counts with their intervals; `compare` two systems on the same moments; [`statistics`] the mathematics.
//! - [`report`] the three forms of the report and the table for a terminal.

mod baseline;
mod booth;
mod class;
mod compare;
mod error;
mod examples;
mod figures;
mod gate;
mod judgement;
mod moments;
mod process;
mod repetition;
pub mod report;
mod round;
mod run;
mod safety;
pub mod settings;
mod speed;
pub mod statistics;
mod style;
pub mod system;

pub use class::Class;
pub use compare::{Comparison, Test};
pub use error::EvalError;
pub use figures::{Figures, Length};
pub use gate::Judged;
pub use repetition::Repetition;
pub use report::Report;
pub use run::{Source, run};
pub use safety::Safety;
pub use settings::{Evaluation, Gates};
pub use speed::Speed;
pub use style::Style;
pub use system::System;
