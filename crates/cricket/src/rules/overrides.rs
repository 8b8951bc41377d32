//! What a match says itself of its rules.

use serde_json::Value;

use super::{FreeHits, Rules};
use crate::event::Ext;

impl Rules {
    /// Takes over what the match says; see [`Rules::of`] for the names.
    pub(super) fn overrule(&mut self, overrides: &Ext) {
        for (name, value) in overrides {
            match (name.as_str(), value) {
                ("free_hits", Value::String(which)) => match which.as_str() {
                    "never" => self.free_hits = FreeHits::Never,
                    "foot_fault" => self.free_hits = FreeHits::FootFault,
                    "every" => self.free_hits = FreeHits::Every,
                    _ => {}
                },
                ("new_batter_faces", Value::Bool(yes)) => self.new_batter_faces = *yes,
                ("no_ball_byes_apart", Value::Bool(yes)) => self.no_balls.byes_apart = Some(*yes),
                ("hat_trick_across_innings", Value::Bool(yes)) => self.hat_tricks.across_innings = *yes,
                ("hat_trick_wide_breaks", Value::Bool(yes)) => self.hat_tricks.wide_breaks = *yes,
                ("no_ball_runs", value) => self.no_balls.runs = number(value).or(self.no_balls.runs),
                ("powerplay_balls", value) => {
                    self.powerplay_balls = number(value).map(u32::from).or(self.powerplay_balls);
                }
                ("t20_middle_to", value) => {
                    // At most as many overs as a T20 has.
                    self.t20_middle_to.0 = number(value).filter(|over| *over <= 20).unwrap_or(self.t20_middle_to.0);
                }
                _ => {}
            }
        }
    }
}

/// A whole number above 0.
fn number(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}
