//! Single Laws and the traps of real feeds, each as a small invented passage of play.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/feed.rs"]
mod feed;

use cricket::{
    event::{
        DismissalKind, DismissalNoBall, EventData, Ext, Extras, InningsEnd, Key, OverEnd, OverReplace, PenaltyRuns,
        PenaltySide, ScoreAfter, Target, TargetRevision,
    },
    overs::OverBall,
    score::{AnomalyKind, BatterStatus, Effect, Happening, Innings, Match},
};
use feed::{Feed, info, out, player};

fn striker(feed: &Feed) -> &str {
    feed.now().striker_card().map_or("nobody", |card| &card.player.name)
}

fn bowler(innings: &Innings) -> &cricket::score::BowlerCard {
    innings.bowler_card().expect("a bowler")
}

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

#[test]
fn a_wrong_striker_is_accepted_and_flagged() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 1);
    feed.ball("a1", "a2", "b11", 4);
    assert_eq!(feed.now().batting[0].runs, 5);
    assert_eq!(feed.anomalies(), ["i1.o0.d2: a2 should be on strike, the feed has a1"]);
}

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

#[test]
fn a_dearer_no_ball_is_learnt_from_the_match() {
    let mut feed = Feed::new();
    let two = Extras { noballs: 2, ..Extras::default() };
    feed.extra("a1", "a2", "b11", 0, two);
    feed.extra("a1", "a2", "b11", 0, two);
    feed.ball("a1", "a2", "b11", 0);
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
    feed.extra("a1", "a2", "b11", 0, two);
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies().len(), 1);
}

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

#[test]
fn overs_of_five_and_seven_end_when_the_umpire_says() {
    let mut feed = Feed::new();
    for _ in 0..7 {
        feed.ball("a1", "a2", "b11", 0);
    }
    let applied = feed.send(Key::over_end(1, 0), over_end(0, "b11"));
    assert!(
        applied.happenings.iter().any(|happening| matches!(happening, Happening::OverCompleted { maiden: true, .. }))
    );
    assert_eq!(bowler(feed.now()).maidens, 1, "counted once though the over was taken for complete before");
    feed.next_over();
    for _ in 0..5 {
        feed.ball("a2", "a1", "b10", 0);
    }
    feed.send(Key::over_end(1, 1), over_end(1, "b10"));
    let lengths: Vec<_> = feed.game.state().anomalies.iter().map(|anomaly| anomaly.kind.clone()).collect();
    assert_eq!(lengths, [AnomalyKind::OverLength { balls: 7 }, AnomalyKind::OverLength { balls: 5 }]);
    assert_eq!(feed.now().balls_left(), Some(18 * 6), "two overs are gone, however long they were");
}

fn over_end(over: u16, bowler: &str) -> EventData {
    EventData::OverEnd(Box::new(OverEnd {
        innings: 1,
        over,
        bowler: player(bowler),
        legal_balls: None,
        ext: Ext::new(),
    }))
}

