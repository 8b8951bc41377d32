//! Powerplays: where they begin and end.

use super::{AnomalyKind, Engine, Happening, Innings};
use crate::{
    event::{Delivery, InningsKind, Key, Powerplay},
    rules::Rules,
};

/// What the feed calls the powerplay at the start of an innings.
const MANDATORY: &str = "mandatory";

impl Engine {
    pub(super) fn powerplay(&mut self, key: &Key, powerplay: &Powerplay) {
        let index = self.index_of(powerplay.innings);
        match index.and_then(|index| self.innings_mut(index)) {
            Some(innings) => innings.powerplays.push(powerplay.clone()),
            None => self.anomaly(key, AnomalyKind::OutOfPlay),
        }
    }

    /// Powerplays that begin with this ball, or end with it in mid-over.
    pub(super) fn powerplays(&mut self, index: usize, ball: &Delivery) {
        let Self { state, happenings, .. } = self;
        let Some(innings) = state.innings.get(index) else { return };
        for powerplay in &innings.powerplays {
            if (powerplay.from.over, powerplay.from.ball.max(1)) == (ball.over, ball.pos) {
                happenings.push(Happening::PowerplayStarted { kind: powerplay.kind.clone() });
            }
            // Bounds of a whole over are settled by its end: wides make it longer than was known before.
            let mid_over = powerplay.to.ball < innings.balls_per_over;
            if mid_over && (powerplay.to.over, powerplay.to.ball) == (ball.over, ball.pos) {
                happenings.push(ended(&powerplay.kind, innings));
            }
        }
        if let Some((over, balls)) = by_the_table(innings, &state.rules) {
            if (ball.over, ball.pos) == (0, 1) {
                happenings.push(Happening::PowerplayStarted { kind: MANDATORY.to_owned() });
            }
            let bowled = innings.overs.last().map_or(0, |over| over.legal_balls);
            if balls > 0 && over == ball.over && ball.is_legal() && bowled == balls {
                happenings.push(ended(MANDATORY, innings));
            }
        }
    }

    /// Powerplays that end with a whole over.
    pub(super) fn powerplays_of_over(&mut self, index: usize, over: u16) {
        let Self { state, happenings, .. } = self;
        let Some(innings) = state.innings.get(index) else { return };
        for powerplay in &innings.powerplays {
            if powerplay.to.over == over && powerplay.to.ball >= innings.balls_per_over {
                happenings.push(ended(&powerplay.kind, innings));
            }
        }
        if by_the_table(innings, &state.rules).is_some_and(|end| end == (over.saturating_add(1), 0)) {
            happenings.push(ended(MANDATORY, innings));
        }
    }
}

fn ended(kind: &str, innings: &Innings) -> Happening {
    Happening::PowerplayEnded { kind: kind.to_owned(), runs: innings.runs, wickets: innings.wickets }
}

/// Whole overs and balls of the first powerplay, where the feed sends none; `None` where there is none either.
fn by_the_table(innings: &Innings, rules: &Rules) -> Option<(u16, u16)> {
    if !innings.powerplays.is_empty() || innings.kind == InningsKind::SuperOver {
        return None;
    }
    let per_over = u32::from(innings.balls_per_over.max(1));
    let balls = rules.first_powerplay(innings.scheduled_balls()?, innings.balls_per_over);
    let (over, ball) = (u16::try_from(balls / per_over).ok()?, u16::try_from(balls % per_over).ok()?);
    (balls > 0).then_some((over, ball))
}
