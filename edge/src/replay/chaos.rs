//! What real feeds do wrong, on demand: late corrections, a ball that never was, duplicates, disorder.
//!
//! Everything follows from the seed, and whatever goes wrong is put right before the end: the state that follows from
//! all messages equals that of the plain file.

use std::{cmp::Reverse, collections::BinaryHeap};

use cricket::event::{Delivery, Event, EventData, Key};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Messages by which another may be overtaken, at most; the consumer holds twice as many.
pub const DISORDER: usize = 8;

/// One ball in so many is first sent wrong, or corrected for the worse and back.
const BALLS_A_MISTAKE: usize = 25;
/// Events after which a mistake is put right, at most.
const LATEST: usize = 30;
/// One message in so many is sent twice.
const DUPLICATES: f64 = 0.05;

/// Puts mistakes and their corrections among `events`, in the order in which the scorer makes them.
pub fn mishaps(events: Vec<Event>, seed: u64) -> Vec<Event> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let balls: Vec<usize> = places(&events, |event, _| plain_ball(event).is_some());
    let over_ends: Vec<usize> = places(&events, |event, next| {
        matches!(event.data, EventData::Delivery(_))
            && next.is_some_and(|next| matches!(next.data, EventData::OverEnd(_)))
    });
    let count = (balls.len() / BALLS_A_MISTAKE).max(2);
    let mut mistakes = balls;
    mistakes.shuffle(&mut dice);
    mistakes.truncate(count);
    let phantom = (!over_ends.is_empty()).then(|| over_ends[dice.random_range(0..over_ends.len())]);

    let mut scorer = Scorer::default();
    for (at, event) in events.into_iter().enumerate() {
        scorer.put_right(at);
        let wrong = if mistakes.contains(&at) { plain_ball(&event).map(misread) } else { None };
        match wrong {
            // Sent wrong, corrected later.
            Some(wrong) if mistakes.first() == Some(&at) || dice.random_bool(0.5) => {
                let mistake = Event { data: wrong, ..event.clone() };
                let correction = mistake.revised(event.epoch, event.seq, event.data);
                scorer.out.push(mistake);
                scorer.later(at + dice.random_range(1..LATEST), correction);
            }
            // Sent right, corrected for the worse, and corrected back.
            Some(wrong) => {
                let worse = event.revised(event.epoch, event.seq, wrong);
                let back = worse.revised(event.epoch, event.seq, event.data.clone());
                let when = at + dice.random_range(1..LATEST / 2);
                scorer.out.push(event);
                scorer.later(when, worse);
                scorer.later(when + dice.random_range(1..LATEST / 2), back);
            }
            None => {
                let ghost = (phantom == Some(at)).then(|| ghost_after(&event)).flatten();
                scorer.out.push(event);
                if let Some(ghost) = ghost {
                    scorer.later(
                        at + dice.random_range(1..LATEST),
                        ghost.revised(ghost.epoch, ghost.seq, EventData::Retract),
                    );
                    scorer.out.push(ghost);
                }
            }
        }
    }
    scorer.put_right(usize::MAX);
    scorer.out
}

/// Sends some messages twice, and lets neighbours overtake each other by up to [`DISORDER`] places.
pub fn disorder(events: Vec<Event>, seed: u64) -> Vec<Event> {
    // Another stream than the mishaps', so that the two do not move together.
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(1);
    let mut messages = Vec::with_capacity(events.len() + events.len() / 10);
    for event in events {
        if dice.random_bool(DUPLICATES) {
            messages.push(event.clone());
        }
        messages.push(event);
    }
    let mut placed: Vec<(usize, Event)> =
        messages.into_iter().enumerate().map(|(at, event)| (at + dice.random_range(0..DISORDER), event)).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, event)| event).collect()
}

#[derive(Default)]
struct Scorer {
    out: Vec<Event>,
    /// Corrections by the place they are due at; a running number keeps those of one place in order.
    due: BinaryHeap<Reverse<(usize, usize)>>,
    corrections: Vec<Option<Event>>,
}

impl Scorer {
    fn later(&mut self, at: usize, correction: Event) {
        self.due.push(Reverse((at, self.corrections.len())));
        self.corrections.push(Some(correction));
    }

    fn put_right(&mut self, now: usize) {
        while let Some(Reverse((at, number))) = self.due.peek().copied() {
            if at > now {
                return;
            }
            self.due.pop();
            self.out.extend(self.corrections.get_mut(number).and_then(Option::take));
        }
    }
}

