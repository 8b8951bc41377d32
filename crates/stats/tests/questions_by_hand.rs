//! Small invented matches whose every answer can be worked out on paper.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cricket::player::PersonId;
use serde_json::{Value, json};
use stats::{Archive, Day, Format, Gender, Level, MilestoneKind, RankingKind, Scope, Season};
use tempfile::TempDir;

const SCOPE: Scope = Scope { format: Format::T20, gender: Gender::Female, level: Some(Level::Club) };
const CUP: Season<'_> = Season { event: "Paper Cup", season: "2021" };

/// A ball in an over: batter, non-striker, bowler, runs off the bat.
fn ball(batter: &str, non_striker: &str, bowler: &str, runs: u32) -> Value {
    json!({"batter": batter, "non_striker": non_striker, "bowler": bowler,
           "runs": {"batter": runs, "extras": 0, "total": runs}})
}

fn out(mut ball: Value, kind: &str) -> Value {
    ball["wickets"] = json!([{"kind": kind, "player_out": ball["batter"]}]);
    ball
}

fn wide(batter: &str, non_striker: &str, bowler: &str) -> Value {
    json!({"batter": batter, "non_striker": non_striker, "bowler": bowler, "extras": {"wides": 1},
           "runs": {"batter": 0, "extras": 1, "total": 1}})
}

fn game(day: &str, venue: &str, city: &str, innings: &Value, outcome: &Value) -> Value {
    json!({
        "meta": {"data_version": "1.1.0", "created": day, "revision": 1},
        "info": {
            "balls_per_over": 6, "overs": 20, "match_type": "T20", "gender": "female", "team_type": "club",
            "dates": [day], "season": "2021", "event": {"name": "Paper Cup"}, "venue": venue, "city": city,
            "teams": ["Inks", "Quills"],
            "players": {"Inks": ["Ida", "Una"], "Quills": ["Bo", "Cy"]},
            "registry": {"people": {"Ida": "i1", "Una": "u1", "Bo": "b1", "Cy": "c1"}},
            "outcome": outcome, "toss": {"winner": "Inks", "decision": "bat"},
        },
        "innings": innings,
    })
}

/// Two matches: Inks made 21 and 9 and defended the one by 10 runs; Quills chased the other.
fn archive() -> (TempDir, Archive) {
    let first = json!([
        {"team": "Inks", "overs": [
            {"over": 0, "deliveries": [
                ball("Ida", "Una", "Bo", 4), ball("Ida", "Una", "Bo", 6), ball("Ida", "Una", "Bo", 0),
                wide("Ida", "Una", "Bo"), ball("Ida", "Una", "Bo", 1), out(ball("Una", "Ida", "Bo", 0), "bowled")]},
            {"over": 7, "deliveries": [ball("Ida", "Una", "Cy", 2), ball("Ida", "Una", "Cy", 1)]},
            {"over": 15, "deliveries": [ball("Ida", "Una", "Bo", 6), out(ball("Ida", "Una", "Bo", 0), "caught")]},
        ]},
        {"team": "Quills", "target": {"runs": 22, "overs": 20}, "overs": [
            {"over": 0, "deliveries": [
                ball("Bo", "Cy", "Ida", 6), ball("Bo", "Cy", "Ida", 4), ball("Bo", "Cy", "Ida", 1),
                out(ball("Cy", "Bo", "Ida", 0), "run out")]},
        ]},
    ]);
    let second = json!([
        {"team": "Inks", "overs": [
            {"over": 0, "deliveries": [
                ball("Ida", "Una", "Bo", 4), ball("Ida", "Una", "Bo", 4), ball("Ida", "Una", "Bo", 1),
                out(ball("Una", "Ida", "Bo", 0), "lbw")]},
        ]},
        {"team": "Quills", "target": {"runs": 10, "overs": 20}, "overs": [
            {"over": 0, "deliveries": [ball("Bo", "Cy", "Una", 6), ball("Bo", "Cy", "Una", 4)]},
        ]},
    ]);
    let folder = TempDir::new().unwrap();
    for (name, played) in [
        ("1", game("2021-05-01", "Blot Park", "Papyrus", &first, &json!({"winner": "Inks", "by": {"runs": 10}}))),
        (
            "2",
            game(
                "2021-05-09",
                "Blot Park, Papyrus",
                "Papyrus",
                &second,
                &json!({"winner": "Quills", "by": {"wickets": 10}}),
            ),
        ),
    ] {
        std::fs::write(folder.path().join(format!("{name}.json")), played.to_string()).unwrap();
    }
    let mut archive = Archive::open(&folder.path().join("archive.db")).unwrap();
    let report = archive.add(folder.path(), &mut |_: &stats::Progress| {}).unwrap();
    assert_eq!((report.new, report.bad), (2, Vec::new()));
    (folder, archive)
}

