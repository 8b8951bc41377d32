//! The names of a match, gathered once for as long as its people and sides stay the same: every moment of the match has the
//! same elevens, and gathering takes longer than checking a line.

use std::sync::{Arc, Mutex, PoisonError};

use super::names::{Names, is_quoted};
use crate::facts::FactSheet;

/// Line-ups remembered: matches that go on at once, and one more for each whose line-up is changing.
const KEPT: usize = 32;

/// Who and what may be named, in the order of the sheet: names that were gathered from one stand for another's people too.
type Roll = Vec<String>;

static GATHERED: Mutex<Vec<(u64, Roll, Arc<Names>)>> = Mutex::new(Vec::new());

/// What a line of one sheet may name: the match's own names, and what may be said as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(super) cast: Arc<Names>,
    pub(super) quoted: Option<Arc<Names>>,
}

impl Named {
    pub(super) fn of(sheet: &FactSheet) -> Self {
        let quoted = sheet.places.iter().any(|(id, _)| is_quoted(id)).then(|| Arc::new(Names::quoted(sheet)));
        Self { cast: cast(sheet), quoted }
    }
}

fn cast(sheet: &FactSheet) -> Arc<Names> {
    let sum = roll(sheet).fold(0xcbf2_9ce4_8422_2325, |sum, part| {
        let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        step(part.bytes().fold(sum, step), 0)
    });
    let mut gathered = GATHERED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |known: &Roll| known.len() == roll(sheet).count() && roll(sheet).eq(known.iter().map(String::as_str));
    if let Some(place) = gathered.iter().position(|(known, roll, _)| *known == sum && is_same(roll)) {
        let found = gathered.remove(place);
        let names = found.2.clone();
        gathered.push(found);
        return names;
    }
    let names = Arc::new(Names::of(sheet));
    if gathered.len() >= KEPT {
        gathered.remove(0);
    }
    gathered.push((sum, roll(sheet).map(str::to_owned).collect(), names.clone()));
    names
}

/// Everything that names follow from. Lists are kept apart by their lengths, which no name is.
fn roll(sheet: &FactSheet) -> impl Iterator<Item = &str> {
    let people = sheet.people.iter().flat_map(|person| [person.said.as_str(), person.full.as_str()]);
    let teams = sheet.teams.iter().map(|team| team.name.as_str());
    let places = sheet.places.iter().filter(|(id, _)| !is_quoted(id)).flat_map(|(id, place)| [*id, place.as_str()]);
    people.chain(["\u{1}"]).chain(teams).chain(["\u{1}"]).chain(places)
}
