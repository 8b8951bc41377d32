//! What a session has brought, from the balls to the words at its interval.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{
    LineKind, Memory, Moment, NoArchive, Personas, Phrasebook, checker::check_as, notes, phrasebook::Saying,
};
use serde_json::json;
use village::Village;

const VOICES: [&str; 5] = ["benaud", "greig", "doshi", "doshi-hi", "describer"];

/// A match without a limit of overs.
struct Test {
    village: Village,
    over: u16,
}

impl Test {
    fn new() -> Self {
        let start = json!({"target": null, "team": "Hilltown"});
        Self { village: Village::of(&json!({"overs": null, "match_type": "Test"}), &start), over: 0 }
    }

    /// An over of these runs off the bat; the moment of its last ball.
    fn over(&mut self, runs: [u16; 6]) -> Moment {
        self.over_with(runs, &json!({}))
    }

    /// The same, with more to the last ball.
    fn over_with(&mut self, runs: [u16; 6], more: &serde_json::Value) -> Moment {
        let bowler = if self.over.is_multiple_of(2) { "R Menon" } else { "P Novak" };
        let mut last = None;
        for (pos, bat) in (1..).zip(runs) {
            let mut data = json!({"over": self.over, "pos": pos, "bowler": {"id": bowler, "name": bowler}});
            if pos == 6 {
                data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            }
            last = Some(self.village.ball(bat, &data));
        }
        self.over += 1;
        last.unwrap()
    }

    fn stop(&mut self, reason: &str) -> Moment {
        let key = format!("stop-{}-{reason}", self.over);
        let (event, applied) = self.village.send("interruption", &key, 0, "confirmed", &json!({"reason": reason}));
        Moment::form(self.village.game.state(), &event, &applied.happenings, &NoArchive).unwrap()
    }

    /// Lunch after an over of twelve runs, then thirteen runs and a wicket in two overs.
    fn after_lunch() -> Self {
        let mut test = Self::new();
        test.over([4, 4, 4, 0, 0, 0]);
        test.stop("lunch");
        test.over([4, 1, 1, 1, 1, 1]);
        let caught = test.village.caught();
        test.over_with([4, 0, 0, 0, 0, 0], &caught);
        test
    }
}

fn session(moment: &Moment) -> [Option<String>; 3] {
    let all = moment.facts.list();
    ["session.runs", "session.wickets", "session.overs"]
        .map(|id| all.iter().find(|fact| fact.id == id).map(|fact| fact.value.clone()))
}

fn is(runs: &str, wickets: &str, overs: &str) -> [Option<String>; 3] {
    [runs, wickets, overs].map(|value| Some(value.to_owned()))
}

fn sayings(moment: &Moment, persona: &str) -> Vec<Saying> {
    let mut all = Phrasebook::builtin().sayings(LineKind::Status, moment, Personas::builtin().get(persona).unwrap());
    all.retain(|saying| saying.template.contains("{session_"));
    all
}

fn is_allowed(text: &str, moment: &Moment, persona: &str) -> bool {
    check_as(LineKind::Status, text, moment, Personas::builtin().get(persona).unwrap()).is_ok()
}

#[test]
fn an_interval_tells_what_its_session_brought() {
    let mut test = Test::after_lunch();
    assert_eq!(session(&test.stop("tea")), is("13", "1", "2"));
    // Rain is no interval, and tells of the session that it stops.
    test.over([1, 1, 1, 1, 1, 1]);
    assert_eq!(session(&test.stop("rain")), is("6", "0", "1"));
    test.over([2, 0, 0, 0, 0, 0]);
    assert_eq!(session(&test.stop("stumps")), is("8", "0", "2"));
}

#[test]
fn a_session_that_is_the_innings_or_less_than_an_over_is_not_told() {
    let mut test = Test::new();
    test.over([4, 4, 4, 0, 0, 0]);
    assert_eq!(session(&test.stop("lunch")), [None, None, None], "it is the score");
    test.village.ball(1, &json!({"over": 1, "pos": 1, "bowler": {"id": "P Novak", "name": "P Novak"}}));
    assert_eq!(session(&test.stop("tea")), [None, None, None], "one ball");
}