fn id(person: &str) -> PersonId {
    PersonId(person.into())
}

fn about(one: Option<f64>, other: f64) -> bool {
    one.is_some_and(|one| (one - other).abs() < 1e-9)
}

#[test]
fn people_are_counted_as_on_paper() {
    let (_folder, archive) = archive();
    let duel = archive.batter_v_bowler(&id("i1"), &id("b1"), SCOPE, Day::END).unwrap().unwrap();
    // First match: 4 6 0 1 in the first over (the wide is not faced), 6 and out in the sixteenth; then 4 4 1.
    assert_eq!((duel.balls, duel.runs, duel.dots, duel.fours, duel.sixes), (9, 26, 2, 3, 2));
    assert_eq!((duel.dismissals, duel.sample.matches, duel.sample.since_year), (1, 2, 2021));
    assert!(duel.strike_rate().is_none() && !duel.bowler_owns());
    // Ida has 29 off 11 against all; Bo has bowled 11 faced balls for 26 off the bat.
    let expected = f64::midpoint(29.0 / 11.0, 26.0 / 11.0);
    assert!(about(duel.run_rate.map(|rate| rate.expected), 100.0 * expected));
    assert!(about(duel.run_rate.map(|rate| rate.estimate), 100.0 * (26.0 + 100.0 * expected) / 109.0));
    let record = archive.batter_record(&id("i1"), SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((record.innings, record.runs, record.balls, record.dismissals), (2, 29, 11, 1));
    assert_eq!((record.highest, record.highest_not_out), (20, false));
    let phases = archive.batter_phases(&id("i1"), SCOPE, Day::END).unwrap().unwrap();
    assert_eq!(
        phases.phases.map(|phase| (phase.balls, phase.runs, phase.dismissals)),
        [(7, 20, 0), (2, 3, 0), (2, 6, 1)]
    );
    let bowler = archive.bowler_record(&id("b1"), SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((bowler.balls, bowler.runs, bowler.wickets, bowler.best_wickets, bowler.best_runs), (11, 27, 3, 2, 18));
    let form = archive.batter_form(&id("i1"), SCOPE, Day::END).unwrap().unwrap();
    let recent: Vec<_> = form.recent.iter().map(|one| (one.day.as_str(), one.runs, one.out)).collect();
    assert_eq!(recent, [("2021-05-09", 9, false), ("2021-05-01", 20, true)]);
    assert_eq!((form.recent[0].against.as_str(), form.trend), ("Quills", None));
    // All 21 of the first innings, its wide included, then 9.
    let pair = archive.partnership(&id("u1"), &id("i1"), SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((pair.innings, pair.runs, pair.balls, pair.highest), (2, 30, 13, 21));
    let next = archive.milestones(&id("b1"), SCOPE, Day::END).unwrap();
    let next: Vec<_> = next.iter().map(|one| (one.kind, one.now, one.needed())).collect();
    assert_eq!(next, [(MilestoneKind::Runs, 21, 479), (MilestoneKind::Wickets, 3, 47)]);
}

#[test]
fn grounds_sides_and_seasons_are_counted_as_on_paper() {
    let (_folder, archive) = archive();
    let ground = ("Blot Park", Some("Papyrus"));
    let chases = archive.chases_at(ground, SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((chases.won, chases.lost, chases.tied), (1, 1, 0));
    let (highest, lowest) = (chases.highest_won.unwrap(), chases.lowest_lost.unwrap());
    assert_eq!((highest.target, highest.runs, highest.side.as_str()), (10, 10, "Quills"));
    assert_eq!((lowest.target, lowest.runs, lowest.wickets), (22, 11, 1));
    assert_eq!(archive.chases_by("Inks", SCOPE, Day::END).unwrap(), None);
    assert_eq!(archive.chases_by("Quills", SCOPE, "2021-05-09".parse().unwrap()).unwrap().unwrap().lost, 1);
    let defended = archive.defended_at(ground, SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((defended.highest.runs, defended.highest.side.as_str()), (21, "Inks"));
    let par = archive.par_at(ground, 5, SCOPE, "2022-01-01".parse().unwrap()).unwrap().unwrap();
    assert_eq!((par.quartiles, par.innings_everywhere, par.from.as_str()), ([9, 9, 9], 2, "2017-01"));
    assert!(about(Some(par.mean), 15.0) && about(Some(par.par.estimate), 15.0));
    let there = archive.batter_at(&id("i1"), ("blot park", None), SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((there.innings, there.runs, there.highest), (2, 29, 20));
    let sixes = archive.ranking(RankingKind::Sixes, CUP, SCOPE, Day::END, 0, 10).unwrap().unwrap();
    let told: Vec<_> = sixes.first.iter().map(|one| (one.place, one.name.as_str(), one.value)).collect();
    assert_eq!(told, [(1, "Bo", 2.0), (1, "Ida", 2.0)]);
    assert_eq!((sixes.sample.matches, sixes.people), (2, 2));
    let rates = archive.ranking(RankingKind::StrikeRate, CUP, SCOPE, Day::END, 1, 10).unwrap();
    assert_eq!(rates, None, "nobody has faced twelve balls");
    let figures = archive.season_figures(&id("b1"), CUP, SCOPE, Day::END).unwrap().unwrap();
    assert_eq!((figures.runs, figures.faced, figures.wickets, figures.sample.matches), (21, 5, 3, 2));
}

#[test]
fn kinds_of_cricket_are_kept_apart_and_the_day_itself_is_left_out() {
    let (_folder, archive) = archive();
    for scope in [
        Scope { level: Some(Level::International), ..SCOPE },
        Scope { gender: Gender::Male, ..SCOPE },
        Scope { format: Format::OneDay, ..SCOPE },
    ] {
        assert_eq!(archive.batter_record(&id("i1"), scope, Day::END).unwrap(), None);
        assert_eq!(archive.chases_at(("Blot Park", None), scope, Day::END).unwrap(), None);
    }
    let both = Scope { level: None, ..SCOPE };
    assert_eq!(archive.batter_record(&id("i1"), both, Day::END).unwrap().unwrap().runs, 29);
    for (day, runs) in
        [("2021-05-01", None), ("2021-05-02", Some(20)), ("2021-05-09", Some(20)), ("2021-05-10", Some(29))]
    {
        let record = archive.batter_record(&id("i1"), SCOPE, day.parse().unwrap()).unwrap();
        assert_eq!(record.map(|record| record.runs), runs, "before {day}");
    }
}

#[test]
fn people_are_found_by_id_name_and_part_of_a_name() {
    let (_folder, archive) = archive();
    for text in ["i1", "Ida", "ida", "Id"] {
        let found = archive.people(text).unwrap();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].id.as_str(), &found[0].sides[..]), ("i1", &["Inks".to_owned()][..]));
        assert_eq!((found[0].years, found[0].matches[0].matches), (Some((2021, 2021)), 2));
    }
    assert!(archive.people("%").unwrap().is_empty() && archive.people("  ").unwrap().is_empty());
}
