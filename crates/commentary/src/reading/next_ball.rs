//! What the next ball brings: how often each outcome, by the stage of the innings, the wickets in hand and, in a chase,
//! how steep the required rate is.

use serde::{Deserialize, Serialize};

/// Outcomes of a ball: runs of a legal ball 0, 1, 2, 3, 4 and 6; a wicket; a wide or no-ball.
pub const OUTCOMES: usize = 8;
/// Runs of the first six outcomes.
pub(super) const RUNS: [u32; 6] = [0, 1, 2, 3, 4, 6];
/// The place of the wicket among the outcomes.
pub const WICKET: usize = 6;
/// The place of the wide or no-ball: one run and the ball again.
pub const EXTRA: usize = 7;

/// Stages of an innings: powerplay, middle, death, last over.
pub const STAGES: usize = 4;
/// Steps of wickets in hand: 1 and 2, 3 and 4, 5 to 7, 8 to 10.
pub const HANDS: usize = 4;
/// Steps of the required rate over the usual one.
pub const RATES: usize = 6;

/// Shares of the outcomes, in ten-thousandths; together 10 000.
pub type Shares = [u16; OUTCOMES];

/// Tables of a kind of match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextBall {
    /// Balls left at which the middle, the death and the last over begin.
    pub stages: [u32; STAGES - 1],
    /// Required rate over the usual one at which the second step begins, the third, …
    pub rates: [f64; RATES - 1],
    /// For sides that set: by stage, then wickets in hand; `STAGES · HANDS` rows.
    pub setting: Vec<Shares>,
    /// For sides that chase: by stage, wickets in hand, then required rate; `STAGES · HANDS · RATES` rows.
    pub chasing: Vec<Shares>,
}

impl NextBall {
    /// The row of a side that sets.
    pub fn setting_row(&self, left: u32, wickets: u8) -> usize {
        self.stage(left) * HANDS + hand(wickets)
    }

    /// The row of a side that chases; `steepness` is the required rate over the usual one.
    pub fn chasing_row(&self, left: u32, wickets: u8, steepness: f64) -> usize {
        let step = self.rates.iter().filter(|edge| steepness >= **edge).count();
        self.setting_row(left, wickets) * RATES + step
    }

    /// The outcome of a ball by its runs, extras included, whether a wicket fell on it, and whether it was legal.
    pub fn outcome(runs: u32, wicket: bool, legal: bool) -> usize {
        match (wicket, legal, runs) {
            (true, ..) => WICKET,
            (_, false, _) => EXTRA,
            (.., 0..=4) => runs as usize,
            (.., 5) => 4,
            _ => 5,
        }
    }

    fn stage(&self, left: u32) -> usize {
        self.stages.iter().filter(|edge| left <= **edge).count()
    }

    pub(super) fn is_sound(&self) -> bool {
        let whole =
            |rows: &[Shares]| rows.iter().all(|row| row.iter().map(|share| u32::from(*share)).sum::<u32>() == 10_000);
        self.setting.len() == STAGES * HANDS
            && self.chasing.len() == STAGES * HANDS * RATES
            && whole(&self.setting)
            && whole(&self.chasing)
            // An over of nothing but wides would never end.
            && self.setting.iter().chain(&self.chasing).all(|row| row.last().is_some_and(|extra| *extra < 5_000))
            && self.stages.iter().rev().is_sorted()
            && self.rates.iter().all(|edge| edge.is_finite())
            && self.rates.is_sorted()
    }
}

fn hand(wickets: u8) -> usize {
    match wickets {
        0..=2 => 0,
        3 | 4 => 1,
        5..=7 => 2,
        _ => 3,
    }
}

/// A share as a number, 0 to 1.
pub(super) fn share(shares: &Shares, outcome: usize) -> f64 {
    shares.get(outcome).map_or(0.0, |share| f64::from(*share) / 10_000.0)
}
