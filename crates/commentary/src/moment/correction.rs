//! What a correction changed, from what is no longer true and what newly is.

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event},
    player::PlayerRef,
    score::{Applied, BatterCard, Difference, Happening},
};

use super::Change;
use crate::facts::{EventFact, EventWord, FactSheet, Hundredths, NumberFact, Role, Standing, Unit};

/// What else fell, or moved, with a correction: the weightiest is named on air.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Somebody has no hat-trick after all.
    HatTrick(PlayerRef),
    /// Somebody's hundred is none.
    Century(PlayerRef),
    /// Somebody's fifty is none.
    Fifty(PlayerRef),
    /// Somebody is not on a hat-trick.
    HatTrickBall(PlayerRef),
    /// Somebody's over is no maiden.
    Maiden(PlayerRef),
    /// Another number of runs wins the match.
    Target(u32),
}

/// `None` where nothing changed that a listener heard.
pub(super) fn change(event: &Event, applied: &Applied) -> Option<Change> {
    let Applied { withdrawn, happenings, differences, .. } = applied;
    let gone: Vec<&Arc<Delivery>> = withdrawn.iter().filter_map(ball).collect();
    let fresh: Vec<&Arc<Delivery>> = happenings.iter().filter_map(ball).collect();
    let place = |ball: &Delivery| (ball.innings, ball.over, ball.pos);
    let at = |balls: &[&Arc<Delivery>], wanted: &Delivery| {
        balls.iter().find(|ball| place(ball) == place(wanted)).copied().cloned()
    };
    // Of an over that was replaced, the first ball that was told otherwise.
    let differs = |ball: &&&Arc<Delivery>| at(&fresh, ball).is_none_or(|now| audible(&now) != audible(ball));
    let was = gone.iter().find(differs).copied().cloned();
    let now = match &was {
        Some(was) => at(&fresh, was),
        None => fresh.iter().find(|ball| at(&gone, ball).is_none()).copied().cloned(),
    };
    let effects = effects(differences);
    let heard = |happening: &Happening| !matches!(happening, Happening::Anomaly(_) | Happening::Ball(_));
    let quiet = was.is_none() && now.is_none() && !withdrawn.iter().any(heard) && effects.is_empty();
    let spoken_of = super::is_ball_event(event) || !withdrawn.is_empty();
    (spoken_of && !quiet).then(|| Change { was, now, withdrawn: withdrawn.clone(), effects })
}

fn ball(happening: &Happening) -> Option<&Arc<Delivery>> {
    match happening {
        Happening::Ball(ball) => Some(ball),
        _ => None,
    }
}

/// What of a ball a listener was told: who, what was scored, who was out and how.
pub(crate) fn audible(ball: &Delivery) -> impl PartialEq + '_ {
    let wickets: Vec<_> =
        ball.wickets.iter().map(|wicket| (&wicket.player_out.id, &wicket.kind, &wicket.fielders)).collect();
    (&ball.batter.id, &ball.bowler.id, ball.runs, ball.extras, wickets)
}

/// The weightiest first. A hat-trick that somebody has at another ball instead has not fallen.
fn effects(differences: &[Difference]) -> Vec<Effect> {
    let mut found: Vec<(u8, Effect)> = differences.iter().filter_map(fell).collect();
    let gained: Vec<Effect> =
        differences.iter().cloned().map(Difference::inverse).filter_map(|now| Some(fell(&now)?.1)).collect();
    found.retain(|(_, effect)| matches!(effect, Effect::Target(_) | Effect::Maiden(_)) || !gained.contains(effect));
    found.sort_by_key(|(weight, _)| *weight);
    found.into_iter().map(|(_, effect)| effect).collect()
}

fn fell(difference: &Difference) -> Option<(u8, Effect)> {
    let reached = |card: &Option<BatterCard>, mark: u32| card.as_ref().is_some_and(|card| card.runs >= mark);
    Some(match difference {
        Difference::HatTrick { bowler, before: true, .. } => (0, Effect::HatTrick(bowler.clone())),
        Difference::BatterMilestone { runs: mark @ (50 | 100), before: Some(before), after, .. }
            if !reached(after, *mark) =>
        {
            let player = before.player.clone();
            if *mark == 100 { (1, Effect::Century(player)) } else { (2, Effect::Fifty(player)) }
        }
        Difference::HatTrickBall { bowler, before: true, .. } => (3, Effect::HatTrickBall(bowler.clone())),
        Difference::Maiden { bowler, before: true, .. } => (4, Effect::Maiden(bowler.clone())),
        Difference::Target { before: Some(_), after: Some(target), .. } => (5, Effect::Target(target.runs)),
        _ => return None,
    })
}

/// What may be said of a correction's effects: the word as withdrawn, whose it was, the target as it is.
pub(super) fn tell(effects: &[Effect], facts: &mut FactSheet) {
    for effect in effects {
        let (word, player, role) = match effect {
            Effect::HatTrick(player) => (EventWord::HatTrick, player, Role::Bowler),
            Effect::HatTrickBall(player) => (EventWord::HatTrickBall, player, Role::Bowler),
            Effect::Maiden(player) => (EventWord::Maiden, player, Role::Bowler),
            Effect::Century(player) => (EventWord::Century, player, Role::MilestoneBatter),
            Effect::Fifty(player) => (EventWord::Fifty, player, Role::MilestoneBatter),
            Effect::Target(runs) => {
                for unit in [Unit::Runs, Unit::Needed] {
                    let value = Hundredths::whole(*runs);
                    facts.numbers.push(NumberFact { id: "target.now", value, unit, owner: None });
                }
                continue;
            }
        };
        if !facts.stands(word) {
            facts.events.push(EventFact { word, standing: Standing::Withdrawn });
        }
        if let Some(person) = facts.people.iter_mut().find(|person| person.player.id == player.id)
            && !person.roles.contains(&role)
        {
            person.roles.push(role);
        }
    }
}
