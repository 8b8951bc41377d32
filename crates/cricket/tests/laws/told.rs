//! What is told of the play beyond wickets and runs: bursts and droughts of boundaries, sessions, bowlers who may not bowl.

use cricket::{
    event::{EventData, Extras, Interruption, Key},
    score::Happening,
};

use crate::{
    feed::{Feed, info},
    told,
};

fn burst(feed: &Feed) -> Option<(u32, u32)> {
    feed.last.as_ref().unwrap().happenings.iter().find_map(|happening| match happening {
        Happening::BoundaryBurst { boundaries, deliveries } => Some((*boundaries, *deliveries)),
        _ => None,
    })
}

/// Three running, over the end of an over too, and each further one; a wide between begins anew.
#[test]
fn three_boundaries_running_are_a_burst() {
    let mut feed = Feed::new();
    for runs in [0, 0, 0, 0, 4, 6] {
        feed.ball("a1", "a2", "b11", runs);
        assert_eq!(burst(&feed), None);
    }
    feed.next_over();
    feed.ball("a2", "a1", "b10", 4);
    assert_eq!(burst(&feed), Some((3, 3)));
    feed.ball("a2", "a1", "b10", 6);
    assert_eq!(burst(&feed), Some((4, 4)));
    feed.extra("a2", "a1", "b10", 0, Extras { wides: 5, ..Extras::default() });
    feed.ball("a2", "a1", "b10", 4);
    assert_eq!(burst(&feed), None, "five wides are no boundary off the bat");
}

#[test]
fn four_boundaries_in_an_over_are_a_burst() {
    let mut feed = Feed::new();
    for (runs, expected) in [(4, None), (4, None), (0, None), (4, None), (6, Some((4, 5))), (6, Some((3, 3)))] {
        feed.ball("a1", "a2", "b11", runs);
        assert_eq!(burst(&feed), expected);
    }
}

#[test]
fn a_drought_is_told_and_so_is_its_end() {
    let mut feed = Feed::new();
    let mut told_at = Vec::new();
    for ball in 1..=19 {
        if feed.pos == 6 {
            feed.next_over();
        }
        let bowler = if feed.over.is_multiple_of(2) { "b11" } else { "b10" };
        let applied = feed.ball("a1", "a2", bowler, 0).clone();
        if told(&applied, |happening| matches!(happening, Happening::BoundaryDrought { .. })) {
            told_at.push(ball);
        }
    }
    assert_eq!(told_at, [13, 19]);
    let broken = feed.ball("a1", "a2", "b10", 4).clone();
    assert!(broken.happenings.contains(&Happening::DroughtBroken { balls: 19 }));
}

/// Sessions follow from the intervals that the feed tells of; without any nobody knows.
#[test]
fn the_session_follows_from_the_intervals() {
    let mut test = info("2024-01-01");
    test.overs = None;
    let mut feed = Feed::of(test);
    let mut session = |reason: &str| {
        let stop = Interruption { reason: Some(reason.to_owned()), ..Interruption::default() };
        let key = Key::new(format!("stop-{}", feed.sent.len()));
        feed.send(key, EventData::Interruption(Box::new(stop)));
        feed.game.state().session
    };
    assert_eq!(session("rain"), None);
    assert_eq!(session("lunch"), Some(2));
    assert_eq!(session("drinks"), Some(2));
    assert_eq!(session("tea"), Some(3));
    assert_eq!(session("stumps"), Some(1));
    assert_eq!((session("tea"), session("dinner")), (Some(2), Some(3)), "a day-night match");
}

/// Law 17.6: no two overs running, no parts of two either; in sets of five they are allowed.
#[test]
fn a_bowler_may_not_bowl_two_overs_running() {
    for (balls_per_over, flagged) in [(6, 1), (5, 0)] {
        let mut facts = info("2024-01-01");
        facts.balls_per_over = balls_per_over;
        let mut feed = Feed::of(facts);
        for _ in 0..balls_per_over {
            feed.ball("a1", "a2", "b11", 0);
        }
        feed.next_over();
        let strike = if balls_per_over == 6 { ("a2", "a1") } else { ("a1", "a2") };
        for _ in 0..2 {
            feed.ball(strike.0, strike.1, "b11", 0);
        }
        assert_eq!(feed.anomalies().len(), flagged, "{:?}", feed.anomalies());
    }
    let mut feed = Feed::new();
    for bowler in ["b11", "b11", "b11", "b10", "b10", "b10"] {
        feed.ball("a1", "a2", bowler, 0);
    }
    feed.next_over();
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies(), ["i1.o1.d1: b11 bowls two overs running"]);
}
