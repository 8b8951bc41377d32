//! Whatever order a feed's messages come in, the score is that of a clean replay.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/feed.rs"]
mod feed;
mod support;

use cricket::{
    cricsheet,
    event::{Event, EventData, Ext, Key, Retirement, Snapshot},
    score::{Effect, Match, Sequencer},
};
use feed::{Feed, ID};
use proptest::prelude::*;

/// A short passage of play of 14 balls with a wicket, as its events.
fn passage() -> Vec<Event> {
    let mut feed = Feed::new();
    let mut ends = ("a1", "a2");
    for ball in 0..14_u16 {
        if ball > 0 && ball.is_multiple_of(6) {
            feed.next_over();
            std::mem::swap(&mut ends.0, &mut ends.1);
        }
        let bowler = if (ball / 6).is_multiple_of(2) { "b11" } else { "b10" };
        if ball == 4 {
            feed.wicket(ends.0, ends.1, bowler, cricket::event::DismissalKind::Bowled);
            ends.0 = "a3";
        } else {
            let runs = [0, 1, 4, 2, 6, 1, 0][usize::from(ball % 7)];
            feed.ball(ends.0, ends.1, bowler, runs);
            if runs == 1 {
                std::mem::swap(&mut ends.0, &mut ends.1);
            }
        }
    }
    feed.sent
}

