//! A replay: every standing event in order of play, with replaced overs in place of the balls first sent for them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    Entry, Log,
    place::{Order, Point, natural, over_of, over_of_place},
    point_of,
};
use crate::{
    event::{Delivery, EventData, Key, OverReplace},
    score::{
        changes::{History, Subject},
        engine::Engine,
    },
};

/// One thing to play.
enum Step {
    /// An entry of the log.
    Entry(usize),
    /// A ball of a replaced over, with its natural place.
    Ball(u64, Arc<Delivery>),
}

/// Plays the log from the start; its order must be sorted.
pub(super) fn replay(log: &mut Log, mut history: Option<&mut History>) -> Engine {
    let mut engine = Engine::default();
    for step in steps(log) {
        let subject = match step {
            Step::Ball(place, ball) => {
                engine.delivery(&Key::delivery(ball.innings, ball.over, ball.pos), &ball);
                Subject::Ball(place)
            }
            Step::Entry(index) => {
                let Some(entry) = log.entries.get_mut(index) else { continue };
                entry.play(&mut engine);
                subject(entry)
            }
        };
        let happenings = engine.take_happenings();
        if let Some(history) = history.as_deref_mut().filter(|_| !happenings.is_empty()) {
            history.0.push((subject, happenings));
        }
    }
    engine
}

pub(super) fn subject(entry: &Entry) -> Subject {
    match (&entry.event.data, entry.natural) {
        (EventData::Delivery(_), Some(place)) => Subject::Ball(place),
        _ => Subject::Key(entry.event.key.clone()),
    }
}

fn steps(log: &Log) -> Vec<Step> {
    let live = |index: &usize| {
        let entry = log.entries.get(*index)?;
        (!log.is_dropped(entry)).then_some((*index, entry))
    };
    let plain =
        |(_, entry): &(usize, &Entry)| !matches!(entry.event.data, EventData::Retract | EventData::OverReplace(_));
    let replacements = replacements(log);
    if replacements.is_empty() {
        return log.order.iter().filter_map(live).filter(plain).map(|(index, _)| Step::Entry(index)).collect();
    }
    let replacement_of = |entry: &Entry| entry.natural.and_then(|place| replacements.get(&over_of_place(place)));
    let mut overridden = HashSet::new();
    let mut reached = 0;
    let mut found: Vec<(Order, Step)> = Vec::new();
    for (index, entry) in log.order.iter().filter_map(live) {
        // A ball that was replaced still tells what came after it.
        reached = reached.max(entry.reach().unwrap_or(0));
        let is_ball = matches!(entry.event.data, EventData::Delivery(_) | EventData::Retract);
        if let (Some(replacement), true) = (replacement_of(entry), is_ball) {
            if point_of(&entry.event) < replacement.since {
                continue;
            }
            // What was sent after the replacement stands on top of it.
            overridden.extend(entry.natural);
        }
        let order =
            Order { reached: entry.natural.unwrap_or(reached), follows: entry.natural.is_none(), point: entry.place };
        if plain(&(index, entry)) {
            found.push((order, Step::Entry(index)));
        }
    }
    for replacement in replacements.into_values() {
        found.extend(replacement.balls.into_iter().filter(|(place, _)| !overridden.contains(place)).map(
            |(place, ball)| {
                (Order { reached: place, follows: false, point: replacement.since }, Step::Ball(place, ball))
            },
        ));
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, step)| step).collect()
}

/// The standing replacement of an over.
struct Replacement {
    since: Point,
    balls: Vec<(u64, Arc<Delivery>)>,
}

/// Of each replaced over the standing replacement: the one sent last.
fn replacements(log: &Log) -> HashMap<u64, Replacement> {
    let mut found: HashMap<u64, Replacement> = HashMap::new();
    if log.replaced.is_empty() {
        return found;
    }
    for entry in log.entries.iter().filter(|entry| !log.is_dropped(entry)) {
        let EventData::OverReplace(over) = &entry.event.data else { continue };
        let since = point_of(&entry.event);
        let place = over_of(over.innings, over.over);
        if found.get(&place).is_none_or(|known| known.since < since) {
            found.insert(place, Replacement { since, balls: numbered(over) });
        }
    }
    found
}

/// The deliveries of a replaced over, numbered by their order whatever they say themselves.
fn numbered(over: &OverReplace) -> Vec<(u64, Arc<Delivery>)> {
    over.deliveries
        .iter()
        .zip(1_u16..)
        .map(|(ball, pos)| {
            let ball = Delivery { innings: over.innings, over: over.over, pos, ..ball.clone() };
            (natural(over.innings, Some(over.over), pos), Arc::new(ball))
        })
        .collect()
}
