//! Balls, and what belongs to single players: cards, dismissals, milestones.

use std::{collections::BTreeMap, sync::Arc};

use super::{Difference, pairs, passed};
use crate::{
    event::Delivery,
    player::PersonId,
    score::{BatterCard, BatterStatus, BowlerCard, Innings, Partnership},
};

/// Runs at which batters and stands are applauded.
pub(super) const MILESTONE: u32 = 50;

/// Wickets of one bowler that are worth a word.
const WICKETS: u32 = 3;

type Which<'a> = Option<&'a Innings>;

pub(super) fn balls(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    for ((over, pos, _), before, after) in pairs(balls_of(before), balls_of(after)) {
        let same = match (before, after) {
            (Some(before), Some(after)) => Arc::ptr_eq(before, after) || heard(before) == heard(after),
            _ => false,
        };
        if !same {
            found.push(Difference::Ball { innings, over, pos, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// Balls by place; of several at one place (a provider's own keys) each has a number.
fn balls_of(innings: Which<'_>) -> BTreeMap<(u16, u16, usize), &Arc<Delivery>> {
    let mut found = BTreeMap::new();
    for ball in innings.into_iter().flat_map(|innings| &innings.overs).flat_map(|over| &over.balls) {
        let (mut number, place) = (0, (ball.over, ball.pos));
        while found.contains_key(&(place.0, place.1, number)) {
            number += 1;
        }
        found.insert((place.0, place.1, number), ball);
    }
    found
}

/// What of a ball a listener was told.
fn heard(ball: &Delivery) -> impl PartialEq + '_ {
    let wickets: Vec<_> =
        ball.wickets.iter().map(|wicket| (&wicket.player_out.id, &wicket.kind, &wicket.fielders)).collect();
    (&ball.batter.id, &ball.non_striker.id, &ball.bowler.id, ball.runs, ball.extras, wickets)
}

pub(super) fn batters(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    let cards = |innings: Which<'_>| -> BTreeMap<PersonId, BatterCard> {
        let cards = innings.into_iter().flat_map(|innings| &innings.batting);
        cards.map(|card| (card.player.id.clone(), card.clone())).collect()
    };
    let cards = pairs(cards(before), cards(after));
    for (_, before, after) in cards {
        let (dismissal, figures) = (before.as_ref().and_then(out), before.as_ref().map(batter_figures));
        if dismissal != after.as_ref().and_then(out) {
            found.push(Difference::Dismissal { innings, before: before.clone(), after: after.clone() });
        }
        if figures != after.as_ref().map(batter_figures) {
            found.push(Difference::Batter { innings, before: before.clone(), after: after.clone() });
        }
        let runs = |card: &Option<BatterCard>| card.as_ref().map_or(0, |card| card.runs);
        for runs in passed(runs(&before), runs(&after), MILESTONE, MILESTONE) {
            found.push(Difference::BatterMilestone { innings, runs, before: before.clone(), after: after.clone() });
        }
    }
}

/// The dismissal, as far as a listener is told of it.
fn out(card: &BatterCard) -> Option<impl PartialEq + '_> {
    match &card.status {
        BatterStatus::Out(out) => Some((&out.kind, out.bowler.as_ref().map(|bowler| &bowler.id), &out.fielders)),
        _ => None,
    }
}

fn batter_figures(card: &BatterCard) -> impl PartialEq + '_ {
    let retired = match &card.status {
        BatterStatus::Retired { kind } => Some(kind),
        _ => None,
    };
    (card.runs, card.balls, card.fours, card.sixes, retired)
}

pub(super) fn bowlers(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    let cards = |innings: Which<'_>| -> BTreeMap<PersonId, BowlerCard> {
        let cards = innings.into_iter().flat_map(|innings| &innings.bowling);
        cards.map(|card| (card.player.id.clone(), card.clone())).collect()
    };
    let figures = |card: &BowlerCard| (card.balls, card.maidens, card.runs, card.wickets, card.wides, card.noballs);
    for (_, before, after) in pairs(cards(before), cards(after)) {
        if before.as_ref().map(figures) != after.as_ref().map(figures) {
            found.push(Difference::Bowler { innings, before: before.clone(), after: after.clone() });
        }
        let wickets = |card: &Option<BowlerCard>| card.as_ref().map_or(0, |card| card.wickets);
        for wickets in passed(wickets(&before), wickets(&after), 1, WICKETS) {
            found.push(Difference::BowlerMilestone { innings, wickets, before: before.clone(), after: after.clone() });
        }
    }
}

pub(super) fn partnerships(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    let stands = |innings: Which<'_>| -> BTreeMap<u8, Partnership> {
        let stands = innings.into_iter().flat_map(|innings| &innings.partnerships);
        stands.map(|stand| (stand.wicket, stand.clone())).collect()
    };
    for (wicket, before, after) in pairs(stands(before), stands(after)) {
        let runs = |stand: &Option<Partnership>| stand.as_ref().map_or(0, |stand| stand.runs);
        for runs in passed(runs(&before), runs(&after), MILESTONE, MILESTONE) {
            let (before, after) = (before.clone(), after.clone());
            found.push(Difference::PartnershipMilestone { innings, wicket, runs, before, after });
        }
    }
}
