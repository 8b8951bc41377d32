//! What must hold for any bytes: nothing panics, nothing is lost, and the score does not depend on the way to it.
//!
//! The fuzz targets call these functions, and so does an ordinary test of the `cricket` crate with the seeds, so that
//! neither can rot.

mod grammar;

use std::collections::HashMap;

use cricket::{
    cricsheet::{read, to_events, write},
    event::{Event, EventData, Key, decode_payload},
    score::{Difference, Effect, Match, Sequencer, differences},
    scorecard,
};

const MATCH: &str = "m";

/// Bytes as a Cricsheet file: one that reads gives itself back, through its events and through its own text.
pub fn cricsheet(bytes: &[u8]) {
    let file = match read(bytes) {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let events = to_events(MATCH, &file);
    assert!(cricket::cricsheet::from_events(&events) == file, "the events do not give the file back");
    let text = write(&file);
    let again = read(text.as_bytes()).unwrap_or_else(|error| panic!("what was written does not read: {error}"));
    assert!(again == file, "what was written is not what was read");
    let mut game = Match::new(MATCH);
    for event in events {
        game.apply(event);
    }
    show(&game);
}

/// Bytes as what a feed sends: payloads line by line where they begin as JSON does, else events in the bytes of a small
/// grammar, which reaches the score far more often.
pub fn events(bytes: &[u8]) {
    let payloads: Vec<Vec<u8>> = match bytes.first() {
        Some(b'{' | b'[' | b' ') => bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(),
        _ => grammar::payloads(bytes, MATCH),
    };
    let mut sequencer = Sequencer::new();
    let mut straight = Match::new(MATCH);
    let mut in_turn = Match::new(MATCH);
    let mut sent: Vec<Event> = Vec::new();
    for payload in payloads {
        let Ok(items) = decode_payload(&payload) else { continue };
        for event in items.into_iter().flatten() {
            let json = serde_json::to_vec(&event).expect("an event is JSON");
            let read = decode_payload(&json).expect("its own JSON reads").remove(0).expect("as an event");
            assert!(read == event, "an event is not what it says of itself");
            apply(&mut straight, event.clone());
            for due in sequencer.push(event.clone()) {
                in_turn.apply(due);
            }
            sent.push(event);
        }
    }
    for due in sequencer.release_all() {
        in_turn.apply(due);
    }
    let in_any_order = is_consistent(&sent);
    let at_once = Match::from_events(MATCH, sent);
    assert!(straight.state() == at_once.state(), "one after another differs from all at once");
    if in_any_order {
        assert!(in_turn.state() == at_once.state(), "in the sequencer's order differs from all at once");
    }
    show(&straight);
}

/// Whether every id, every point of the stream and every revision of a key stands for one thing said. Where a producer
/// says two things under one name the first to arrive counts, so only otherwise is the order of no account.
fn is_consistent(sent: &[Event]) -> bool {
    let mut ids: HashMap<&str, &Event> = HashMap::new();
    let mut points: HashMap<(u32, u64), &Event> = HashMap::new();
    let mut revisions: HashMap<(&Key, u32), &Event> = HashMap::new();
    let parts = sent.iter().flat_map(|event| match &event.data {
        EventData::Snapshot(snapshot) => snapshot.events.as_slice(),
        _ => &[],
    });
    let same = |a: &Event, b: &Event| (&a.key, a.rev, &a.data) == (&b.key, b.rev, &b.data);
    sent.iter().chain(parts).all(|event| {
        let is_snapshot = matches!(event.data, EventData::Snapshot(_));
        same(ids.entry(&event.event_id).or_insert(event), event)
            && same(points.entry((event.epoch, event.seq)).or_insert(event), event)
            && (is_snapshot || same(revisions.entry((&event.key, event.rev)).or_insert(event), event))
    })
}

/// One event; what it changed is what a comparison of the states says.
fn apply(game: &mut Match, event: Event) {
    let before = game.state().clone();
    let applied = game.apply(event);
    let there = differences(&before, game.state());
    match applied.effect {
        Effect::Rebuilt => assert!(applied.differences == there, "a rebuild tells other differences"),
        Effect::Applied => {}
        _ => assert!(before == *game.state(), "{:?} changed the state", applied.effect),
    }
    let back: Vec<_> = differences(game.state(), &before).into_iter().map(Difference::inverse).collect();
    assert!(back == there, "the way back is not the way there turned round");
    for difference in &there {
        assert!(!difference.to_string().is_empty());
    }
}

fn show(game: &Match) {
    let state = game.state();
    assert!(!scorecard::json(state).to_string().is_empty());
    let _ = scorecard::text(state, 80);
    for anomaly in &state.anomalies {
        assert!(!anomaly.to_string().is_empty());
    }
    let _ = cricket::cricsheet::from_events(game.live_events());
}
