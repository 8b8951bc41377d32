//! Matches without a limit of balls, for which there is no model.

use cricket::score::Innings;

/// 0.2, rising towards 0.8 in the last stage of a chase as runs needed and wickets in hand run down together (each
/// wicket in hand taken to be worth 25 runs); 0 when the innings has ended.
pub(super) fn leverage(innings: &Innings) -> f64 {
    if innings.ended.is_some() {
        return 0.0;
    }
    let close = innings.runs_needed().map_or(0.0, |needed| {
        let gap = f64::from(needed) / 25.0 - f64::from(innings.wickets_in_hand());
        (-(f64::from(needed) / 60.0 + gap.abs() / 2.0)).exp()
    });
    0.2 + 0.6 * close
}
