//! How a match ends, in words: by how much it is won.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{LineKind, Moment, NoArchive, Personas, Phrasebook, checker::check_as};
use serde_json::json;
use village::Village;

#[test]
fn an_innings_victory_is_told_as_one() {
    let mut village = Village::new();
    village.ball(1, &json!({}));
    let outcome = json!({"outcome": {"winner": "Harbour", "by": {"innings": 1, "runs": 4}}});
    let (event, applied) = village.send("match_end", "result", 0, "confirmed", &outcome);
    let moment = Moment::form(village.game.state(), &event, &applied.happenings, &NoArchive).unwrap();
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for persona in personas.iter() {
        let sayings = book.sayings(LineKind::Innings, &moment, persona);
        let with_margin: Vec<&str> = sayings
            .iter()
            .filter(|saying| saying.template.contains("{margin}"))
            .map(|saying| saying.text.as_str())
            .collect();
        assert!(!with_margin.is_empty(), "{}", persona.id);
        for line in with_margin {
            assert!(line.contains("an innings and 4 runs") || line.contains("पारी और 4 रन"), "{line}");
            check_as(LineKind::Innings, line, &moment, persona).unwrap();
        }
    }
    for (persona, line) in [
        ("benaud", "Harbour win by 4 runs."),
        ("doshi-hi", "4 रन से Harbour की जीत।"),
        ("doshi-hi", "Harbour की 4 रन से जीत।"),
    ] {
        let short = check_as(LineKind::Innings, line, &moment, personas.get(persona).unwrap());
        assert!(short.is_err_and(|rejection| rejection.is_contradicted()), "by so many runs alone it was not won: {line}");
    }
}
