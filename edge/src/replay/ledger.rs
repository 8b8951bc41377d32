//! What a feed has sent: for snapshots, and for consumers that missed something.

use std::{collections::BTreeMap, sync::Arc};

use cricket::event::{Event, EventData, Ext, Key, Snapshot};
use indexmap::IndexMap;

/// The events sent in this epoch.
///
/// Invariants: `live` is what stands after all events up to `whole`, each thing in the place of its first revision;
/// every event up to `whole` has been sent.
#[derive(Debug, Default)]
pub struct Ledger {
    sent: BTreeMap<u64, Event>,
    live: IndexMap<Key, Event>,
    whole: u64,
}

impl Ledger {
    /// A ledger of a feed whose consumers are told `known` before the first event; its highest `seq` is where it stands.
    pub fn starting_with(known: &[Event]) -> Self {
        let mut ledger = Self { whole: known.iter().map(|event| event.seq).max().unwrap_or(0), ..Self::default() };
        for event in known {
            ledger.sent.insert(event.seq, event.clone());
            ledger.stand(event);
        }
        ledger
    }

    /// Notes an event as sent; one sent again changes nothing.
    pub fn note(&mut self, event: &Event) {
        if event.seq <= self.whole || self.sent.contains_key(&event.seq) {
            return;
        }
        self.sent.insert(event.seq, event.clone());
        while let Some(next) = self.sent.get(&(self.whole + 1)).cloned() {
            self.whole += 1;
            self.stand(&next);
        }
    }

    /// The `seq` up to which nothing is missing.
    pub fn position(&self) -> u64 {
        self.whole
    }

    /// What was sent at `seq` and after, in order.
    pub fn since(&self, seq: u64) -> Vec<Event> {
        self.sent.range(seq..).map(|(_, event)| event.clone()).collect()
    }

    /// Every live event at [`position`](Self::position), as the contract's snapshot; `number` counts snapshots from 1.
    pub fn snapshot(&self, match_id: &Arc<str>, epoch: u32, number: u32) -> Event {
        let events = self.live.values().filter(|event| event.data != EventData::Retract).cloned().collect();
        let data = EventData::Snapshot(Box::new(Snapshot { events, ext: Ext::new() }));
        let key = Key::new("snapshot");
        let event_id = format!("{match_id}/snapshot/{epoch}/{number}").into();
        Event { epoch, event_id, rev: number, ..Event::new(Arc::clone(match_id), self.whole, key, data) }
    }

    fn stand(&mut self, event: &Event) {
        match self.live.get_mut(&event.key) {
            Some(standing) if standing.rev >= event.rev => {}
            Some(standing) => *standing = event.clone(),
            None => {
                self.live.insert(event.key.clone(), event.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(seq: u64, key: &str) -> Event {
        Event::new("m", seq, Key::new(key), EventData::Note(Box::default()))
    }

    fn keys(snapshot: &Event) -> Vec<String> {
        match &snapshot.data {
            EventData::Snapshot(snapshot) => snapshot.events.iter().map(|event| event.key.to_string()).collect(),
            other => vec![other.kind().to_owned()],
        }
    }

    #[test]
    fn a_snapshot_holds_what_stands_and_nothing_beyond_a_missing_event() {
        let mut ledger = Ledger::starting_with(&[note(1, "match")]);
        let ball = note(2, "a");
        ledger.note(&ball);
        ledger.note(&note(4, "c"));
        assert_eq!(
            (ledger.position(), keys(&ledger.snapshot(&"m".into(), 1, 1))),
            (2, vec!["match".into(), "a".into()])
        );
        ledger.note(&note(3, "b"));
        ledger.note(&ball.revised(1, 5, EventData::Retract));
        let snapshot = ledger.snapshot(&"m".into(), 1, 2);
        assert_eq!((snapshot.seq, keys(&snapshot)), (5, vec!["match".to_owned(), "b".into(), "c".into()]));
    }

    #[test]
    fn a_consumer_gets_everything_from_where_it_asks() {
        let mut ledger = Ledger::default();
        for (seq, key) in [(1, "a"), (3, "c"), (2, "b"), (2, "b")] {
            ledger.note(&note(seq, key));
        }
        let seqs: Vec<u64> = ledger.since(2).iter().map(|event| event.seq).collect();
        assert_eq!(seqs, [2, 3]);
    }
}
