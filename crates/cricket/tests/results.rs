//! Results (Law 16): how invented matches end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/feed.rs"]
mod feed;

use cricket::{
    event::{DismissalKind, EventData, Extras, InningsEnd, InningsKind, Key},
    score::{EndReason, Happening, MatchResult},
};
use feed::{Feed, info, out, player, team};

#[test]
fn a_target_reached_by_a_wide_ends_the_match_and_the_wide_counts() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 4);
    let applied = feed.extra("b1", "b2", "a11", 0, Extras { wides: 1, ..Extras::default() }).clone();
    assert!(applied.happenings.contains(&Happening::TargetReached));
    let expected = MatchResult::WonByWickets { winner: team("B"), wickets: 10, balls_left: Some(119) };
    assert_eq!(feed.game.state().computed_result, Some(expected));
    assert_eq!((feed.now().runs, &feed.now().ended), (5, &Some(EndReason::TargetReached)));
}

#[test]
fn a_super_over_ends_with_two_wickets_and_decides_a_tie() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    feed.send(Key::innings_end(1), end(1, "overs"));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 4);
    feed.send(Key::innings_end(2), end(2, "overs"));
    assert_eq!(feed.game.state().computed_result, Some(MatchResult::Tie { super_over_winner: None }));
    feed.start_kind("B", None, InningsKind::SuperOver);
    feed.wicket("b1", "b2", "a11", DismissalKind::Bowled);
    feed.ball("b3", "b2", "a11", 2);
    feed.wicket("b3", "b2", "a11", DismissalKind::Bowled);
    assert_eq!(feed.now().ended, Some(EndReason::AllOut));
    feed.start_kind("A", None, InningsKind::SuperOver);
    assert_eq!((feed.now().balls_limit, feed.now().target.map(|target| target.runs)), (Some(6), Some(3)));
    feed.ball("a1", "a2", "b11", 4);
    assert_eq!(feed.game.state().computed_result, Some(MatchResult::Tie { super_over_winner: Some(team("A")) }));
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
}

#[test]
fn an_innings_of_a_test_match_is_won_by_an_innings() {
    let mut test = info("2024-01-01");
    (test.overs, test.match_type) = (None, "Test".to_owned());
    let mut feed = Feed::of(test);
    feed.ball("a1", "a2", "b11", 6);
    feed.send(Key::innings_end(1), end(1, "declared"));
    for number in [2, 3] {
        feed.start("B", None);
        all_out(&mut feed);
        assert_eq!(feed.now().ended, Some(EndReason::AllOut), "innings {number}");
    }
    assert_eq!(feed.game.state().computed_result, Some(MatchResult::WonByInnings { winner: team("A"), runs: 6 }));
}

fn all_out(feed: &mut Feed) {
    for wicket in 0..10 {
        if wicket == 6 {
            feed.next_over();
        }
        let (next, bowler) = (format!("b{}", wicket + 2), if wicket < 6 { "a11" } else { "a10" });
        let on = if wicket == 0 { "b1".to_owned() } else { next.clone() };
        let mut ball = feed.draft(&on, if wicket == 0 { "b2" } else { "b1" }, bowler, 0);
        if wicket == 0 {
            ball.non_striker = player("b2");
            ball.wickets.push(out(DismissalKind::RunOut, "b2"));
        } else {
            ball.wickets.push(out(DismissalKind::RunOut, &on));
        }
        feed.bowl(ball);
    }
}

fn end(innings: u8, reason: &str) -> EventData {
    EventData::InningsEnd(Box::new(InningsEnd { innings, reason: Some(reason.to_owned()), ..InningsEnd::default() }))
}

#[test]
fn a_side_with_a_batter_retired_hurt_is_all_out_one_wicket_earlier() {
    for (pair_at_the_crease, expected) in [(false, true), (true, false)] {
        let mut feed = Feed::new();
        feed.ball("a1", "a2", "b11", 6);
        feed.send(Key::innings_end(1), end(1, "overs"));
        feed.start("B", None);
        let mut hurt = feed.draft("b1", "b2", "a11", 0);
        hurt.wickets.push(out(DismissalKind::RetiredHurt, "b1"));
        feed.bowl(hurt);
        for wicket in 0..9 {
            if feed.pos == 6 {
                feed.next_over();
            }
            let bowler = if feed.over == 0 { "a11" } else { "a10" };
            let facing = format!("b{}", wicket + 3);
            let mut ball = feed.draft(&facing, "b2", bowler, 0);
            ball.wickets.push(out(DismissalKind::RunOut, &facing));
            feed.bowl(ball);
        }
        if pair_at_the_crease {
            feed.ball("b12", "b2", "a10", 0);
        }
        let ended = InningsEnd { innings: 2, ..InningsEnd::default() };
        feed.send(Key::innings_end(2), EventData::InningsEnd(Box::new(ended)));
        let won = feed.game.state().computed_result == Some(MatchResult::WonByRuns { winner: team("A"), runs: 6 });
        assert_eq!(won, expected, "a twelfth batter, a replacement, at the crease: {pair_at_the_crease}");
    }
}
