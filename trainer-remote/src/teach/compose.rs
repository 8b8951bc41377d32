//! Lines composed from the phrasebook: one saying, or a call and a second thought.
//!
//! The first sentence comes from what is most telling and names it; the second adds what the first did not say: praise,
//! the next telling thing, the score, or colour. Everything goes through the checker.

use std::collections::BTreeSet;

use commentary::{
    CheckedLine, FactRef, Layout, LineKind, Moment, Persona, Phrasebook, Rejection, checker::check_as,
    facts::EventWord, phrasebook::Saying,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

use super::{
    offline::refused,
    outcome::{Line, Outcome, Refusal},
    sentence::{Topic, looks_ahead},
};
use crate::row::Row;

/// How often the second most telling thing is told first, where it names the event as well.
const SECOND_FIRST: f64 = 0.12;
/// The same for a duck, so that it is also told how it came about.
const SECOND_NAME: f64 = 0.45;
/// How often a second thought is sought among the colour of the moment first.
const COLOUR: f64 = 0.35;
/// The most sentences of a joined line.
const SENTENCES: usize = 3;
/// After so many refused sayings a row is given up.
const TRIES: usize = 24;

/// Composes lines.
pub(super) struct Composer<'a> {
    /// Whose phrasings.
    pub(super) book: &'a Phrasebook,
    /// The share of lines that are joined where the length allows, 0 to 1.
    pub(super) joined: f64,
    /// The training's seed.
    pub(super) seed: u64,
}

/// What a line is sought for.
#[derive(Clone, Copy)]
struct Aim<'a> {
    kind: LineKind,
    moment: &'a Moment,
    persona: &'a Persona,
}

/// A saying that passed the checker by itself.
struct Said<'a> {
    saying: &'a Saying,
    topic: Topic,
    /// Which kinds of events it names.
    names: BTreeSet<&'static str>,
}

impl Composer<'_> {
    /// So many different lines for a row, or the reason why there is none.
    pub(super) fn lines(&self, row: &Row, moment: &Moment, persona: &Persona, variants: u32) -> Vec<Outcome> {
        let over = [EventWord::InningsEnd, EventWord::MatchEnd].into_iter().any(|word| moment.facts.stands(word));
        let sayings = |kind| {
            let mut sayings = self.book.sayings(kind, moment, persona);
            sayings.retain(|saying| !(over && looks_ahead(&saying.template)) && suits(kind, &saying.template, moment));
            sayings
        };
        let first = sayings(row.kind);
        let colour = if row.kind == LineKind::Call { sayings(LineKind::Colour) } else { Vec::new() };
        let aim = Aim { kind: row.kind, moment, persona };
        let mut lines: Vec<Outcome> = Vec::new();
        for variant in 0..variants {
            let mut dice = self.dice(row, variant);
            let line = self.line(aim, row.layout, &first, &colour, &mut dice);
            if lines.is_empty() || matches!(line, Outcome::Filled(_)) && !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    fn dice(&self, row: &Row, variant: u32) -> ChaCha8Rng {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(variant.to_le_bytes());
        hash.update(row.id.as_bytes());
        ChaCha8Rng::from_seed(hash.finalize().into())
    }

    fn line(
        &self,
        aim: Aim<'_>,
        layout: Layout,
        sayings: &[Saying],
        colour: &[Saying],
        dice: &mut ChaCha8Rng,
    ) -> Outcome {
        let Some(top) = sayings.iter().map(|saying| saying.place).min() else {
            return refused("the phrasebook has nothing for it", "");
        };
        let wants_two = dice.random_bool(self.joined);
        let second_first = second_first(aim.moment);
        let from = if dice.random_bool(second_first) { next_place(sayings, top).unwrap_or(top) } else { top };
        let mut refusal = None;
        let order = weighted(sayings, from, dice);
        let mut found = None;
        for saying in order.into_iter().take(TRIES) {
            match aim.first(saying) {
                Ok(said) => {
                    found = Some(said);
                    break;
                }
                Err(why) => refusal = Some(why),
            }
        }
        let Some(first) = found else {
            return Outcome::Refused(refusal.unwrap_or_else(|| Refusal {
                reason: "the phrasebook has nothing for it".to_owned(),
                detail: String::new(),
                text: String::new(),
            }));
        };
        let second = if wants_two { aim.second(&first, sayings, colour, dice) } else { None };
        let write = |saying: &Saying| if layout == Layout::Slots { &saying.template } else { &saying.text }.clone();
        Outcome::Filled(match second {
            None => Line { completion: write(first.saying), joined: false },
            Some(second) => Line { completion: format!("{} {}", write(first.saying), write(second)), joined: true },
        })
    }
}

impl Said<'_> {
    /// Whether colour for something else would follow oddly: praise of a six is none of a fifty.
    fn takes_colour(&self, second: &Saying, colour: &[Saying]) -> bool {
        let top = colour.iter().map(|saying| saying.place).min();
        let same_thing =
            self.names.contains("out") || self.names.contains("how out") || self.names.contains("boundary");
        second.place == self.saying.place || same_thing && Some(second.place) == top
    }
}

