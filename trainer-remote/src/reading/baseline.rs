//! What the reading is compared with.

use cricket::{
    phase::{self, Phase},
    score::{Innings, MatchState},
};

/// The mixed pressure heuristic that others use, 0 to 1: a base by phase (.30 in the powerplay, .20 in the middle, .50 at
/// the death); in a chase .05 for each run by which the required rate exceeds the current one, .3 at most; .01 for each
/// of the last thirty balls that is bowled; .10, .15 or .25 from three, five or seven wickets; .1 or .2 for two or three
/// wickets in five overs; from thirteen balls without a boundary .01 a ball, .15 at most; .1 while the striker is new.
pub(super) fn pressure(state: &MatchState, innings: &Innings) -> f64 {
    let mut sum = match phase::of(state, innings) {
        Some(Phase::Powerplay) => 0.30,
        Some(Phase::Death | Phase::SuperOver) => 0.50,
        _ => 0.20,
    };
    if let (Some(required), Some(current)) = (innings.required_rate(), innings.run_rate()) {
        sum += (0.05 * (required - current)).clamp(0.0, 0.3);
    }
    if let Some(left) = innings.balls_left().filter(|left| *left < 30) {
        sum += f64::from(30 - left) * 0.01;
    }
    sum += match innings.wickets {
        7.. => 0.25,
        5.. => 0.15,
        3.. => 0.10,
        _ => 0.0,
    };
    let window = 5 * u32::from(innings.balls_per_over);
    let recent = |fall: &&cricket::score::FallOfWicket| innings.legal_balls.saturating_sub(fall.legal_balls) < window;
    sum += match innings.fall_of_wickets.iter().rev().take_while(recent).count() {
        3.. => 0.2,
        2 => 0.1,
        _ => 0.0,
    };
    if innings.balls_since_boundary >= 13 {
        sum += (f64::from(innings.balls_since_boundary - 12) * 0.01).min(0.15);
    }
    if innings.striker_card().is_none_or(|card| card.balls < 6) {
        sum += 0.1;
    }
    sum.min(1.0)
}
