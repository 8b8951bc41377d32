//! Powerplays and phases, by format and era.

use cricket::{
    event::{EventData, Ext, Key, MatchInfo, Powerplay},
    phase::{self, Phase},
    powerplay::Scheme,
    rules::Rules,
    score::Happening,
};
use serde_json::json;

use crate::{
    archive,
    feed::{Feed, info},
    told,
};

/// A match of a format on a day, in a competition.
fn game(date: &str, overs: u16, gender: &str, event: &str) -> MatchInfo {
    let mut facts = info(date);
    (facts.overs, facts.gender) = (Some(overs), Some(gender.to_owned()));
    facts.event = serde_json::from_value(json!({ "name": event })).ok();
    facts
}

/// The powerplay as overs and balls, such as `5.2`.
fn first(scheme: Scheme, overs: u32) -> String {
    let balls = scheme.first(overs * 6, 6);
    format!("{}.{}", balls / 6, balls % 6)
}

/// Since July 2025 by ball: the table of the International Cricket Council, whole.
#[test]
fn shortened_t20s_have_a_powerplay_by_ball_since_july_2025() {
    let scheme = Rules::of(&game("2025-07-01", 20, "male", "A tour")).powerplays;
    assert_eq!(scheme, Scheme::T20ByBall);
    let table = [
        (5, "1.3"),
        (6, "1.5"),
        (7, "2.1"),
        (8, "2.2"),
        (9, "2.4"),
        (10, "3.0"),
        (11, "3.2"),
        (12, "3.4"),
        (13, "3.5"),
        (14, "4.1"),
        (15, "4.3"),
        (16, "4.5"),
        (17, "5.1"),
        (18, "5.2"),
        (19, "5.4"),
        (20, "6.0"),
    ];
    for (overs, text) in table {
        assert_eq!(first(scheme, overs), text, "{overs} overs");
    }
}

/// Before, by whole overs: 5 to 8 overs have 2, 9 to 11 have 3, 12 to 14 have 4, 15 to 18 have 5. English domestic matches
/// went by ball since 2018.
#[test]
fn shortened_t20s_had_a_powerplay_by_over_before() {
    let scheme = Rules::of(&game("2025-06-30", 20, "male", "A tour")).powerplays;
    assert_eq!(scheme, Scheme::T20);
    for (overs, whole) in [(5, 2), (8, 2), (9, 3), (11, 3), (12, 4), (14, 4), (15, 5), (18, 5), (19, 6), (20, 6)] {
        assert_eq!(first(scheme, overs), format!("{whole}.0"), "{overs} overs");
    }
    assert_eq!(Rules::of(&game("2020-09-04", 20, "male", "Vitality Blast")).powerplays, Scheme::T20ByBall);
    assert_eq!(Rules::of(&game("2017-08-04", 20, "male", "NatWest T20 Blast")).powerplays, Scheme::T20);
}

#[test]
fn the_big_bash_has_four_overs_and_a_surge() {
    for (date, gender, event, expected) in [
        ("2019-12-17", "male", "Big Bash League", Scheme::T20),
        ("2020-12-10", "male", "Big Bash League", Scheme::Surge),
        ("2021-10-14", "female", "Women's Big Bash League", Scheme::T20),
        ("2022-10-13", "female", "Women's Big Bash League", Scheme::Surge),
    ] {
        assert_eq!(Rules::of(&game(date, 20, gender, event)).powerplays, expected, "{event} {date}");
    }
    assert_eq!(first(Scheme::Surge, 20), "4.0");
    let surge: Vec<_> = Scheme::Surge.later().iter().map(|later| (later.kind, later.overs, later.from)).collect();
    assert_eq!(surge, [("batting", 2, 11)]);
}

#[test]
fn the_hundred_has_twenty_five_balls() {
    let mut facts = game("2024-08-01", 20, "male", "The Hundred Men's Competition");
    facts.balls_per_over = 5;
    let scheme = Rules::of(&facts).powerplays;
    assert_eq!((scheme.first(100, 5), scheme.first(80, 5), scheme.first(85, 5), scheme.first(40, 5)), (25, 20, 20, 10));
}

/// One-day matches by era, in a full innings and, since 2015, in shortened ones.
#[test]
fn one_day_powerplays_follow_the_era() {
    for (date, gender, scheme, overs, later) in [
        ("2005-07-06", "male", Scheme::OdiFifteen, "15.0", &[] as &[(&str, u16, u16)]),
        ("2005-07-07", "male", Scheme::OdiFielding, "10.0", &[("fielding", 5, 11), ("fielding", 5, 11)]),
        ("2008-10-01", "male", Scheme::OdiEither, "10.0", &[("fielding", 5, 11), ("batting", 5, 11)]),
        ("2011-10-01", "male", Scheme::OdiEitherBetween, "10.0", &[("fielding", 5, 16), ("batting", 5, 16)]),
        ("2012-10-30", "male", Scheme::OdiBatting, "10.0", &[("batting", 5, 11)]),
        ("2015-07-05", "male", Scheme::OdiThree, "10.0", &[("mandatory", 30, 11), ("mandatory", 10, 41)]),
        ("2017-07-01", "female", Scheme::OdiBatting, "10.0", &[("batting", 5, 11)]),
        ("2024-12-21", "female", Scheme::OdiTen, "10.0", &[]),
    ] {
        let found = Rules::of(&game(date, 50, gender, "A tour")).powerplays;
        assert_eq!((found, first(found, 50).as_str()), (scheme, overs), "{date}");
        let others: Vec<_> = found.later().iter().map(|later| (later.kind, later.overs, later.from)).collect();
        assert_eq!(others, later, "{date}");
    }
    for (overs, first_overs, last_overs) in
        [(20, 4, 4), (22, 5, 4), (24, 5, 5), (27, 6, 5), (29, 6, 6), (34, 7, 7), (37, 8, 7), (42, 9, 8), (47, 10, 9)]
    {
        assert_eq!(Scheme::OdiThree.first(overs * 6, 6), first_overs * 6, "{overs}");
        assert_eq!(Scheme::OdiThree.before_last(overs * 6, 6), Some((overs - last_overs) * 6), "{overs}");
    }
}

