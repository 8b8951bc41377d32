//! A buffer that puts a stream back in order; it has no clock, its caller has.

use std::collections::BTreeMap;

use crate::event::{Event, EventData};

/// How many early events are held while one is missing.
pub const HELD_AT_MOST: usize = 16;

/// Puts one match's events back in `(epoch, seq)` order.
///
/// An event that is due leaves at once, with those held behind it. An early one is held until the missing ones come,
/// [`HELD_AT_MOST`] are held, or the caller's patience ends ([`Sequencer::release_all`]). A late one (a duplicate, a
/// replay) leaves at once: [`Match`](super::Match) knows what to do with it.
#[derive(Debug, Clone, Default)]
pub struct Sequencer {
    due: Option<(u32, u64)>,
    held: BTreeMap<(u32, u64), Vec<Event>>,
}

/// A stretch of the stream that has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first missing `(epoch, seq)`: where a resync should start.
    pub from: (u32, u64),
    /// The first event held behind it.
    pub until: (u32, u64),
}

impl Sequencer {
    /// A buffer that takes its start from the first event.
    pub fn new() -> Self {
        Self::default()
    }

    /// A buffer that goes on after a known position, as after a restart.
    pub fn after(position: (u32, u64)) -> Self {
        Self { due: (position != (0, 0)).then(|| next(position)), held: BTreeMap::new() }
    }

    /// Takes an event and returns those that may go on now, in order.
    pub fn push(&mut self, event: Event) -> Vec<Event> {
        let point = (event.epoch, event.seq);
        if matches!(event.data, EventData::Snapshot(_)) {
            return self.push_snapshot(point, event);
        }
        match self.due {
            Some(due) if point < due => vec![event],
            Some(due) if point != due && point != (due.0.saturating_add(1), 1) => {
                self.held.entry(point).or_default().push(event);
                if self.held.values().map(Vec::len).sum::<usize>() >= HELD_AT_MOST {
                    self.release_all()
                } else {
                    Vec::new()
                }
            }
            _ => {
                let mut out = self.take_below(point);
                out.push(event);
                self.due = Some(next(point));
                self.drain(&mut out);
                out
            }
        }
    }

    /// What is missing, while events are held behind it.
    pub fn gap(&self) -> Option<Gap> {
        let (until, _) = self.held.first_key_value()?;
        Some(Gap { from: self.due?, until: *until })
    }

    /// Gives up waiting: returns all held events in order.
    pub fn release_all(&mut self) -> Vec<Event> {
        if let Some((last, _)) = self.held.last_key_value() {
            self.due = Some(next(*last));
        }
        std::mem::take(&mut self.held).into_values().flatten().collect()
    }

    /// A snapshot stands for everything up to its point, so nothing before it is missing any more.
    fn push_snapshot(&mut self, point: (u32, u64), event: Event) -> Vec<Event> {
        let mut out = self.take_below(next(point));
        out.push(event);
        if self.due.is_none_or(|due| due <= point) {
            self.due = Some(next(point));
        }
        self.drain(&mut out);
        out
    }

    fn take_below(&mut self, point: (u32, u64)) -> Vec<Event> {
        let rest = self.held.split_off(&point);
        std::mem::replace(&mut self.held, rest).into_values().flatten().collect()
    }

    fn drain(&mut self, out: &mut Vec<Event>) {
        while let Some((point, events)) = self.due.and_then(|due| self.held.remove_entry(&due)) {
            out.extend(events);
            self.due = Some(next(point));
        }
    }
}

fn next((epoch, seq): (u32, u64)) -> (u32, u64) {
    (epoch, seq.saturating_add(1))
}
