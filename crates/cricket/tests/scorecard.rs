//! The samples end as their files say, and read as a follower expects.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use cricket::{
    cricsheet,
    phase::{self, Phase},
    score::{AnomalyKind, Happening, Match},
    scorecard,
};

/// A line with single spaces.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn play(id: &str, bytes: &[u8]) -> (Match, Vec<Happening>) {
    let mut game = Match::new(id);
    let mut happenings = Vec::new();
    for event in cricsheet::to_events(id, &cricsheet::read(bytes).unwrap()) {
        happenings.extend(game.apply(event).happenings);
    }
    (game, happenings)
}

fn sample(id: &str) -> Option<(Match, Vec<Happening>)> {
    support::sample(id).map(|bytes| play(id, &bytes))
}

/// What each sample's file states: totals of its innings, and the result; `computed` where the score decides it.
const STATED: [(&str, &[&str], &str, Option<&str>); 12] = [
    (
        "1127532",
        &["131/10", "135/3"],
        "Glamorgan won by 7 wickets",
        Some("Glamorgan won by 7 wickets with 43 balls left"),
    ),
    (
        "1187017",
        &["106/10", "347/9", "195/9"],
        "India won by an innings and 46 runs",
        Some("India won by an innings and 46 runs"),
    ),
    (
        "1216517",
        &["176/6", "176/6", "5/2", "5/1", "11/1", "15/0"],
        "tie (Kings XI Punjab won the tie-break)",
        Some("tie (Kings XI Punjab won the super over)"),
    ),
    ("1226854", &["219/7", "144/10"], "Sydney Thunder won by 75 runs", Some("Sydney Thunder won by 75 runs")),
    (
        "1299161",
        &["88/8", "94/0"],
        "Southern Brave won by 10 wickets",
        Some("Southern Brave won by 10 wickets with 44 balls left"),
    ),
    ("1344515", &["4/0"], "no result", None),
    (
        "1359534",
        &["171/5", "59/10"],
        "Royal Challengers Bangalore won by 112 runs",
        Some("Royal Challengers Bangalore won by 112 runs"),
    ),
    (
        "1384429",
        &["279/10", "282/7"],
        "Bangladesh won by 3 wickets",
        Some("Bangladesh won by 3 wickets with 53 balls left"),
    ),
    ("1410315", &["381/4", "0/0", "0/0", "189/10"], "Glamorgan won by 192 runs", Some("Glamorgan won by 192 runs")),
    ("1443566", &["291/7", "122/5"], "Australia won by 65 runs (D/L)", Some("Australia won by 65 runs")),
    ("237242", &["126/7", "126/8"], "tie (New Zealand won the bowl-out)", Some("tie")),
    ("64933", &["264/5", "178/9"], "Australia won by 86 runs", Some("Australia won by 86 runs")),
];

#[test]
fn every_sample_ends_as_its_file_states() {
    for (id, totals, recorded, computed) in STATED {
        let Some((game, happenings)) = sample(id) else { return };
        let state = game.state();
        let ours: Vec<String> =
            state.innings.iter().map(|innings| format!("{}/{}", innings.runs, innings.wickets)).collect();
        assert_eq!(ours, totals, "{id}");
        assert_eq!(state.recorded_result.as_ref().unwrap().outcome.to_string(), recorded, "{id}");
        assert_eq!(state.computed_result.as_ref().map(ToString::to_string).as_deref(), computed, "{id}");
        let mismatch = |kind: &AnomalyKind| matches!(kind, AnomalyKind::ResultMismatch { .. } | AnomalyKind::OutOfPlay);
        assert!(!state.anomalies.iter().any(|anomaly| mismatch(&anomaly.kind)), "{id}: {:?}", state.anomalies);
        assert!(matches!(happenings.last(), Some(Happening::MatchEnded { recorded: Some(_), .. })), "{id}");
    }
}

