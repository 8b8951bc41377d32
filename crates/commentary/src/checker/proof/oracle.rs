//! Whether a line made false is false. It knows the phrasings, their slots and the score, and asks the checker nothing.

use super::Mutant;
use crate::{moment::Moment, phrasebook::Saying};

/// What a changed line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It is false.
    False,
    /// It is as true as before: the change made no difference, or gave another true line.
    True,
    /// It reads in two ways, and one of them is true.
    Open,
}

/// Judges a change of a saying; `sayings` is everything that the same book could truly say of the moment.
pub fn truth(mutant: &Mutant, saying: &Saying, sayings: &[Saying], moment: &Moment) -> Truth {
    if sayings.iter().any(|other| other.text == mutant.text) {
        return Truth::True;
    }
    let template = saying.template.as_str();
    match mutant.kind {
        "batter for partner" if is_of_both(template, ["{batter}", "{partner}"]) => Truth::True,
        "one side for the other" if is_of_both(template, ["{first_side}", "{second_side}"]) => Truth::True,
        // `Smith bowled Jones`: the scorecard's order and the sentence's.
        "bowler for batter" if template.contains("{out} bowled {bowler}") => Truth::Open,
        // Both batters have as many: a line of one's score fits the other as well.
        "batter for partner" if template.contains("{batter_runs}") && has_equals(moment, template) => Truth::Open,
        "bowler for batter" if template.contains("{batter_runs}") && bowler_has_as_many(moment) => Truth::Open,
        "bowler for partner" if template.contains("{partner_runs}") && bowler_has_as_many(moment) => Truth::Open,
        "a number one larger" | "a number one smaller" | "digits exchanged" | "the number of something else" => {
            number(mutant, template, moment)
        }
        _ if is_nonsense(&mutant.text) => Truth::Open,
        _ => Truth::False,
    }
}

/// Whether both are named, each only beside the other, as in `{batter} and {partner} run one`.
fn is_of_both(template: &str, [one, other]: [&str; 2]) -> bool {
    let joined = [format!("{one} and {other}"), format!("{one} और {other}"), format!("{one} against {other}")]
        .into_iter()
        .chain([" v ", " meet ", " take on ", " play ", " बनाम "].map(|joint| format!("{one}{joint}{other}")))
        .find(|joined| template.contains(joined.as_str()));
    joined.is_some_and(|joined| {
        let rest = template.replacen(&joined, "", 1);
        let stem = |slot: &str| slot.trim_end_matches('}').to_owned();
        !rest.contains(&stem(one)) && !rest.contains(&stem(other))
    })
}

fn has_equals(moment: &Moment, template: &str) -> bool {
    let (Some(batter), Some(partner)) = (&moment.scene.batter, &moment.scene.partner) else { return false };
    batter.runs == partner.runs && (!template.contains("{batter_balls") || batter.balls == partner.balls)
}

/// `Smith has 2`: a batter's runs, or a bowler's wickets.
fn bowler_has_as_many(moment: &Moment) -> bool {
    let scene = &moment.scene;
    let wickets = scene.bowler.as_ref().map(|bowler| bowler.wickets);
    wickets.is_some()
        && [&scene.batter, &scene.partner].into_iter().flatten().any(|batter| Some(batter.runs) == wickets)
}

/// A pair alone may be the score or the bowler's figures; a bare number of an over may be what the ball brought.
fn number(mutant: &Mutant, template: &str, moment: &Moment) -> Truth {
    let is_other_pair = moment.facts.pairs.iter().any(|pair| {
        mutant.text.contains(&format!("{}/{}", pair.first, pair.second))
            || mutant.text.contains(&format!("{} for {}", pair.first, pair.second))
    });
    let says_pair = ["{score}", "{bowler_figures}", "{runs} for {wickets}"].iter().any(|pair| template.contains(pair));
    let bare = template.trim_end_matches(['.', '!', '।']);
    if says_pair && is_other_pair && matches!(bare, "{score}" | "{bowler_figures}") {
        return Truth::Open;
    }
    Truth::False
}

/// `Bowled and bowled` is no line.
fn is_nonsense(text: &str) -> bool {
    text.to_lowercase().contains("bowled and bowled")
}
