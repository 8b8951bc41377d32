//! How hard a chase is.

use cricket::{phase::Phase, score::Innings};
use serde::{Deserialize, Serialize};

use super::resources;

/// Weights of the first to the eleventh wicket, by batting position (Bhattacharjee and Lemmer, 2016).
const WEIGHTS: [f64; 11] = [1.30, 1.35, 1.40, 1.45, 1.38, 1.18, 0.98, 0.79, 0.59, 0.39, 0.19];

/// The pressure index of Bhattacharjee and Lemmer (2016): `(CRRR / IRRR) · ½ · (e^(RU/100) + e^(Σw/11))`, where CRRR and
/// IRRR are the current and the initial required rate, RU the percentage of resources used and Σw the weights of the
/// wickets lost. 1 before the first ball; 0 when the target is reached; `None` when the side sets, or has no limit or
/// no ball left.
pub fn index(innings: &Innings) -> Option<f64> {
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

/// Steps of a table of percentiles: 0, 5, 10, … 100 of a hundred balls lie below.
pub const STEPS: usize = 21;

/// What index is how rare, by phase. Each is sorted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Percentiles {
    /// Powerplay.
    pub powerplay: [f64; STEPS],
    /// Middle overs, a second powerplay among them.
    pub middle: [f64; STEPS],
    /// Death overs, and super overs.
    pub death: [f64; STEPS],
}

impl Percentiles {
    /// The share of balls of that phase whose index was lower, 0 to 1.
    pub fn of(&self, index: f64, phase: Option<Phase>) -> f64 {
        let table = match phase {
            Some(Phase::Powerplay) => &self.powerplay,
            Some(Phase::Death | Phase::SuperOver) => &self.death,
            _ => &self.middle,
        };
        let below = table.partition_point(|edge| *edge < index);
        let (Some(before), Some(after)) = (below.checked_sub(1).and_then(|at| table.get(at)), table.get(below)) else {
            return if below == 0 { 0.0 } else { 1.0 };
        };
        let part = (index - before) / (after - before).max(f64::MIN_POSITIVE);
        ((below - 1) as f64 + part.clamp(0.0, 1.0)) / (STEPS - 1) as f64
    }

    pub(super) fn is_sound(&self) -> bool {
        [&self.powerplay, &self.middle, &self.death]
            .iter()
            .all(|table| table.iter().all(|edge| edge.is_finite()) && table.is_sorted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_lies_between_its_neighbours() {
        let mut table = Percentiles::default();
        for (place, edge) in table.middle.iter_mut().enumerate() {
            *edge = place as f64 / 10.0;
        }
        for (index, share) in [(-1.0, 0.0), (0.0, 0.0), (1.0, 0.5), (1.05, 0.525), (2.0, 1.0), (9.0, 1.0)] {
            let found = table.of(index, Some(Phase::Middle));
            assert!((found - share).abs() < 1e-9, "{index}: {found} for {share}");
        }
    }
}