impl Aim<'_> {
    /// A saying as the first sentence: clean, and naming a key event if there is one.
    fn first<'s>(&self, saying: &'s Saying) -> Result<Said<'s>, Refusal> {
        let line = self.check(&saying.text).map_err(|rejection| Refusal {
            reason: rejection.faults.first().map_or("the checker", |fault| reason(fault.why)).to_owned(),
            detail: rejection.in_brief(),
            text: saying.text.clone(),
        })?;
        let said = Said { saying, topic: Topic::of(&saying.template), names: named(&line) };
        if self.kind == LineKind::Call && !names_key(&said, self.moment) {
            return Err(Refusal {
                reason: "it does not name the event".to_owned(),
                detail: String::new(),
                text: saying.text.clone(),
            });
        }
        Ok(said)
    }

    /// A second thought that adds something, if there is one that fits the persona's length.
    fn second<'s>(
        &self,
        first: &Said<'_>,
        sayings: &'s [Saying],
        colour: &'s [Saying],
        dice: &mut ChaCha8Rng,
    ) -> Option<&'s Saying> {
        // Only a sentence that names what happened can be followed up.
        if self.kind == LineKind::Call && first.names.is_empty() {
            return None;
        }
        let mut order = weighted(sayings, first.saying.place, dice);
        let coloured = weighted(colour, 0, dice);
        let limit = same_thing(first, sayings, self.moment);
        let place = if dice.random_bool(COLOUR) { 0 } else { order.len() };
        order.splice(place..place, coloured.into_iter().filter(|second| first.takes_colour(second, colour)));
        order.into_iter().filter(|second| second.template != first.saying.template).find(|second| {
            let topic = Topic::of(&second.template);
            if topic.sentences + first.topic.sentences > SENTENCES || !first.topic.goes_with(&topic) {
                return false;
            }
            let Ok(alone) = self.check(&second.text) else { return false };
            let names = named(&alone);
            let belongs = names.is_empty() && !colour.contains(second);
            if belongs && second.place > limit && !topic.tells("stand") || !follows(&first.names, &names) {
                return false;
            }
            let both = format!("{} {}", first.saying.text, second.text);
            self.check(&both).is_ok()
        })
    }

    fn check(&self, text: &str) -> Result<CheckedLine, Rejection> {
        check_as(self.kind, text, self.moment, self.persona)
    }
}

/// A fault's kind in a word.
pub(super) fn reason(why: commentary::checker::Why) -> &'static str {
    match why {
        commentary::checker::Why::Contradicted => "contradicted",
        commentary::checker::Why::NotCheckable => "not checkable",
        commentary::checker::Why::Unfit => "unfit",
    }
}

/// Whether a phrasing is not only true of a moment but apt: "four at last" is not said of a six, a run-out is not the
/// bowler's, nobody "made 0", and four balls are no innings to be praised.
fn suits(kind: LineKind, template: &str, moment: &Moment) -> bool {
    let names =
        |word: &str| template.split(|c: char| !c.is_alphanumeric()).any(|other| other.eq_ignore_ascii_case(word));
    let stands = |word| moment.facts.stands(word);
    let other_boundary = names("four") && stands(EventWord::Six) || names("six") && stands(EventWord::Four);
    let bowlers = stands(EventWord::RunOut) && template.contains("{bowler");
    let made_none = stands(EventWord::Duck) && template.contains("made {out_runs");
    let early = moment.scene.batter.as_ref().is_some_and(|batter| batter.balls <= 4);
    let too_soon = kind == LineKind::Colour && early && !moment.is_wicket() && template.contains("{batter_runs");
    !(other_boundary || bowlers || made_none || too_soon)
}

/// How far the phrasings reach that are written for what the first sentence tells. What names nothing is only true of
/// what it was written for: praise of a six is none of a fifty, and praise of a dot ball none of a wicket.
fn same_thing(first: &Said<'_>, sayings: &[Saying], moment: &Moment) -> usize {
    let told = first.saying.place;
    if moment.is_wicket() {
        let of_wicket = sayings.iter().filter(|saying| saying.template.contains("{out"));
        of_wicket.map(|saying| saying.place).max().unwrap_or(told).max(told)
    } else if moment.is_boundary() && !first.names.contains("milestone") {
        usize::MAX
    } else {
        told
    }
}

