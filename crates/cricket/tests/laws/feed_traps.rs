//! Traps of real feeds: checksums, late starts, replaced overs, strays, two players of one name.

use cricket::{
    event::{EventData, Ext, Key, OverReplace, ScoreAfter},
    player::PlayerRef,
    score::{AnomalyKind, Effect, Happening, Match},
};

use crate::{
    archive,
    feed::{self, Feed},
};

#[test]
fn a_checksum_that_differs_is_said() {
    let mut feed = Feed::new();
    let mut ball = feed.draft("a1", "a2", "b11", 1);
    ball.score_after = Some(ScoreAfter { runs: 2, wickets: 0 });
    feed.bowl(ball);
    assert_eq!(feed.anomalies(), ["i1.o0.d1: the scorer has 2/0, we count 1/0"]);
}

#[test]
fn a_match_that_starts_in_the_middle_is_scored_from_there() {
    let mut feed = Feed::new();
    feed.over = 7;
    feed.pos = 2;
    let late = feed.draft("a5", "a4", "b3", 4);
    let mut game = Match::new(feed::ID);
    let applied = game.apply(cricket::event::Event::new(
        feed::ID,
        900,
        Key::delivery(2, 7, 3),
        EventData::Delivery(Box::new(cricket::event::Delivery { innings: 2, ..late })),
    ));
    assert_eq!(applied.effect, Effect::Applied);
    assert!(matches!(applied.happenings.first(), Some(Happening::Ball(_))));
    let state = game.state();
    assert_eq!((state.innings[0].number, state.innings[0].runs, state.anomalies.len()), (2, 4, 1));
    assert_eq!(state.anomalies[0].kind, AnomalyKind::Gap);
}

#[test]
fn a_replaced_over_stands_for_what_was_sent() {
    let mut feed = Feed::new();
    for runs in [1, 1, 0] {
        let (on, off) = if feed.pos == 1 { ("a2", "a1") } else { ("a1", "a2") };
        feed.ball(on, off, "b11", runs);
    }
    let mut deliveries: Vec<_> = feed
        .sent
        .iter()
        .filter_map(|event| match &event.data {
            EventData::Delivery(ball) => Some((**ball).clone()),
            _ => None,
        })
        .collect();
    let mut inserted = deliveries[0].clone();
    (inserted.runs.bat, inserted.runs.total) = (4, 4);
    deliveries.insert(0, inserted);
    let replace = OverReplace { innings: 1, over: 0, deliveries, ext: Ext::new() };
    let applied = feed.send(Key::over(1, 0), EventData::OverReplace(Box::new(replace))).clone();
    assert_eq!(applied.effect, Effect::Rebuilt);
    assert!(applied.happenings.contains(&Happening::Four));
    assert_eq!((feed.now().runs, feed.now().deliveries), (6, 4));
    feed.pos = 4;
    feed.ball("a1", "a2", "b11", 2);
    assert_eq!((feed.now().runs, feed.now().deliveries, feed.anomalies().len()), (8, 5, 0), "{:?}", feed.anomalies());
}

#[test]
fn other_matches_are_refused() {
    let mut feed = Feed::new();
    let mut stray = feed.sent[0].clone();
    stray.match_id = "another".into();
    let Effect::Refused(refusal) = feed.game.apply(stray).effect else { panic!("refused") };
    assert_eq!(
        refusal.to_string(),
        "event of match another in the stream of match test-match; hint: the topic's match level and the event's match_id must be equal"
    );
}

/// Players are their ids: two of one name, in one side and across the sides, have cards of their own.
#[test]
fn two_players_of_one_name_stay_apart() {
    let named = |id: &str| PlayerRef::new(id, "J Smith");
    let mut feed = Feed::new();
    for (pos, (on, off, runs)) in [("x", "y", 1), ("y", "x", 4), ("y", "x", 3), ("x", "y", 2)].into_iter().enumerate() {
        let mut ball = feed.draft("a1", "a2", "b11", runs);
        (ball.batter, ball.non_striker, ball.bowler) = (named(on), named(off), named("z"));
        assert_eq!(usize::from(ball.pos), pos + 1);
        feed.bowl(ball);
    }
    let innings = feed.now();
    let cards: Vec<_> = innings.batting.iter().map(|card| (card.player.id.as_str(), card.runs, card.balls)).collect();
    assert_eq!(cards, [("x", 3, 2), ("y", 7, 2)]);
    assert_eq!(
        innings.bowling.iter().map(|card| (card.player.id.as_str(), card.runs)).collect::<Vec<_>>(),
        [("z", 10)]
    );
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
}

/// In 1229824 and 1130677 one name is in both sides, and the file has one id for both. Each innings keeps its own cards all
/// the same: who bats for one side and bowls for the other is not one player's figures mixed up.
#[test]
fn one_name_in_both_sides_has_a_card_in_each_innings() {
    for (id, name) in [("1229824", "J Butler"), ("1130677", "KV Sharma")] {
        let Some(played) = archive::play(id) else { return };
        for innings in &played.game.state().innings {
            let balls = || innings.overs.iter().flat_map(|over| &over.balls);
            let of = |player: &PlayerRef| &*player.name == name;
            let runs: u32 = balls().filter(|ball| of(&ball.batter)).map(|ball| u32::from(ball.runs.bat)).sum();
            let cards: Vec<_> = innings.batting.iter().filter(|card| of(&card.player)).collect();
            assert!(cards.len() <= 1, "{id}");
            assert_eq!(cards.iter().map(|card| card.runs).sum::<u32>(), runs, "{id}");
            let conceded: u32 = balls().filter(|ball| of(&ball.bowler)).map(|ball| u32::from(ball.conceded())).sum();
            let figures = innings.bowling.iter().filter(|card| of(&card.player)).map(|card| card.runs).sum::<u32>();
            assert_eq!(figures, conceded, "{id}");
        }
    }
}
