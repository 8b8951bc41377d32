//! Laws of the reading, whatever the score.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commentary::reading::{Reading, read};
use cricket::{
    event::{InningsKind, Target},
    score::{ExtrasTally, Innings, MatchState},
};
use proptest::prelude::*;

fn chase(target: u32, limit: Option<u32>, runs: u32, balls: u32, wickets: u8) -> Reading {
    let innings = Innings {
        number: 2,
        batting_team: "Hilltown".into(),
        bowling_team: "Harbour".into(),
        kind: InningsKind::Normal,
        balls_per_over: 6,
        wickets_available: 10,
        balls_limit: limit,
        target: (target > 0).then_some(Target { runs: target, overs: None, balls: None }),
        runs,
        wickets,
        legal_balls: balls,
        deliveries: balls,
        extras: ExtrasTally::default(),
        batting: Vec::new(),
        bowling: Vec::new(),
        striker: None,
        non_striker: None,
        bowler: None,
        fall_of_wickets: Vec::new(),
        partnerships: Vec::new(),
        overs: Vec::new(),
        powerplays: Vec::new(),
        ended: None,
        absent_hurt: Vec::new(),
        balls_since_boundary: 0,
        free_hit_next: false,
    };
    read(&MatchState { innings: vec![innings], ..MatchState::default() }).unwrap()
}

#[test]
fn nothing_can_be_read_before_the_first_innings() {
    assert!(read(&MatchState::default()).is_none());
}

#[test]
fn a_chase_that_is_decided_is_certain() {
    assert_eq!(chase(150, Some(120), 150, 100, 3).win_probability, Some(1.0));
    assert_eq!(chase(150, Some(120), 149, 120, 3).win_probability, Some(0.0));
    assert_eq!(chase(150, Some(120), 149, 100, 10).win_probability, Some(0.0));
    assert_eq!(chase(150, Some(120), 150, 100, 3).difficulty, Some(0.0));
}

#[test]
fn the_difficulty_of_a_chase_begins_at_one() {
    let start = chase(160, Some(120), 0, 0, 0).difficulty.unwrap();
    assert!((start - 1.0).abs() < 1e-9, "{start}");
    assert!(chase(160, Some(120), 40, 60, 5).difficulty.unwrap() > 2.0);
}

#[test]
fn a_last_over_thriller_has_more_leverage_than_a_stroll() {
    let thriller = chase(160, Some(120), 153, 115, 6);
    let stroll = chase(160, Some(120), 150, 70, 1);
    assert!(thriller.leverage > 0.8 && stroll.leverage < 0.2, "{} {}", thriller.leverage, stroll.leverage);
    assert!(thriller.pressure > stroll.pressure);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_numbers_stay_in_their_ranges(
        target in 0u32..500, limit in proptest::option::of(0u32..320), runs in 0u32..600, balls in 0u32..400, wickets in 0u8..=11,
    ) {
        let reading = chase(target, limit, runs, balls, wickets);
        prop_assert!((0.0..=1.0).contains(&reading.leverage));
        prop_assert!(reading.win_probability.is_none_or(|chance| (0.0..=1.0).contains(&chance)));
        prop_assert!(reading.difficulty.is_none_or(|difficulty| difficulty.is_finite() && difficulty >= 0.0));
    }

    #[test]
    fn more_runs_needed_never_help_and_a_wicket_in_hand_never_hurts(
        target in 20u32..300, runs in 0u32..300, balls in 0u32..120, wickets in 0u8..9,
    ) {
        let chance = |target, wickets| chase(target, Some(120), runs, balls, wickets).win_probability.unwrap();
        prop_assert!(chance(target + 1, wickets) <= chance(target, wickets));
        prop_assert!(chance(target, wickets + 1) <= chance(target, wickets));
    }
}