/// The match's own powerplays come before the table; its own length before the era's.
#[test]
fn the_matchs_own_powerplay_comes_first() {
    let mut feed = Feed::new();
    let own = Powerplay {
        innings: 1,
        kind: "mandatory".to_owned(),
        from: "0.1".parse().unwrap(),
        to: "0.3".parse().unwrap(),
        ext: Ext::new(),
    };
    feed.send(Key::powerplay(1, 1), EventData::Powerplay(Box::new(own)));
    assert_eq!(phase::of(feed.game.state(), feed.now()), Some(Phase::Powerplay));
    let started = feed.ball("a1", "a2", "b11", 0).clone();
    assert!(told(&started, |happening| matches!(happening, Happening::PowerplayStarted { .. })));
    feed.ball("a1", "a2", "b11", 4);
    let over = feed.ball("a1", "a2", "b11", 0).clone();
    assert!(over.happenings.contains(&Happening::PowerplayEnded { kind: "mandatory".to_owned(), runs: 4, wickets: 0 }));
    assert_eq!(phase::of(feed.game.state(), feed.now()), Some(Phase::Middle));

    let mut facts = info("2024-01-01");
    facts.rules = serde_json::from_value(json!({ "powerplay_balls": 12 })).unwrap();
    let mut feed = Feed::of(facts);
    assert_eq!(ends(&mut feed, 30), [12]);
}

/// The legal balls after which a powerplay's end was told, over so many balls.
fn ends(feed: &mut Feed, balls: u32) -> Vec<u32> {
    let mut told = Vec::new();
    for _ in 0..balls {
        if feed.pos == 6 {
            feed.next_over();
        }
        let bowler = if feed.over.is_multiple_of(2) { "b11" } else { "b10" };
        let happenings = feed.ball("a1", "a2", bowler, 0).happenings.clone();
        if happenings.iter().any(|happening| matches!(happening, Happening::PowerplayEnded { .. })) {
            told.push(feed.now().legal_balls);
        }
    }
    told
}

/// A feed that sends none is told of the format's: its beginning, and its end in a full and in a shortened innings.
#[test]
fn powerplays_are_told_from_the_table_where_the_feed_sends_none() {
    let mut feed = Feed::on("2026-01-01");
    let started = feed.ball("a1", "a2", "b11", 0).clone();
    assert!(started.happenings.contains(&Happening::PowerplayStarted { kind: "mandatory".to_owned() }));
    assert_eq!(ends(&mut feed, 50), [36]);
    for (date, ended) in [("2026-01-01", 14), ("2024-01-01", 12)] {
        let mut feed = Feed::on(date);
        feed.ball("a1", "a2", "b11", 1);
        feed.send(Key::innings_end(1), crate::end(1, "overs"));
        feed.start("A", Some(cricket::event::Target { runs: 99, overs: "8".parse().ok(), balls: None }));
        assert_eq!(ends(&mut feed, 20), [ended], "{date}");
    }
}

/// An innings of a Test has none, nor has a super over.
#[test]
fn a_test_has_no_powerplay() {
    let mut test = info("2024-01-01");
    (test.overs, test.match_type) = (None, "Test".to_owned());
    let mut feed = Feed::of(test);
    let first = feed.ball("a1", "a2", "b11", 0).clone();
    assert!(!told(&first, |happening| matches!(happening, Happening::PowerplayStarted { .. })));
    assert!(ends(&mut feed, 100).is_empty());
}

/// Phases of a T20: 1–6, 7–15, 16–20, or 7–16 and 17–20 by a setting; the powerplay of 829737's second innings ends in its
/// file before its sixth over does.
#[test]
fn the_middle_overs_of_a_t20_end_with_the_fifteenth_or_the_sixteenth() {
    for (setting, death) in [(None, 90), (Some(16), 96)] {
        let mut facts = info("2024-01-01");
        facts.rules = setting.and_then(|to| serde_json::from_value(json!({ "t20_middle_to": to })).ok());
        let feed = Feed::of(facts);
        let bounds = phase::bounds(feed.game.state(), feed.now()).unwrap();
        assert_eq!((bounds.powerplay, bounds.death), (36, death));
    }
    let Some(played) = archive::play("829737") else { return };
    assert_eq!(played.innings(2).powerplays[0].to.to_string(), "5.10", "a text, the tenth delivery");
    let ended =
        |key: &str| played.at(key).iter().any(|happening| matches!(happening, Happening::PowerplayEnded { .. }));
    let last = played.innings(2).overs[5].balls.len();
    assert!(ended(&format!("i2.o5.d{last}")) && !ended("i2.o5.d1"));
}

/// Powerplays as the matches record them are told as such.
#[test]
fn recorded_powerplays_are_told() {
    for (id, innings, expected) in [("1226854", 1, 2), ("1226854", 2, 2), ("1299161", 1, 1), ("1443566", 1, 1)] {
        let Some(played) = archive::play(id) else { return };
        let number = played.innings(innings).number;
        let balls = played.innings(innings).overs.iter().flat_map(|over| &over.balls);
        let told = balls.flat_map(|ball| played.at(&format!("i{number}.o{}.d{}", ball.over, ball.pos)));
        let started = told.filter(|happening| matches!(happening, Happening::PowerplayStarted { .. })).count();
        assert_eq!(started, expected, "{id} {innings}");
    }
}
