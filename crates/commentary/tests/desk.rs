//! What the desk says beside its notes: corrections, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{LineKind, Memory, Personas, Phrasebook, checker::check_as, decide};
use serde_json::json;
use village::Village;

#[test]
fn a_corrected_ball_is_put_right_in_words() {
    let (book, personas) = (Phrasebook::builtin(), Personas::house());
    let desk = personas.get("desk").unwrap();
    for (now, part) in [(Some(2), "2 runs"), (None, "not a four")] {
        let mut village = Village::new();
        let ball = village.ball(4, &json!({}));
        assert!(decide(&ball, desk, &Memory::new()).is_silence(), "no ball is called with notes");
        let correction = village.correct(now).unwrap();
        assert_eq!(decide(&correction, desk, &Memory::new()).kinds, [LineKind::Correction]);
        for saying in book.sayings(LineKind::Correction, &correction, desk) {
            check_as(LineKind::Correction, &saying.text, &correction, desk).unwrap();
        }
        let line = book.line_of(LineKind::Correction, &correction, desk, &mut Memory::new()).unwrap();
        assert!(line.text().contains(part), "{}", line.text());
    }
}
