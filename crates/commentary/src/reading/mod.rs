//! Reading the match: how hard, how tense, how likely. Three numbers and a label, never one blended "pressure".
//!
//! `difficulty` says how hard the batting side's task is, `leverage` how much the next ball can move the match,
//! `win_probability` who is likely to win. The label [`Pressure`] is cut from the first two for people and prompts.

mod chase;
mod difficulty;
mod leverage;
mod resources;

use std::fmt;

use cricket::{
    phase::Phase,
    score::{Innings, MatchState},
};
use serde::{Deserialize, Serialize};

/// How the moment feels, in five steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pressure {
    /// Little can change.
    #[default]
    Calm,
    /// Something is coming together.
    Building,
    /// A ball matters.
    Tense,
    /// Every ball matters.
    Intense,
    /// The match is decided now.
    Critical,
}

impl Pressure {
    /// The label as prompts and topics say it, such as `tense`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Building => "building",
            Self::Tense => "tense",
            Self::Intense => "intense",
            Self::Critical => "critical",
        }
    }

    /// Cut from leverage and, in chases, difficulty. The cuts .3, .5, .62, .72 are about the 30th, 55th, 85th and 95th
    /// percentile of the balls of T20 chases (150 matches of Cricsheet's archive), so that each step is as rare as its
    /// name says; a side that sets is seldom past `building`. A chase that has become two and a half times as hard as it
    /// began, still alive, feels one step tighter.
    fn of(leverage: f64, difficulty: Option<f64>, alive: bool) -> Self {
        let steps = [Self::Calm, Self::Building, Self::Tense, Self::Intense, Self::Critical];
        let mut step = [0.3, 0.5, 0.62, 0.72].iter().filter(|cut| leverage >= **cut).count();
        if alive && difficulty.is_some_and(|difficulty| difficulty >= 2.5) {
            step = (step + 1).min(4);
        }
        steps[step]
    }
}

impl fmt::Display for Pressure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the scoreboard means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Part of the innings; `None` where the format has none.
    pub phase: Option<Phase>,
    /// The label for people and prompts.
    pub pressure: Pressure,
    /// Bhattacharjee–Lemmer pressure index of a chase: 1 at its start, below when it goes well, above when it gets
    /// harder; 0 when it is won. `None` when the side sets, or without a limit of balls.
    pub difficulty: Option<f64>,
    /// How much the next ball can move the match, 0 to 1.
    pub leverage: f64,
    /// Chance that the batting side wins, 0 to 1, in chases with a limit of balls; exactly 1 when the target is reached,
    /// exactly 0 when balls or wickets are gone short of a tie.
    pub win_probability: Option<f64>,
    /// Runs an over so far; `None` before the first legal ball.
    pub current_rate: Option<f64>,
    /// Runs an over still needed; `None` when the side sets, has no limit or no ball left.
    pub required_rate: Option<f64>,
    /// What the side will make if it goes on as sides do from here; `None` without a limit of balls.
    pub projected: Option<u32>,
}

/// Reads the innings in progress, or the last one; `None` before the first innings. A few hundred nanoseconds: no
/// allocation, some sixteen exponentials.
pub fn read(state: &MatchState) -> Option<Reading> {
    let innings = state.current()?;
    Some(read_innings(innings, cricket::phase::of(state, innings)))
}

fn read_innings(innings: &Innings, phase: Option<Phase>) -> Reading {
    let win_probability = chase::win_probability(innings);
    let difficulty = difficulty::index(innings);
    let leverage = leverage::of(innings);
    let alive = innings.ended.is_none() && win_probability.is_none_or(|chance| chance > 0.02 && chance < 0.98);
    Reading {
        phase,
        pressure: Pressure::of(leverage, difficulty, alive),
        difficulty,
        leverage,
        win_probability,
        current_rate: innings.run_rate(),
        required_rate: innings.required_rate(),
        projected: chase::projected(innings),
    }
}
