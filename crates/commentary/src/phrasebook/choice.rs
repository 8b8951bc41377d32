//! Which phrasing: one that fits, has not been heard lately, and is the same whenever the match is played again.

use super::{
    book::{Book, Group, Phrasing},
    situation::Situation,
};
use crate::{facts::EventWord, line::LineKind, memory::Memory, moment::Moment, persona::Persona, talk::sums_up};

/// One thing that the book could say of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// The phrasing as it stands in the book, slots open.
    pub template: String,
    /// The same with its slots filled for the moment; not checked.
    pub text: String,
    /// How telling the event is that it is made for: 0 is the most telling there is, any number above less so.
    pub place: usize,
    /// How many situations it asks for beside the event.
    pub situations: usize,
}

/// For how many balls a turn of phrase in colour is not taken again.
const COLOUR_RESTS: u32 = 24;

/// What an over's or innings' sum tells, a moment after its last ball was called.
const SUMMED_UP: [&str; 8] = ["score", "runs", "wickets", "overs", "need", "left", "required", "target"];

/// By how much a call falls behind others for telling what is about to be summed up: more than by having been heard in
/// the last twenty overs, less than by having been heard word for word.
const TOLD_TWICE: u32 = 10;

/// Further than any place: what is told of a ball that won the match, where there are no words for the win.
const AFTER_WON: usize = 1_000;

/// How little a line may have been heard lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fresh {
    /// Neither the line nor its opener.
    Opener,
    /// Not the line, as far back as lines rest.
    Line,
    /// Not the line within the last balls: what is owed is told, though an hour ago it was told so.
    Lately,
}

/// A line that could be said.
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) phrasing: u64,
}

/// Every line that could be said, best first: the most telling event; in it, phrasings not used for longest, those made
/// for the very situation a little earlier; the rest by a seed of match, key and persona.
pub(super) fn rank(
    book: &Book,
    kind: LineKind,
    moment: &Moment,
    persona: &Persona,
    memory: &Memory,
    fresh: Fresh,
) -> Vec<Candidate> {
    let now = moment.scene.ordinal;
    let is_summed_up = kind == LineKind::Call && sums_up(moment, persona);
    let mut ranked: Vec<((usize, u32, u64), Candidate)> = Vec::new();
    for (place, group, phrasing) in fitting(book, kind, moment) {
        let Ok(text) = phrasing.template.fill(moment) else { continue };
        let heard = match fresh {
            Fresh::Opener => memory.said_lately(moment, &text) || memory.opened_lately(moment, &text),
            Fresh::Line => memory.said_lately(moment, &text),
            Fresh::Lately => memory.just_said(moment, &text),
        };
        // Colour is owed to nobody: its turn of phrase rests, whatever numbers it would have this time, and it does not tell
        // a figure that the call has just told.
        let rests = kind == LineKind::Colour
            && (memory.tells_again(moment, &text)
                || memory.last_use(phrasing.id).is_some_and(|last| now.saturating_sub(last) < COLOUR_RESTS));
        if heard || rests {
            continue;
        }
        let rest = memory.last_use(phrasing.id).map_or(240, |last| now.saturating_sub(last).min(240));
        let age = (240 - rest) / 12 + if memory.said_before(&text) { 12 } else { 0 };
        let seed = fnv(&[&moment.match_id, moment.key.as_str(), &persona.id, &phrasing.id.to_string()]);
        // A phrasing for this very situation is worth two steps of age.
        let mut weight = (age + 8).saturating_sub(2 * group.with.len() as u32);
        if is_summed_up && phrasing.template.slots().any(|slot| SUMMED_UP.contains(&slot.name())) {
            weight += TOLD_TWICE;
        }
        ranked.push(((place, weight, seed), Candidate { text, phrasing: phrasing.id }));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Every line that could be said, in the book's order.
pub(super) fn every<'a>(book: &'a Book, kind: LineKind, moment: &'a Moment) -> impl Iterator<Item = Saying> + 'a {
    fitting(book, kind, moment).filter_map(|(place, group, phrasing)| {
        let text = phrasing.template.fill(moment).ok()?;
        Some(Saying { template: phrasing.text.clone(), text, place, situations: group.with.len() })
    })
}

/// The event words that stand and that our own models were trained with, the most telling first.
pub(crate) fn telling(moment: &Moment) -> impl Iterator<Item = EventWord> + '_ {
    EventWord::TELLING.into_iter().filter(|word| moment.facts.stands(*word))
}

fn fitting<'a>(
    book: &'a Book,
    kind: LineKind,
    moment: &'a Moment,
) -> impl Iterator<Item = (usize, &'a Group, &'a Phrasing)> {
    book.groups.iter().filter(move |group| group.kind == kind).flat_map(move |group| {
        let place = place(group, moment).filter(|_| suits(group, moment));
        place.into_iter().flat_map(move |place| group.phrasings.iter().map(move |phrasing| (place, group, phrasing)))
    })
}

/// Whether a group's phrasings may be said of a moment.
pub(super) fn fits(group: &Group, moment: &Moment) -> bool {
    place(group, moment).is_some() && suits(group, moment)
}

fn place(group: &Group, moment: &Moment) -> Option<usize> {
    let place = match group.on {
        Some(word) if moment.facts.stands(word) => word.place(),
        Some(_) => None,
        // After all there are.
        None => Some(usize::MAX),
    };
    // Of a ball that won the match nothing else is told where there are words for that; a hat-trick is.
    let may_wait = !group.with.contains(&Situation::Won) && group.on != Some(EventWord::HatTrick);
    if may_wait && Situation::Won.holds(moment) { place.map(|place| place.saturating_add(AFTER_WON)) } else { place }
}

fn suits(group: &Group, moment: &Moment) -> bool {
    group.with.iter().all(|situation| situation.holds(moment)) && hedged(group, moment) && looks_back(group, moment)
}

/// When the match is won, colour is about that: nobody has to rebuild any more.
fn looks_back(group: &Group, moment: &Moment) -> bool {
    group.kind != LineKind::Colour || group.with.contains(&Situation::Won) || !Situation::Won.holds(moment)
}

/// A wicket that the umpires may still change is only told by phrasings made for that.
fn hedged(group: &Group, moment: &Moment) -> bool {
    !moment.provisional
        || !moment.is_wicket()
        || !matches!(group.kind, LineKind::Call | LineKind::Colour)
        || group.with.contains(&Situation::Provisional)
}

/// FNV-1a over texts: a fixed, well-spread number that never changes between builds.
pub(crate) fn fnv(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in texts.iter().flat_map(|text| text.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
