//! What a correction changed, from what is no longer true and what newly is.

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event},
    player::PlayerRef,
    score::Happening,
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
pub(super) fn change(event: &Event, withdrawn: &[Happening], happenings: &[Happening]) -> Option<Change> {
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
    let effects = effects(withdrawn, happenings);
    let heard = |happening: &Happening| !matches!(happening, Happening::Anomaly(_) | Happening::Ball(_));
    let quiet = was.is_none() && now.is_none() && !withdrawn.iter().any(heard) && effects.is_empty();
    let spoken_of = super::is_ball_event(event) || !withdrawn.is_empty();
    (spoken_of && !quiet).then(|| Change { was, now, withdrawn: withdrawn.to_vec(), effects })
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

/// The weightiest first. What is reached at another ball instead has not fallen.
fn effects(withdrawn: &[Happening], happenings: &[Happening]) -> Vec<Effect> {
    let is_gone = |gone: &Happening| !happenings.iter().any(|now| is_same(gone, now));
    let mut found: Vec<(u8, Effect)> = withdrawn.iter().filter(|gone| is_gone(gone)).filter_map(fell).collect();
    let moved = |of: &[Happening]| of.iter().rev().find_map(target);
    if let Some(target) = moved(happenings).filter(|now| moved(withdrawn).is_some_and(|was| was != *now)) {
        found.push((5, Effect::Target(target)));
    }
    found.sort_by_key(|(weight, _)| *weight);
    found.into_iter().map(|(_, effect)| effect).collect()
}

fn is_same(gone: &Happening, now: &Happening) -> bool {
    match (gone, now) {
        (
            Happening::BatterMilestone { player, runs, .. },
            Happening::BatterMilestone { player: other, runs: others, .. },
        ) => player.id == other.id && runs == others,
        (Happening::HatTrick { player }, Happening::HatTrick { player: other })
        | (Happening::HatTrickBall { player }, Happening::HatTrickBall { player: other }) => player.id == other.id,
        (
            Happening::OverCompleted { over, maiden, bowler, .. },
            Happening::OverCompleted { over: other, maiden: is, bowler: who, .. },
        ) => over == other && maiden == is && bowler.id == who.id,
        _ => false,
    }
}

fn fell(happening: &Happening) -> Option<(u8, Effect)> {
    Some(match happening {
        Happening::HatTrick { player } => (0, Effect::HatTrick(player.clone())),
        Happening::BatterMilestone { player, runs: 100, .. } => (1, Effect::Century(player.clone())),
        Happening::BatterMilestone { player, runs: 50, .. } => (2, Effect::Fifty(player.clone())),
        Happening::HatTrickBall { player } => (3, Effect::HatTrickBall(player.clone())),
        Happening::OverCompleted { bowler, maiden: true, .. } => (4, Effect::Maiden(bowler.clone())),
        _ => return None,
    })
}

fn target(happening: &Happening) -> Option<u32> {
    match happening {
        Happening::TargetRevised { target } | Happening::InningsStarted { target: Some(target), .. } => {
            Some(target.runs)
        }
        _ => None,
    }
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
