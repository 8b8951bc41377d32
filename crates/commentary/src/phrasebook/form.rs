//! How a language writes what a slot holds: ordinals, counted nouns, a margin, a ball that was corrected.

use cricket::event::{Delivery, DismissalKind};

use crate::{
    facts::{NumberFact, Unit},
    language::Language,
    moment::{Effect, Moment, Occasion, ball_in_words},
};

/// Nouns that count are the same for one and many in Hindi, but for those that a phrasing gives both forms of.
pub(super) fn plural(noun: &str, language: Language) -> String {
    if language == Language::Hindi {
        return noun.to_owned();
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// What a slot writes after its name to be an ordinal: in Hindi masculine, feminine, and masculine before a postposition.
pub(super) fn ordinal_endings(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &["th"],
        Language::Hindi => &["वां", "वीं", "वें"],
    }
}

/// An ordinal in words up to the tenth: the last wicket.
pub(super) fn ordinal(number: usize, ending: usize, language: Language) -> Option<String> {
    const ENGLISH: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    const HINDI: [[&str; 3]; 10] = [
        ["पहला", "पहली", "पहले"],
        ["दूसरा", "दूसरी", "दूसरे"],
        ["तीसरा", "तीसरी", "तीसरे"],
        ["चौथा", "चौथी", "चौथे"],
        ["पांचवां", "पांचवीं", "पांचवें"],
        ["छठा", "छठी", "छठे"],
        ["सातवां", "सातवीं", "सातवें"],
        ["आठवां", "आठवीं", "आठवें"],
        ["नौवां", "नौवीं", "नौवें"],
        ["दसवां", "दसवीं", "दसवें"],
    ];
    let index = number.checked_sub(1)?;
    let word = match language {
        Language::English => ENGLISH.get(index).copied(),
        Language::Hindi => HINDI.get(index).and_then(|forms| forms.get(ending)).copied(),
    };
    word.map(str::to_owned)
}

/// By how much a match was won, as it is said.
pub(super) fn margin(moment: &Moment, language: Language) -> Option<String> {
    let [run, wicket, innings] = match language {
        Language::English => ["run", "wicket", "an innings and"],
        Language::Hindi => ["रन", "विकेट", "पारी और"],
    };
    let count = |fact: &NumberFact, noun: &str| {
        if fact.value.0 == 100 { format!("1 {noun}") } else { format!("{} {}", fact.value, plural(noun, language)) }
    };
    let find = |id: &str, unit: Unit| moment.facts.numbers.iter().find(|fact| fact.id == id && fact.unit == unit);
    find("result.wickets", Unit::Wickets)
        .map(|fact| count(fact, wicket))
        .or_else(|| find("result.runs", Unit::Runs).map(|fact| count(fact, run)))
        .or_else(|| find("result.innings_and_runs", Unit::Runs).map(|fact| format!("{innings} {}", count(fact, run))))
}

/// What was told, or what stands, as a noun phrase.
pub(super) fn change(moment: &Moment, now: bool, language: Language) -> Option<String> {
    let Occasion::Correction(change) = &moment.occasion else { return None };
    let said = |ball: &Delivery, other: Option<&Delivery>| match language {
        // Of two dismissals it is the way that differs.
        Language::English if other.is_some_and(is_out) => way_out(ball).unwrap_or_else(|| in_english(ball)),
        Language::English => in_english(ball),
        Language::Hindi => in_hindi(ball),
    };
    let was = change.was.as_deref().map(|ball| said(ball, change.now.as_deref()));
    let is = change.now.as_deref().map(|ball| said(ball, change.was.as_deref()));
    // What sounds the same is no correction: then the score is said.
    if was == is {
        return None;
    }
    if now { is } else { was }
}

/// What fell or moved with a correction, the weightiest alone.
pub(super) fn effect(moment: &Moment, language: Language) -> Option<String> {
    let Occasion::Correction(change) = &moment.occasion else { return None };
    let effect = change.effects.first()?;
    let player = match effect {
        Effect::HatTrick(player)
        | Effect::Century(player)
        | Effect::Fifty(player)
        | Effect::HatTrickBall(player)
        | Effect::Maiden(player) => player,
        Effect::Target(runs) => {
            return Some(match language {
                Language::English => format!("the target is {runs} now"),
                Language::Hindi => format!("अब लक्ष्य {runs}"),
            });
        }
    };
    let people = moment.facts.people();
    let name = people.iter().find(|person| person.player.id == player.id).map(|person| person.said.as_str())?;
    let [english, hindi] = match effect {
        Effect::HatTrick(_) => ["hat-trick", "की हैट्रिक"],
        Effect::Century(_) => ["hundred", "का शतक"],
        Effect::Fifty(_) => ["fifty", "का अर्धशतक"],
        Effect::HatTrickBall(_) => ["hat-trick ball", ""],
        Effect::Maiden(_) | Effect::Target(_) => ["maiden", "का मेडन"],
    };
    match language {
        Language::English => Some(format!("no {english} for {name}")),
        Language::Hindi if hindi.is_empty() => None,
        Language::Hindi => Some(format!("{name} {hindi} नहीं")),
    }
}

fn is_out(ball: &Delivery) -> bool {
    ball.wickets.iter().any(|wicket| wicket.kind.is_wicket())
}

/// How somebody was out, in a word that a line may say.
fn way_out(ball: &Delivery) -> Option<String> {
    let wicket = ball.wickets.iter().find(|wicket| wicket.kind.is_wicket())?;
    let known = matches!(
        wicket.kind,
        DismissalKind::Bowled
            | DismissalKind::Caught
            | DismissalKind::CaughtAndBowled
            | DismissalKind::Lbw
            | DismissalKind::RunOut
            | DismissalKind::Stumped
            | DismissalKind::HitWicket
    );
    known.then(|| wicket.kind.name().to_owned())
}

fn in_english(ball: &Delivery) -> String {
    if is_out(ball) {
        return "a wicket".to_owned();
    }
    let words = ball_in_words(ball);
    match words.as_str() {
        "four" => "a four".to_owned(),
        "six" => "a six".to_owned(),
        "no run" => "a dot ball".to_owned(),
        "1 run" => "a single".to_owned(),
        _ if ball.extras.wides > 0 => "a wide".to_owned(),
        _ if ball.extras.noballs > 0 => "a no-ball".to_owned(),
        _ => words,
    }
}

fn in_hindi(ball: &Delivery) -> String {
    let extras = &ball.extras;
    let word = match ball.runs.bat {
        _ if is_out(ball) => "विकेट",
        _ if extras.wides > 0 => "वाइड",
        _ if extras.noballs > 0 => "नो बॉल",
        _ if extras.legbyes > 0 => "लेग बाई",
        _ if extras.byes > 0 => "बाई",
        _ if ball.is_four() => "चौका",
        _ if ball.is_six() => "छक्का",
        0 => "खाली गेंद",
        1 => "एक रन",
        2 => "दो रन",
        3 => "तीन रन",
        runs => return format!("{runs} रन"),
    };
    word.to_owned()
}
