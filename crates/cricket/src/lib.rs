//! The game of cricket: events, the Laws, scorecards, Cricsheet files.
//!
//! Pure: no I/O, no clock, no async. State changes in one place, [`Match::apply`](score::Match::apply), which takes an
//! event and says what happened. Everything here serves a live feed, a replay, a simulation and a benchmark alike.

pub mod cricsheet;
pub mod event;
pub mod net_run_rate;
pub mod outlook;
pub mod overs;
pub mod phase;
pub mod player;
pub mod powerplay;
pub mod rules;
pub mod score;
pub mod scorecard;
pub mod simulate;
