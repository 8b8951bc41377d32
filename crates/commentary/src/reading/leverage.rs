//! How much the next ball can move the match.

use cricket::score::Innings;

use super::chase::{Par, Position};

/// Runs of a legal ball and how often, beside the wicket: rounded from men's T20s of Cricsheet's archive.
const SHORT_BALL: [(u32, f64); 6] = [(0, 0.34), (1, 0.39), (2, 0.07), (3, 0.01), (4, 0.11), (6, 0.05)];
/// The same from ODIs.
const LONG_BALL: [(u32, f64); 6] = [(0, 0.49), (1, 0.36), (2, 0.05), (3, 0.01), (4, 0.07), (6, 0.01)];
/// The expected absolute change of the win probability by the next ball, x, as `x / (x + typical)`: 0 to 1, one
/// half for an ordinary ball of a chase of that length. Outside chases
/// the change of the projected total stands for it, as if against an even opponent. Without a limit of balls there is
/// no such model; see [`unlimited`].
pub(super) fn of(innings: &Innings) -> f64 {
    if innings.ended.is_some() {
        return 0.0;
    }
    let Some(position) = Position::of(innings) else { return unlimited(innings) };
    if position.left <= 0.0 || position.wickets == 0 {
        return 0.0;
    }
    let par = Par::of(position.limit);
    let after = Position { left: position.left - 1.0, ..position };
    let bowled = Position { wickets: position.wickets - 1, ..after };
    let balls = if position.limit <= 150.0 { &SHORT_BALL } else { &LONG_BALL };
    let wicket_share = 1.0 - balls.iter().map(|(_, share)| share).sum::<f64>();
    let moved = if let Some(needed) = innings.runs_needed() {
        let now = position.chance(&par, needed);
        let scored: f64 = balls
            .iter()
            .map(|(runs, share)| share * (after.chance(&par, needed.saturating_sub(*runs)) - now).abs())
            .sum();
        scored + wicket_share * (bowled.chance(&par, needed) - now).abs()
    } else {
        let now = position.runs_to_come(&par);
        let then = after.runs_to_come(&par);
        let scored: f64 = balls.iter().map(|(runs, share)| share * (then + f64::from(*runs) - now).abs()).sum();
        let whole = Position { limit: position.limit, left: position.limit, wickets: 10 };
        // A quarter is the logistic's steepest slope: an even match. Both innings are still uncertain, so the margin
        // spreads twice as widely as one of them.
        (scored + wicket_share * (bowled.runs_to_come(&par) - now).abs()) * 0.25 / (2.0 * whole.spread(&par))
    };
    moved / (moved + par.typical_move)
}

/// Without a limit of balls: 0.2, rising towards 0.8 in the last stage of a chase as runs needed and wickets in hand run
/// down together (each wicket in hand taken to be worth 25 runs).
fn unlimited(innings: &Innings) -> f64 {
    let close = innings.runs_needed().map_or(0.0, |needed| {
        let gap = f64::from(needed) / 25.0 - f64::from(innings.wickets_in_hand());
        (-(f64::from(needed) / 60.0 + gap.abs() / 2.0)).exp()
    });
    0.2 + 0.6 * close
}
