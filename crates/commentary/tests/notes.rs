//! The desk's notes over real matches: three facts an over, each checked, none about the same thing for long.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::collections::BTreeMap;

use commentary::{
    Archive, LineKind, Memory, Moment, Personas,
    archive::{BatterRecord, BowlerRecord, HeadToHead},
    notes,
};
use cricket::{cricsheet, player::PersonId, score::Match};

/// Everybody has met everybody for so many balls.
struct Met(u32);

impl Archive for Met {
    fn batter_v_bowler(&self, _: &PersonId, _: &PersonId) -> Option<HeadToHead> {
        let balls = self.0;
        Some(HeadToHead { balls, runs: balls * 2, dismissals: 3, scope: "men's T20s".into(), since_year: 2011 })
    }

    fn batter_record(&self, _: &PersonId) -> Option<BatterRecord> {
        None
    }

    fn bowler_record(&self, _: &PersonId) -> Option<BowlerRecord> {
        None
    }
}

/// What the desk says of a match, over by over, and how many overs it had nothing for.
fn noted(id: &str, bytes: &[u8], archive: &dyn Archive) -> (Vec<String>, usize) {
    let personas = Personas::house();
    let desk = personas.get("desk").unwrap();
    let (mut game, mut memory) = (Match::new(id), Memory::new());
    let (mut said, mut silent) = (Vec::new(), 0);
    for event in cricsheet::to_events(id, &cricsheet::read(bytes).unwrap()) {
        let applied = game.apply(event.clone());
        let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, archive) else { continue };
        let kinds = commentary::decide(&moment, desk, &memory).kinds;
        assert!(kinds.iter().all(|kind| *kind == LineKind::Over), "{kinds:?}");
        if kinds.is_empty() {
            continue;
        }
        match notes::line(game.state(), &moment, archive, desk, &mut memory) {
            Some(line) => {
                assert!(notes::holds(line.text(), game.state(), &moment, archive), "{}", line.text());
                assert!(!line.facts().is_empty());
                said.push(line.text().to_owned());
            }
            None => silent += 1,
        }
    }
    (said, silent)
}

#[test]
fn real_matches_get_three_true_facts_an_over() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for file in support::samples() {
        let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (said, silent) = noted(&id, &std::fs::read(&file).unwrap(), &Met(40));
        let facts: usize = said.iter().map(|line| line.matches(notes::BULLET).count()).sum();
        eprintln!("{id}: {} overs with notes, {facts} facts, {silent} overs without", said.len());
        for line in said.iter().step_by(7).take(3) {
            eprintln!("  {line}");
        }
        assert!(said.iter().all(|line| line.matches(notes::BULLET).count() <= 3));
        if said.len() > 10 {
            assert!(silent * 8 <= said.len(), "{id}: {silent} overs without a note");
            assert!(facts * 10 >= said.len() * 24, "{id}: {facts} facts in {} overs", said.len());
        }
        for line in &said {
            for note in line.split(notes::BULLET.trim()).map(str::trim).filter(|note| !note.is_empty()) {
                let shape: String = note.chars().filter(|c| c.is_lowercase() || *c == ' ').collect();
                *kinds.entry(shape.split_whitespace().rev().take(2).collect::<Vec<_>>().join(" ")).or_default() += 1;
            }
        }
    }
    eprintln!("{kinds:#?}");
}

#[test]
fn every_note_that_is_made_passes_the_checker_and_no_rate_rests_on_few_balls() {
    let personas = Personas::house();
    let desk = commentary::Persona { notes: 6, ..personas.get("desk").unwrap().clone() };
    for file in support::samples() {
        let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut game = Match::new(id.as_str());
        let record = cricsheet::read(&std::fs::read(&file).unwrap()).unwrap();
        for event in cricsheet::to_events(id.as_str(), &record) {
            let applied = game.apply(event.clone());
            let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, &Met(11)) else { continue };
            let all = notes::notes(game.state(), &moment, &Met(11));
            assert!(all.iter().all(|note| note.id != "meeting"), "a rate of eleven balls");
            assert!(all.is_sorted_by(|a, b| a.interest >= b.interest));
            let line = notes::line(game.state(), &moment, &Met(11), &desk, &mut Memory::new());
            let told = line.map_or(0, |line| line.text().matches(notes::BULLET).count());
            let texts: Vec<&String> = all.iter().map(|note| &note.text).collect();
            assert_eq!(told, all.len().min(6), "{id} {}: {texts:#?}", moment.key);
        }
    }
}
