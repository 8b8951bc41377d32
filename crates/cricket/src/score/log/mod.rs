//! The log of a match: of every key the highest revision, in the place of its first.
//!
//! Its content is a function of the set of events seen. `(epoch, seq)` orders events; a ball, an over's end and an
//! innings' bounds also have a natural place in the match, which wins: a ball that was forgotten and sent later is
//! played where it was bowled.

mod place;
mod steps;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use self::place::{Order, Point, has_effect, natural_place, over_of, over_of_place, reach};
use super::{
    changes::{History, Subject},
    engine::Engine,
};
use crate::event::{Delivery, Event, EventData, Key, Snapshot};

/// Room made at once: the events of a T20 match, so that the log seldom has to move.
const ONE_DAYS_EVENTS: usize = 384;

/// What filing an event will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filing {
    /// It comes after everything that is there.
    Append,
    /// It changes what is there.
    Rebuild,
    /// It is kept and changes nothing.
    Keep,
    /// It is known.
    Duplicate,
    /// A higher revision, or a snapshot without it, stands.
    Stale,
}

/// All that is known of one key.
#[derive(Debug, Clone)]
struct Entry {
    /// Where its first revision came.
    place: Point,
    /// The lowest revision seen.
    first_rev: u32,
    /// The last point at which anything was said of it.
    last: Point,
    /// Its natural place, also while it is retracted.
    natural: Option<u64>,
    /// The revision that `natural` is from.
    natural_rev: u32,
    /// The standing revision.
    event: Event,
    /// The standing revision's ball, shared with the state.
    ball: Option<Arc<Delivery>>,
}

/// The events of a match.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
    by_key: HashMap<Key, usize>,
    /// Ids of the producer's own making.
    seen: HashSet<Arc<str>>,
    /// Indices of entries in order of play, as far as `sorted`.
    order: Vec<usize>,
    sorted: bool,
    head: Order,
    position: Point,
    snapshot: Option<(Point, HashSet<Key>)>,
    /// Overs of which an `over_replace` has been seen.
    replaced: HashSet<u64>,
}

impl Log {
    /// The highest `(epoch, seq)` seen.
    pub(super) fn position(&self) -> Point {
        self.position
    }

    /// What [`Log::file`] is going to do with an event.
    pub(super) fn forecast(&self, event: &Event) -> Filing {
        if let EventData::Snapshot(snapshot) = &event.data {
            return if self.snapshot_changes(event, snapshot) { Filing::Rebuild } else { Filing::Duplicate };
        }
        if matches!(event.data, EventData::Heartbeat(_)) {
            return Filing::Keep;
        }
        let point = (event.epoch, event.seq);
        let Some(entry) = self.by_key.get(&event.key).and_then(|index| self.entries.get(*index)) else {
            return self.forecast_new(event, point);
        };
        let known = self.knows(event, entry);
        let places = entry.natural.is_none() && natural_place(event).is_some();
        let was_dropped = self.is_dropped(entry);
        let moves = moves(entry, event) || self.was_said_earlier(entry, event);
        if moves || places || (was_dropped && !self.is_covered(&event.key, point)) {
            return Filing::Rebuild;
        }
        if known {
            return Filing::Duplicate;
        }
        let stands = event.rev > entry.event.rev
            || (event.rev == entry.event.rev && point > point_of(&entry.event) && event.data != entry.event.data);
        if !stands {
            return if event.rev == entry.event.rev { Filing::Duplicate } else { Filing::Stale };
        }
        if was_dropped {
            Filing::Stale
        } else if has_effect(&event.data) || has_effect(&entry.event.data) {
            Filing::Rebuild
        } else {
            Filing::Keep
        }
    }

    /// Whether an event shows that what stands was said earlier than known, where that counts: before or after an over
    /// was replaced.
    fn was_said_earlier(&self, entry: &Entry, event: &Event) -> bool {
        let counts = matches!(event.data, EventData::OverReplace(_))
            || entry.natural.is_some_and(|place| self.replaced.contains(&over_of_place(place)));
        counts && says_the_same(entry, event) && point_of(event) < point_of(&entry.event)
    }

    fn knows(&self, event: &Event, entry: &Entry) -> bool {
        if event.has_derived_id() { event.rev == entry.event.rev } else { self.seen.contains(&event.event_id) }
    }

