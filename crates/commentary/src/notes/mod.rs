//! Notes: bullet facts an over for a human commentator, made by code and never by a model, ranked by how far they lie
//! from what is usual. The persona `desk` speaks in them.

mod figures;
mod interest;
mod story;

use cricket::score::MatchState;

use crate::{
    archive::Archive,
    checker::{CheckedLine, check_as},
    facts::{FactSheet, NumberFact, PairFact},
    line::LineKind,
    memory::Memory,
    moment::Moment,
    persona::Persona,
    phrasebook::fnv,
};
use figures::Figures;
pub(crate) use interest::Usual;

/// What a note begins with, on a page and on a terminal.
pub const BULLET: &str = "\u{2022} ";

/// For so many balls a note about the same thing is worth a quarter.
const FRESH_BALLS: u32 = 48;

/// One fact, ready to be said.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What it tells of, such as `stand`.
    pub id: &'static str,
    /// About whom or what, so that the same is not told over after over.
    about: String,
    /// How far it lies from what is usual, shrunk with a prior of a hundred balls; 0 is dull.
    pub interest: f64,
    /// The sentence.
    pub text: String,
    numbers: Vec<NumberFact>,
    pairs: Vec<PairFact>,
    /// Words that stand as they are, made of a statistic or of the reading, each with the id of its fact.
    quoted: Vec<(&'static str, String)>,
}

impl Note {
    /// A sentence of words that stand as they are; `clause` has no full stop.
    fn quoting(id: &'static str, about: String, clause: &str) -> Self {
        let text = format!("{}.", capital(clause));
        let quoted = vec![(id, clause.to_owned())];
        Self { id, about, interest: 0.0, text, numbers: Vec::new(), pairs: Vec::new(), quoted }
    }

    fn topic(&self) -> u64 {
        fnv(&["note", self.id, &self.about])
    }

    /// The checked sentence: its own figures join what may be claimed of the moment.
    fn checked(&self, moment: &Moment, persona: &Persona) -> Option<CheckedLine> {
        let numbers = self.numbers.iter().cloned().chain(moment.facts.numbers.iter().cloned()).collect();
        let pairs = self.pairs.iter().cloned().chain(moment.facts.pairs.iter().cloned()).collect();
        let places = moment.facts.places.iter().cloned().chain(self.quoted.iter().cloned()).collect();
        let names = std::sync::OnceLock::new();
        let facts = FactSheet { numbers, pairs, places, names, ..moment.facts.clone() };
        let moment = Moment { facts, ..moment.clone() };
        check_as(LineKind::Over, &self.text, &moment, persona).ok()
    }
}

/// Everything worth noting at the end of an over, the most interesting first; empty elsewhere, and where balls of the
/// innings are missing. No rate rests on fewer than twelve balls.
pub fn notes(state: &MatchState, moment: &Moment, archive: &dyn Archive) -> Vec<Note> {
    if !moment.kinds().contains(&LineKind::Over) {
        return Vec::new();
    }
    let mut notes = Figures::of(state, moment).map(|figures| figures.gather(archive)).unwrap_or_default();
    notes.extend(story::notes(state, moment));
    // `du Plessis` opens a sentence as `Du Plessis`.
    for note in &mut notes {
        note.text = capital(&note.text);
    }
    notes.sort_by(|a, b| b.interest.total_cmp(&a.interest));
    notes
}

/// A text with its first letter as at the start of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A persona's notes of an over as one line, `• … • … • …`; noted in `memory` as said. A note about the same thing as a
/// while ago has to be four times as interesting.
pub fn line(
    state: &MatchState,
    moment: &Moment,
    archive: &dyn Archive,
    persona: &Persona,
    memory: &mut Memory,
) -> Option<CheckedLine> {
    let now = moment.scene.ordinal;
    let mut ranked = notes(state, moment, archive);
    for note in &mut ranked {
        if memory.last_use(note.topic()).is_some_and(|last| now.saturating_sub(last) < FRESH_BALLS) {
            note.interest /= 4.0;
        }
    }
    ranked.sort_by(|a, b| b.interest.total_cmp(&a.interest));
    let mut said = Vec::new();
    for note in ranked {
        if said.len() >= usize::from(persona.notes) {
            break;
        }
        if memory.said_lately(moment, &note.text) {
            continue;
        }
        if let Some(line) = note.checked(moment, persona) {
            memory.note(now, line.text(), Some(note.topic()));
            said.push(line);
        }
    }
    (!said.is_empty()).then(|| CheckedLine::listed(said, BULLET))
}

/// Whether every note of a line is still one of the moment's.
pub fn holds(text: &str, state: &MatchState, moment: &Moment, archive: &dyn Archive) -> bool {
    let standing = notes(state, moment, archive);
    let mut told = text.split(BULLET.trim()).map(str::trim).filter(|note| !note.is_empty());
    told.all(|told| standing.iter().any(|note| note.text == told))
}
