//! Cases 1 to 13: strike and balls.

use cricket::{
    event::{DismissalKind, DismissalNoBall, EventData, Ext, Extras, Key, Note},
    score::{AnomalyKind, Happening},
};
use serde_json::json;

use crate::{
    archive, bowler,
    feed::{Feed, info, player},
    over_end, striker, told,
};

/// Case 1 and case 2: a single off the bat; off the last legal ball.
#[test]
fn a_single_changes_the_strike_and_the_end_of_the_over_changes_it_again() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 1);
    assert_eq!(striker(&feed), "a2");
    for _ in 0..4 {
        feed.ball("a2", "a1", "b11", 0);
    }
    let applied = feed.ball("a2", "a1", "b11", 1);
    assert!(
        applied
            .happenings
            .iter()
            .any(|happening| matches!(happening, Happening::OverCompleted { over: 0, runs: 2, .. }))
    );
    assert_eq!(striker(&feed), "a2", "a single off the last ball keeps the strike");
    assert!(feed.anomalies().is_empty());
}

/// Case 1, the other way round: the feed is believed and contradicted.
#[test]
fn a_wrong_striker_is_accepted_and_flagged() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 1);
    feed.ball("a1", "a2", "b11", 4);
    assert_eq!(feed.now().batting[0].runs, 5);
    assert_eq!(feed.anomalies(), ["i1.o0.d2: a2 should be on strike, the feed has a1"]);
}

/// Case 3 (two wides: one run taken), case 4 (five wides) and case 11 (a wide is not faced).
#[test]
fn wides_cost_the_bowler_and_nobody_faces_them() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b11", 0, Extras { wides: 2, ..Extras::default() });
    assert_eq!(striker(&feed), "a2", "one run was taken");
    feed.extra("a2", "a1", "b11", 0, Extras { wides: 5, ..Extras::default() });
    assert_eq!(striker(&feed), "a2", "four wides are not run");
    let innings = feed.now();
    assert_eq!((innings.runs, innings.legal_balls, innings.extras.wides), (7, 0, 7));
    assert_eq!((bowler(innings).runs, bowler(innings).balls, bowler(innings).wides), (7, 0, 7));
    assert!(innings.batting.iter().all(|card| card.balls == 0));
}

/// Case 5 (no-ball and one off the bat), case 6 (no-ball and four byes since 2017), case 11 (a no-ball is faced), case 20
/// (a wide carries the free hit over).
#[test]
fn a_no_ball_counts_as_faced_and_its_byes_are_not_the_bowlers() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b11", 1, Extras { noballs: 1, ..Extras::default() });
    assert_eq!((feed.now().runs, bowler(feed.now()).runs, feed.now().batting[0].balls), (2, 2, 1));
    assert_eq!(striker(&feed), "a2");
    assert!(feed.now().free_hit_next);
    feed.extra("a2", "a1", "b11", 0, Extras { noballs: 1, byes: 4, ..Extras::default() });
    assert_eq!((feed.now().runs, bowler(feed.now()).runs), (7, 3));
    assert_eq!(feed.now().legal_balls, 0);
    feed.extra("a2", "a1", "b11", 0, Extras { wides: 1, ..Extras::default() });
    assert!(feed.now().free_hit_next, "a wide carries the free hit over");
    feed.ball("a2", "a1", "b11", 0);
    assert!(!feed.now().free_hit_next);
}

/// Case 6, in its match: innings 1, over 18, fifth delivery. The four byes are not Tye's.
#[test]
fn the_byes_of_a_no_ball_are_not_the_bowlers_in_1216500() {
    let Some(played) = archive::play("1216500") else { return };
    let over = &played.innings(1).overs[18];
    let ball = &over.balls[4];
    assert_eq!((ball.extras.noballs, ball.extras.byes, ball.conceded(), ball.is_faced()), (1, 4, 1, true));
    assert_eq!((over.runs, over.conceded, over.legal_balls), (22, 18, 6));
    assert!(played.anomalies().is_empty(), "{:?}", played.anomalies());
}

