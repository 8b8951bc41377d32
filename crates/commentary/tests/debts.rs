//! Debts to an earlier event, from the balls to the words: what a batter made of a review, a score that a bowler settles,
//! what a side gave away.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;
#[path = "support/village.rs"]
mod village;

use std::collections::BTreeMap;

use commentary::{
    LineKind, Memory, Moment, NoArchive, Personas, Phrasebook,
    checker::check_as,
    facts::EventWord,
    phrasebook::Saying,
    reading::{Thread, ThreadKind, Threads},
};
use serde_json::{Value, json};
use village::Village;

fn player(name: &str) -> Value {
    json!({"id": name, "name": name})
}

/// The batting side asks, and is right.
fn saved() -> Value {
    json!({"review": {"by": "Hilltown", "batter": player("T Okafor"), "decision": "upheld"}})
}

/// A match of twenty overs in which Hilltown set.
fn setting() -> Village {
    Village::of(&json!({"overs": 20}), &json!({}))
}

fn thread(village: &Village, kind: ThreadKind) -> Option<Thread> {
    Threads::of(village.game.state()).all().iter().find(|thread| thread.kind == kind).cloned()
}

fn number(moment: &Moment, id: &str) -> Option<String> {
    moment.facts.list().into_iter().find(|fact| fact.id == id).map(|fact| fact.value)
}

fn sayings(kind: LineKind, moment: &Moment, persona: &str) -> Vec<Saying> {
    Phrasebook::builtin().sayings(kind, moment, Personas::builtin().get(persona).unwrap())
}

fn is_allowed(kind: LineKind, text: &str, moment: &Moment, persona: &str) -> bool {
    check_as(kind, text, moment, Personas::builtin().get(persona).unwrap()).is_ok()
}

#[test]
fn what_a_batter_adds_after_a_review_is_a_thread_from_fifteen_runs_on() {
    let mut village = setting();
    village.ball(4, &json!({}));
    village.ball(0, &saved());
    for runs in [4, 6, 4] {
        let moment = village.ball(runs, &json!({}));
        assert_eq!((thread(&village, ThreadKind::Reprieve), number(&moment, "reprieve.runs")), (None, None));
    }
    let passed = village.ball(4, &json!({}));
    let reprieve = thread(&village, ThreadKind::Reprieve).unwrap();
    assert_eq!((reprieve.runs, reprieve.balls, reprieve.since, reprieve.running), (18, 4, 2, true));
    assert_eq!(&*reprieve.people[0].name, "T Okafor");
    assert_eq!(number(&passed, "reprieve.at").as_deref(), Some("4"));
    assert_eq!(number(&passed, "reprieve.runs").as_deref(), Some("18"));
    let next = village.ball(4, &json!({}));
    assert_eq!(number(&next, "reprieve.runs"), None, "it is told once, not ball after ball");
    let end = village.ball(0, &village.caught());
    assert_eq!(number(&end, "reprieve.runs").as_deref(), Some("22"));
    assert!(!thread(&village, ThreadKind::Reprieve).unwrap().running);
}

#[test]
fn no_other_review_saves_anybody() {
    let review = |by: &str, decision: &str, more: &Value| {
        let mut data = json!({"review": {"by": by, "batter": player("T Okafor"), "decision": decision}});
        for (field, value) in more.as_object().unwrap() {
            data[field] = value.clone();
        }
        data
    };
    let wide = json!({"runs": {"bat": 0, "extras": 1, "total": 1}, "extras": {"wides": 1}});
    for ball in [
        review("Harbour", "struck down", &json!({})),
        review("Hilltown", "struck down", &json!({})),
        review("Hilltown", "upheld", &wide),
        json!({"review": {"by": "Hilltown", "batter": player("L Brandt"), "decision": "upheld"}}),
    ] {
        let mut village = setting();
        village.ball(0, &ball);
        for _ in 0..4 {
            village.ball(6, &json!({}));
        }
        assert_eq!(thread(&village, ThreadKind::Reprieve).map(|thread| thread.people), None, "{ball}");
    }
}

/// Okafor hits Menon for fourteen; two overs later they meet again.
fn score_to_settle() -> Village {
    let mut village = setting();
    for runs in [4, 6, 0, 4, 0, 0] {
        village.ball(runs, &json!({}));
    }
    for pos in 1..=6 {
        village.ball(pos % 2, &json!({"over": 1, "pos": pos, "bowler": player("P Novak")}));
    }
    village
}

