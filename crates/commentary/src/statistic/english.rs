//! The clauses in English.

use super::{Words, tenths};
use crate::archive::{Question, Told};

/// The clause; `None` where question and answer do not belong together.
pub(super) fn clause(words: &Words<'_>) -> Option<String> {
    let Words { who, other, scope, since, .. } = words;
    let counted = |number: u32, noun: &str| if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") };
    let what = match (words.question, words.told) {
        (Question::BatterInPhase(_, phase), Told::Batting { runs, balls, .. }) => {
            format!("{who} in the {}: {} from {}", phase.name(), counted(*runs, "run"), counted(*balls, "ball"))
        }
        (Question::BowlerInPhase(_, phase), Told::Bowling { runs, balls, wickets, .. }) => format!(
            "{who} in the {}: {} for {} from {}",
            phase.name(),
            counted(*wickets, "wicket"),
            counted(*runs, "run"),
            counted(*balls, "ball")
        ),
        (Question::BatterHere(_), Told::Batting { runs, innings, .. }) => {
            format!("{who} at this ground: {} in {innings} innings", counted(*runs, "run"))
        }
        (Question::BowlerHere(_), Told::Bowling { wickets, innings, .. }) => {
            format!("{who} at this ground: {} in {innings} innings", counted(*wickets, "wicket"))
        }
        (Question::BatterForm(_), Told::Form { innings, count, before_tenths, .. }) => format!(
            "{who} has made {} in the last {innings} innings, and made {} an innings before them",
            counted(*count, "run"),
            tenths(*before_tenths)
        ),
        (Question::BowlerForm(_), Told::Form { innings, count, before_tenths, .. }) => format!(
            "{who} has {} in the last {innings} innings, and took {} an innings before them",
            counted(*count, "wicket"),
            tenths(*before_tenths)
        ),
        (Question::Pair(..), Told::Pair { stands, runs, best }) => {
            format!("{who} and {other} have put on {} in {stands} stands, at best {best}", counted(*runs, "run"))
        }
        (Question::ChasesHere, Told::Chases { decided, won, highest: Some(highest) }) => {
            format!("{won} of {decided} chases at this ground were won, of {highest} at most")
        }
        (Question::ChasesHere, Told::Chases { decided, won, .. }) => {
            format!("{won} of {decided} chases at this ground were won")
        }
        (Question::ChasesBy(side), Told::Chases { decided, won, .. }) => {
            format!("{} have won {won} of {decided} chases", crate::name::clean(side))
        }
        (Question::ParHere, Told::Par { innings, par, usual }) => {
            format!("par at this ground is {par} from {innings} first innings, and {usual} elsewhere")
        }
        (Question::DefendedHere, Told::Defended { matches, highest, lowest }) => {
            format!(
                "totals defended at this ground run from {lowest} to {highest} in {}",
                if *matches == 1 { "1 match".to_owned() } else { format!("{matches} matches") }
            )
        }
        (Question::NextRuns(_), Told::Milestone { short, next, .. }) => {
            format!("{who} came into this match {} short of {next}", counted(*short, "run"))
        }
        (Question::NextWickets(_), Told::Milestone { short, next, .. }) => {
            format!("{who} came into this match {} short of {next}", counted(*short, "wicket"))
        }
        (Question::PlaceByRuns(_), Told::Place { place, count, innings }) => {
            format!(
                "{who} came into this match {} for runs this season, with {count} in {innings} innings",
                rank(*place)
            )
        }
        (Question::PlaceByWickets(_), Told::Place { place, count, innings }) => format!(
            "{who} came into this match {} for wickets this season, with {count} in {innings} innings",
            rank(*place)
        ),
        _ => return None,
    };
    Some(match words.told {
        Told::Place { .. } => what,
        Told::Form { .. } => format!("{what}, {scope}"),
        _ => format!("{what}, {scope} since {since}"),
    })
}

fn rank(place: u32) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}
