//! What a line may be made of: everything true that is said, from its first letter on, and no name, number or word that
//! the moment does not bear out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{Grounds, LineKind, Memory, Moment, NoArchive, Persona, Personas, Phrasebook, check};
use cricket::{
    score::Match,
    simulate::{SimulationSettings, simulate_events},
};
use serde_json::json;
use village::Village;

#[test]
fn a_true_line_is_allowed_from_its_first_letter_to_its_last() {
    let (personas, book) = (Personas::builtin(), Phrasebook::builtin());
    let events = simulate_events(&SimulationSettings::new(3)).unwrap();
    let mut game = Match::new(events[0].match_id.clone());
    let mut memories: Vec<Memory> = personas.iter().map(|_| Memory::new()).collect();
    let (mut lines, mut stopped) = (0, Vec::new());
    for event in events {
        let applied = game.apply(event.clone());
        let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, &NoArchive) else { continue };
        for (persona, memory) in personas.iter().zip(&mut memories) {
            for kind in moment.kinds() {
                let grounds = Grounds::of(&moment, persona, kind);
                let Some(line) = book.line_on_air(kind, &moment, persona, memory) else { continue };
                lines += 1;
                let text = line.text();
                let mut parts = text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()]);
                stopped
                    .extend(parts.find(|part| !grounds.allows_beginning(part)).map(|part| format!("{part} | {text}")));
                if !grounds.allows_line(text) {
                    stopped.push(format!("{text} | its end"));
                }
            }
        }
    }
    assert!(lines > 1_000, "{lines} lines");
    assert!(stopped.is_empty(), "{} of {lines} stop:\n{}", stopped.len(), stopped.join("\n"));
}

/// How far a line gets.
fn stops_at<'a>(text: &'a str, moment: &Moment, persona: &Persona) -> &'a str {
    let grounds = Grounds::of(moment, persona, LineKind::Call);
    let parts = text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()]);
    parts.take_while(|part| grounds.allows_beginning(part)).last().unwrap_or_default()
}

#[test]
fn a_line_stops_where_it_leaves_the_facts() {
    let moment = Village::new().ball(4, &json!({}));
    let personas = Personas::builtin();
    let greig = personas.get("greig").unwrap();
    for (line, stops) in [
        ("Okafor finds four, and Menon can only watch.", "Okafor finds four, and Menon can only watch."),
        // A name of nobody here; of somebody who plays no part; a slip of spelling.
        ("Four from Kohli.", "Four from K"),
        ("Four! Iqbal watches.", "Four! I"),
        ("Okaforr hits four.", "Okafor"),
        // Numbers.
        ("Hilltown need 26 off 11.", "Hilltown need 26 off 11."),
        ("Hilltown need 27 off 11.", "Hilltown need 2"),
        ("Harbour 5/0.", "Harbour "),
        ("They need seventeen more.", "They need seventeen"),
        // What no feed tells.
        ("Four with a flick.", "Four with a flick"),
        ("A googly, and it is four.", "A googly"),
        // What is glued to a word by a hyphen or an apostrophe.
        ("Four, and the'tis.", "Four, and the'"),
        ("The'tis four.", "The'"),
        ("Four, and batters't.", "Four, and batters'"),
        ("Okafor's-like four.", "Okafor's-"),
        ("Okafor-like four.", "Okafor-"),
        ("Four, a fla-off shot.", "Four, a fla"),
        ("Four, a well-xed ball.", "Four, a well-"),
        ("Four, a well-judges ball.", "Four, a well-judge"),
        ("Four, a mid-offed ball.", "Four, a mid-offed"),
        ("Four, a full-tilt ball.", "Four, a full-"),
        ("Four, a half-leg ball.", "Four, a half-leg"),
        ("Four, and that\u{2019}s a well-judged ball.", "Four, and that\u{2019}s a well-judged ball."),
        ("Okafor\u{2019}s four.", "Okafor\u{2019}s four."),
        ("Four, and they\u{2019}ll do.", "Four, and they\u{2019}ll do."),
        // A word that is none, markup, another language.
        ("Okafor blorts it.", "Okafor blo"),
        ("<b>Four.</b>", ""),
        ("Vier Läufe.", "Vi"),
    ] {
        assert_eq!(stops_at(line, &moment, greig), stops, "{line}");
    }
}