    fn forecast_new(&self, event: &Event, point: Point) -> Filing {
        if !event.has_derived_id() && self.seen.contains(&event.event_id) {
            return Filing::Duplicate;
        }
        if self.is_covered(&event.key, point) {
            return Filing::Stale;
        }
        if !has_effect(&event.data) || matches!(event.data, EventData::Retract) {
            return Filing::Keep;
        }
        let order = self.order_after(event);
        let untouched = order.follows || !self.replaced.contains(&over_of_place(order.reached));
        if matches!(event.data, EventData::OverReplace(_))
            || !untouched
            || order <= self.head
            || point <= self.head.point
        {
            Filing::Rebuild
        } else {
            Filing::Append
        }
    }

    /// Takes an event into the log.
    pub(super) fn file(&mut self, event: Event) {
        let point = point_of(&event);
        self.position = self.position.max(point);
        match event.data {
            EventData::Snapshot(snapshot) => self.file_snapshot(point, *snapshot, &event.match_id),
            EventData::Heartbeat(_) => {}
            _ => self.file_one(event),
        }
    }

    fn file_one(&mut self, event: Event) {
        let point = point_of(&event);
        // An id that only repeats key and revision needs no note: the entry itself is one.
        let derived = event.has_derived_id();
        let new_id = derived || self.seen.insert(event.event_id.clone());
        if !new_id && !self.by_key.contains_key(&event.key) {
            return;
        }
        let natural = natural_place(&event);
        if let EventData::OverReplace(over) = &event.data {
            self.replaced.insert(over_of(over.innings, over.over));
        }
        let next = self.entries.len();
        let index = *self.by_key.entry(event.key.clone()).or_insert(next);
        if index == next {
            if next == 0 {
                self.entries.reserve(ONE_DAYS_EVENTS);
                self.by_key.reserve(ONE_DAYS_EVENTS);
            }
            let order = self.order_after(&event);
            let in_order = order > self.head && point > self.head.point;
            self.sorted = (self.sorted || self.entries.is_empty()) && in_order;
            // The latest point of all, whichever event is played last: what comes between is no appending.
            let latest = self.head.point.max(point);
            self.head = Order { point: latest, ..self.head.max(order) };
            self.reaches(&event);
            self.order.push(index);
            let (first_rev, natural_rev) = (event.rev, event.rev);
            self.entries.push(Entry { place: point, first_rev, last: point, natural, natural_rev, event, ball: None });
            return;
        }
        self.reaches(&event);
        // What a snapshot had dropped may stand again.
        self.sorted &= self.entries.get(index).is_some_and(|entry| !self.is_dropped(entry));
        let Some(entry) = self.entries.get_mut(index) else { return };
        entry.last = entry.last.max(point);
        if moves(entry, &event) {
            (entry.place, entry.first_rev) = (point, event.rev);
            self.sorted = false;
        }
        if natural.is_some() && (entry.natural.is_none() || (new_id && event.rev > entry.natural_rev)) {
            self.sorted &= natural == entry.natural;
            (entry.natural, entry.natural_rev) = (natural, event.rev);
        }
        if says_the_same(entry, &event) {
            // Sent again, under whatever epoch: it was said when it was first said.
            (entry.event.epoch, entry.event.seq) = point.min(point_of(&entry.event));
            return;
        }
        let later = event.rev == entry.event.rev && point > point_of(&entry.event) && !derived;
        if new_id && (event.rev > entry.event.rev || later) {
            let replaces = |event: &Event| matches!(event.data, EventData::OverReplace(_));
            self.sorted &= !replaces(&event) && !replaces(&entry.event);
            entry.event = event;
            entry.ball = None;
        }
    }

    /// Nothing before the furthest place that anything reaches can be played on top of the state.
    fn reaches(&mut self, event: &Event) {
        self.head.reached = self.head.reached.max(reach(event).unwrap_or(0));
    }

    fn file_snapshot(&mut self, point: Point, snapshot: Snapshot, match_id: &Arc<str>) {
        let keys = snapshot.events.iter().map(|event| event.key.clone()).collect();
        for event in snapshot.events {
            if event.match_id == *match_id && !matches!(event.data, EventData::Snapshot(_) | EventData::Heartbeat(_)) {
                self.position = self.position.max(point_of(&event));
                self.file_one(event);
            }
        }
        if self.snapshot.as_ref().is_none_or(|(known, _)| point >= *known) {
            self.snapshot = Some((point, keys));
            self.sorted = false;
        }
    }

