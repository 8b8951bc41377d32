//! What becomes of a model's reply: slots, claims, repeats.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{Layout, LineKind, Memory, Moment, Persona, Personas, Reply, reply};
use serde_json::json;
use village::Village;

fn greig() -> Persona {
    Personas::builtin().get("greig").unwrap().clone()
}

fn judged(text: &str, moment: &Moment, layout: Layout) -> Reply {
    reply::judge(text, LineKind::Call, moment, &greig(), layout, &Memory::new())
}

#[test]
fn slots_are_filled_from_the_moment_and_the_line_is_checked_as_filled() {
    let moment = Village::new().ball(4, &json!({}));
    let reply = judged(" Four! {bowler} will not like that, {batter} on {batter_runs}!\n", &moment, Layout::Slots);
    let Reply::Line(line) = reply else { panic!("{reply:?}") };
    assert_eq!(line.text(), "Four! Menon will not like that, Okafor on 4!");
    assert!(line.facts().iter().any(|fact| fact.id == "bowler"), "{:?}", line.facts());
}

#[test]
fn a_slot_in_the_wrong_place_is_a_false_claim() {
    let moment = Village::new().ball(4, &json!({}));
    let reply = judged("Four! What a shot from {bowler}!", &moment, Layout::Slots);
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
}

#[test]
fn slots_that_are_unknown_open_or_empty_are_refused_by_name() {
    let moment = Village::new().ball(4, &json!({}));
    for (text, named) in
        [("Four from {captain}!", "captain"), ("Four from {batter", "{batter"), ("Gone! {out} is out!", "{out}")]
    {
        let Reply::Refused(rejection) = judged(text, &moment, Layout::Slots) else { panic!("{text} passed") };
        assert!(rejection.to_string().contains(named), "{rejection}");
    }
}

#[test]
fn only_the_slots_layout_has_slots() {
    let moment = Village::new().ball(4, &json!({}));
    assert!(matches!(judged("Four! {batter} on the charge!", &moment, Layout::Compact), Reply::Refused(_)));
}

#[test]
fn what_was_said_a_moment_ago_is_a_repeat_and_what_begins_like_it_too() {
    let moment = Village::new().ball(4, &json!({}));
    let mut memory = Memory::new();
    memory.remember(&moment, "Four! What a moment!");
    for text in ["Four, what a moment!", "Four! What a delight!"] {
        let reply = reply::judge(text, LineKind::Call, &moment, &greig(), Layout::Slots, &memory);
        assert!(matches!(reply, Reply::Repeat(_)), "{reply:?}");
    }
    let reply = reply::judge("That is four!", LineKind::Call, &moment, &greig(), Layout::Slots, &memory);
    assert!(matches!(reply, Reply::Line(_)), "{reply:?}");
}
