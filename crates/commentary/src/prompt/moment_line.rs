//! The moment as one compact line: every fact a model may use, in about eighty characters and some names.
//!
//! What is known before the ball is bowled comes first, so that the lines written ahead for its outcomes share it.

use std::fmt::Write as _;

use crate::{moment::Moment, name::clean};

/// The facts of a moment, separated by `|`; no name can bring a separator of its own.
pub(super) fn of(moment: &Moment) -> String {
    let scene = &moment.scene;
    let mut line = String::with_capacity(200);
    line.push_str(&clean(&scene.format));
    if scene.innings > 0 {
        part(&mut line, " ", format_args!("{} batting", clean(&scene.batting_team)));
    }
    if let Some(phase) = moment.reading.phase {
        part(&mut line, " | ", format_args!("{phase}"));
    }
    match (&scene.bowler, &scene.batter) {
        (Some(bowler), Some(batter)) => {
            let (bowler, batter) = (clean(&bowler.player.name), clean(&batter.player.name));
            part(&mut line, " | ", format_args!("{bowler} to {batter}"));
        }
        (Some(bowler), None) => part(&mut line, " | ", format_args!("{}", clean(&bowler.player.name))),
        (None, Some(batter)) => part(&mut line, " | ", format_args!("to {}", clean(&batter.player.name))),
        (None, None) => {}
    }
    part(&mut line, " | ", format_args!("{}", crate::moment::in_words(moment)));
    if moment.provisional {
        part(&mut line, " | ", format_args!("under review, may change"));
    }
    if scene.innings > 0 {
        part(&mut line, " | ", format_args!("{} in {} ov", scene.score(), scene.overs));
    }
    if let Some(needed) = scene.runs_needed.filter(|needed| *needed > 0) {
        part(&mut line, " | ", format_args!("need {needed}"));
        if let Some(left) = scene.balls_left {
            let _ = write!(line, " off {left}");
        }
    }
    if let Some(batter) = &scene.batter {
        part(&mut line, " | ", format_args!("batter {}({})", batter.runs, batter.balls));
    }
    if let Some(bowler) = &scene.bowler {
        part(&mut line, " | ", format_args!("bowler {}/{}", bowler.wickets, bowler.runs));
    }
    part(&mut line, " | ", format_args!("{}", moment.reading.pressure));
    line
}

/// Adds a part, parted from what is there.
fn part(line: &mut String, between: &str, what: std::fmt::Arguments<'_>) {
    if !line.is_empty() {
        line.push_str(between);
    }
    let _ = line.write_fmt(what);
}