/// How often the second most telling thing comes first: never before a hat-trick or a milestone.
fn second_first(moment: &Moment) -> f64 {
    let stands = |word| moment.facts.stands(word);
    if [EventWord::HatTrick, EventWord::Fifty, EventWord::Century, EventWord::BigCentury].into_iter().any(stands) {
        0.0
    } else if stands(EventWord::Duck) {
        SECOND_NAME
    } else if moment.is_wicket() || moment.is_boundary() {
        SECOND_FIRST
    } else {
        0.0
    }
}

/// The place after `top` that has a saying.
fn next_place(sayings: &[Saying], top: usize) -> Option<usize> {
    sayings.iter().map(|saying| saying.place).filter(|place| *place > top).min()
}

/// All sayings in an order drawn by lot: those of the place `from` first, then the others from the most telling on; in a
/// place, those made for the situation are likelier to come early.
fn weighted<'s>(sayings: &'s [Saying], from: usize, dice: &mut ChaCha8Rng) -> Vec<&'s Saying> {
    let mut drawn: Vec<(usize, f64, &Saying)> = sayings
        .iter()
        .map(|saying| {
            let weight = 1.0 + 1.5 * saying.situations as f64;
            let lot: f64 = dice.random::<f64>().max(f64::MIN_POSITIVE);
            let rank = if saying.place == from { 0 } else { saying.place + 1 };
            (rank, -lot.ln() / weight, saying)
        })
        .collect();
    drawn.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    drawn.into_iter().map(|(_, _, saying)| saying).collect()
}

/// The kinds of events that a line names: those that tell the same thing under one name.
fn named(line: &CheckedLine) -> BTreeSet<&'static str> {
    line.facts().iter().filter_map(family).collect()
}

fn family(fact: &FactRef) -> Option<&'static str> {
    Some(match fact.id.strip_prefix("event.")? {
        "wicket" | "all_out" => "out",
        "bowled" | "caught" | "caught_and_bowled" | "lbw" | "run_out" | "stumped" | "hit_wicket"
        | "other_dismissal" => "how out",
        "duck" | "golden_duck" => "duck",
        "hat_trick" | "hat_trick_ball" => "hat-trick",
        "four" | "six" | "boundary" | "drought_broken" => "boundary",
        "single" | "two" | "three" | "five" | "runs" | "run_a_ball" => "runs",
        "fifty" | "century" | "big_century" => "milestone",
        "partnership_milestone" | "team_milestone" => "partnership",
        "wide" | "no_ball" | "bye" | "leg_bye" | "extra" | "free_hit" => "extra",
        "win" | "match_end" | "tie" | "innings_end" => "end",
        "dot" | "maiden" => "dot",
        "new_batter" | "new_bowler" => "new",
        _ => "other",
    })
}

/// Whether a call names what must be named: a wicket, a milestone, a boundary, an extra. Plain runs and dots may pass
/// with a word.
fn names_key(said: &Said<'_>, moment: &Moment) -> bool {
    let stands = |word| moment.facts.stands(word);
    let names = |wanted: &[&str]| wanted.iter().any(|family| said.names.contains(family));
    if EventWord::TELLING.into_iter().any(|word| word.is_dismissal() && stands(word)) {
        return names(&["out", "how out", "duck", "hat-trick"]);
    }
    if stands(EventWord::Fifty) || stands(EventWord::Century) || stands(EventWord::BigCentury) {
        return names(&["milestone"]) || said.topic.tells("milestone_runs");
    }
    if moment.is_boundary() {
        return names(&["boundary", "milestone", "partnership", "end", "extra"]) || said.topic.tells("stand");
    }
    if [EventWord::Wide, EventWord::NoBall, EventWord::Bye, EventWord::LegBye].into_iter().any(stands) {
        return names(&["extra", "end"]) || said.topic.tells("stand");
    }
    true
}

/// Whether a thought that names `second` can follow one that names `first`: nothing twice, after a wicket nothing but
/// more of it and the end, after a milestone not the mere run that brought it.
fn follows(first: &BTreeSet<&str>, second: &BTreeSet<&str>) -> bool {
    if !first.is_disjoint(second) || second.contains("other") {
        return false;
    }
    let all = |allowed: &[&str]| second.iter().all(|name| allowed.contains(name));
    if first.contains("out") || first.contains("how out") {
        all(&["duck", "hat-trick", "end"])
    } else if first.contains("duck") || first.contains("hat-trick") {
        all(&["how out", "end"])
    } else if first.contains("milestone") || first.contains("end") {
        !second.contains("runs")
    } else {
        true
    }
}
