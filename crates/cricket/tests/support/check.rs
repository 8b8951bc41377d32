//! Holds one file against everything we claim of every file.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on shall fail")]

use cricket::{
    cricsheet,
    event::{Event, decode_payload},
    score::{AnomalyKind, Match},
};
use serde_json::Value;

use super::recount::{Count, recount};

/// What a file showed beyond passing.
pub(crate) struct Seen {
    pub(crate) balls: usize,
    pub(crate) game: Match,
}

/// File to events, through their JSON, and back; then the score against an independent count.
pub(crate) fn check(id: &str, bytes: &[u8]) -> Seen {
    let file = cricsheet::read(bytes).unwrap_or_else(|error| panic!("{id}: {error}"));
    let events = cricsheet::to_events(id, &file);
    let sent: Vec<Event> = events.iter().map(|event| resend(id, event)).collect();
    assert!(events == sent, "{id}: events differ after their own JSON");
    let back = cricsheet::from_events(&sent);
    assert!(back == file, "{id}: events do not give the file back");
    let (ours, theirs) = (number_texts(cricsheet::write(&back).as_bytes()), number_texts(bytes));
    assert!(ours == theirs, "{id}: {}", first_difference("$", &theirs, &ours).unwrap_or_default());

    let mut game = Match::new(id);
    for event in sent {
        game.apply(event);
    }
    let original: Value = serde_json::from_slice(bytes).unwrap();
    let counts = recount(&original);
    let ours: Vec<Count> = game.state().innings.iter().map(count).collect();
    assert!(ours == counts, "{id}: the score differs from an independent count:\n{ours:#?}\n{counts:#?}");
    assert_eq!(game.state().innings.len(), counts.len(), "{id}");
    let gaps = game.state().anomalies.iter().filter(|anomaly| anomaly.kind == AnomalyKind::Gap).count();
    assert_eq!(gaps, 0, "{id}: gaps in a complete file");
    Seen { balls: file.deliveries().count(), game }
}

fn resend(id: &str, event: &Event) -> Event {
    let json = serde_json::to_vec(event).unwrap();
    let mut read = decode_payload(&json).unwrap_or_else(|error| panic!("{id} {}: {error}", event.key));
    read.remove(0).unwrap_or_else(|error| panic!("{id} {}: {error}", event.key))
}

fn count(innings: &cricket::score::Innings) -> Count {
    let name = |player: &cricket::player::PlayerRef| player.name.to_string();
    Count {
        runs: innings.runs.into(),
        wickets: innings.wickets.into(),
        legal_balls: innings.legal_balls.into(),
        batting: innings
            .batting
            .iter()
            .filter(|card| faced_any(innings, &card.player))
            .map(|card| (name(&card.player), (card.runs.into(), card.balls.into())))
            .collect(),
        bowling: innings
            .bowling
            .iter()
            .map(|card| (name(&card.player), (card.balls.into(), card.runs.into(), card.wickets.into())))
            .collect(),
    }
}

/// Whether a batter was ever on strike; who was not has a card but no line in the independent count.
fn faced_any(innings: &cricket::score::Innings, player: &cricket::player::PlayerRef) -> bool {
    innings.overs.iter().flat_map(|over| &over.balls).any(|ball| ball.batter.id == player.id)
}

/// The document with every number that has a point as its text, so that 5.10 and 5.1 differ.
fn number_texts(bytes: &[u8]) -> Value {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut in_text, mut escaped) = (false, false);
    let mut index = 0;
    while let Some(byte) = bytes.get(index).copied() {
        let starts_number = !in_text && (byte.is_ascii_digit() || byte == b'-');
        if starts_number {
            let rest = bytes.get(index..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || b".-+eE".contains(byte)).count();
            let number = rest.get(..length).unwrap_or_default();
            let pointed = number.iter().any(|byte| !byte.is_ascii_digit());
            if pointed {
                out.extend(b"\"#");
            }
            out.extend(number);
            if pointed {
                out.push(b'"');
            }
            index += length;
            continue;
        }
        in_text ^= byte == b'"' && !escaped;
        escaped = in_text && byte == b'\\' && !escaped;
        out.push(byte);
        index += 1;
    }
    serde_json::from_slice(&out).unwrap()
}

/// Where two documents differ, dynamic maps in order.
fn first_difference(path: &str, theirs: &Value, ours: &Value) -> Option<String> {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            let missing =
                theirs.keys().chain(ours.keys()).find(|key| theirs.contains_key(*key) != ours.contains_key(*key));
            if let Some(key) = missing {
                return Some(format!("{path}.{key} is on one side only"));
            }
            theirs.iter().find_map(|(key, value)| first_difference(&format!("{path}.{key}"), value, &ours[key]))
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => theirs
            .iter()
            .zip(ours)
            .enumerate()
            .find_map(|(index, (theirs, ours))| first_difference(&format!("{path}[{index}]"), theirs, ours)),
        _ if theirs == ours => None,
        _ => Some(format!("{path}: the file has {theirs}, we print {ours}")),
    }
}

/// Names in the order in which a file has them, for the maps whose order counts.
pub(crate) fn dynamic_orders(bytes: &[u8]) -> Vec<Vec<String>> {
    let file: Value = serde_json::from_slice(bytes).unwrap();
    let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
    let info = &file["info"];
    let mut orders = vec![keys(&info["players"]), keys(&info["registry"]["people"]), keys(&info["supersubs"])];
    orders.extend(file["innings"].as_array().into_iter().flatten().map(|innings| keys(&innings["miscounted_overs"])));
    orders
}
