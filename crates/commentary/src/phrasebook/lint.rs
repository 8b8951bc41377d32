//! What is wrong with a phrasebook though it can be read: found by trying it on a rehearsal.

use std::collections::HashSet;

use serde::Serialize;

use super::{
    Phrasebook,
    book::{Book, Group, Phrasing},
    choice::fits,
    situation::Situation,
};
use crate::{
    checker::check_as, facts::EventWord, line::LineKind, moment::Moment, persona::Persona, rehearsal::rehearse,
};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Something that was written will never be heard, or the persona is silent where it must speak.
    Fault,
    /// It may be meant.
    Remark,
}

/// One thing that is wrong, or odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// Where: a table of the phrasebook, a key of the persona.
    pub place: String,
    /// The phrasing, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrasing: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// What a persona that calls every kind of ball must have words for.
const MUST: [EventWord; 12] = [
    EventWord::Dot,
    EventWord::Single,
    EventWord::Two,
    EventWord::Three,
    EventWord::Four,
    EventWord::Six,
    EventWord::Wide,
    EventWord::NoBall,
    EventWord::Bye,
    EventWord::LegBye,
    EventWord::Wicket,
    EventWord::Fifty,
];

/// How a phrasing fared.
#[derive(Clone, Default)]
enum Tried {
    /// No moment fitted its table.
    #[default]
    Never,
    /// A slot was empty at every moment.
    Empty(&'static str),
    /// The checker refused it at every moment.
    Refused(String),
    /// It may be heard.
    Heard,
}

impl Phrasebook {
    /// Tries everything that a persona's phrasebook holds on a rehearsal of invented matches in which all that can happen
    /// does happen, and says what would never be heard. Takes a few seconds.
    pub fn lint(&self, persona: &Persona) -> Vec<Finding> {
        if persona.notes > 0 {
            // It speaks in notes, which no phrasebook holds.
            return Vec::new();
        }
        let Some(book) = self.book(persona) else {
            let what = format!("there is no phrasebook '{}'", persona.phrasebook_id());
            let hint = format!(
                "put it beside the persona as {id}.phrasebook.toml with id = \"{id}\", or set phrasebook = to one of {}",
                self.ids().collect::<Vec<_>>().join(", "),
                id = persona.phrasebook_id(),
            );
            return vec![finding(Weight::Fault, "phrasebook".to_owned(), None, what, hint)];
        };
        let mut tried: Vec<Vec<Tried>> =
            book.groups.iter().map(|group| vec![Tried::default(); group.phrasings.len()]).collect();
        let (mut met, mut covered) = (HashSet::new(), HashSet::new());
        rehearse(&mut |moment| {
            let kinds = moment.kinds();
            for (group, tried) in book.groups.iter().zip(&mut tried) {
                if kinds.contains(&group.kind) {
                    note_meetings(group, moment, &mut met);
                    if fits(group, moment) {
                        covered.insert((group.kind, group.on));
                        for (phrasing, tried) in group.phrasings.iter().zip(tried) {
                            attempt(phrasing, tried, group.kind, moment, persona);
                        }
                    }
                }
            }
        });
        let mut findings = Vec::new();
        for (group, tried) in book.groups.iter().zip(&tried) {
            judge(group, tried, &met, &mut findings);
        }
        missing(book, &mut findings);
        findings.sort_by_key(|finding| finding.weight);
        findings
    }
}

fn finding(weight: Weight, place: String, phrasing: Option<&str>, what: String, hint: impl Into<String>) -> Finding {
    Finding { weight, place, phrasing: phrasing.map(str::to_owned), what, hint: hint.into() }
}

/// The situations that each event was seen in, one by one.
type Meetings = HashSet<(LineKind, Option<EventWord>, Situation)>;

fn note_meetings(group: &Group, moment: &Moment, met: &mut Meetings) {
    if group.on.is_none_or(|word| moment.facts.stands(word)) {
        for situation in &group.with {
            let meeting = (group.kind, group.on, *situation);
            if !met.contains(&meeting) && situation.holds(moment) {
                met.insert(meeting);
            }
        }
    }
}

fn attempt(phrasing: &Phrasing, tried: &mut Tried, kind: LineKind, moment: &Moment, persona: &Persona) {
    if matches!(tried, Tried::Heard) {
        return;
    }
    *tried = match phrasing.template.fill(moment) {
        Err(_) if matches!(tried, Tried::Refused(_)) => return,
        Err(slot) => Tried::Empty(slot),
        Ok(text) => match check_as(kind, &text, moment, persona) {
            Ok(_) => Tried::Heard,
            Err(rejection) => Tried::Refused(format!("as \"{text}\": {}", rejection.in_brief())),
        },
    };
}

fn judge(group: &Group, tried: &[Tried], met: &Meetings, findings: &mut Vec<Finding>) {
    let place = place(group);
    if group.phrasings.is_empty() {
        let hint = "write phrasings into say = [ ], or take the table out";
        findings.push(finding(Weight::Fault, place, None, "nothing is said here".to_owned(), hint));
        return;
    }
    if tried.iter().all(|tried| matches!(tried, Tried::Never)) {
        let alone = group.with.iter().find(|situation| !met.contains(&(group.kind, group.on, **situation)));
        let (weight, what) = match alone {
            Some(situation) => (Weight::Fault, format!("never fits: {} does not meet it", situation.id())),
            None if group.with.is_empty() => {
                (Weight::Fault, "never fits: lines of this kind do not tell it".to_owned())
            }
            None => (Weight::Remark, "fitted at no moment of the rehearsal".to_owned()),
        };
        findings.push(finding(weight, place, None, what, "ask for less in on and with"));
        return;
    }
    let mut seen = HashSet::new();
    for (phrasing, tried) in group.phrasings.iter().zip(tried) {
        let text = Some(phrasing.text.as_str());
        match tried {
            Tried::Empty(slot) => findings.push(finding(
                Weight::Fault,
                place.clone(),
                text,
                format!("{{{slot}}} was empty at every moment"),
                "use another slot, or ask in with for what fills it",
            )),
            Tried::Refused(why) => findings.push(finding(
                Weight::Fault,
                place.clone(),
                text,
                format!("the checker refuses it {why}"),
                "say only what the feed tells, in the persona's length; words of your own go into words.prefer",
            )),
            Tried::Heard | Tried::Never => {}
        }
        if !seen.insert(phrasing.text.to_lowercase()) {
            let hint = "take one of them out";
            findings.push(finding(Weight::Remark, place.clone(), text, "it stands here twice".to_owned(), hint));
        }
    }
}

/// What the book has no call for at all.
fn missing(book: &Book, findings: &mut Vec<Finding>) {
    let general = book.groups.iter().any(|group| group.kind == LineKind::Call && group.on.is_none());
    let silent: Vec<&str> = MUST
        .into_iter()
        .filter(|word| {
            let has =
                |group: &Group| group.kind == LineKind::Call && group.on == Some(*word) && !group.phrasings.is_empty();
            !general && !book.groups.iter().any(has)
        })
        .map(EventWord::id)
        .collect();
    if silent.is_empty() {
        return;
    }
    let weight = if silent.len() == MUST.len() { Weight::Fault } else { Weight::Remark };
    let hint = "write [[call]] tables for them, such as: [[call]] on = \"four\" say = [\"Four, {batter}.\"]";
    findings.push(finding(weight, "[[call]]".to_owned(), None, format!("no words for {}", silent.join(", ")), hint));
}

fn place(group: &Group) -> String {
    let mut place = format!("[[{}]]", group.kind.name());
    if let Some(on) = group.on {
        place = format!("{place} on = \"{}\"", on.id());
    }
    if !group.with.is_empty() {
        let with: Vec<String> = group.with.iter().map(|situation| format!("\"{}\"", situation.id())).collect();
        place = format!("{place} with = [{}]", with.join(", "));
    }
    place
}
