//! Case 43: net run rate.

use std::sync::Arc;

use cricket::{
    event::{Delivery, EventData, Ext, InningsKind, Key, MatchEnd, Outcome, Target, WinBy},
    net_run_rate::{Rated, RatedMatch, net_run_rate},
    overs::OverBall,
};

use crate::{
    archive, end,
    feed::{Feed, team},
};

/// Bowls so many balls of no run, an over a bowler, then one ball of so many runs off the bat.
fn bowl(feed: &mut Feed, side: &str, other: &str, balls: usize, last: u16) {
    for ball in 0..=balls {
        if feed.pos == 6 {
            feed.next_over();
        }
        let bowler = format!("{other}{}", 11 - feed.over % 2);
        // Who is on strike is no matter here: the feed's word is taken.
        let runs = if ball == balls { last } else { 0 };
        let draft = feed.draft(&format!("{side}1"), &format!("{side}2"), &bowler, runs);
        feed.bowl(Delivery { ..draft });
    }
}

fn recorded(feed: &mut Feed, winner: &str, by: WinBy, method: Option<&str>) {
    let outcome =
        Outcome { winner: Some(team(winner)), by: Some(by), method: method.map(str::to_owned), ..Outcome::default() };
    finish(feed, outcome);
}

fn finish(feed: &mut Feed, outcome: Outcome) {
    let end = MatchEnd { outcome, player_of_match: Vec::new(), bowl_out: Vec::new(), ext: Ext::new() };
    feed.send(Key::result(), EventData::MatchEnd(Box::new(end)));
}

fn rated(name: &str, runs: u32, balls: u32) -> Rated {
    Rated { team: team(name), runs, balls }
}

/// All out counts the full quota; a chase that succeeds counts the balls it took.
#[test]
fn a_side_that_is_all_out_counts_its_full_quota() {
    let mut feed = Feed::new();
    bowl(&mut feed, "a", "b", 3, 6);
    feed.send(Key::innings_end(1), end(1, "all_out"));
    feed.start("B", None);
    bowl(&mut feed, "b", "a", 8, 4);
    bowl(&mut feed, "b", "a", 0, 4);
    let game = RatedMatch::of(feed.game.state()).unwrap();
    assert_eq!((&game.first, &game.second), (&rated("A", 6, 120), &rated("B", 8, 10)));
    let a = net_run_rate("A", [&game]).unwrap();
    assert!((a - (6.0 / 20.0 - 8.0 / (10.0 / 6.0))).abs() < 1e-9);
    assert!((a + net_run_rate("B", [&game]).unwrap()).abs() < 1e-9, "one's gain is the other's loss");
    assert_eq!(net_run_rate("C", [&game]), None);
}

/// A method set the target: the side batting first has one run less, in the overs allotted for it.
#[test]
fn a_revised_target_counts_for_the_side_that_batted_first() {
    let mut feed = Feed::new();
    bowl(&mut feed, "a", "b", 119, 6);
    let overs = Some(OverBall { over: 10, ball: 0 });
    feed.start("B", Some(Target { runs: 60, overs, balls: None }));
    bowl(&mut feed, "b", "a", 59, 4);
    recorded(&mut feed, "A", WinBy { runs: Some(55), ..WinBy::default() }, Some("D/L"));
    let game = RatedMatch::of(feed.game.state()).unwrap();
    assert_eq!((game.first, game.second), (rated("A", 59, 60), rated("B", 4, 60)));
}

/// The chase was called off: the par score, in the overs that the chase faced.
#[test]
fn a_chase_that_was_called_off_counts_the_par_score() {
    for (winner, margin, par) in [("B", 3, 1), ("A", 5, 9)] {
        let mut feed = Feed::new();
        bowl(&mut feed, "a", "b", 119, 6);
        feed.start("B", None);
        bowl(&mut feed, "b", "a", 40, 4);
        recorded(&mut feed, winner, WinBy { runs: Some(margin), ..WinBy::default() }, Some("D/L"));
        let game = RatedMatch::of(feed.game.state()).unwrap();
        assert_eq!((game.first, game.second), (rated("A", par, 41), rated("B", 4, 41)));
    }
}

/// A match shortened before it began: its overs are the quota of both sides, though the match's facts still say twenty.
#[test]
fn a_shortened_match_has_a_shorter_quota() {
    let mut feed = Feed::new();
    bowl(&mut feed, "a", "b", 10, 6);
    feed.send(Key::innings_end(1), end(1, "all_out"));
    feed.start("B", Some(Target { runs: 7, overs: Some(OverBall { over: 5, ball: 0 }), balls: None }));
    bowl(&mut feed, "b", "a", 29, 4);
    let game = RatedMatch::of(feed.game.state()).unwrap();
    assert_eq!((game.first, game.second), (rated("A", 6, 30), rated("B", 4, 30)));
}

/// No result, an award, an unfinished match and a match without a limit do not count; a super over never does.
#[test]
fn what_has_no_result_does_not_count_and_super_overs_are_left_out() {
    for outcome in [
        Outcome { result: Some("no result".to_owned()), ..Outcome::default() },
        Outcome { winner: Some(team("A")), method: Some("Awarded".to_owned()), ..Outcome::default() },
    ] {
        let mut feed = Feed::new();
        bowl(&mut feed, "a", "b", 119, 6);
        feed.start("B", None);
        bowl(&mut feed, "b", "a", 3, 1);
        assert_eq!(RatedMatch::of(feed.game.state()), None, "not finished");
        finish(&mut feed, outcome);
        assert_eq!(RatedMatch::of(feed.game.state()), None);
    }
    let mut tied = Feed::new();
    bowl(&mut tied, "a", "b", 119, 6);
    tied.start("B", None);
    bowl(&mut tied, "b", "a", 119, 6);
    tied.start_kind("B", None, InningsKind::SuperOver);
    bowl(&mut tied, "b", "a", 5, 6);
    let game = RatedMatch::of(tied.game.state()).unwrap();
    assert_eq!((game.first, game.second), (rated("A", 6, 120), rated("B", 6, 120)));
}

/// The four sides of group B of the Champions Trophy of 2017, two of its six matches decided by Duckworth-Lewis-Stern and
/// one of these called off: the table as it was published.
#[test]
fn a_group_of_2017_comes_out_as_published() {
    let mut games = Vec::new();
    for id in ["1022351", "1022353", "1022359", "1022361", "1022367", "1022369"] {
        let Some(played) = archive::play(id) else { return };
        games.push(RatedMatch::of(played.game.state()).unwrap());
    }
    let table: Vec<(Arc<str>, String)> = ["India", "Pakistan", "South Africa", "Sri Lanka"]
        .into_iter()
        .map(|side| (side.into(), format!("{:+.3}", net_run_rate(side, &games).unwrap())))
        .collect();
    let published = [("India", "+1.370"), ("Pakistan", "-0.680"), ("South Africa", "+0.167"), ("Sri Lanka", "-0.798")];
    let published: Vec<(Arc<str>, String)> =
        published.into_iter().map(|(side, rate)| (side.into(), rate.to_owned())).collect();
    assert_eq!(table, published);
}
