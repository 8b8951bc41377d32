//! How hard a chase is.

use cricket::score::Innings;

use super::resources;

/// Weights of the first to the eleventh wicket, by batting position (Bhattacharjee and Lemmer, 2016).
const WEIGHTS: [f64; 11] = [1.30, 1.35, 1.40, 1.45, 1.38, 1.18, 0.98, 0.79, 0.59, 0.39, 0.19];

/// The pressure index of Bhattacharjee and Lemmer (2016): `(CRRR / IRRR) · ½ · (e^(RU/100) + e^(Σw/11))`, where CRRR and
/// IRRR are the current and the initial required rate, RU the percentage of resources used and Σw the weights of the
/// wickets lost. 1 before the first ball; 0 when the target is reached; `None` when the side sets, or has no limit or
/// no ball left.
pub(super) fn index(innings: &Innings) -> Option<f64> {
    let target = innings.target?;
    let limit = innings.balls_limit.filter(|limit| *limit > 0)?;
    let needed = innings.runs_needed()?;
    if needed == 0 {
        return Some(0.0);
    }
    let left = innings.balls_left().filter(|left| *left > 0)?;
    let initial = f64::from(target.runs) / f64::from(limit);
    let current = f64::from(needed) / f64::from(left);
    let whole = resources::remaining(f64::from(limit), 10);
    let used = 1.0 - resources::remaining(f64::from(left), innings.wickets_in_hand()) / whole;
    let wickets: f64 = WEIGHTS.iter().take(usize::from(innings.wickets)).sum();
    Some(current / initial * 0.5 * (used.exp() + (wickets / 11.0).exp()))
}