#[test]
fn a_scorecard_reads_as_a_follower_expects() {
    let Some((game, _)) = sample("1384429") else { return };
    let text = scorecard::text(game.state(), scorecard::WIDTH);
    for line in [
        "Sri Lanka v Bangladesh",
        "ODI · ICC Cricket World Cup, match 38 · Arun Jaitley Stadium, Delhi · 2023-11-06",
        "Bangladesh chose to field",
        "AD Mathews timed out 0 0 0 0 -",
        "M Theekshana c sub (Nasum Ahmed) b Shoriful Islam 21 31 3 0 67.74",
        "DM de Silva st Mushfiqur Rahim b Mehedi Hasan Miraz 34 36 4 1 94.44",
        "Extras (lb 3, w 4) 7",
        "Total (all out; 49.3 ov; RR 5.64) 279",
        "Did not bat: Taskin Ahmed, Shoriful Islam",
        "Taskin Ahmed 10 1 39 0 3.90 1 0 39",
        "Powerplays: overs 1-10 (mandatory) 52/1, overs 11-40 (mandatory) 171/5,",
        "overs 41-49.3 (mandatory) 56/4",
        "Result: Bangladesh won by 3 wickets",
        "Player of the match: Shakib Al Hasan",
        "Innings 1, over 25, delivery 2: AD Mathews is out without being at the crease",
    ] {
        assert!(text.lines().any(|known| squeezed(known) == line), "missing: {line}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= scorecard::WIDTH), "{text}");
    let json = scorecard::json(game.state());
    assert_eq!(json["innings"][1]["overs"], "41.1");
    assert_eq!(json["innings"][0]["batting"][5]["how_out"], "timed out");
    assert_eq!(json["innings"][0]["ended"], "all_out");
    assert_eq!(json["result"], "Bangladesh won by 3 wickets");
    assert_eq!(json["innings"][0]["bowling"][3]["wickets"], 2);
}

#[test]
fn the_hundred_is_told_in_balls_and_keeps_its_strike() {
    let Some((game, _)) = sample("1299161") else { return };
    assert!(game.state().anomalies.is_empty(), "ends change after ten balls: {:?}", game.state().anomalies);
    let text = scorecard::text(game.state(), scorecard::WIDTH);
    assert!(text.contains("(8 wkts; 100 balls; RR 4.40)"), "{text}");
    assert!(text.lines().any(|line| squeezed(line).starts_with("LK Bell 20 1 10 4 2.50 0 0 ")), "{text}");
    assert!(text.contains("Powerplays: balls 1-25 (mandatory)"), "{text}");
}

#[test]
fn phases_follow_the_matchs_own_powerplays() {
    for (id, expected) in [
        ("1359534", vec![(0, Phase::Powerplay), (36, Phase::Middle), (90, Phase::Death)]),
        ("1299161", vec![(0, Phase::Powerplay), (25, Phase::Middle), (80, Phase::Death)]),
        ("1384429", vec![(0, Phase::Powerplay), (60, Phase::Middle), (240, Phase::Death)]),
        (
            "1226854",
            vec![
                (0, Phase::Powerplay),
                (24, Phase::Middle),
                (66, Phase::Surge),
                (78, Phase::Middle),
                (90, Phase::Death),
            ],
        ),
        ("1410315", vec![(0, Phase::NewBall), (120, Phase::OldBall), (480, Phase::NewBallDue)]),
    ] {
        let Some(bytes) = support::sample(id) else { return };
        // The first innings, but of the Big Bash match the second: its surge came in the middle overs.
        let shown = if id == "1226854" { 2 } else { 1 };
        let mut game = Match::new(id);
        let mut seen: Vec<(u32, Phase)> = Vec::new();
        for event in cricsheet::to_events(id, &cricsheet::read(&bytes).unwrap()) {
            game.apply(event);
            let state = game.state();
            let Some(innings) = state.current().filter(|innings| innings.number == shown && innings.ended.is_none())
            else {
                continue;
            };
            let phase = phase::of(state, innings).expect("a phase");
            // Before its powerplays are known an innings goes by the table.
            let known = innings.deliveries > 0 || !innings.powerplays.is_empty();
            if known && seen.last().is_none_or(|(_, last)| *last != phase) {
                seen.push((innings.legal_balls, phase));
            }
        }
        let first = seen.first_mut().unwrap();
        first.0 = 0;
        assert_eq!(seen, expected, "{id}");
    }
}

#[test]
fn the_overs_of_every_sample_add_up_to_its_card() {
    for (id, bytes) in support::samples() {
        let (game, _) = play(&id, &bytes);
        for innings in &game.state().innings {
            let overs = scorecard::overs_json(innings, None);
            let overs = overs.as_array().unwrap();
            assert_eq!(overs.len(), innings.overs.len(), "{id}");
            let sum = |name: &str| overs.iter().map(|over| over[name].as_u64().unwrap()).sum::<u64>();
            assert_eq!(sum("wickets"), u64::from(innings.wickets), "{id} innings {}", innings.number);
            let Some(last) = overs.last() else { continue };
            let total = format!("{}/{}", innings.runs, innings.wickets);
            assert_eq!(last["score"], total.as_str(), "{id} innings {}", innings.number);
            let balls = last["balls"].as_array().unwrap();
            assert_eq!(balls.last().unwrap()["score"], total.as_str(), "{id} innings {}", innings.number);
        }
    }
}
