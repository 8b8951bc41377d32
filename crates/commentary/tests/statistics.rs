//! Statistics of past matches: each is said with its scope, its sample and its first year, as it stands and not otherwise.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use commentary::{
    Archive, LineKind, Memory, Moment, Personas, Phrasebook,
    archive::{Answer, Question, Told},
    checker::check_as,
    decide, notes,
};
use cricket::{cricsheet, score::Match};

/// Answers one kind of question, and no other.
struct Knows(Known);

impl Archive for Knows {
    fn ask(&self, question: &Question) -> Option<Answer> {
        let told = (self.0)(question)?;
        Some(Answer { scope: "women's one-day internationals".to_owned(), since_year: 2009, surprise: 0.9, told })
    }
}

const BATTING: Told = Told::Batting { innings: 14, runs: 397, balls: 311 };
const BOWLING: Told = Told::Bowling { innings: 13, balls: 266, runs: 341, wickets: 17 };
const FORM: Told = Told::Form { innings: 5, count: 9, before_tenths: 12, innings_before: 44 };

type Known = fn(&Question) -> Option<Told>;

/// Every kind, with what is known of it.
const KINDS: [(&str, Known); 15] = [
    ("batter_phase", |q| matches!(q, Question::BatterInPhase(..)).then_some(BATTING)),
    ("bowler_phase", |q| matches!(q, Question::BowlerInPhase(..)).then_some(BOWLING)),
    ("batter_here", |q| matches!(q, Question::BatterHere(_)).then_some(BATTING)),
    ("bowler_here", |q| matches!(q, Question::BowlerHere(_)).then_some(BOWLING)),
    ("batter_form", |q| matches!(q, Question::BatterForm(_)).then_some(FORM)),
    ("bowler_form", |q| matches!(q, Question::BowlerForm(_)).then_some(FORM)),
    ("pair", |q| matches!(q, Question::Pair(..)).then_some(Told::Pair { stands: 7, runs: 405, best: 118 })),
    ("chases_here", |q| {
        matches!(q, Question::ChasesHere).then_some(Told::Chases { decided: 41, won: 17, highest: Some(203) })
    }),
    ("chases_by", |q| {
        matches!(q, Question::ChasesBy(_)).then_some(Told::Chases { decided: 41, won: 17, highest: None })
    }),
    ("par", |q| matches!(q, Question::ParHere).then_some(Told::Par { innings: 33, par: 173, usual: 161 })),
    ("defended", |q| {
        matches!(q, Question::DefendedHere).then_some(Told::Defended { matches: 19, highest: 207, lowest: 128 })
    }),
    ("next_runs", |q| {
        matches!(q, Question::NextRuns(_)).then_some(Told::Milestone { matches: 77, short: 13, next: 2500 })
    }),
    ("next_wickets", |q| {
        matches!(q, Question::NextWickets(_)).then_some(Told::Milestone { matches: 77, short: 3, next: 150 })
    }),
    ("place_runs", |q| {
        matches!(q, Question::PlaceByRuns(_)).then_some(Told::Place { place: 3, count: 377, innings: 11 })
    }),
    ("place_wickets", |q| {
        matches!(q, Question::PlaceByWickets(_)).then_some(Told::Place { place: 1, count: 21, innings: 12 })
    }),
];

/// The moments of a match that have a statistic, as an archive knows it; with the states after them.
fn moments(file: &std::path::Path, archive: &dyn Archive, mut see: impl FnMut(&Match, &Moment)) {
    let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut game = Match::new(id.as_str());
    let record = cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
    for event in cricsheet::to_events(id.as_str(), &record) {
        let applied = game.apply(event.clone());
        if let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, archive) {
            see(&game, &moment);
        }
    }
}

/// Every number of a text raised by one, one at a time.
fn with_a_number_changed(text: &str) -> Vec<String> {
    let digits: Vec<(usize, &str)> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| (digits.as_ptr() as usize - text.as_ptr() as usize, digits))
        .collect();
    let raised = |(at, digits): (usize, &str)| {
        let number: u32 = digits.parse().unwrap();
        format!("{}{}{}", &text[..at], number + 1, &text[at + digits.len()..])
    };
    digits.into_iter().map(raised).collect()
}

#[test]
fn every_kind_of_statistic_is_said_by_every_persona_and_never_with_another_number() {
    let files = support::samples();
    let Some(file) = files.iter().find(|file| file.ends_with("1216517.json")).or_else(|| files.first()) else { return };
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for (kind, told) in KINDS {
        let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut changed = 0;
        moments(file, &Knows(told), |_, moment| {
            assert!(moment.facts.list().iter().filter(|fact| fact.id.starts_with("stat.")).count() <= 2);
            for persona in personas.iter().filter(|persona| persona.notes == 0) {
                let decision = decide(moment, persona, &Memory::new());
                if !decision.kinds.contains(&LineKind::Stat) {
                    continue;
                }
                for saying in book.sayings(LineKind::Stat, moment, persona) {
                    let Ok(line) = check_as(LineKind::Stat, &saying.text, moment, persona) else { continue };
                    assert!(line.facts().iter().any(|fact| fact.id == format!("stat.{kind}")), "{:?}", line.facts());
                    for other in with_a_number_changed(line.text()) {
                        assert!(check_as(LineKind::Stat, &other, moment, persona).is_err(), "passed: {other}");
                        changed += 1;
                    }
                    said.entry(&persona.id).or_default().insert(line.text().to_owned());
                }
            }
        });
        for (persona, lines) in &said {
            eprintln!("{kind:13} {persona:9} {}", lines.first().unwrap());
        }
        // The most laconic voice has no room for the longest of them.
        for persona in ["greig", "doshi", "doshi-hi", "describer"] {
            let lines = said.get(persona).unwrap_or_else(|| panic!("{kind}: nothing from {persona}"));
            let scoped = |line: &String| match persona {
                "doshi-hi" => line.contains("महिला अंतरराष्ट्रीय वनडे") || line.contains("सीज़न"),
                _ => line.contains("women's one-day internationals") || line.contains("season"),
            };
            assert!(lines.iter().all(scoped), "{lines:?}");
        }
        assert!(changed > 20, "{kind}: {changed}");
    }
}

#[test]
fn the_desk_notes_tell_of_past_matches_and_of_threads() {
    let personas = Personas::house();
    let desk = commentary::Persona { notes: 40, ..personas.get("desk").unwrap().clone() };
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let files = support::samples();
    for file in &files {
        for (_, told) in KINDS.into_iter().step_by(4) {
            moments(file, &Knows(told), |game, moment| {
                let all = notes::notes(game.state(), moment, &Knows(told));
                ids.extend(all.iter().map(|note| note.id));
                if let Some(line) = notes::line(game.state(), moment, &Knows(told), &desk, &mut Memory::new()) {
                    assert_eq!(line.text().matches(notes::BULLET).count(), all.len(), "{all:#?}");
                }
            });
        }
    }
    eprintln!("{ids:?}");
    let wanted = ["stat.batter_phase", "thread.duel", "thread.spell", "thread.comeback", "thread.collapse"];
    let more = ["reading.projection", "reading.momentum", "reading.leverage", "thread.recovery", "thread.squeeze"];
    assert!(files.is_empty() || wanted.iter().chain(&more).all(|id| ids.contains(id)), "{ids:?}");
}