#[test]
fn maidens_are_spoilt_by_wides_and_shared_overs_but_not_by_byes() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b11", 0, Extras { byes: 4, ..Extras::default() });
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 0);
    }
    assert_eq!(bowler(feed.now()).maidens, 1);
    feed.next_over();
    feed.extra("a2", "a1", "b10", 0, Extras { wides: 1, ..Extras::default() });
    for _ in 0..6 {
        feed.ball("a2", "a1", "b10", 0);
    }
    assert_eq!(bowler(feed.now()).maidens, 0);
    feed.next_over();
    for bowler in ["b11", "b11", "b9", "b9", "b9", "b9"] {
        feed.ball("a1", "a2", bowler, 0);
    }
    assert_eq!(feed.now().bowling.iter().map(|card| card.maidens).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn the_new_batter_faces_after_a_catch_since_october_2022() {
    for (date, flagged) in [("2022-10-01", 1), ("2022-09-30", 0)] {
        let mut feed = Feed::on(date);
        feed.wicket("a1", "a2", "b11", DismissalKind::Caught);
        feed.ball("a2", "a3", "b11", 0);
        assert_eq!(feed.anomalies().len(), flagged, "{date}");
    }
}

#[test]
fn a_stumping_off_a_wide_is_the_bowlers_and_no_ball_is_faced() {
    let mut feed = Feed::new();
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    (ball.runs.extras, ball.runs.total, ball.extras.wides) = (1, 1, 1);
    ball.wickets.push(out(DismissalKind::Stumped, "a1"));
    feed.bowl(ball);
    assert!(feed.anomalies().is_empty());
    assert_eq!((bowler(feed.now()).wickets, feed.now().legal_balls, feed.now().batting[0].balls), (1, 0, 0));
    assert_eq!(feed.now().fall_of_wickets[0].runs, 1, "the wide counts before the wicket");
}

#[test]
fn bowled_off_a_no_ball_is_impossible_and_run_out_is_not() {
    for (kind, flagged) in [(DismissalKind::Bowled, 1), (DismissalKind::RunOut, 0), (DismissalKind::Lbw, 1)] {
        let mut feed = Feed::new();
        let mut ball = feed.draft("a1", "a2", "b11", 0);
        (ball.runs.extras, ball.runs.total, ball.extras.noballs) = (1, 1, 1);
        ball.wickets.push(out(kind.clone(), "a1"));
        feed.bowl(ball);
        assert_eq!(feed.anomalies().len(), flagged, "{kind}");
        assert_eq!(feed.now().wickets, 1, "{kind}: the feed is believed");
    }
}

#[test]
fn retired_hurt_is_no_wicket_and_the_batter_may_return() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 2);
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    ball.wickets.push(out(DismissalKind::RetiredHurt, "a1"));
    feed.bowl(ball);
    assert_eq!((feed.now().wickets, bowler(feed.now()).wickets), (0, 0));
    assert!(matches!(feed.now().batting[0].status, BatterStatus::Retired { .. }));
    feed.ball("a3", "a2", "b11", 0);
    let pair = feed.now().current_partnership().unwrap();
    assert_eq!((pair.wicket, pair.batters.len(), pair.runs), (1, 3, 2), "the stand goes on with a third batter");
    feed.wicket("a3", "a2", "b11", DismissalKind::Bowled);
    let back = feed.ball("a1", "a2", "b11", 1);
    assert!(back.happenings.contains(&Happening::NewBatter { player: player("a1") }));
    assert_eq!((feed.now().batting[0].runs, &feed.now().batting[0].status), (3, &BatterStatus::NotOut));
    assert_eq!(feed.now().batting.len(), 3);
}

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
    assert!(applied.happenings.contains(&Happening::Duck { player: player("a3"), golden: false }));
    assert_eq!((feed.now().wickets, bowler(feed.now()).wickets, feed.now().legal_balls), (2, 1, 1));
    assert_eq!(feed.now().partnerships.len(), 2);
}

#[test]
fn two_wickets_on_one_ball_fall_in_order() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    ball.wickets = vec![out(DismissalKind::Caught, "a1"), out(DismissalKind::TimedOut, "a3")];
    feed.bowl(ball);
    let fallen: Vec<_> =
        feed.now().fall_of_wickets.iter().map(|fall| (fall.wicket, fall.player.name.to_string())).collect();
    assert_eq!(fallen, [(1, "a1".to_owned()), (2, "a3".to_owned())]);
    assert_eq!(bowler(feed.now()).wickets, 1);
    assert_eq!(feed.anomalies(), ["i1.o0.d2: a3 is out without being at the crease"]);
}

#[test]
fn a_hat_trick_runs_across_overs_and_a_wide_between_breaks_it() {
    let mut feed = Feed::new();
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 0);
    }
    feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    feed.next_over();
    for _ in 0..6 {
        feed.ball("a2", "a3", "b10", 0);
    }
    feed.next_over();
    let second = feed.wicket("a3", "a2", "b11", DismissalKind::Lbw);
    assert!(second.happenings.contains(&Happening::HatTrickBall { player: player("b11") }));
    let third = feed.wicket("a4", "a2", "b11", DismissalKind::Caught);
    assert!(third.happenings.contains(&Happening::HatTrick { player: player("b11") }));
    assert!(
        third.happenings.iter().any(|happening| matches!(happening, Happening::BowlerMilestone { wickets: 3, .. }))
    );

    let mut broken = Feed::new();
    broken.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    broken.wicket("a3", "a2", "b11", DismissalKind::Bowled);
    broken.extra("a4", "a2", "b11", 0, Extras { wides: 1, ..Extras::default() });
    let after = broken.wicket("a4", "a2", "b11", DismissalKind::Bowled);
    assert!(!after.happenings.iter().any(|happening| matches!(happening, Happening::HatTrick { .. })));
}

