//! The score by the Laws, case by case: each test names the case it proves (`Case 14: …`).
//!
//! 1 to 13 in `strike`, 14 to 25 in `wickets`, 26 to 33 in `bowling`, 34 to 36 in `team`, 37 to 42 in `results`, 43 in
//! `net_run_rate`, 44 in `team`; then powerplays and phases, the editions of the Laws, what is told of the play, and the
//! traps of real feeds. Cases are small invented passages of play, and the very matches in which they occurred
//! (`archive`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, clippy::print_stderr, reason = "tests")]

mod archive;
mod bowling;
mod editions;
#[path = "../support/feed.rs"]
mod feed;
mod feed_traps;
mod net_run_rate;
mod powerplays;
mod properties;
mod results;
mod sessions;
mod strike;
#[path = "../support/mod.rs"]
mod support;
mod team;
mod told;
mod wickets;

use cricket::{
    event::{EventData, Ext, InningsEnd, OverEnd, PenaltyRuns, PenaltySide},
    score::{Applied, BowlerCard, Happening, Innings},
};
use feed::{Feed, player};

/// Who is on strike.
fn striker(feed: &Feed) -> &str {
    feed.now().striker_card().map_or("nobody", |card| &card.player.name)
}

/// Whoever bowled last.
fn bowler(innings: &Innings) -> &BowlerCard {
    innings.bowler_card().expect("a bowler")
}

/// An innings ended for a reason.
fn end(innings: u8, reason: &str) -> EventData {
    EventData::InningsEnd(Box::new(InningsEnd { innings, reason: Some(reason.to_owned()), ..InningsEnd::default() }))
}

/// The umpire called over.
fn over_end(innings: u8, over: u16, bowler: &str) -> EventData {
    EventData::OverEnd(Box::new(OverEnd { innings, over, bowler: player(bowler), legal_balls: None, ext: Ext::new() }))
}

/// Five penalty runs, awarded in an innings.
fn five(side: PenaltySide, innings: u8) -> EventData {
    let runs = PenaltyRuns { side, runs: 5, innings, when: None, law: Some("41".to_owned()), ext: Ext::new() };
    EventData::PenaltyRuns(Box::new(runs))
}

/// Whether something that fits was told.
fn told(applied: &Applied, fits: impl Fn(&Happening) -> bool) -> bool {
    applied.happenings.iter().any(fits)
}
