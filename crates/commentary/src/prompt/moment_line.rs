//! The moment as one compact line: the facts a model may use, in about eighty characters and some names.
//!
//! What is known before the ball is bowled comes first, so that the lines written ahead for its outcomes share it, and so
//! that it is computed while the bowler walks back. What the ball brought is as short as it can be, for it is computed
//! while somebody waits: figures that this ball did not change are left out of a call. What only a longer line needs comes
//! last.

use std::fmt::Write as _;

use cricket::score::Happening;

use crate::{
    line::LineKind,
    moment::{Moment, Occasion},
    name::clean,
    reading::Pressure,
    scene::Scene,
};

/// The facts of a moment, separated by `|`; no name can bring a separator of its own.
pub(super) fn of(moment: &Moment, kind: LineKind) -> String {
    let mut line = Line(String::with_capacity(200));
    known_before(moment, &mut line);
    brought(moment, kind, &mut line);
    line.0
}

/// Parts of a line.
struct Line(String);

impl Line {
    fn part(&mut self, what: std::fmt::Arguments<'_>) {
        if !self.0.is_empty() {
            self.0.push_str(" | ");
        }
        let _ = self.0.write_fmt(what);
    }
}

/// What is known before the ball is bowled.
fn known_before(moment: &Moment, line: &mut Line) {
    let scene = &moment.scene;
    let format = clean(&scene.format);
    if scene.innings > 0 {
        let between = if format.is_empty() { "" } else { " " };
        line.part(format_args!("{format}{between}{} batting", clean(&scene.batting_team)));
    } else if !format.is_empty() {
        line.part(format_args!("{format}"));
    }
    if let Some(phase) = moment.reading.phase {
        line.part(format_args!("{phase}"));
    }
    let number = number(moment).map(|number| format!("{number}: ")).unwrap_or_default();
    match (&scene.bowler, &scene.batter) {
        (Some(bowler), Some(batter)) => {
            line.part(format_args!("{number}{} to {}", clean(&bowler.player.name), clean(&batter.player.name)));
        }
        (Some(bowler), None) => line.part(format_args!("{number}{}", clean(&bowler.player.name))),
        (None, Some(batter)) => line.part(format_args!("{number}to {}", clean(&batter.player.name))),
        (None, None) => {}
    }
}

/// The number that the ball goes by, such as `15.4`, in The Hundred `ball 79`: a wide has that of the ball that is bowled
/// again for it. `None` where the moment is not a ball.
fn number(moment: &Moment) -> Option<String> {
    let (Occasion::Ball(ball), scene) = (&moment.occasion, &moment.scene) else { return None };
    let again = u32::from(!ball.is_legal());
    if scene.is_counted_in_balls() {
        return Some(format!("ball {}", scene.legal_balls + again));
    }
    let over = scene.over.as_ref()?;
    Some(format!("{}.{}", ball.over, u32::from(over.legal_balls) + again))
}

/// What the event brought, and how things stand after it.
fn brought(moment: &Moment, kind: LineKind, line: &mut Line) {
    let scene = &moment.scene;
    line.part(format_args!("{}", crate::moment::in_words(moment)));
    if moment.provisional {
        line.part(format_args!("under review, may change"));
    }
    let ball = match &moment.occasion {
        Occasion::Ball(ball) => Some(ball),
        _ => None,
    };
    let over = moment.happenings.iter().any(|happening| matches!(happening, Happening::OverCompleted { .. }));
    if scene.innings > 0 {
        // The ball's own number tells how far the innings is, until the over is complete.
        if ball.is_some() && !over {
            line.part(format_args!("{}", scene.score()));
        } else {
            line.part(format_args!("{} {}", scene.score(), so_far(scene)));
        }
    }
    if let Some(needed) = scene.runs_needed.filter(|needed| *needed > 0) {
        match scene.balls_left {
            Some(left) => line.part(format_args!("need {needed} off {left}")),
            None => line.part(format_args!("need {needed}")),
        }
    }
    let is_wicket = moment.is_wicket();
    let batters = ball.is_none_or(|ball| ball.runs.bat > 0 || is_wicket);
    let bowlers = ball.is_none() || is_wicket || over;
    if batters {
        batter(scene, line);
    }
    if bowlers {
        bowler(scene, line);
    }
    if moment.reading.pressure != Pressure::Calm {
        line.part(format_args!("{}", moment.reading.pressure));
    }
    if kind != LineKind::Call {
        if !batters {
            batter(scene, line);
        }
        if !bowlers {
            bowler(scene, line);
        }
    }
}

/// How far the innings is.
fn so_far(scene: &Scene) -> String {
    if scene.is_counted_in_balls() {
        format!("in {} balls", scene.legal_balls)
    } else {
        format!("in {} ov", scene.overs)
    }
}

fn batter(scene: &Scene, line: &mut Line) {
    if let Some(batter) = &scene.batter {
        line.part(format_args!("batter {}({})", batter.runs, batter.balls));
    }
}

fn bowler(scene: &Scene, line: &mut Line) {
    if let Some(bowler) = &scene.bowler {
        line.part(format_args!("bowler {}/{}", bowler.wickets, bowler.runs));
    }
}