#[test]
fn a_corrected_six_moves_the_fifty_or_takes_it_back() {
    let mut feed = Feed::new();
    for over in 0..2_u16 {
        feed.over = over;
        feed.pos = 0;
        let bowler = if over == 0 { "b11" } else { "b10" };
        for ball in 0..6_u16 {
            // Even runs, so that a1 keeps the strike in the first over and a change of ends is told by the feed.
            let (on, off) = if over == 0 { ("a1", "a2") } else { ("a2", "a1") };
            feed.ball(on, off, bowler, if over == 0 { [6, 6, 6, 6, 6, 6] } else { [0; 6] }[usize::from(ball)]);
        }
    }
    feed.next_over();
    feed.ball("a1", "a2", "b11", 6);
    feed.ball("a1", "a2", "b11", 6);
    let fifty = feed.ball("a1", "a2", "b11", 6).clone();
    let milestone = |runs, balls| Happening::BatterMilestone { player: player("a1"), runs, balls };
    assert!(fifty.happenings.contains(&milestone(50, 9)), "48, then a six: one fifty");

    let ball = feed.sent.last().unwrap().clone();
    let EventData::Delivery(delivery) = &ball.data else { panic!("a delivery") };
    let mut four = delivery.clone();
    (four.runs.bat, four.runs.total) = (4, 4);
    let corrected = feed.game.apply(ball.revised(1, 100, EventData::Delivery(four.clone())));
    assert_eq!(corrected.effect, Effect::Rebuilt);
    assert!(corrected.withdrawn.contains(&Happening::Six) && corrected.happenings.contains(&Happening::Four));
    assert!(!corrected.withdrawn.contains(&milestone(50, 9)), "52 is a fifty still");

    let mut leg_bye = four;
    (leg_bye.runs.bat, leg_bye.runs.extras, leg_bye.runs.total, leg_bye.extras.legbyes) = (0, 1, 1, 1);
    let second = feed.game.apply(ball.revised(1, 100, EventData::Delivery(leg_bye.clone())).revised(
        1,
        101,
        EventData::Delivery(leg_bye),
    ));
    assert!(second.withdrawn.contains(&milestone(50, 9)), "{:?}", second.withdrawn);
    assert_eq!(feed.now().batting[0].runs, 48);
}

#[test]
fn penalty_runs_go_to_the_right_innings() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    let penalty = |side| {
        let runs = PenaltyRuns { side, runs: 5, innings: 1, when: None, law: Some("41.3".to_owned()), ext: Ext::new() };
        EventData::PenaltyRuns(Box::new(runs))
    };
    feed.send(Key::new("p1"), penalty(PenaltySide::Batting));
    assert_eq!((feed.now().runs, feed.now().extras.penalty, bowler(feed.now()).runs), (9, 5, 4));
    feed.send(Key::new("p2"), penalty(PenaltySide::Fielding));
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    assert_eq!(
        (feed.now().runs, feed.now().target.unwrap().runs),
        (5, 10),
        "the side has not batted: it starts at 5/0"
    );
}

fn end(innings: u8, reason: &str) -> EventData {
    EventData::InningsEnd(Box::new(InningsEnd { innings, reason: Some(reason.to_owned()), ..InningsEnd::default() }))
}

#[test]
fn a_revised_target_sets_runs_and_balls() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 6);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 0);
    let target = Target { runs: 57, overs: Some(OverBall { over: 9, ball: 2 }), balls: None };
    let revision = TargetRevision { innings: 2, target, method: Some("D/L".to_owned()), par: None, ext: Ext::new() };
    let applied = feed.send(Key::target(2), EventData::TargetRevision(Box::new(revision))).clone();
    assert_eq!(applied.happenings, [Happening::TargetRevised { target }]);
    assert_eq!(
        (feed.now().balls_limit, feed.now().balls_left(), feed.now().runs_needed()),
        (Some(56), Some(55), Some(57))
    );
    let rate = feed.now().required_rate().unwrap();
    assert!((rate - 57.0 * 6.0 / 55.0).abs() < 1e-9);
}

#[test]
fn the_hundred_has_sets_of_five() {
    let mut hundred = info("2024-08-01");
    hundred.balls_per_over = 5;
    let mut feed = Feed::of(hundred);
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 1).happenings.len();
        if feed.pos % 2 == 1 && feed.pos < 5 {
            feed.ball("a2", "a1", "b11", 1);
        }
        if feed.pos >= 5 {
            break;
        }
    }
    assert_eq!((feed.now().legal_balls, feed.now().balls_limit), (5, Some(100)));
    assert!(feed.now().overs[0].complete);
}

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