#[test]
fn a_bowler_who_was_hit_has_a_score_to_settle_until_the_wicket() {
    let mut village = score_to_settle();
    assert_eq!(thread(&village, ThreadKind::Reckoning), None, "not within the over, nor with another bowler");
    let met = village.ball(0, &json!({"over": 2, "pos": 1}));
    let open = thread(&village, ThreadKind::Reckoning).unwrap();
    assert_eq!((open.runs, open.balls, open.wickets, open.since, open.running), (14, 6, 0, 0, true));
    assert_eq!(number(&met, "reckoning.runs"), None, "it is told when it is settled");
    let mut out = village.caught();
    (out["over"], out["pos"]) = (json!(2), json!(2));
    let settled = village.ball(0, &out);
    assert_eq!(number(&settled, "reckoning.runs").as_deref(), Some("14"));
    assert_eq!(thread(&village, ThreadKind::Reckoning).unwrap().wickets, 1);
    // Corrected to a dot, nothing is settled.
    village.correct(Some(0));
    let (threads, state) = (thread(&village, ThreadKind::Reckoning), village.game.state());
    assert!(threads.is_none_or(|thread| thread.wickets == 0), "{:?}", state.current().unwrap().wickets);
}

#[test]
fn a_run_out_settles_nothing() {
    let mut village = score_to_settle();
    let out = json!({"over": 2, "pos": 1, "wickets": [{"kind": "run out", "player_out": player("T Okafor")}]});
    assert_eq!(number(&village.ball(0, &out), "reckoning.runs"), None);
}

#[test]
fn every_voice_has_words_for_a_debt_and_the_checker_refuses_false_ones() {
    let mut village = score_to_settle();
    village.ball(0, &json!({"over": 2, "pos": 1}));
    let mut out = village.caught();
    (out["over"], out["pos"]) = (json!(2), json!(2));
    let moment = village.ball(0, &out);
    for persona in ["benaud", "greig", "doshi", "doshi-hi"] {
        let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
        for saying in sayings(LineKind::Colour, &moment, persona).iter().filter(|s| s.template.contains("reckoning")) {
            let judged = check_as(LineKind::Colour, &saying.text, &moment, personas.get(persona).unwrap());
            assert!(judged.is_ok(), "{judged:?}");
            let false_one = saying.text.replace("14", "12");
            assert!(!is_allowed(LineKind::Colour, &false_one, &moment, persona), "{false_one}");
        }
        let line = book.line_of(LineKind::Colour, &moment, personas.get(persona).unwrap(), &mut Memory::new());
        let facts: Vec<String> = line.unwrap().facts().iter().map(|fact| fact.id.clone()).collect();
        assert!(
            facts.iter().any(|id| id == "reckoning.runs" || id == "event.reckoning"),
            "{persona}: it is the first thing to say of the wicket, and not {facts:?}"
        );
    }
    let said = "Okafor hit 14 in an earlier over of Menon, and that account is settled!";
    assert!(is_allowed(LineKind::Colour, said, &moment, "greig"));
    for false_one in [
        "Brandt hit 14 in an earlier over of Menon, and that account is settled!",
        "Okafor hit 14 in an earlier over of Novak, and that account is settled!",
        "Okafor has 14, and that account is settled!",
    ] {
        assert!(!is_allowed(LineKind::Colour, false_one, &moment, "greig"), "{false_one}");
    }
    // Another wicket settles nothing.
    let plain = Village::new().ball(0, &Village::new().caught());
    assert!(!is_allowed(LineKind::Colour, "Okafor is out, and that account is settled!", &plain, "greig"));
}

#[test]
fn a_reprieve_is_told_of_whoever_had_it() {
    let mut village = setting();
    village.ball(4, &json!({}));
    village.ball(0, &saved());
    for runs in [4, 6] {
        village.ball(runs, &json!({}));
    }
    let moment = village.ball(6, &json!({}));
    for persona in ["benaud", "greig", "doshi", "doshi-hi"] {
        let said = sayings(LineKind::Colour, &moment, persona);
        let said: Vec<_> = said.iter().filter(|saying| saying.template.contains("reprieve")).collect();
        assert!(!said.is_empty(), "{persona}");
        for saying in said {
            assert!(is_allowed(LineKind::Colour, &saying.text, &moment, persona), "{}", saying.text);
            let false_one = saying.text.replace("16", "20");
            assert!(!is_allowed(LineKind::Colour, &false_one, &moment, persona), "{false_one}");
        }
    }
    for false_one in ["Brandt has added 16 since the review!", "Okafor has 16!", "Given out on 16, Okafor has added 4!"]
    {
        assert!(!is_allowed(LineKind::Colour, false_one, &moment, "greig"), "{false_one}");
    }
}

