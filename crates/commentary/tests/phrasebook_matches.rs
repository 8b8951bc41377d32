//! The phrasebook over whole real matches: every phrasing that a moment allows passes the checker, and what is said
//! does not sound like a loop.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};

use commentary::{LineKind, Memory, Moment, Personas, Phrasebook, Scene, checker::check_as, decide};

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

/// The figures of a line, such as `50/1`.
fn figures(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '/'));
    words.filter(|word| word.contains(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

#[test]
fn what_one_ball_brings_is_not_told_twice() {
    let (mut sums, mut twice) = (0, 0);
    for file in support::samples() {
        let moments = support::moments(&file);
        for persona in ["benaud", "greig", "doshi", "doshi-hi", "describer"] {
            for pair in spoken(&moments, persona).windows(2) {
                let [(at, kind, call), (then, next, text)] = pair else { unreachable!("windows of two") };
                if at != then || *kind != LineKind::Call {
                    continue;
                }
                let again = figures(text).iter().any(|figure| figures(call).contains(figure));
                assert!(!again || *next != LineKind::Colour, "{persona}: {call} {text}");
                if persona == "describer" && *next == LineKind::Over {
                    sums += 1;
                    twice += usize::from(again);
                }
            }
        }
    }
    eprintln!("the describer's sum of {twice} of {sums} overs tells a figure of the call before it");
    assert!(twice * 3 <= sums, "{twice} of {sums}");
}

#[test]
fn a_dull_ball_is_not_called_when_the_over_is_about_to_be_summed_up() {
    let personas = Personas::builtin();
    let benaud = personas.get("benaud").unwrap();
    for file in support::samples() {
        let moments = support::moments(&file);
        let ends = moments.iter().filter(|moment| moment.ball().is_some() && moment.kinds().contains(&LineKind::Over));
        for moment in ends.filter(|moment| moment.importance < benaud.talk.threshold) {
            let mut memory = Memory::new();
            memory.remember(moment, "Four.");
            let later = Moment {
                scene: Scene { ordinal: moment.scene.ordinal + 100, ..moment.scene.clone() },
                ..moment.clone()
            };
            assert!(!decide(&later, benaud, &memory).kinds.contains(&LineKind::Call), "{}", moment.key);
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
