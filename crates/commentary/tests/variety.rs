//! Fifty real T20s, heard through: no persona sounds like a loop, and whoever describes every ball is never silent.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};

use commentary::{Memory, Moment, Persona, Personas, Phrasebook, decide};

/// A line of at most so many words may come again: there is only one way to say `Dot ball.`
const SHORT: usize = 2;

/// Balls within which no two lines open alike.
const OPENER_BALLS: u32 = 12;

/// What was heard of one persona in all matches.
#[derive(Default)]
struct Heard {
    balls: u32,
    lines: usize,
    distinct: f64,
    least_distinct: f64,
    repeated: BTreeMap<String, usize>,
    reopened: BTreeMap<String, usize>,
    /// Kinds that the persona wanted to say and had no line for.
    silent: BTreeMap<&'static str, usize>,
    silent_at: Vec<String>,
}

/// A letter of either script, the signs of Devanagari with it.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{0900}'..='\u{0963}')
}

fn folded(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(is_letter(c) || matches!(c, '\'' | '/')));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn hear(heard: &mut Heard, book: &Phrasebook, persona: &Persona, moments: &[Moment]) {
    let (mut memory, mut said) = (Memory::new(), HashSet::new());
    let mut openers: HashMap<String, u32> = HashMap::new();
    let mut lines = 0usize;
    for moment in moments {
        let at = moment.scene.ordinal;
        for kind in decide(moment, persona, &memory).kinds {
            let Some(line) = book.line_on_air(kind, moment, persona, &mut memory) else {
                *heard.silent.entry(kind.name()).or_default() += 1;
                heard.silent_at.push(format!("{} {} {}", moment.match_id, moment.key, kind.name()));
                continue;
            };
            lines += 1;
            let words = folded(line.text());
            if !said.insert(words.join(" ")) && words.len() > SHORT {
                *heard.repeated.entry(line.text().to_owned()).or_default() += 1;
            }
            let opener = words.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
            if openers.insert(opener, at).is_some_and(|before| at - before < OPENER_BALLS) {
                *heard.reopened.entry(format!("{}: {}", kind.name(), line.text())).or_default() += 1;
            }
        }
    }
    let share = said.len() as f64 / lines.max(1) as f64;
    heard.balls += moments.last().map_or(0, |moment| moment.scene.ordinal);
    heard.lines += lines;
    heard.distinct += said.len() as f64;
    heard.least_distinct = if heard.lines == lines { share } else { heard.least_distinct.min(share) };
}

#[test]
fn fifty_matches_are_told_without_sounding_like_a_loop() {
    let matches = support::from_archive(&[("T20_male", 170, 35), ("T20_female", 120, 15)], 0);
    if matches.is_empty() {
        return;
    }
    assert_eq!(matches.len(), 50, "some kinds of match are missing from the archive");
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let mut heard: BTreeMap<&str, Heard> = BTreeMap::new();
    for (id, bytes) in &matches {
        let moments = support::moments_of(id, bytes);
        for persona in personas.iter() {
            hear(heard.entry(&persona.id).or_default(), &book, persona, &moments);
        }
    }
    for (persona, heard) in &heard {
        let sum = |counts: &BTreeMap<String, usize>| counts.values().sum::<usize>();
        eprintln!(
            "{persona}: {} lines on {} balls, {:.1} % distinct a match (least {:.1} %), {} repeated, {} openers within \
             {OPENER_BALLS} balls, no line for {:?}",
            heard.lines,
            heard.balls,
            100.0 * heard.distinct / heard.lines.max(1) as f64,
            100.0 * heard.least_distinct,
            sum(&heard.repeated),
            sum(&heard.reopened),
            heard.silent,
        );
        let show = std::env::var("SHOW").is_ok_and(|show| show == *persona);
        for (what, counts) in [("repeated", &heard.repeated), ("reopened", &heard.reopened)] {
            for (line, count) in counts.iter().filter(|_| show) {
                eprintln!("  {what} {count}: {line}");
            }
        }
        if show {
            eprintln!("{:?}", heard.silent_at);
        }
    }
    for (persona, heard) in &heard {
        assert!(heard.repeated.is_empty(), "{persona} says again: {:?}", heard.repeated);
        assert!(heard.reopened.is_empty(), "{persona} opens alike: {:?}", heard.reopened);
    }
    for persona in ["greig", "doshi"] {
        assert!(heard[persona].least_distinct >= 0.6, "{persona} has too few lines");
    }
    assert!(heard["describer"].silent.is_empty(), "{:?}", heard["describer"].silent_at);
}