/// What a feed does to a passage: corrections, retractions and restorations, each with its place in the stream.
fn revised(events: &[Event], changes: &[(usize, u8, u16)]) -> Vec<Event> {
    let mut all = events.to_vec();
    let mut latest: Vec<Event> = events.to_vec();
    for (which, kind, runs) in changes {
        let index = which % latest.len();
        let data = match (&events[index].data, kind % 3) {
            (EventData::Delivery(ball), 0 | 1) => {
                let mut ball = ball.clone();
                (ball.runs.bat, ball.runs.total) = (*runs, *runs);
                EventData::Delivery(ball)
            }
            (EventData::Delivery(_), _) => EventData::Retract,
            (other, _) => other.clone(),
        };
        let seq = all.len() as u64 + 1;
        let next = latest[index].revised(1, seq, data);
        latest[index] = next.clone();
        all.push(next);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_duplicates_give_the_clean_state(
        changes in prop::collection::vec((0_usize..40, 0_u8..3, 0_u16..7), 0..6),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        duplicates in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        through_the_sequencer in any::<bool>(),
    ) {
        let clean = revised(&passage(), &changes);
        let expected = Match::from_events(ID, clean.clone());
        let mut in_order = Match::new(ID);
        for event in clean.iter().cloned() {
            in_order.apply(event);
        }
        prop_assert_eq!(in_order.state(), expected.state());

        let mut stream = clean;
        for index in &duplicates {
            stream.push(stream[index.index(stream.len())].clone());
        }
        for (at, index) in shuffle.iter().enumerate() {
            let (from, to) = (at % stream.len(), index.index(stream.len()));
            stream.swap(from, to);
        }
        let mut sequencer = Sequencer::after((0, 0));
        let mut game = Match::new(ID);
        for event in stream {
            let due = if through_the_sequencer { sequencer.push(event) } else { vec![event] };
            for event in due {
                game.apply(event);
            }
        }
        for event in sequencer.release_all() {
            game.apply(event);
        }
        prop_assert_eq!(game.state(), expected.state());
        prop_assert_eq!(
            game.live_events().map(|event| (&event.key, event.rev)).collect::<Vec<_>>(),
            expected.live_events().map(|event| (&event.key, event.rev)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_a_rebuild_says_keeps_the_sum_of_what_was_said() {
    let clean = revised(&passage(), &[(5, 0, 6), (9, 2, 0), (5, 2, 0), (9, 0, 4)]);
    let mut standing = Vec::new();
    let mut game = Match::new(ID);
    for event in clean.iter().rev().cloned() {
        let applied = game.apply(event);
        for gone in &applied.withdrawn {
            let at = standing.iter().position(|known| known == gone).expect("only what was said is withdrawn");
            standing.remove(at);
        }
        standing.extend(applied.happenings);
    }
    let mut straight = Match::new(ID);
    let mut expected = Vec::new();
    for event in game.live_events().cloned() {
        expected.extend(straight.apply(event).happenings);
    }
    assert_eq!(standing.len(), expected.len());
    assert!(expected.iter().all(|happening| standing.contains(happening)));
}

#[test]
fn a_retracted_ball_may_be_restored() {
    let events = passage();
    let mut game = Match::from_events(ID, events.clone());
    let before = game.state().clone();
    let ball = events.last().unwrap();
    let retract = ball.revised(1, 50, EventData::Retract);
    assert_eq!(game.apply(retract.clone()).effect, Effect::Rebuilt);
    assert_eq!(game.state().innings[0].deliveries, 13);
    assert_eq!(game.apply(retract.revised(1, 51, ball.data.clone())).effect, Effect::Rebuilt);
    assert_eq!(*game.state(), before);
    assert_eq!(game.apply(retract).effect, Effect::Stale);
    assert_eq!(game.position(), (1, 51));
}

#[test]
fn what_was_said_after_two_late_balls_is_played_after_both() {
    let mut events = passage();
    let EventData::Delivery(ball) = &events.last().unwrap().data else { panic!("a passage ends with a ball") };
    let (innings, player) = (ball.innings, ball.batter.clone());
    let hurt = Retirement { innings, player, reason: Some("hurt".into()), ext: Ext::new() };
    events.push(Event::new(ID, events.len() as u64 + 1, Key::new("hurt"), EventData::Retirement(Box::new(hurt))));
    let clean = Match::from_events(ID, events.clone());
    let from = events.len() - 3;
    events[from..].rotate_right(1);
    let mut game = Match::new(ID);
    for event in events {
        game.apply(event);
    }
    assert_eq!(game.state(), clean.state());
}

#[test]
fn an_event_id_seen_before_is_dropped_whatever_it_carries() {
    let mut event = passage().remove(2);
    event.event_id = "01J9Z8".into();
    let mut game = Match::from_events(ID, passage().into_iter().take(2));
    assert_eq!(game.apply(event.clone()).effect, Effect::Applied);
    assert_eq!(game.apply(event.clone()).effect, Effect::Duplicate);
    let before = game.state().clone();
    (event.key, event.seq) = (Key::delivery(1, 0, 2), 4);
    assert_eq!(game.apply(event).effect, Effect::Duplicate);
    assert_eq!(*game.state(), before);
    assert_eq!(game.live_events().count(), 3);
}

#[test]
fn a_snapshot_fills_gaps_and_drops_what_it_lacks() {
    let events = passage();
    let whole = Match::from_events(ID, events.clone());
    let mut phantom = events[5].clone();
    phantom.key = Key::new("phantom");
    phantom.event_id = "phantom".into();
    phantom.seq = 8;
    let mut game = Match::new(ID);
    game.apply(phantom.clone());
    for event in events.iter().skip(7).cloned() {
        game.apply(event);
    }
    assert_ne!(game.state(), whole.state());
    let seq = events.len() as u64;
    let data = Snapshot { events, ext: Ext::new() };
    let snapshot = Event::new(ID, seq, Key::new("snapshot"), EventData::Snapshot(Box::new(data)));
    let applied = game.apply(snapshot.clone());
    assert_eq!(applied.effect, Effect::Rebuilt);
    assert_eq!(game.state(), whole.state());
    assert_eq!(game.apply(snapshot).effect, Effect::Duplicate);
    assert_eq!(game.apply(phantom).effect, Effect::Duplicate);
    assert_eq!(game.state(), whole.state());
}

#[test]
fn a_sample_in_disorder_equals_the_sample() {
    let Some(bytes) = support::sample("1216517") else { return };
    let events = cricsheet::to_events("1216517", &cricsheet::read(&bytes).unwrap());
    let clean = Match::from_events("1216517", events.clone());
    let mut game = Match::new("1216517");
    let mut sequencer = Sequencer::new();
    for group in events.chunks(8) {
        for event in group.iter().rev().chain(group.iter().take(2)) {
            for due in sequencer.push(event.clone()) {
                game.apply(due);
            }
        }
    }
    for due in sequencer.release_all() {
        game.apply(due);
    }
    assert_eq!(game.state(), clean.state());
}

#[test]
fn the_sequencer_says_what_is_missing() {
    let events = passage();
    let mut sequencer = Sequencer::new();
    assert_eq!(sequencer.push(events[0].clone()).len(), 1);
    assert!(sequencer.push(events[2].clone()).is_empty());
    assert!(sequencer.push(events[3].clone()).is_empty());
    let gap = sequencer.gap().expect("a gap");
    assert_eq!((gap.from, gap.until), ((1, 2), (1, 3)));
    assert_eq!(sequencer.push(events[1].clone()).len(), 3);
    assert_eq!(sequencer.gap(), None);
    let mut restarted = events[4].clone();
    (restarted.epoch, restarted.seq) = (2, 1);
    assert_eq!(sequencer.push(restarted).len(), 1, "a new epoch starts at 1");
    let held: usize = (10..30)
        .map(|seq| {
            let mut early = events[5].clone();
            (early.epoch, early.seq) = (2, seq);
            sequencer.push(early).len()
        })
        .sum();
    assert_eq!(held + sequencer.release_all().len(), 20, "sixteen are held, no more, and none is lost");
}
