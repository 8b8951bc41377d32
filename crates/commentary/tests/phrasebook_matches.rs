//! The phrasebook over whole real matches: every phrasing that a moment allows passes the checker, and what is said
//! does not sound like a loop.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};

use commentary::{LineKind, Memory, Moment, Personas, Phrasebook, checker::check_as, decide};

const KINDS: [LineKind; 7] = [
    LineKind::Call,
    LineKind::Colour,
    LineKind::Over,
    LineKind::Innings,
    LineKind::Stat,
    LineKind::Status,
    LineKind::Correction,
];

/// A line with names and digits taken out, so that one phrasing is one entry.
fn anonymous(line: &str, moment: &Moment) -> String {
    let mut line = line.to_owned();
    for person in moment.facts.people().iter().filter(|person| person.is_on_stage()) {
        line = line.replace(&person.said, "N");
    }
    for team in &moment.scene.teams {
        line = line.replace(&**team, "T");
    }
    line.chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect::<String>()
        .replace("00", "0")
        .replace("00", "0")
}

#[test]
fn every_phrasing_that_fits_a_moment_passes_the_checker() {
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut lines = 0usize;
    for file in support::samples() {
        for (index, moment) in support::moments(&file).iter().enumerate() {
            // Five-day matches say the same things for longer: a tenth of their balls is enough.
            if moment.scene.ordinal > 400 && index % 10 != 0 && !moment.is_wicket() {
                continue;
            }
            for persona in personas.iter() {
                for kind in KINDS.into_iter().filter(|kind| moment.kinds().contains(kind)) {
                    for text in book.sayings(kind, moment, persona).into_iter().map(|saying| saying.text) {
                        lines += 1;
                        if let Err(rejection) = check_as(kind, &text, moment, persona) {
                            let faults: Vec<String> = rejection.faults.iter().map(ToString::to_string).collect();
                            let line = format!("{}: {text} — {}", persona.id, faults.join("; "));
                            *refused.entry(anonymous(&line, moment)).or_default() += 1;
                        }
                    }
                }
            }
        }
    }
    eprintln!("{lines} phrasebook lines checked, {} refused", refused.values().sum::<usize>());
    for (line, count) in refused.iter().take(100) {
        eprintln!("{count:6} {line}");
    }
    assert!(refused.is_empty());
}

/// What a persona says of a match, with the deliveries bowled by then.
fn spoken(moments: &[Moment], persona: &str) -> Vec<(u32, LineKind, String)> {
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let persona = personas.get(persona).unwrap();
    let mut memory = Memory::new();
    let mut said = Vec::new();
    for moment in moments {
        for kind in decide(moment, persona, &memory).kinds {
            if let Some(line) = book.line_of(kind, moment, persona, &mut memory) {
                said.push((moment.scene.ordinal, kind, line.text().to_owned()));
            }
        }
    }
    said
}

#[test]
fn no_line_is_repeated_within_twelve_balls() {
    for file in support::samples() {
        let moments = support::moments(&file);
        for persona in ["benaud", "greig", "doshi", "doshi-hi", "describer"] {
            let said = spoken(&moments, persona);
            let mut last: HashMap<String, u32> = HashMap::new();
            let mut openers: HashMap<String, u32> = HashMap::new();
            let mut reopened = 0usize;
            for (at, _, text) in &said {
                let key: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
                if let Some(before) = last.insert(key.clone(), *at) {
                    assert!(at - before >= 12, "{persona} says \"{text}\" again after {} balls", at - before);
                }
                let opener = key.split(' ').take(2).collect::<Vec<_>>().join(" ");
                reopened += usize::from(openers.insert(opener, *at).is_some_and(|before| at - before < 12));
            }
            let distinct: HashSet<&String> = said.iter().map(|(_, _, text)| text).collect();
            let balls = moments.last().map_or(0, |moment| moment.scene.ordinal);
            eprintln!(
                "{} {persona}: {balls} balls, {} lines, {:.0} % distinct, {reopened} openers heard within 12 balls",
                file.file_stem().unwrap().to_string_lossy(),
                said.len(),
                100.0 * distinct.len() as f64 / said.len().max(1) as f64,
            );
            assert!(reopened * 50 <= said.len(), "{persona} opens alike too often: {reopened} of {}", said.len());
        }
    }
}

#[test]
fn a_wicket_or_a_boundary_is_never_met_with_silence() {
    for file in support::samples() {
        let moments = support::moments(&file);
        let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
        for persona in personas.iter() {
            let mut memory = Memory::new();
            for moment in &moments {
                for kind in decide(moment, persona, &memory).kinds {
                    let line = book.line_of(kind, moment, persona, &mut memory);
                    if kind == LineKind::Call && (moment.is_wicket() || moment.is_boundary()) {
                        assert!(line.is_some(), "{} has no words for {}", persona.id, moment.key);
                    }
                }
            }
        }
    }
}

#[test]
fn the_same_match_gives_the_same_lines() {
    let moments = support::sample("1359534");
    assert_eq!(spoken(&moments, "greig"), spoken(&moments, "greig"));
}
