//! Reading the match: how hard, how tense, how likely. Three numbers and a label, never one blended "pressure".
//!
//! `difficulty` says how hard the batting side's task is, `leverage` how much the next ball can move the match,
//! `win_probability` who is likely to win; `projection` says what a side that sets is heading for, [`form`] what the last
//! overs were like, and [`Threads`] what runs through the match. The label [`Pressure`] is cut from leverage and
//! difficulty for people and prompts. The numbers come from a fitted [`Model`].

mod ahead;
pub mod chase;
pub mod difficulty;
pub mod form;
mod kind;
mod model;
pub mod next_ball;
mod pressure;
mod resources;
mod scoring;
pub mod setting;
mod threads;
mod unlimited;

use cricket::{
    phase::Phase,
    score::{Innings, MatchState},
};

pub use chase::{Chase, Position};
pub use form::Form;
pub use kind::{Class, Format, Gender, Level};
pub use model::{InstallError, Kind, Model, ModelError, Provenance, VERSION, install};
pub use next_ball::NextBall;
pub use pressure::{Pressure, SHARES};
pub use scoring::Scoring;
pub use setting::{Circumstances, FirstInnings, Projection, Setting};
pub(crate) use threads::debt;
pub use threads::{Thread, ThreadKind, Threads};

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
    /// The same beside other chases of the kind in the same phase: the share that had it easier, 0 to 1.
    pub difficulty_percentile: Option<f64>,
    /// How much the next ball can move the match, 0 to 1; one half for the mean ball of a chase of the kind.
    pub leverage: f64,
    /// The same as a multiple of the mean ball of a chase of the kind, 0 or more; `None` without a limit of balls.
    pub leverage_index: Option<f64>,
    /// Chance that the batting side wins, 0 to 1, in chases with a limit of balls; exactly 1 when the target is reached,
    /// exactly 0 when balls or wickets are gone short of a tie. The first innings' chance is in `projection`.
    pub win_probability: Option<f64>,
    /// Runs an over so far; `None` before the first legal ball.
    pub current_rate: Option<f64>,
    /// Runs an over still needed; `None` when the side sets, has no limit or no ball left.
    pub required_rate: Option<f64>,
    /// What the side will make if it goes on as sides do from here; `None` without a limit of balls.
    pub projected: Option<u32>,
    /// The same as a distribution, beside par; of the side that sets.
    pub projection: Option<Projection>,
    /// Runs by which the last three overs lifted what the side is heading for; below 0 when they cost it runs. `None`
    /// without a limit of balls, and before the first legal ball.
    pub momentum: Option<f64>,
    /// The run of play.
    pub form: Form,
}

/// Reads the innings in progress, or the last one; `None` before the first innings. About a microsecond, but for the
/// first chase of its kind that a program reads, which looks ahead once: some tens of milliseconds.
pub fn read(state: &MatchState) -> Option<Reading> {
    read_by(Model::current(), state)
}

/// Reads by a model of the caller's.
pub fn read_by(model: &Model, state: &MatchState) -> Option<Reading> {
    let innings = state.current()?;
    let phase = cricket::phase::of(state, innings);
    let difficulty = difficulty::index(innings);
    let reading = Reading {
        phase,
        difficulty,
        current_rate: innings.run_rate(),
        required_rate: innings.required_rate(),
        form: Form::of(innings),
        ..Reading::default()
    };
    let info = state.info.as_deref();
    let kind = Class::of(info, innings).and_then(|class| model.kind(class));
    let Some(kind) = kind.filter(|_| innings.balls_limit.is_some_and(|limit| limit > 0)) else {
        let leverage = unlimited::leverage(innings);
        return Some(Reading { pressure: Pressure::of(leverage, &pressure::UNLIMITED), leverage, ..reading });
    };
    Some(match Position::of(innings) {
        Some(at) => chasing(reading, kind, innings, &at),
        None => setting(reading, kind, innings, &kind.setting.circumstances(info)),
    })
}

fn chasing(reading: Reading, kind: &Kind, innings: &Innings, at: &Position) -> Reading {
    let chance = kind.chance(at);
    let movement = if innings.ended.is_some() { 0.0 } else { kind.chase_movement(at) };
    let leverage = kind.leverage(movement);
    let percentile = reading.difficulty.map(|index| kind.difficulty.of(index, reading.phase));
    let alive = innings.ended.is_none() && chance > 0.02 && chance < 0.98;
    let to_come = |left, wickets| kind.chase.scoring.to_come(f64::from(left), wickets);
    let projected = innings.runs + to_come(at.left, at.wickets).round() as u32;
    Reading {
        pressure: Pressure::of(Pressure::score(leverage, percentile.filter(|_| alive)), &kind.pressure),
        difficulty_percentile: percentile,
        leverage,
        leverage_index: Some(movement / kind.usual_movement),
        win_probability: Some(chance),
        projected: Some(projected),
        momentum: momentum(innings, to_come),
        ..reading
    }
}

fn setting(reading: Reading, kind: &Kind, innings: &Innings, here: &Circumstances) -> Reading {
    let Some(at) = FirstInnings::of(innings) else { return reading };
    let projection = kind.setting.project(&at, kind.balls, here);
    let movement = if innings.ended.is_some() { 0.0 } else { kind.setting_movement(&at, here) };
    let leverage = kind.leverage(movement);
    let scoring = &kind.setting.scoring;
    Reading {
        pressure: Pressure::of(Pressure::score(leverage, None), &kind.pressure),
        leverage,
        leverage_index: Some(movement / kind.usual_movement),
        projected: Some(projection.mean.round().max(f64::from(innings.runs)) as u32),
        projection: Some(projection),
        momentum: momentum(innings, |left, wickets| scoring.to_come(f64::from(left), wickets) * here.era),
        ..reading
    }
}

/// Runs of the last overs, and what they changed of the runs to come.
fn momentum(innings: &Innings, to_come: impl Fn(u32, u8) -> f64) -> Option<f64> {
    let (runs, balls, lost) = form::lately(innings);
    let left = innings.balls_left().filter(|_| balls > 0)?;
    let hand = innings.wickets_in_hand();
    Some(f64::from(runs) + to_come(left, hand) - to_come(left + balls, hand.saturating_add(lost)))
}