#[test]
fn what_a_side_gave_away_is_held_against_what_it_lacks_at_the_end() {
    // Harbour make 12, six of it wides; Hilltown chase 13 off twelve balls.
    let mut village = Village::of(&json!({}), &json!({"team": "Harbour"}));
    let by = json!({"batter": player("S Iqbal"), "non_striker": player("P Novak"), "bowler": player("J Castellano")});
    let with = |more: Value| {
        let mut data = by.clone();
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    for _ in 0..6 {
        village.ball(0, &with(json!({"runs": {"bat": 0, "extras": 1, "total": 1}, "extras": {"wides": 1}})));
    }
    for bat in [1, 1, 1, 1, 1, 1] {
        village.ball(bat, &by);
    }
    village.send("innings_end", "i1.end", 0, "confirmed", &json!({"innings": 1, "reason": "overs"}));
    let start = json!({"innings": 2, "team": "Hilltown", "target": {"runs": 13, "overs": "2"}});
    village.send("innings_start", "i2", 0, "confirmed", &start);
    let mut chase = |over: u16, pos: u16, bat: u16| {
        let data = village.delivery(pos, bat, &json!({"innings": 2, "over": over}));
        let (event, applied) = village.send("delivery", &format!("i2.o{over}.d{pos}"), 0, "confirmed", &data);
        (Moment::form(village.game.state(), &event, &applied.happenings, &NoArchive).unwrap(), village.game.clone())
    };
    let given = |moment: &Moment| number(moment, "giveaway.runs");
    assert_eq!(given(&chase(0, 1, 6).0), None, "seven are still needed");
    let (moment, game) = chase(0, 2, 1);
    assert_eq!(given(&moment).as_deref(), Some("6"));
    assert!(Threads::of(game.state()).running().iter().any(|thread| thread.kind == ThreadKind::Giveaway));
    for pos in 3..=6 {
        chase(0, pos, 0);
    }
    for pos in 1..=5 {
        chase(1, pos, 0);
    }
    let (lost, _) = chase(1, 6, 0);
    assert_eq!(given(&lost).as_deref(), Some("6"));
    for persona in ["benaud", "greig", "doshi", "doshi-hi"] {
        let said = sayings(LineKind::Innings, &lost, persona);
        let said: Vec<_> = said.iter().filter(|saying| saying.template.contains("giveaway_runs")).collect();
        assert!(!said.is_empty(), "{persona}");
        for saying in said {
            assert!(is_allowed(LineKind::Innings, &saying.text, &lost, persona), "{}", saying.text);
        }
    }
    let (truth, false_one) = (
        "Hilltown gave away 6 in wides and no-balls, my friends, and Harbour win by 5 runs.",
        "Harbour gave away 6 in wides and no-balls, my friends, and Harbour win by 5 runs.",
    );
    assert!(lost.facts.stands(EventWord::Win) && is_allowed(LineKind::Innings, truth, &lost, "doshi"));
    assert!(!is_allowed(LineKind::Innings, false_one, &lost, "doshi"));
}

/// Balls of a match of which something is told: reprieves, reckonings, and what was given away, at the ends of overs.
fn told(id: &str, bytes: &[u8]) -> [usize; 3] {
    let mut counts = [0; 3];
    for moment in support::moments_of(id, bytes).iter().filter(|moment| moment.ball().is_some()) {
        for (at, word) in [EventWord::Reprieve, EventWord::Reckoning, EventWord::Giveaway].into_iter().enumerate() {
            let is_told = word != EventWord::Giveaway || moment.facts.stands(EventWord::OverEnd);
            counts[at] += usize::from(moment.facts.stands(word) && is_told);
        }
    }
    counts
}

/// In real matches: not in every one, and not never.
#[test]
fn debts_are_told_now_and_then() {
    let mut sums = BTreeMap::<&str, (usize, [usize; 3])>::new();
    let mut count = |kind: &'static str, (id, bytes): (String, Vec<u8>)| {
        let (matches, sum) = sums.entry(kind).or_default();
        *matches += 1;
        sum.iter_mut().zip(told(&id, &bytes)).for_each(|(sum, count)| *sum += count);
    };
    let limited = [("T20_male", 20, 100), ("ODI_male", 20, 40)];
    for (kind, matches) in [
        ("limited", support::from_archive(&limited, 0)),
        ("test", support::from_archive(&[("Test_male", 60, 8)], 0)),
        ("reviewed", support::from_archive_with(b"\"upheld\"", 10)),
    ] {
        for one in matches {
            count(kind, one);
        }
    }
    eprintln!("matches, [reprieves, reckonings, overs with something given away]: {sums:?}");
    let within = |kind: &str, at: usize, least: f64, most: f64| {
        let Some((matches, sum)) = sums.get(kind) else { return };
        let mean = sum[at] as f64 / *matches as f64;
        assert!((least..most).contains(&mean), "{kind}: {mean} a match");
    };
    within("reviewed", 0, 0.1, 1.5);
    within("limited", 1, 0.15, 1.0);
    within("limited", 2, 0.05, 0.5);
    within("test", 1, 0.3, 4.0);
    within("test", 2, 0.0, f64::EPSILON);
}