/// Case 6 before October 2017: all five are no-ball extras and the bowler's; byes beside the no-ball are not of that code.
#[test]
fn before_october_2017_the_byes_of_a_no_ball_are_no_balls() {
    let mut feed = Feed::on("2017-09-30");
    feed.extra("a1", "a2", "b11", 0, Extras { noballs: 5, ..Extras::default() });
    assert_eq!((feed.now().runs, bowler(feed.now()).runs, bowler(feed.now()).noballs), (5, 5, 5));
    assert_eq!(striker(&feed), "a1", "four of them were run or went to the rope: an even number");
    feed.extra("a1", "a2", "b11", 0, Extras { noballs: 1, byes: 4, ..Extras::default() });
    assert_eq!(feed.anomalies(), ["i1.o0.d2: before October 2017 the byes of a no-ball were no-balls"]);
    assert_eq!(bowler(feed.now()).runs, 6, "the feed is believed");
}

/// Case 5 where a no-ball costs two (English domestic cricket): since 2017 nothing that is run hides in it.
#[test]
fn a_no_ball_of_two_is_not_run_since_2017() {
    let mut feed = Feed::on("2024-06-01");
    let two = Extras { noballs: 2, ..Extras::default() };
    feed.extra("a1", "a2", "b11", 0, two);
    assert_eq!(striker(&feed), "a1");
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies(), ["i1.o0.d2: a1 should be on strike, the feed has a2"]);
}

/// Case 5 before 2017: a two is a dearer no-ball or one run taken, and the match shows which.
#[test]
fn a_dearer_no_ball_is_learnt_from_the_match() {
    let mut feed = Feed::on("2016-06-01");
    let two = Extras { noballs: 2, ..Extras::default() };
    feed.extra("a1", "a2", "b11", 0, two);
    feed.extra("a1", "a2", "b11", 0, two);
    feed.ball("a1", "a2", "b11", 0);
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
    feed.extra("a1", "a2", "b11", 0, two);
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies().len(), 1);
}

/// Case 5 where the match says what a no-ball costs.
#[test]
fn a_match_may_say_what_its_no_balls_cost() {
    let mut facts = info("2016-06-01");
    facts.rules = serde_json::from_value(json!({ "no_ball_runs": 2 })).unwrap();
    let mut feed = Feed::of(facts);
    feed.extra("a1", "a2", "b11", 0, Extras { noballs: 2, ..Extras::default() });
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies().len(), 1, "nothing was run");
}

/// Case 7: two run, one short. One is scored, and the batters are where they were.
#[test]
fn a_short_run_is_run_but_not_scored() {
    let mut feed = Feed::new();
    let mut short = feed.draft("a1", "a2", "b11", 1);
    short.ext.insert("short_runs".to_owned(), json!(1));
    feed.bowl(short);
    assert_eq!((striker(&feed), feed.now().runs, feed.now().batting[0].runs), ("a1", 1, 1));
    feed.ball("a1", "a2", "b11", 0);
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
}

/// Case 8 (one and four overthrows) and case 9 (an all-run four).
#[test]
fn an_all_run_four_and_a_five_are_no_boundaries() {
    let mut feed = Feed::new();
    let mut four = feed.draft("a1", "a2", "b11", 4);
    four.runs.non_boundary = true;
    let applied = feed.bowl(four);
    assert!(!applied.happenings.contains(&Happening::Four));
    feed.ball("a1", "a2", "b11", 5);
    let card = &feed.now().batting[0];
    assert_eq!((card.runs, card.fours, card.sixes), (9, 0, 0));
    assert_eq!(striker(&feed), "a2");
}

/// Case 9, in a match: innings 1, over 5, second delivery.
#[test]
fn an_all_run_four_is_no_boundary_in_1130690() {
    let Some(played) = archive::play("1130690") else { return };
    let ball = &played.innings(1).overs[5].balls[1];
    assert_eq!((ball.runs.bat, ball.runs.non_boundary), (4, true));
    assert!(!played.at("i1.o5.d2").contains(&Happening::Four));
    let fours = played.innings(1).overs.iter().flat_map(|over| &over.balls);
    let fours = fours.filter(|ball| ball.runs.bat == 4 && !ball.runs.non_boundary).count();
    assert_eq!(played.innings(1).batting.iter().map(|card| card.fours).sum::<u32>() as usize, fours);
}