#[test]
fn glued_words_may_be_written_where_the_checker_lets_them_stand_and_nowhere_else() {
    let moment = Village::new().ball(4, &json!({}));
    let personas = Personas::builtin();
    let greig = personas.get("greig").unwrap();
    let grounds = Grounds::of(&moment, greig, LineKind::Call);
    let words = [
        "the",
        "well",
        "judged",
        "half",
        "century",
        "leg",
        "mid",
        "off",
        "Okafor",
        "Menon",
        "run",
        "side",
        "twenty",
        "six",
        "full",
        "they",
        "ll",
        "t",
        "ve",
        "like",
        "no",
        "ball",
        "xed",
        "hat",
        "trick",
        "batters",
        "DRS",
        "full-length",
    ];
    let (mut stand, mut fall) = (0, 0);
    for (one, other) in words.iter().flat_map(|one| words.iter().map(move |other| (one, other))) {
        for word in ["-", "'", "'s-", "-the-", "'ll-"].map(|mark| format!("{one}{mark}{other}")) {
            for line in [format!("Four, and {word} it is."), format!("{word} it is.")] {
                let falls = match check(&line, &moment, greig) {
                    Ok(_) => false,
                    Err(rejected) => rejected.faults.iter().any(|fault| fault.claim.eq_ignore_ascii_case(&word)),
                };
                let stops = (0..=line.len()).find(|at| !grounds.allows_beginning(&line[..*at]));
                // Whether a number is tied to something, only the checker finds out.
                let is_number = [one, other].iter().all(|word| ["twenty", "six"].contains(*word));
                let stop = stops.map(|at| &line[..at]);
                if falls {
                    fall += 1;
                    assert!(stop.is_some() || is_number, "{line} may be written, and the checker refuses {word}");
                } else {
                    stand += 1;
                    assert_eq!(stop, None, "{line} is stopped, and the checker lets {word} stand");
                }
            }
        }
    }
    assert!(stand > 50 && fall > 1_000, "{stand} stand, {fall} fall");
}

#[test]
fn a_line_ends_with_a_sentence_and_is_no_longer_than_the_persona_speaks() {
    let moment = Village::new().ball(4, &json!({}));
    let personas = Personas::builtin();
    let greig = personas.get("greig").unwrap();
    let grounds = Grounds::of(&moment, greig, LineKind::Call);
    for (line, may_end) in [
        ("Okafor finds four.", true),
        ("Four!", true),
        ("Okafor finds four", false),
        ("Okafor finds four, and", false),
        ("Four! Menon can only", false),
        ("", false),
    ] {
        assert!(grounds.allows_beginning(line), "{line}");
        assert_eq!(grounds.allows_line(line), may_end, "{line}");
    }
    let most = usize::from(greig.length.of(&moment)[1]);
    let longest = format!("{} four.", vec!["and"; most - 1].join(" "));
    assert!(grounds.allows_beginning(&longest), "{longest}");
    assert!(!grounds.allows_beginning(&format!("and {longest}")), "{most} words at most");
}

#[test]
fn what_may_be_written_is_not_yet_true() {
    let moment = Village::new().ball(4, &json!({}));
    let personas = Personas::builtin();
    let greig = personas.get("greig").unwrap();
    let line = "Okafor bowls to Menon, four!";
    assert_eq!(stops_at(line, &moment, greig), line, "its words are the moment's");
    assert!(check(line, &moment, greig).is_err(), "and yet the checker has the last word");
    assert_eq!(moment.kind(), LineKind::Call);
}
