//! The moment as one compact line: every fact a model may use, in about eighty characters and some names.

use std::fmt::Write as _;

use crate::{moment::Moment, name::clean};

/// The facts of a moment, separated by `|`; no name can bring a separator of its own.
pub(super) fn of(moment: &Moment) -> String {
    let scene = &moment.scene;
    let mut line = String::with_capacity(200);
    if !scene.format.is_empty() {
        let _ = write!(line, "{} ", clean(&scene.format));
    }
    if scene.innings > 0 {
        let _ = write!(line, "{} {}", clean(&scene.batting_team), scene.score());
        let _ = write!(line, " in {} ov", scene.overs);
    }
    if let Some(needed) = scene.runs_needed.filter(|needed| *needed > 0) {
        let _ = write!(line, " | need {needed}");
        if let Some(left) = scene.balls_left {
            let _ = write!(line, " off {left}");
        }
    }
    if let Some(phase) = moment.reading.phase {
        let _ = write!(line, " | {phase}");
    }
    let _ = write!(line, " | {}", moment.reading.pressure);
    if let Some(bowler) = &scene.bowler {
        let _ = write!(line, " | {} {}/{}", clean(&bowler.player.name), bowler.wickets, bowler.runs);
    }
    if let Some(batter) = &scene.batter {
        let _ = write!(line, " to {} {}({})", clean(&batter.player.name), batter.runs, batter.balls);
    }
    let _ = write!(line, " | {}", crate::moment::in_words(moment));
    if moment.provisional {
        line.push_str(" | under review, may change");
    }
    line
}
