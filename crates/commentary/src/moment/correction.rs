//! What a correction changed, from what is no longer true and what newly is.

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event},
    score::Happening,
};

use super::Change;

/// `None` where no ball changed in anything that a listener heard.
pub(super) fn change(event: &Event, withdrawn: &[Happening], happenings: &[Happening]) -> Option<Change> {
    if !super::is_ball_event(event) {
        return None;
    }
    let gone: Vec<&Arc<Delivery>> = withdrawn.iter().filter_map(ball).collect();
    let fresh: Vec<&Arc<Delivery>> = happenings.iter().filter_map(ball).collect();
    let place = |ball: &Delivery| (ball.innings, ball.over, ball.pos);
    let was = gone.first().copied().cloned();
    let now = match &was {
        Some(was) => fresh.iter().find(|ball| place(ball) == place(was)).copied().cloned(),
        None => fresh.first().copied().cloned(),
    };
    let same_to_the_ear = match (&was, &now) {
        (Some(was), Some(now)) => audible(was) == audible(now),
        (None, None) => !withdrawn.iter().any(|happening| !matches!(happening, Happening::Anomaly(_))),
        _ => false,
    };
    if same_to_the_ear {
        return None;
    }
    Some(Change { was, now, withdrawn: withdrawn.to_vec() })
}

fn ball(happening: &Happening) -> Option<&Arc<Delivery>> {
    match happening {
        Happening::Ball(ball) => Some(ball),
        _ => None,
    }
}

/// What of a ball a listener was told: who, what was scored, who was out and how.
fn audible(ball: &Delivery) -> impl PartialEq + '_ {
    let wickets: Vec<_> =
        ball.wickets.iter().map(|wicket| (&wicket.player_out.id, &wicket.kind, &wicket.fielders)).collect();
    (&ball.batter.id, &ball.bowler.id, ball.runs, ball.extras, wickets)
}