    fn snapshot_changes(&self, event: &Event, snapshot: &Snapshot) -> bool {
        let point = point_of(event);
        let news = snapshot.events.iter().filter(|part| part.match_id == event.match_id).any(|part| {
            let entry = self.by_key.get(&part.key).and_then(|index| self.entries.get(*index));
            entry.is_none_or(|entry| {
                part.rev > entry.event.rev
                    || moves(entry, part)
                    || self.was_said_earlier(entry, part)
                    || self.is_dropped(entry)
                    || (part.rev == entry.event.rev && part.data != entry.event.data)
            })
        });
        if news || self.snapshot.as_ref().is_some_and(|(known, _)| point < *known) {
            return news;
        }
        let keys: HashSet<&Key> = snapshot.events.iter().map(|event| &event.key).collect();
        self.entries.iter().any(|entry| {
            let drops = entry.last <= point && !keys.contains(&entry.event.key);
            drops != self.is_dropped(entry) && !matches!(entry.event.data, EventData::Retract)
        })
    }

    /// Whether a snapshot at or after a point does not have a key.
    fn is_covered(&self, key: &Key, point: Point) -> bool {
        self.snapshot.as_ref().is_some_and(|(known, keys)| point <= *known && !keys.contains(key))
    }

    fn is_dropped(&self, entry: &Entry) -> bool {
        self.is_covered(&entry.event.key, entry.last)
    }

    /// Where a new event would be played.
    fn order_after(&self, event: &Event) -> Order {
        let natural = natural_place(event);
        Order { reached: natural.unwrap_or(self.head.reached), follows: natural.is_none(), point: point_of(event) }
    }

    /// The standing events that are not retracted, in order of play.
    pub(super) fn live(&self) -> impl Iterator<Item = &Event> {
        self.sorted_order().into_iter().filter_map(|index| {
            let entry = self.entries.get(index)?;
            (!matches!(entry.event.data, EventData::Retract) && !self.is_dropped(entry)).then_some(&entry.event)
        })
    }

    /// What the event of a key is about, where it stands.
    pub(super) fn subject(&self, key: &Key) -> Option<Subject> {
        let entry = self.by_key.get(key).and_then(|index| self.entries.get(*index))?;
        let stands = !matches!(entry.event.data, EventData::Retract) && !self.is_dropped(entry);
        stands.then(|| steps::subject(entry))
    }

    /// Plays the event filed last on top of the state.
    pub(super) fn play_last(&mut self, engine: &mut Engine) {
        if let Some(entry) = self.entries.last_mut() {
            entry.play(engine);
        }
    }

    /// The state that follows from the log, and the happenings on the way if somebody wants them.
    pub(super) fn replay(&mut self, history: Option<&mut History>) -> Engine {
        self.order = self.sorted_order();
        self.sorted = true;
        steps::replay(self, history)
    }

    fn sorted_order(&self) -> Vec<usize> {
        if self.sorted {
            return self.order.clone();
        }
        let mut by_point: Vec<usize> = (0..self.entries.len()).collect();
        by_point.sort_by(|a, b| {
            let key = |index: &usize| self.entries.get(*index).map(|entry| (entry.place, entry.event.key.as_str()));
            key(a).cmp(&key(b))
        });
        let mut reached = 0;
        let mut ordered: Vec<(Order, usize)> = by_point
            .into_iter()
            .filter_map(|index| {
                let entry = self.entries.get(index)?;
                if !self.is_dropped(entry) {
                    reached = reached.max(entry.reach().unwrap_or(0));
                }
                let order = Order {
                    reached: entry.natural.unwrap_or(reached),
                    follows: entry.natural.is_none(),
                    point: entry.place,
                };
                Some((order, index))
            })
            .collect();
        // Stable, so that equal places keep the order of the keys.
        ordered.sort_by_key(|(order, _)| *order);
        ordered.into_iter().map(|(_, index)| index).collect()
    }
}

impl Entry {
    /// How far into the match it reaches.
    fn reach(&self) -> Option<u64> {
        self.natural.or_else(|| reach(&self.event))
    }

    fn play(&mut self, engine: &mut Engine) {
        if let EventData::Delivery(delivery) = &self.event.data {
            let ball = self.ball.get_or_insert_with(|| Arc::new(Delivery::clone(delivery)));
            engine.delivery(&self.event.key, ball);
        } else {
            engine.event(&self.event);
        }
    }
}

fn point_of(event: &Event) -> Point {
    (event.epoch, event.seq)
}

/// Whether an event is the standing revision over again.
fn says_the_same(entry: &Entry, event: &Event) -> bool {
    event.rev == entry.event.rev && event.data == entry.event.data
}

/// Whether an event shows that its key has its place earlier than known.
fn moves(entry: &Entry, event: &Event) -> bool {
    event.rev < entry.first_rev || (event.rev == entry.first_rev && point_of(event) < entry.place)
}
