//! The label for people and prompts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the moment feels, in five steps. In matches with a limit of balls each is as rare as its name says: of a hundred
/// balls of a kind of match, both innings, about 40 are calm, 25 building, 18 tense, 12 intense and 5 critical
/// ([`SHARES`]); the cuts are in the model.
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

/// Of a hundred balls, how many are to be calm, building, tense, intense, critical.
pub const SHARES: [u32; 5] = [40, 25, 18, 12, 5];

/// Cuts of leverage alone for matches without a limit of balls, in which there is no such model.
pub(super) const UNLIMITED: [f64; 4] = [0.3, 0.5, 0.62, 0.72];

/// How much difficulty tells beside leverage.
const DIFFICULTY_WEIGHT: f64 = 0.15;

impl Pressure {
    /// All of them, from the calmest.
    pub const ALL: [Self; 5] = [Self::Calm, Self::Building, Self::Tense, Self::Intense, Self::Critical];

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

    /// What the label is cut from: leverage, and in a chase that is still alive how hard it is for its phase: a chase
    /// harder than most feels tighter, an easier one looser, by 0.075 at most.
    pub fn score(leverage: f64, difficulty_percentile: Option<f64>) -> f64 {
        leverage + difficulty_percentile.map_or(0.0, |percentile| DIFFICULTY_WEIGHT * (percentile - 0.5))
    }

    /// The label of a score.
    pub fn of(score: f64, cuts: &[f64; 4]) -> Self {
        let step = cuts.iter().filter(|cut| score >= **cut).count();
        Self::ALL.get(step).copied().unwrap_or(Self::Critical)
    }
}

impl fmt::Display for Pressure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
