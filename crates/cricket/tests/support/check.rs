//! Holds one file against everything we claim of every file.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on shall fail")]

use cricket::{
    cricsheet,
    event::{Event, EventData, decode_payload},
    score::{AnomalyKind, Match, MatchResult},
};
use serde_json::Value;

use super::{ours, outcome, recount::recount};

/// What a file showed beyond passing.
pub(crate) struct Seen {
    pub(crate) balls: usize,
    pub(crate) strike: Strike,
    pub(crate) result: Verdict,
    pub(crate) game: Match,
}

/// How often the state had the right striker before a ball, where the ball before brought no wicket or retirement.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Strike {
    pub(crate) right: usize,
    pub(crate) of: usize,
}

/// The recorded result against ours.
pub(crate) enum Verdict {
    Agrees,
    Differs(String),
    /// We have none, and the file says why.
    NotComputable(&'static str),
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
    let mut strike = Strike::default();
    for event in sent {
        look_at_strike(&mut strike, &game, &event);
        game.apply(event);
    }
    let original: Value = serde_json::from_slice(bytes).unwrap();
    let counts = recount(&original);
    let innings = &game.state().innings;
    assert_eq!(innings.len(), counts.len(), "{id}");
    for (ours, theirs) in innings.iter().map(ours::count).zip(&counts) {
        if let Some(difference) = ours::first_difference(&ours, theirs) {
            panic!("{id}: the score differs from an independent count: {difference}");
        }
    }
    let gaps = game.state().anomalies.iter().filter(|anomaly| anomaly.kind == AnomalyKind::Gap).count();
    assert_eq!(gaps, 0, "{id}: gaps in a complete file");
    let result = verdict(&original, game.state().computed_result.as_ref());
    Seen { balls: file.deliveries().count(), strike, result, game }
}

fn look_at_strike(strike: &mut Strike, game: &Match, event: &Event) {
    let EventData::Delivery(ball) = &event.data else { return };
    let Some(innings) = game.state().current().filter(|innings| innings.number == ball.innings) else { return };
    let Some(last) = innings.overs.last().and_then(|over| over.balls.last()) else { return };
    if last.wickets.is_empty() {
        strike.of += 1;
        strike.right += usize::from(innings.striker_card().is_some_and(|card| card.player.id == ball.batter.id));
    }
}

fn verdict(file: &Value, computed: Option<&MatchResult>) -> Verdict {
    let recorded = outcome::recorded(file);
    let Some(computed) = computed else {
        return outcome::why_not_computable(file)
            .map_or_else(|| Verdict::Differs(format!("{recorded}; we have none")), Verdict::NotComputable);
    };
    let ours = match computed {
        MatchResult::WonByRuns { winner, runs } => format!("{winner} by {runs} runs"),
        MatchResult::WonByWickets { winner, wickets, .. } => format!("{winner} by {wickets} wickets"),
        MatchResult::WonByInnings { winner, runs } => format!("{winner} by an innings and {runs}"),
        MatchResult::Tie { super_over_winner: Some(winner) } if file["info"]["outcome"]["eliminator"] != **winner => {
            format!("tie, {winner} in the super over")
        }
        MatchResult::Tie { .. } => "tie".to_owned(),
    };
    if ours == recorded { Verdict::Agrees } else { Verdict::Differs(format!("{recorded}; we have {ours}")) }
}

fn resend(id: &str, event: &Event) -> Event {
    let json = serde_json::to_vec(event).unwrap();
    let mut read = decode_payload(&json).unwrap_or_else(|error| panic!("{id} {}: {error}", event.key));
    read.remove(0).unwrap_or_else(|error| panic!("{id} {}: {error}", event.key))
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