/// Case 10: accepted and flagged.
#[test]
fn overs_of_five_and_seven_end_when_the_umpire_says() {
    let mut feed = Feed::new();
    for _ in 0..7 {
        feed.ball("a1", "a2", "b11", 0);
    }
    let applied = feed.send(Key::over_end(1, 0), over_end(1, 0, "b11"));
    assert!(
        applied.happenings.iter().any(|happening| matches!(happening, Happening::OverCompleted { maiden: true, .. }))
    );
    assert_eq!(bowler(feed.now()).maidens, 1, "counted once though the over was taken for complete before");
    feed.next_over();
    for _ in 0..5 {
        feed.ball("a2", "a1", "b10", 0);
    }
    feed.send(Key::over_end(1, 1), over_end(1, 1, "b10"));
    let lengths: Vec<_> = feed.game.state().anomalies.iter().map(|anomaly| anomaly.kind.clone()).collect();
    assert_eq!(lengths, [AnomalyKind::OverLength { balls: 7 }, AnomalyKind::OverLength { balls: 5 }]);
    assert_eq!(feed.now().balls_left(), Some(18 * 6), "two overs are gone, however long they were");
}

/// Case 10, where overs have eight balls (Australia to 1979 and others).
#[test]
fn overs_of_eight_end_after_eight() {
    let mut old = info("1975-01-01");
    (old.balls_per_over, old.overs, old.match_type) = (8, None, "Test".to_owned());
    let mut feed = Feed::of(old);
    for _ in 0..7 {
        feed.ball("a1", "a2", "b11", 0);
    }
    assert!(!feed.now().overs[0].complete);
    let last = feed.ball("a1", "a2", "b11", 0).clone();
    assert!(told(&last, |happening| matches!(happening, Happening::OverCompleted { maiden: true, .. })));
    assert_eq!((feed.now().overs_text().to_string(), striker(&feed)), ("1".to_owned(), "a2"));
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
}

/// Case 12: run out before the ball was bowled.
#[test]
fn a_run_out_before_the_ball_is_a_wicket_without_one() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 2);
    let out = DismissalNoBall {
        innings: 1,
        kind: DismissalKind::RunOut,
        player_out: player("a2"),
        fielders: Vec::new(),
        ext: Ext::new(),
    };
    let applied = feed.send(Key::new("backing-up"), EventData::DismissalNoBall(Box::new(out))).clone();
    let duck = Happening::Duck { player: player("a2"), golden: false, diamond: true };
    assert!(applied.happenings.contains(&duck), "{:?}", applied.happenings);
    let innings = feed.now();
    assert_eq!((innings.wickets, innings.deliveries, bowler(innings).wickets, bowler(innings).balls), (1, 1, 0, 1));
    assert_eq!((innings.partnerships[0].balls, innings.partnerships[0].runs), (1, 2));
    assert_eq!((innings.striker, innings.non_striker), (Some(0), None));
}

/// Case 12: timed out.
#[test]
fn a_wicket_without_a_ball_is_nobodys() {
    let mut feed = Feed::new();
    feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    let timed_out = DismissalNoBall {
        innings: 1,
        kind: DismissalKind::TimedOut,
        player_out: player("a3"),
        fielders: Vec::new(),
        ext: Ext::new(),
    };
    let applied = feed.send(Key::new("timed-out"), EventData::DismissalNoBall(Box::new(timed_out)));
    assert!(applied.happenings.contains(&Happening::Duck { player: player("a3"), golden: false, diamond: true }));
    assert_eq!((feed.now().wickets, bowler(feed.now()).wickets, feed.now().legal_balls), (2, 1, 1));
    assert_eq!(feed.now().partnerships.len(), 2);
}

/// Case 13: a dead ball is bowled again; nothing of it counts.
#[test]
fn a_dead_ball_counts_for_nothing() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 1);
    let before = feed.game.state().clone();
    let note = Note { innings: Some(1), reason: Some("bird".to_owned()), ..Note::default() };
    let applied = feed.send(Key::new("dead"), EventData::DeadBall(Box::new(note))).clone();
    assert!(applied.happenings.is_empty());
    assert_eq!(feed.game.state(), &before);
}
