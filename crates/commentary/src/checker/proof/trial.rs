//! Matches played through: alarms, mutants, and the swap for a counterfactual match.

use std::collections::{BTreeMap, HashMap};

use cricket::{
    cricsheet::{self, CricsheetMatch},
    event::Event,
    score::Match,
};

use super::{Truth, counterfactual, mutants, truth};
use crate::{
    NoArchive,
    checker::check_as,
    line::LineKind,
    moment::Moment,
    persona::{Persona, Personas},
    phrasebook::{Phrasebook, Saying},
};

/// How many examples of each kind are kept.
const EXAMPLES: usize = 40;

/// How many true lines of a match are taken, about.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// To see whether they pass.
    pub alarms: usize,
    /// To be made false.
    pub mutated: usize,
    /// To be held against the counterfactual match; 0 leaves it out.
    pub swapped: usize,
}

/// Lines made false in one way.
#[derive(Debug, Clone, Default)]
pub struct Count {
    /// How many were made and are false.
    pub made: usize,
    /// How many of them were refused.
    pub caught: usize,
    /// How many of them were refused as contradicted, rather than as not checkable.
    pub contradicted: usize,
    /// How many were left out because they are as true as before.
    pub still_true: usize,
    /// How many were left out because they read in two ways.
    pub open: usize,
    /// Some that were let through, with what they were made of.
    pub missed: Vec<(String, String)>,
}

/// Lines held against the counterfactual match.
#[derive(Debug, Clone, Default)]
pub struct Swaps {
    /// Lines whose phrasing says something else there.
    pub lines: usize,
    /// Of them, how many were refused there as they stood.
    pub refused: usize,
    /// Of them, how many passed with what is true there put in.
    pub followed: usize,
    /// Some that failed, with the reason.
    pub missed: Vec<String>,
}

/// What was found.
pub struct Trial {
    book: Phrasebook,
    personas: Personas,
    /// Matches played.
    pub matches: usize,
    /// True lines held against the checker.
    pub true_lines: usize,
    /// True lines that were refused, with the reason.
    pub alarms: Vec<String>,
    /// True lines that were made false.
    pub mutated_lines: usize,
    /// By language and kind of change.
    pub mutants: BTreeMap<(String, &'static str), Count>,
    /// The counterfactual swap.
    pub swaps: Swaps,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            book: Phrasebook::builtin(),
            personas: Personas::builtin(),
            matches: 0,
            true_lines: 0,
            alarms: Vec::new(),
            mutated_lines: 0,
            mutants: BTreeMap::new(),
            swaps: Swaps::default(),
        }
    }
}

/// One event of a match and of its counterfactual.
struct Turn {
    moment: Moment,
    other: Option<Moment>,
}

impl Trial {
    /// Plays a match and takes lines of it. Which ones follows from the match, the keys and the phrasings alone.
    pub fn play(&mut self, match_id: &str, file: &CricsheetMatch, quota: Quota) {
        let turns = turns(match_id, file, quota.swapped > 0);
        self.matches += 1;
        let personas = std::mem::take(&mut self.personas);
        let weights: usize = turns.iter().map(|turn| weight(&turn.moment)).sum();
        // About 40 sayings a persona and moment, five personas.
        let sayings = weights.max(1) * 200;
        let share = |lines: usize| (lines * 1_300_000 / sayings).min(1_000_000) as u64;
        let (alarms, mutated, swapped) = (share(quota.alarms), share(quota.mutated), share(quota.swapped));
        for turn in &turns {
            let times = weight(&turn.moment) as u64;
            for persona in personas.iter() {
                for kind in turn.moment.kinds() {
                    let all = self.book.sayings(kind, &turn.moment, persona);
                    let others = if swapped > 0 { self.others(kind, turn, persona) } else { HashMap::new() };
                    for saying in &all {
                        let seed = seed(&[match_id, turn.moment.key.as_str(), &persona.id, &saying.template]);
                        let dice = seed % 1_000_000;
                        if dice < alarms * times {
                            self.alarm(kind, saying, &turn.moment, persona);
                        }
                        if dice < mutated * times * rarity(saying)
                            && check_as(kind, &saying.text, &turn.moment, persona).is_ok()
                        {
                            self.mutate(kind, saying, &all, &turn.moment, persona, seed / 1_000_000);
                        }
                        if let (true, Some(other), Some(moment)) =
                            (dice < swapped * times, others.get(saying.template.as_str()), &turn.other)
                        {
                            self.swap(kind, saying, other, &others, moment, persona);
                        }
                    }
                }
            }
        }
        self.personas = personas;
    }

