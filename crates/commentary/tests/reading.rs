//! Laws of the reading, whatever the score.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commentary::reading::{Class, Format, Gender, Level, Model, ModelError, Position, Reading, read};
use cricket::{
    event::{InningsKind, Target},
    score::{ExtrasTally, Innings, MatchState},
};
use proptest::prelude::*;

/// Every kind of match with a limit of balls.
fn classes() -> impl Iterator<Item = Class> {
    [Format::T20, Format::Hundred, Format::OneDay].into_iter().flat_map(|format| {
        [Gender::Male, Gender::Female].into_iter().flat_map(move |gender| {
            [Level::Club, Level::International].into_iter().map(move |level| Class { format, gender, level })
        })
    })
}

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

#[test]
fn the_built_in_model_can_be_read_and_knows_every_kind_of_match() {
    let model = Model::builtin();
    assert!(model.provenance.attribution.contains("ODC-BY"), "{:?}", model.provenance);
    for class in classes() {
        let kind = model.kind(class).unwrap();
        // The few women's one-day leagues and all hundred-ball matches share the numbers of their neighbours.
        assert!(kind.covers.iter().any(|covered| covered.gender == class.gender), "{class}: {}", kind.name);
    }
    let named = |format| model.kind(Class { format, gender: Gender::Male, level: Level::International }).unwrap();
    assert_eq!((named(Format::T20).balls, named(Format::OneDay).balls), (120, 300));
}

#[test]
fn over_the_whole_grid_of_every_kind_runs_needed_never_help_and_balls_and_wickets_never_hurt() {
    let model = Model::builtin();
    for class in classes() {
        let kind = model.kind(class).unwrap();
        let limit = class.balls();
        let usual = kind.chase.usual_target as u32;
        for target in [usual / 2, usual, usual * 3 / 2] {
            let chance = |left, wickets, needed| kind.chance(&Position { limit, left, wickets, needed, target });
            for left in 0..=limit {
                for wickets in 0..=10 {
                    let mut before = 1.0;
                    for needed in 0..=target {
                        let now = chance(left, wickets, needed);
                        assert!(now <= before, "{class}: {needed} off {left}, {wickets} in hand: {now} after {before}");
                        before = now;
                        let lawful = match (needed, left, wickets) {
                            (0, ..) => now >= 1.0,
                            (_, 0, _) | (.., 0) => now <= 0.0,
                            _ => now > 0.0 && now < 1.0,
                        };
                        assert!(lawful, "{class}: {needed} off {left}, {wickets} in hand: {now}");
                        assert!(wickets == 0 || now >= chance(left, wickets - 1, needed));
                        assert!(left == 0 || now >= chance(left - 1, wickets, needed));
                    }
                }
            }
        }
    }
}

#[test]
fn a_run_more_on_the_target_never_raises_the_chance_of_any_chase() {
    let model = Model::builtin();
    for class in classes() {
        let kind = model.kind(class).unwrap();
        let limit = class.balls();
        for made in (0..300).step_by(7) {
            let mut before = 1.0;
            for target in made..500 {
                let at = Position { limit, left: limit / 2, wickets: 6, needed: target - made, target };
                let now = kind.chance(&at);
                assert!(now <= before, "{class}: {target} with {made} made: {now} after {before}");
                before = now;
            }
        }
    }
}

#[test]
fn a_model_that_breaks_the_laws_or_is_of_another_version_is_refused_with_a_remedy() {
    let file = include_str!("../../../models/reading/reading.toml");
    let refused = |from: &str, to: &str| {
        let line = file.lines().find(|line| line.starts_with(from)).unwrap();
        Model::parse(&file.replacen(line, to, 1)).unwrap_err()
    };
    let older = refused("version", "version = \"vachak.reading/1\"");
    assert!(matches!(older, ModelError::Version(_)) && older.to_string().contains("; hint: "), "{older}");
    let newer = refused("version", "version = \"vachak.reading/3\"\nsomething_new = 1");
    assert!(matches!(newer, ModelError::Version(_)), "{newer}");
    for (from, to, words) in [
        ("reach", "reach = [9.0, 8.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]", "chase"),
        ("pull", "pull = 1.5", "chase"),
        ("rate", "rate = -1.0", "chase"),
        ("usual_movement", "usual_movement = 0.0", "usual_movement"),
        ("pressure", "pressure = [0.9, 0.1, 0.2, 0.3]", "pressure"),
        ("rates", "rates = [0.5, 0.8, 1.1, 1.5, nan]", "next_ball"),
        ("balls", "balls = 0", "balls"),
        ("covers", "covers = []", "covers"),
        ("range", "range = [[1.0, 1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]", "setting"),
        ("slope", "slope = 0.0", "setting"),
        ("flattening", "flattening = \"much\"", "string"),
    ] {
        let error = refused(from, to).to_string();
        assert!(error.contains(words) && error.contains("; hint: "), "{to}: {error}");
    }
}

#[test]
fn leverage_of_the_mean_ball_is_one_half_and_its_index_one() {
    let reading = chase(165, Some(120), 80, 60, 3);
    let index = reading.leverage_index.unwrap();
    assert!((reading.leverage - index / (1.0 + index)).abs() < 1e-9, "{reading:?}");
}

#[test]
fn a_first_innings_is_projected_as_a_range_around_its_mean_that_closes_towards_the_end() {
    let early = chase(0, Some(120), 50, 36, 1).projection.unwrap();
    let late = chase(0, Some(120), 150, 114, 5).projection.unwrap();
    let ((low, high), (late_low, late_high)) = (early.range(), late.range());
    assert!(low < early.mean && early.mean < high, "{early:?}");
    assert!(late_high - late_low < (high - low) / 2.0, "{early:?} {late:?}");
    let last = chase(0, Some(120), 150, 119, 5).projection.unwrap().range();
    assert!(last.0 >= 150.0, "what is made is made: {last:?}");
    let losing = chase(0, Some(120), 50, 36, 5).projection.unwrap();
    assert!(losing.mean + 15.0 < early.mean, "wickets cost runs to come: {losing:?}");
    assert!(early.win_probability.is_none_or(|chance| (0.0..=1.0).contains(&chance)));
}

#[test]
fn momentum_and_labels_are_told_for_matches_without_a_limit_as_far_as_they_go() {
    let reading = chase(250, None, 100, 300, 4);
    assert_eq!((reading.win_probability, reading.projection, reading.momentum), (None, None, None));
    assert!(reading.leverage > 0.0);
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
