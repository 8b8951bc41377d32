//! The edition of the Laws, stored with the match: by its own word, its date and competition, never by today's date.

use cricket::{
    event::MatchInfo,
    rules::{Edition, FreeHits, Rules},
    score::MatchState,
};
use serde_json::json;

use crate::feed::{Feed, info};

fn in_event(date: &str, event: &str) -> MatchInfo {
    let mut facts = info(date);
    facts.event = serde_json::from_value(json!({ "name": event })).ok();
    facts
}

#[test]
fn the_edition_follows_from_the_matchs_date() {
    for (date, edition) in [
        ("1999-12-31", Edition::Code1980),
        ("2000-10-01", Edition::Code2000),
        ("2004-01-01", Edition::Code2003),
        ("2010-09-30", Edition::Code2003),
        ("2010-10-01", Edition::Code2010),
        ("2017-09-30", Edition::Code2010),
        ("2017-10-01", Edition::Code2017),
        ("2022-09-30", Edition::Code2017),
        ("2022-10-01", Edition::Code2022),
    ] {
        assert_eq!(Feed::on(date).game.state().rules.edition, Some(edition), "{date}");
        assert_eq!(Edition::named(edition.name()), Some(edition), "{edition}");
    }
    let mut undated = info("");
    undated.dates.clear();
    assert_eq!(Rules::of(&undated).edition, None);
    assert_eq!(MatchState::default().rules, Rules::default());
}

#[test]
fn the_edition_that_the_match_names_comes_before_its_date() {
    for (text, edition, faces) in [
        ("2017 Code (3rd Edition)", Edition::Code2022, true),
        ("Laws of Cricket 2017 Code, third edition 2022", Edition::Code2022, true),
        ("2017 Code", Edition::Code2017, false),
        ("2017 Code (2nd Edition 2019)", Edition::Code2017, false),
        ("2000 Code (4th Edition)", Edition::Code2010, false),
        ("2000 Code 2nd edition", Edition::Code2003, false),
    ] {
        let mut facts = info("2024-06-01");
        facts.rules = serde_json::from_value(json!({ "edition": text })).ok();
        let rules = Feed::of(facts).game.state().rules;
        assert_eq!((rules.edition, rules.new_batter_faces), (Some(edition), faces), "{text}");
    }
    let mut strange = info("2024-06-01");
    strange.rules = serde_json::from_value(json!({ "edition": "house rules" })).ok();
    assert_eq!(Rules::of(&strange).edition, Some(Edition::Code2022), "an unknown name: the date decides");
}

#[test]
fn the_catch_rule_came_earlier_to_two_competitions() {
    for (date, event, faces) in [
        ("2021-10-15", "Indian Premier League", false),
        ("2022-03-26", "Indian Premier League", true),
        ("2021-07-21", "The Hundred Men's Competition", true),
        ("2022-06-01", "Vitality Blast", false),
        ("2022-10-01", "Vitality Blast", true),
    ] {
        assert_eq!(Rules::of(&in_event(date, event)).new_batter_faces, faces, "{event} {date}");
    }
}

#[test]
fn what_the_match_overrules_wins_and_nonsense_changes_nothing() {
    let mut facts = info("2024-06-01");
    facts.rules = serde_json::from_value(json!({
        "edition": "2017 Code (3rd Edition)",
        "new_batter_faces": false,
        "free_hits": "never",
        "no_ball_runs": 2,
        "no_ball_byes_apart": false,
        "hat_trick_across_innings": false,
        "powerplay_balls": 24,
        "t20_middle_to": 16,
    }))
    .ok();
    let rules = Rules::of(&facts);
    assert_eq!((rules.edition, rules.new_batter_faces), (Some(Edition::Code2022), false));
    assert_eq!(
        (rules.free_hits, rules.no_balls.runs, rules.no_balls.byes_apart),
        (FreeHits::Never, Some(2), Some(false))
    );
    assert_eq!((rules.hat_tricks.across_innings, rules.hat_tricks.wide_breaks), (false, true));
    assert_eq!((rules.first_powerplay(120, 6), rules.first_powerplay(12, 6), rules.t20_middle_to.0), (24, 12, 16));

    let plain = Rules::of(&info("2024-06-01"));
    facts.rules = serde_json::from_value(json!({
        "free_hits": 7, "no_ball_runs": -3, "t20_middle_to": 99, "powerplay_balls": "many", "house": true
    }))
    .ok();
    assert_eq!(Rules::of(&facts), plain);
}
