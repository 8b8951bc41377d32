//! Phases of an innings: what broadcasters call the powerplay, the middle overs, the death.
//!
//! The match's own powerplays come before any table. Bounds of a shortened innings are scaled by its scheduled balls.

use std::fmt;

use crate::{
    event::Powerplay,
    score::{Innings, MatchState},
};

/// Where an innings stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Fielding restrictions at the start.
    Powerplay,
    /// A powerplay later in the innings: the batting side's surge, or one taken by either side.
    Surge,
    /// Between the powerplay and the death.
    Middle,
    /// The last overs.
    Death,
    /// A super over.
    SuperOver,
    /// Of a match without a limit: the ball is new (up to 20 overs old).
    NewBall,
    /// Of a match without a limit: the ball is neither new nor nearly due for another.
    OldBall,
    /// Of a match without a limit: a second new ball is due (80 overs; 85 in women's Tests is not told apart).
    NewBallDue,
}

impl Phase {
    /// Its name in a sentence, such as `death overs`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Powerplay => "powerplay",
            Self::Surge => "second powerplay",
            Self::Middle => "middle overs",
            Self::Death => "death overs",
            Self::SuperOver => "super over",
            Self::NewBall => "new ball",
            Self::OldBall => "old ball",
            Self::NewBallDue => "second new ball due",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Bounds of a limited-overs innings, in legal balls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Balls of the first powerplay.
    pub powerplay: u32,
    /// Balls before the death.
    pub death: u32,
}

/// Full innings by their balls: powerplay and the balls before the death. T20: overs 1–6, 7–15 (or 16, by a setting), 16–20;
/// ODI: 1–10, 11–40, 41–50; The Hundred: balls 1–25, 26–80, 81–100.
const FULL: [(u32, Bounds); 3] = [
    (100, Bounds { powerplay: 25, death: 80 }),
    (T20, Bounds { powerplay: 36, death: 90 }),
    (300, Bounds { powerplay: 60, death: 240 }),
];

/// Balls of a full T20.
const T20: u32 = 120;

/// Overs after which a ball is no longer called new.
pub const NEW_BALL_OVERS: u32 = 20;
/// Overs after which another ball may be taken (Law 4.5).
pub const SECOND_NEW_BALL_OVERS: u32 = 80;

impl Bounds {
    /// The bounds of today's formats, whatever the match's era and competition: what figures of many matches are cut by. They
    /// are those of the nearest kind of match of `full` balls a side, scaled to `scheduled` balls: a 40-over match is scaled
    /// from the ODI, a T10 from the T20.
    pub fn scaled(full: u32, scheduled: u32) -> Self {
        let (balls, bounds) = nearest(full);
        let scale = |part: u32| (part * scheduled + balls / 2) / balls;
        Self { powerplay: scale(bounds.powerplay), death: scale(bounds.death) }
    }
}

/// The nearest kind of full innings, by its balls.
fn nearest(full: u32) -> (u32, Bounds) {
    let [hundred, t20, odi] = FULL;
    [t20, odi]
        .into_iter()
        .fold(hundred, |best, kind| if kind.0.abs_diff(full) < best.0.abs_diff(full) { kind } else { best })
}

/// The bounds for an innings of a limited-overs match; `None` without a limit.
///
/// The powerplay is the one of the match's format and era ([`Rules::first_powerplay`](crate::rules::Rules)).
pub fn bounds(state: &MatchState, innings: &Innings) -> Option<Bounds> {
    let per_over = u32::from(innings.balls_per_over);
    let full = u32::from(state.info.as_ref()?.overs?) * per_over;
    let scheduled = innings.scheduled_balls().filter(|balls| *balls > 0).unwrap_or(full);
    let powerplay = state.rules.first_powerplay(scheduled, innings.balls_per_over);
    if let Some(death) = state.rules.powerplays.before_last(scheduled, innings.balls_per_over) {
        return Some(Bounds { powerplay, death });
    }
    let (balls, kind) = nearest(full);
    let death = if balls == T20 { u32::from(state.rules.t20_middle_to.0) * per_over } else { kind.death };
    Some(Bounds { powerplay, death: (death * scheduled + balls / 2) / balls })
}

/// The phase that the next ball of an innings belongs to; `None` while the kind of match is unknown.
pub fn of(state: &MatchState, innings: &Innings) -> Option<Phase> {
    use crate::event::InningsKind;
    if innings.kind == InningsKind::SuperOver {
        return Some(Phase::SuperOver);
    }
    if state.info.as_ref()?.overs.is_none() {
        let overs = innings.legal_balls / u32::from(innings.balls_per_over.max(1));
        return Some(match overs {
            0..NEW_BALL_OVERS => Phase::NewBall,
            NEW_BALL_OVERS..SECOND_NEW_BALL_OVERS => Phase::OldBall,
            _ => Phase::NewBallDue,
        });
    }
    let bounds = bounds(state, innings)?;
    let next = next_ball(innings);
    // Playing conditions of 2015 call overs 11 to 40 and 41 to 50 mandatory powerplays; nobody else does.
    let counts = |powerplay: &&Powerplay| powerplay.from.over == 0 || powerplay.kind != "mandatory";
    let mut own = innings.powerplays.iter().filter(counts);
    let own = own.find(|powerplay| within(powerplay, next, innings.balls_per_over));
    Some(match own {
        Some(powerplay) if powerplay.from.over == 0 => Phase::Powerplay,
        Some(_) if innings.legal_balls < bounds.death => Phase::Surge,
        None if innings.powerplays.is_empty() && innings.legal_balls < bounds.powerplay => Phase::Powerplay,
        None if innings.legal_balls < bounds.death => Phase::Middle,
        _ => Phase::Death,
    })
}

/// Over from 0 and position from 1 of the next delivery.
pub(crate) fn next_ball(innings: &Innings) -> (u16, u16) {
    match innings.overs.last() {
        None => (0, 1),
        Some(over) if over.complete => (over.over.saturating_add(1), 1),
        Some(over) => (over.over, u16::try_from(over.balls.len()).unwrap_or(u16::MAX).saturating_add(1)),
    }
}

/// Whether a ball lies in a powerplay. Bounds of a whole over take in its wides and no-balls, however many come.
fn within(powerplay: &Powerplay, ball: (u16, u16), balls_per_over: u16) -> bool {
    let last = if powerplay.to.ball >= balls_per_over { u16::MAX } else { powerplay.to.ball };
    (powerplay.from.over, powerplay.from.ball) <= ball && ball <= (powerplay.to.over, last)
}
