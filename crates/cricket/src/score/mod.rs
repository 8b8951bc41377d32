//! The score: a match's log of events, and the state that follows from it.
//!
//! [`Match::apply`] is the one place where state changes. The log keeps the highest revision of each key in the place of
//! its first; whatever order events arrive in, the state equals that of a clean replay. [`Sequencer`] puts a stream back
//! in order before it comes here, so that disorder on the way costs no rebuild.

pub mod anomaly;
mod changes;
pub mod difference;
mod engine;
pub mod happening;
mod log;
mod lookahead;
mod match_log;
mod sequencer;
pub mod state;

pub use anomaly::{Anomaly, AnomalyKind};
pub use difference::{Difference, differences};
pub use happening::Happening;
pub use lookahead::Lookahead;
pub use match_log::{Applied, Effect, Match, Refusal};
pub use sequencer::{Gap, HELD_AT_MOST, Sequencer};
pub use state::{
    BatterCard, BatterStatus, BowlerCard, Dismissal, EndReason, ExtrasTally, FallOfWicket, Innings, MatchResult,
    MatchState, OverRecord, Partnership, PlayerChange, SessionScore, SessionStart,
};
