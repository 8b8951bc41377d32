#![allow(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use cricket::{
    event::{Event, EventData, Key, OverEnd},
    player::PlayerRef,
};

use super::Broadcast;
use crate::terminal::balls::tests::ball;

const DOT: &str = r#""runs":{"bat":0,"extras":0,"total":0}"#;
const FOUR: &str = r#""runs":{"bat":4,"extras":0,"total":4}"#;

struct Booth {
    broadcast: Broadcast,
    seq: u64,
}

impl Booth {
    fn new() -> Self {
        let voices = vec![("greig".to_owned(), "Greig".to_owned())];
        Self { broadcast: Broadcast::new("m", 80, voices), seq: 0 }
    }

    fn send(&mut self, key: Key, data: EventData) -> String {
        self.seq += 1;
        plain(&self.broadcast.event(Event::new("m", self.seq, key, data)))
    }

    fn bowl(&mut self, pos: u16, parts: &str) -> String {
        let ball = cricket::event::Delivery { pos, ..ball(parts) };
        self.send(Key::delivery(1, 0, pos), EventData::Delivery(Box::new(ball)))
    }

    fn say(&mut self, kind: &str, key: &str, text: &str) -> String {
        let line = serde_json::json!({
            "v": 1, "line_id": text, "match_id": "m", "key": key, "rev": 0, "persona": "greig", "lang": "en", "kind": kind,
            "text": text, "importance": 0.5, "leverage": 0.1, "facts": [], "origin": "phrasebook", "checked": true, "seq": 1,
        });
        plain(&self.broadcast.line(&serde_json::from_value(line).unwrap()))
    }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn a_boundary_has_a_row_at_once_and_a_dot_when_it_is_spoken_about() {
    let mut booth = Booth::new();
    let text = booth.bowl(1, FOUR);
    assert!(text.contains("over 1  C Bowler to A Batter") && text.contains("0.1  4    FOUR"), "{text}");
    assert_eq!(booth.bowl(2, DOT), "");
    let text = booth.say("call", "i1.o0.d2", "Well bowled!");
    assert!(text.contains("0.2  •") && text.contains("Greig  Well bowled!"), "{text}");
    assert!(!booth.say("colour", "i1.o0.d2", "Again!").contains("0.2"), "the row stands there already");
}

#[test]
fn what_is_said_about_an_over_stands_below_its_block() {
    let mut booth = Booth::new();
    booth.bowl(1, FOUR);
    assert_eq!(booth.say("over", "i1.o0.d1", "Four from it."), "");
    let bowler = PlayerRef::named("C Bowler");
    let end = OverEnd { innings: 1, over: 0, bowler, legal_balls: Some(1), ext: serde_json::Map::new() };
    assert_eq!(booth.send(Key::over_end(1, 0), EventData::OverEnd(Box::new(end))), "");
    let text = plain(&booth.broadcast.flush());
    let (block, said) = (text.find("4  (4 runs)").unwrap(), text.find("Four from it.").unwrap());
    assert!(block < said, "{text}");
}

#[test]
fn a_correction_says_what_it_was() {
    let mut booth = Booth::new();
    booth.bowl(1, FOUR);
    let (wrong, right) = (ball(FOUR), EventData::Delivery(Box::new(ball(DOT))));
    let wrong = Event::new("m", 1, Key::delivery(1, 0, 1), EventData::Delivery(Box::new(wrong)));
    let text = plain(&booth.broadcast.event(wrong.revised(1, 2, right)));
    assert_eq!(text.trim(), "scorer: ball 0.1 was •, not 4");
    let text = plain(&booth.broadcast.event(Event { rev: 2, seq: 3, data: EventData::Retract, ..wrong }));
    assert_eq!(text.trim(), "scorer: ball 0.1 never was");
}

#[test]
fn a_hostile_name_moves_nothing() {
    let mut booth = Booth::new();
    let said = booth.broadcast.line(
        &serde_json::from_value(serde_json::json!({
            "v": 1, "line_id": "l", "match_id": "m", "key": "x", "rev": 0, "persona": "\u{1b}[2Jghost", "lang": "en",
            "kind": "call", "text": "\u{1b}]0;owned\u{7}\u{202e}hello", "importance": 0.5, "leverage": 0.1, "facts": [],
            "origin": "phrasebook", "checked": true, "seq": 1,
        }))
        .unwrap(),
    );
    assert!(!said.contains("\u{1b}[2J") && !said.contains("\u{1b}]") && !said.contains('\u{202e}'), "{said:?}");
}
