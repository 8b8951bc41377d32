//! Who is likely to win a chase.
//!
//! The chance is logistic in (runs to come − runs needed + ½) over their spread, so that runs needed, balls, wickets,
//! required rate and their products all tell, and the laws hold by construction: one more run needed never raises it
//! (also when the target moves), one more ball or wicket in hand never lowers it; it is exactly 1 when the target is
//! reached and exactly 0 when balls or wickets are gone.

use cricket::{event::InningsKind, score::Innings};
use serde::{Deserialize, Serialize};

use super::scoring::Scoring;

/// A chase in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Balls of the whole innings; above 0.
    pub limit: u32,
    /// Balls left.
    pub left: u32,
    /// Wickets in hand.
    pub wickets: u8,
    /// Runs needed.
    pub needed: u32,
    /// Runs that win the match.
    pub target: u32,
}

impl Position {
    /// `None` when the side sets, or has no limit of balls. An innings that has ended has no ball left.
    pub fn of(innings: &Innings) -> Option<Self> {
        let limit = innings.balls_limit.filter(|limit| *limit > 0)?;
        let left = if innings.ended.is_some() { 0 } else { innings.balls_left()? };
        let target = innings.target?.runs;
        let needed = innings.runs_needed()?;
        Some(Self { limit, left, wickets: wickets(innings), needed, target })
    }
}

/// Wickets in hand as the model counts them: a super over's two are those of batters who would have many more behind
/// them.
pub(super) fn wickets(innings: &Innings) -> u8 {
    match innings.wickets_in_hand() {
        0 => 0,
        hand if innings.kind == InningsKind::SuperOver => hand.saturating_add(4),
        hand => hand,
    }
}

/// A kind of match's chases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chase {
    /// The usual target of a whole innings, in runs; above 0.
    pub usual_target: f64,
    /// Runs to come.
    pub scoring: Scoring,
}

/// How far a target is from the usual one, at most, as a factor: beyond it no chase was seen.
const TARGETS: (f64, f64) = (0.3, 2.0);

impl Chase {
    /// The chance of getting there; `whole` is the balls of a whole innings of this kind of match.
    pub fn chance(&self, at: &Position, whole: u32) -> f64 {
        if at.needed == 0 {
            return 1.0;
        }
        if at.left == 0 || at.wickets == 0 {
            return 0.0;
        }
        let scoring = &self.scoring;
        // In steps so coarse that where balls hardly matter any more, rounding cannot make one of them hurt.
        let plain = f64::from(scoring.to_come(f64::from(at.left), at.wickets) as f32);
        // The target tells of the pitch: where the one side made many, the other will.
        let length = scoring.to_come(f64::from(at.limit), 10) / scoring.to_come(f64::from(whole), 10);
        let usual = self.usual_target * length.max(f64::MIN_POSITIVE);
        let high = (f64::from(at.target) / usual).clamp(TARGETS.0, TARGETS.1) - 1.0;
        let to_come = plain * (1.0 + scoring.pull * high);
        let margin = to_come - f64::from(at.needed) + 0.5;
        logistic(margin / scoring.spread(plain))
    }

    /// Whether the laws hold: sound numbers, and a run on the target adds less than a run to what is to come.
    pub(super) fn is_sound(&self, whole: u32) -> bool {
        self.usual_target.is_finite()
            && self.usual_target > 0.0
            && self.scoring.is_sound()
            && self.scoring.pull * self.scoring.to_come(f64::from(whole), 10) <= self.usual_target
    }
}

/// 0 to 1, never quite either: what is not decided is not certain.
pub(super) fn logistic(x: f64) -> f64 {
    (1.0 / (1.0 + (-x).exp())).clamp(1e-6, 1.0 - 1e-6)
}
