//! Cases 34 to 36 and 44: penalty runs, the run that wins, partnerships.

use cricket::{
    event::{DismissalKind, Extras, InningsKind, Key, PenaltySide, Target},
    score::{EndReason, Happening, MatchResult},
};

use crate::{
    archive, bowler, end,
    feed::{Feed, info, out, player, team},
    five,
};

/// Case 34 (to the batting side) and case 35 (to a fielding side that has not batted).
#[test]
fn penalty_runs_go_to_the_right_innings() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::new("p1"), five(PenaltySide::Batting, 1));
    assert_eq!((feed.now().runs, feed.now().extras.penalty, bowler(feed.now()).runs), (9, 5, 4));
    feed.send(Key::new("p2"), five(PenaltySide::Fielding, 1));
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    assert_eq!(
        (feed.now().runs, feed.now().target.unwrap().runs),
        (5, 10),
        "the side has not batted: it starts at 5/0"
    );
}

/// Case 34, in its match: innings 2, over 11, sixth delivery. Five to the side, none to the batter, none against Ojha.
#[test]
fn five_penalty_runs_on_a_ball_in_335988() {
    let Some(played) = archive::play("335988") else { return };
    let innings = played.innings(2);
    let over = &innings.overs[11];
    let ball = &over.balls[5];
    assert_eq!((ball.extras.penalty, ball.runs.bat, ball.conceded(), ball.is_legal()), (5, 0, 0, true));
    assert_eq!((over.runs, over.conceded, innings.extras.penalty), (12, 7, 5));
}

/// Case 34 and 36: after the innings the record books six penalty runs, and the target has them.
#[test]
fn penalty_runs_after_an_innings_are_in_the_target_of_1127532() {
    let Some(played) = archive::play("1127532") else { return };
    let (first, second) = (played.innings(1), played.innings(2));
    assert_eq!((first.extras.penalty, first.runs + 1), (6, second.target.unwrap().runs));
}

/// Case 35: to the fielding side's last completed innings, and the target moves with it, also one that the feed had named.
#[test]
fn penalty_runs_to_the_fielding_side_go_to_its_last_innings() {
    for named in [None, Some(Target { runs: 5, overs: None, balls: None })] {
        let mut feed = Feed::new();
        feed.ball("a1", "a2", "b11", 4);
        feed.send(Key::innings_end(1), end(1, "overs"));
        feed.start("B", named);
        feed.ball("b1", "b2", "a11", 4);
        feed.send(Key::new("p"), five(PenaltySide::Fielding, 2));
        let state = feed.game.state();
        assert_eq!((state.innings[0].runs, state.innings[0].extras.penalty), (9, 5));
        assert_eq!((feed.now().runs, feed.now().target.map(|target| target.runs)), (4, Some(10)), "{named:?}");
        feed.ball("b1", "b2", "a11", 4);
        assert_eq!(feed.now().ended, None, "5 would have won, 10 does not yet");
    }
}

/// Case 35: a target set by a method moves only when the feed says so.
#[test]
fn a_revised_target_does_not_move_by_itself() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", Some(Target { runs: 40, overs: None, balls: Some(30) }));
    feed.send(Key::new("p"), five(PenaltySide::Fielding, 2));
    assert_eq!(feed.now().target.map(|target| target.runs), Some(40));
}

/// Case 35 in a match of two innings a side, and in a super over: runs never pass from one to the other.
#[test]
fn penalty_runs_of_a_super_over_stay_in_the_super_overs() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 4);
    feed.send(Key::innings_end(2), end(2, "overs"));
    feed.start_kind("B", None, InningsKind::SuperOver);
    feed.send(Key::new("p"), five(PenaltySide::Fielding, 3));
    assert_eq!(feed.game.state().innings[0].runs, 4, "the match is over, and a tie");
    feed.send(Key::innings_end(3), end(3, "overs"));
    feed.start_kind("A", None, InningsKind::SuperOver);
    assert_eq!(feed.now().runs, 5, "its next innings starts at 5/0");

    let mut test = info("2024-01-01");
    (test.overs, test.match_type) = (None, "Test".to_owned());
    let mut feed = Feed::of(test);
    for side in ["B", "A"] {
        feed.send(Key::innings_end(feed.innings), end(feed.innings, "declared"));
        feed.start(side, None);
    }
    feed.send(Key::new("p"), five(PenaltySide::Fielding, 3));
    assert_eq!(feed.game.state().innings.iter().map(|innings| innings.runs).collect::<Vec<_>>(), [0, 5, 0]);
}

/// Case 36: the target reached by a wide; the wide counts.
#[test]
fn a_wide_may_win_the_match() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    let applied = feed.extra("b1", "b2", "a11", 0, Extras { wides: 5, ..Extras::default() }).clone();
    assert!(applied.happenings.contains(&Happening::TargetReached));
    assert_eq!((feed.now().runs, feed.now().legal_balls, &feed.now().ended), (5, 0, &Some(EndReason::TargetReached)));
    let expected = MatchResult::WonByWickets { winner: team("B"), wickets: 10, balls_left: Some(120) };
    assert_eq!(feed.game.state().computed_result, Some(expected));
}

/// Case 44: all runs while together, extras and penalties to the side included; the fall of the wicket has the runs
/// completed on its ball.
#[test]
fn a_partnership_has_all_runs_while_together() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.extra("a1", "a2", "b11", 0, Extras { wides: 2, ..Extras::default() });
    feed.extra("a2", "a1", "b11", 0, Extras { byes: 1, ..Extras::default() });
    feed.send(Key::new("p"), five(PenaltySide::Batting, 1));
    let mut ball = feed.draft("a1", "a2", "b11", 1);
    ball.wickets.push(out(DismissalKind::RunOut, "a2"));
    feed.bowl(ball);
    feed.ball("a3", "a1", "b11", 6);
    let stands: Vec<_> =
        feed.now().partnerships.iter().map(|pair| (pair.wicket, pair.runs, pair.balls, pair.ended)).collect();
    assert_eq!(stands, [(1, 13, 3, true), (2, 6, 1, false)]);
    assert_eq!((feed.now().fall_of_wickets[0].runs, feed.now().runs), (13, 19));
}

/// Case 44: penalty runs bring milestones as other runs do.
#[test]
fn penalty_runs_may_bring_up_the_fifty() {
    let mut feed = Feed::new();
    for bowled in 0..8 {
        if bowled == 6 {
            feed.next_over();
        }
        let (on, off) = if feed.over == 0 { ("a1", "a2") } else { ("a2", "a1") };
        feed.ball(on, off, if feed.over == 0 { "b11" } else { "b10" }, 6);
    }
    let applied = feed.send(Key::new("p"), five(PenaltySide::Batting, 1)).clone();
    let batters = vec![player("a2"), player("a1")];
    let stand = Happening::PartnershipMilestone { batters, runs: 50, wicket: 1 };
    assert!(applied.happenings.contains(&stand), "{:?}", applied.happenings);
    assert!(applied.happenings.contains(&Happening::TeamMilestone { team: team("A"), runs: 50 }));
}
