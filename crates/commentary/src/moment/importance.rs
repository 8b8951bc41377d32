//! How much a moment deserves words.

use cricket::score::Happening;

use super::Occasion;
use crate::{reading::Reading, scene::Scene};

/// 0 to 1: the weightiest happening, raised towards 1 by how tight it is. A boundary in a dead chase is still a boundary;
/// a dot ball with four needed off two is an event.
pub(super) fn of(occasion: &Occasion, happenings: &[Happening], reading: &Reading, scene: &Scene) -> f64 {
    let base = match occasion {
        Occasion::Correction(_) | Occasion::MatchStart | Occasion::MatchEnd => 1.0,
        Occasion::InningsStart | Occasion::InningsEnd | Occasion::Status(_) => 0.8,
        Occasion::OverEnd => 0.4,
        Occasion::Ball(_) => happenings.iter().map(weight).fold(0.0, f64::max),
    };
    (base + (1.0 - base) * tightness(reading, scene)).clamp(0.0, 1.0)
}

/// How tight it is, 0 to 1: what the reading and the scoreboard add to every happening. The one place where the scale of
/// leverage (0 to 1, one half for an ordinary ball) meets that of importance: at most half of the way that is left, and
/// a little more with the end in sight.
fn tightness(reading: &Reading, scene: &Scene) -> f64 {
    let closing = if scene.runs_needed.is_some_and(|needed| (1..=12).contains(&needed)) { 0.2 } else { 0.0 };
    reading.leverage.clamp(0.0, 1.0) * 0.5 + closing
}

fn weight(happening: &Happening) -> f64 {
    match happening {
        Happening::MatchEnded { .. } | Happening::TargetReached | Happening::HatTrick { .. } => 1.0,
        Happening::Wicket { .. } => 0.9,
        Happening::InningsEnded { .. } | Happening::BatterMilestone { .. } => 0.85,
        Happening::BowlerMilestone { wickets, .. } if *wickets >= 5 => 0.85,
        Happening::Six | Happening::HatTrickBall { .. } => 0.7,
        Happening::Four | Happening::Retired { .. } => 0.6,
        Happening::PartnershipMilestone { .. }
        | Happening::TeamMilestone { .. }
        | Happening::BowlerMilestone { .. } => 0.55,
        Happening::DroughtBroken { .. } | Happening::Reviewed { .. } | Happening::NewBatter { .. } => 0.45,
        Happening::OverCompleted { maiden: true, .. } | Happening::BoundaryDrought { .. } => 0.4,
        Happening::NewBowler { .. } | Happening::OverCompleted { .. } => 0.25,
        Happening::Ball(ball) => match (ball.runs.total, ball.is_legal()) {
            (0, _) => 0.1,
            (1, true) => 0.15,
            (2, true) => 0.2,
            _ => 0.3,
        },
        _ => 0.3,
    }
}