#[test]
fn every_voice_has_words_for_a_session_at_each_interval() {
    for interval in ["lunch", "tea", "dinner", "stumps"] {
        let mut test = Test::new();
        test.over([4, 4, 4, 0, 0, 0]);
        // A new day, so that any interval but stumps may come next; before stumps a session more.
        for before in ["lunch", "tea", "stumps"] {
            test.stop(before);
            test.over([0, 0, 0, 0, 0, 0]);
        }
        if interval == "stumps" || interval == "dinner" {
            test.stop("tea");
            test.over([0, 0, 0, 0, 0, 0]);
        }
        test.over([4, 1, 1, 1, 1, 1]);
        let caught = test.village.caught();
        test.over_with([4, 0, 0, 0, 0, 0], &caught);
        let moment = test.stop(interval);
        assert_eq!(session(&moment), is("13", "1", "3"), "{interval}");
        for persona in VOICES {
            let said = sayings(&moment, persona);
            assert!(said.iter().any(|saying| saying.template.contains("{session_wickets")), "{persona}: {interval}");
            for Saying { text, .. } in said {
                assert!(is_allowed(&text, &moment, persona), "{persona}: {text}");
                for (truth, lie) in [("13", "14"), ("1 ", "2 "), ("3 overs", "4 overs")] {
                    let lie = text.replacen(truth, lie, 1);
                    assert!(lie == text || !is_allowed(&lie, &moment, persona), "{persona}: {lie}");
                }
            }
        }
    }
}

#[test]
fn of_no_wicket_nothing_is_said() {
    let mut test = Test::new();
    test.over([4, 4, 4, 0, 0, 0]);
    test.stop("lunch");
    test.over([4, 1, 1, 1, 1, 1]);
    let moment = test.stop("tea");
    for persona in VOICES {
        let said = sayings(&moment, persona);
        assert!(!said.is_empty(), "{persona}");
        assert!(said.iter().all(|saying| !saying.template.contains("{session_wickets")), "{persona}: {said:?}");
    }
}

#[test]
fn a_session_is_the_first_thing_to_say_at_its_end() {
    let moment = Test::after_lunch().stop("tea");
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for persona in VOICES {
        let persona = personas.get(persona).unwrap();
        let mut memory = Memory::new();
        let line = book.line_of(LineKind::Status, &moment, persona, &mut memory).unwrap();
        let facts: Vec<String> = line.facts().iter().map(|fact| fact.id.clone()).collect();
        assert!(facts.iter().any(|id| id == "session.runs"), "{}: {} {facts:?}", persona.id, line.text());
    }
}

#[test]
fn a_session_is_not_the_score_nor_anybodys() {
    let moment = Test::after_lunch().stop("tea");
    for truth in [
        "Tea. 13 runs and 1 wicket in the session.",
        "Tea, and 13 in the session.",
        "At tea Hilltown are 25/1, 13 of them in this session.",
        "It is tea, and the session brought 13 runs from 2 overs.",
    ] {
        assert!(is_allowed(truth, &moment, "describer"), "{truth}");
    }
    for lie in [
        "Tea. 25 runs and 1 wicket in the session.",
        "Tea. 13 runs and 2 wickets in the session.",
        "Tea. 1 run and 13 wickets in the session.",
        "At tea Hilltown are 25/1, 1 of them in this session.",
        "At tea Hilltown are 13/1, 13 of them in this session.",
        "It is tea, and the session brought 13 runs from 3 overs.",
        "It is tea, and the session brought 2 from 13 overs.",
        "It is tea. Okafor has 13.",
    ] {
        assert!(!is_allowed(lie, &moment, "describer"), "{lie}");
    }
    // Where no session is known none is told of.
    let mut unknown = Test::new();
    unknown.over([4, 4, 4, 0, 0, 0]);
    let moment = unknown.stop("tea");
    assert!(!is_allowed("Tea. 12 runs in the session.", &moment, "describer"));
}

#[test]
fn the_desk_notes_a_session_of_ten_overs() {
    let personas = Personas::house();
    let mut test = Test::after_lunch();
    let lines: Vec<String> = (0..8)
        .map(|over| {
            let more = if over % 2 == 0 { test.village.caught() } else { json!({}) };
            let moment = test.over_with([4, 4, 4, 0, 0, 0], &more);
            let (state, mut memory) = (test.village.game.state(), Memory::new());
            let line = notes::line(state, &moment, &NoArchive, personas.get("desk").unwrap(), &mut memory);
            line.map_or_else(String::new, |line| line.text().to_owned())
        })
        .collect();
    let (last, before) = lines.split_last().unwrap();
    assert!(last.contains("• This session: 109 runs and 5 wickets from 10 overs."), "{last}");
    assert!(before.iter().all(|line| !line.contains("session")), "{before:?}");
}
