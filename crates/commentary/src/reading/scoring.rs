//! Runs to come: what sides make of the balls and wickets they have left.
//!
//! The form is Duckworth and Lewis's (1998), `Z(u, w) = Z(w) · (1 − e^(−b·u / Z(w)))`, fitted to the kind of match instead
//! of taken from a table: with few balls left a side makes `rate` a ball whatever its wickets, with many it is held by
//! them. It is a reading of the match, never a par score: official targets come from the feed.

use serde::{Deserialize, Serialize};

/// What sides make from a position, and how widely that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Runs a ball when wickets do not matter; above 0.
    pub rate: f64,
    /// Runs that 1 to 10 wickets in hand would make without a limit of balls; above 0, never falling.
    pub reach: [f64; 10],
    /// How far runs made so far tell of runs to come: 0 not at all, 1 in full proportion.
    pub pull: f64,
    /// Spread that does not depend on what is to come, in runs; above 0.
    pub floor: f64,
    /// Spread for the square root of the runs to come; 0 or more.
    pub growth: f64,
}

impl Scoring {
    /// Runs to come with so many balls left and wickets in hand (more than ten count as ten). Never less with a ball or a
    /// wicket more; 0 without balls or wickets.
    pub fn to_come(&self, balls: f64, wickets: u8) -> f64 {
        let Some(place) = wickets.checked_sub(1).filter(|_| balls > 0.0) else { return 0.0 };
        let [.., most] = self.reach;
        let reach = self.reach.get(usize::from(place)).copied().unwrap_or(most);
        reach * (1.0 - (-self.rate * balls / reach).exp())
    }

    /// Spread of so many runs to come, in runs.
    pub fn spread(&self, to_come: f64) -> f64 {
        self.floor + self.growth * to_come.max(0.0).sqrt()
    }

    /// Whether every number is one that the laws of the reading hold for.
    pub(super) fn is_sound(&self) -> bool {
        let positive = |number: f64| number.is_finite() && number > 0.0;
        positive(self.rate)
            && positive(self.floor)
            && self.growth.is_finite()
            && self.growth >= 0.0
            && (0.0..=1.0).contains(&self.pull)
            && self.reach.iter().all(|reach| positive(*reach))
            && self.reach.is_sorted()
    }
}