    /// What the book says of the same ball of the counterfactual match, by phrasing.
    fn others(&self, kind: LineKind, turn: &Turn, persona: &Persona) -> HashMap<String, String> {
        let sayings = turn.other.iter().flat_map(|moment| self.book.sayings(kind, moment, persona));
        sayings.map(|saying| (saying.template, saying.text)).collect()
    }

    fn alarm(&mut self, kind: LineKind, saying: &Saying, moment: &Moment, persona: &Persona) {
        self.true_lines += 1;
        if let Err(rejection) = check_as(kind, &saying.text, moment, persona) {
            self.alarms.push(format!("{} {} {}: {rejection}", moment.match_id, moment.key, persona.id));
        }
    }

    fn mutate(
        &mut self,
        kind: LineKind,
        saying: &Saying,
        all: &[Saying],
        moment: &Moment,
        persona: &Persona,
        seed: u64,
    ) {
        self.mutated_lines += 1;
        for mutant in mutants(&saying.text, moment, seed) {
            let count = self.mutants.entry((persona.language.clone(), mutant.kind)).or_default();
            match truth(&mutant, saying, all, moment) {
                Truth::True => count.still_true += 1,
                Truth::Open => count.open += 1,
                Truth::False => {
                    count.made += 1;
                    match check_as(kind, &mutant.text, moment, persona) {
                        Err(rejection) => {
                            count.caught += 1;
                            count.contradicted += usize::from(rejection.is_contradicted());
                        }
                        Ok(_) if count.missed.len() < EXAMPLES => {
                            count.missed.push((mutant.text, saying.text.clone()));
                        }
                        Ok(_) => {}
                    }
                }
            }
        }
    }

    fn swap(
        &mut self,
        kind: LineKind,
        saying: &Saying,
        other: &str,
        others: &HashMap<String, String>,
        moment: &Moment,
        persona: &Persona,
    ) {
        if saying.text == other || others.values().any(|text| *text == saying.text) {
            return;
        }
        self.swaps.lines += 1;
        let stale = check_as(kind, &saying.text, moment, persona);
        let fresh = check_as(kind, other, moment, persona);
        self.swaps.refused += usize::from(stale.is_err());
        self.swaps.followed += usize::from(fresh.is_ok());
        if self.swaps.missed.len() < EXAMPLES {
            if stale.is_ok() {
                self.swaps.missed.push(format!("passed: {} (true there: {other})", saying.text));
            }
            self.swaps.missed.extend(fresh.err().map(|rejection| rejection.to_string()));
        }
    }

    /// Lines made false and refused, of all that are false, in one language.
    pub fn caught(&self, language: &str) -> (usize, usize) {
        let counts = self.mutants.iter().filter(|((of, _), _)| of == language).map(|(_, count)| count);
        counts.fold((0, 0), |(caught, made), count| (caught + count.caught, made + count.made))
    }
}

/// Rare moments are asked more often than the ball without a run.
fn weight(moment: &Moment) -> usize {
    if moment.ball().is_none() || moment.is_wicket() || moment.is_milestone() { 8 } else { 1 }
}

/// Sayings with a place in an order or a batter's milestone are few, and made false more often: so that each kind of
/// change has enough lines to tell something.
fn rarity(saying: &Saying) -> u64 {
    let has = |part: &str| saying.template.contains(part);
    if has(" th}") || has(" वां}") || has("{milestone") { 6 } else { 1 }
}

/// FNV-1a over texts, well spread and the same for ever.
fn seed(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in texts.iter().flat_map(|text| text.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// The moments of a match, each with that of the counterfactual match.
fn turns(match_id: &str, file: &CricsheetMatch, with_other: bool) -> Vec<Turn> {
    let mut game = Match::new(match_id);
    let other = if with_other { counterfactual(file) } else { None };
    let mut other = other.map(|file| (Match::new(match_id), cricsheet::into_events(match_id, file).into_iter()));
    let mut turns = Vec::new();
    for event in cricsheet::to_events(match_id, file) {
        let shadow = other.as_mut().and_then(|(game, events)| Some(form(game, &events.next()?)));
        if let Some(moment) = form(&mut game, &event) {
            turns.push(Turn { moment, other: shadow.flatten() });
        }
    }
    turns
}

fn form(game: &mut Match, event: &Event) -> Option<Moment> {
    let applied = game.apply(event.clone());
    Moment::form(game.state(), event, &applied.happenings, &NoArchive)
}
