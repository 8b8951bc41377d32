//! Fours and sixes hit, and maidens bowled: each is somebody's own, and the line says whose, or means whoever the ball is
//! about.

use super::{
    Findings, Why,
    tie::Tie,
    token::{Kind, Number, Token},
};
use crate::facts::{FactSheet, Hundredths, Role, Unit};

/// Ties every count of fours, sixes and maidens to its owner, or refuses it.
pub(super) fn check(tokens: &mut [Token], sheet: &FactSheet, findings: &mut Findings) {
    for at in 0..tokens.len() {
        let Some(unit) = tokens[at].unit.filter(|unit| is_own(*unit)) else { continue };
        let (Kind::Number(number), false) = (tokens[at].kind.clone(), tokens[at].refused) else { continue };
        let value = match number {
            Number::Plain(value) => value,
            Number::Ordinal(value) => Hundredths::whole(value),
            Number::Pair(..) => continue,
        };
        let owners = owners(tokens, at, unit, sheet);
        let is_theirs = |owner: Option<usize>| owner.is_some_and(|owner| owners.contains(&owner));
        let place =
            sheet.numbers.iter().position(|fact| fact.unit == unit && fact.value == value && is_theirs(fact.owner));
        if let Some(place) = place {
            tokens[at].tie = Some(Tie::Number(place));
        } else {
            findings.refuse_at(at, Why::Contradicted, tokens[at].text.clone(), "not that player's number of them");
            tokens[at].refused = true;
        }
    }
}

/// Counts that are somebody's own.
pub(super) fn is_own(unit: Unit) -> bool {
    matches!(unit, Unit::Fours | Unit::Sixes | Unit::Maidens)
}

/// Whose a count is: of whoever is named last before it in its sentence, else of whoever is named next in it, else of the
/// batter who faced, or of the bowler.
fn owners(tokens: &[Token], at: usize, unit: Unit, sheet: &FactSheet) -> Vec<usize> {
    let ends = |token: &Token| matches!(token.kind, Kind::Mark('.' | '!' | '?' | ';' | '\u{0964}'));
    let person = |token: &Token| match &token.kind {
        Kind::Person(people) => Some(people.clone()),
        _ => None,
    };
    let before = tokens[..at].iter().rev().take_while(|token| !ends(token)).find_map(person);
    let after = || tokens[at..].iter().take_while(|token| !ends(token)).find_map(person);
    before.or_else(after).unwrap_or_else(|| {
        let role = if unit == Unit::Maidens { Role::Bowler } else { Role::Batter };
        let people = sheet.people.iter().enumerate();
        people.filter(|(_, person)| person.roles.contains(&role)).map(|(index, _)| index).collect()
    })
}