fn places(events: &[Event], wanted: impl Fn(&Event, Option<&Event>) -> bool) -> Vec<usize> {
    (0..events.len()).filter(|at| wanted(&events[*at], events.get(at + 1))).collect()
}

/// A ball that a scorer can misread without anything else changing: no wicket, no extras.
fn plain_ball(event: &Event) -> Option<&Delivery> {
    match &event.data {
        EventData::Delivery(ball) if ball.wickets.is_empty() && ball.runs.extras == 0 => Some(ball),
        _ => None,
    }
}

fn misread(ball: &Delivery) -> EventData {
    let mut wrong = ball.clone();
    wrong.runs.bat = if ball.runs.bat == 4 { 1 } else { 4 };
    wrong.runs.total = wrong.runs.bat;
    wrong.runs.non_boundary = false;
    wrong.score_after = None;
    EventData::Delivery(Box::new(wrong))
}

/// A ball after the last of an over, which nobody bowled.
fn ghost_after(event: &Event) -> Option<Event> {
    let EventData::Delivery(ball) = &event.data else { return None };
    let mut ghost = Delivery::clone(ball);
    ghost.pos += 1;
    ghost.wickets.clear();
    ghost.review = None;
    ghost.replacements = None;
    ghost.score_after = None;
    let key = Key::delivery(ghost.innings, ghost.over, ghost.pos);
    let ghost = Event::new(event.match_id.clone(), event.seq, key, EventData::Delivery(Box::new(ghost)));
    Some(Event { epoch: event.epoch, ..ghost })
}

#[cfg(test)]
mod tests {
    use cricket::{
        event::{Ext, OverEnd, Runs},
        player::PlayerRef,
    };
    use std::collections::HashMap;

    use super::*;

    fn innings() -> Vec<Event> {
        let player = PlayerRef::named;
        (0..20u16)
            .flat_map(|over| {
                let balls = (1..=6u16).map(move |pos| {
                    let ball = Delivery {
                        runs: Runs { bat: pos % 3, total: pos % 3, ..Runs::default() },
                        ..Delivery::dot((1, over, pos), player("A Batter"), player("B Batter"), player("C Bowler"))
                    };
                    Event::new("m", 0, Key::delivery(1, over, pos), EventData::Delivery(Box::new(ball)))
                });
                let end =
                    OverEnd { innings: 1, over, bowler: player("C Bowler"), legal_balls: Some(6), ext: Ext::new() };
                balls.chain([Event::new("m", 0, Key::over_end(1, over), EventData::OverEnd(Box::new(end)))])
            })
            .collect()
    }

    fn standing(events: &[Event]) -> HashMap<Key, &EventData> {
        let mut highest: HashMap<Key, &Event> = HashMap::new();
        for event in events {
            let place = highest.entry(event.key.clone()).or_insert(event);
            if event.rev > place.rev {
                *place = event;
            }
        }
        highest
            .into_iter()
            .filter(|(_, event)| event.data != EventData::Retract)
            .map(|(key, event)| (key, &event.data))
            .collect()
    }

    #[test]
    fn whatever_goes_wrong_is_put_right() {
        let file = innings();
        for seed in 0..50 {
            let sent = disorder(mishaps(file.clone(), seed), seed);
            assert_eq!(standing(&sent), standing(&file), "seed {seed}");
        }
    }

    #[test]
    fn things_do_go_wrong() {
        let sent = mishaps(innings(), 1);
        assert!(sent.iter().filter(|event| event.rev == 1 && event.data != EventData::Retract).count() >= 4);
        assert_eq!(sent.iter().filter(|event| event.data == EventData::Retract).count(), 1);
        assert!(sent.iter().any(|event| event.rev == 2));
        let mixed = disorder(sent.clone(), 1);
        assert!(mixed.len() > sent.len());
    }

    #[test]
    fn nothing_is_overtaken_by_more_than_the_stated_number() {
        let mut events = innings();
        for (seq, event) in (1..).zip(&mut events) {
            event.seq = seq;
        }
        let mixed = disorder(events.clone(), 3);
        assert_ne!(mixed, events);
        for (at, event) in mixed.iter().enumerate() {
            let overtaken_by = mixed[..at].iter().filter(|earlier| earlier.seq > event.seq).count();
            assert!(overtaken_by <= DISORDER, "{} was overtaken by {overtaken_by}", event.seq);
        }
    }

    #[test]
    fn the_seed_decides_everything() {
        let twice = |seed| disorder(mishaps(innings(), seed), seed);
        assert_eq!(twice(7), twice(7));
        assert_ne!(twice(7), twice(8));
    }
}
