//! The daemon's rooms, and its command line.
//!
//! One ball's way: [`feed`] receives it; [`desk`] orders it, scores it and has it spoken about; [`journal`] commits it
//! together with the lines it brought; then it is acknowledged and the lines leave through the [`outbox`]. [`booth`] has
//! lines written by a model; [`web`] shows what is going on; [`telemetry`] logs and counts. [`run`] is the life of the
//! program, and what `vachak demo` starts inside itself.

pub mod booth;
pub mod broker;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod feed;
pub mod journal;
pub mod outbox;
pub mod past;
pub mod replay;
pub mod run;
pub mod telemetry;
pub mod terminal;
pub mod web;
