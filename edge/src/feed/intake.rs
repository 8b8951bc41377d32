//! Reading a message: events that can be used, and what is wrong with the rest. Pure.

use cricket::event::{Event, decode_payload};
use serde::Deserialize;

use super::topic::{Channel, Subject, Topics};
use crate::config::bounded::is_topic_level;

/// How much of a refused payload is kept, in bytes.
pub const KEPT_PREFIX: usize = 1024;
/// The longest key that is taken, in bytes: keys become parts of names of lines.
const LONGEST_KEY: usize = 200;

/// What a feed says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct FeedStatus {
    /// Whether it lives.
    pub online: bool,
    /// The epoch it is in.
    #[serde(default)]
    pub epoch: Option<u32>,
    /// The last event it published.
    #[serde(default)]
    pub seq: Option<u64>,
}

/// What a message holds.
#[derive(Debug, Default, PartialEq)]
pub struct Intake {
    /// The match, where the topic names one.
    pub match_id: Option<String>,
    /// Events that can be used, in the order sent.
    pub events: Vec<Event>,
    /// What the feed says of itself.
    pub status: Option<FeedStatus>,
    /// What could not be used, and why: place and remedy.
    pub refused: Vec<String>,
}

/// Reads a message.
pub fn read(topics: &Topics, topic: &str, payload: &[u8]) -> Intake {
    let refused = |reason: String| Intake { refused: vec![reason], ..Intake::default() };
    let (match_id, channel) = match topics.subject(topic) {
        Subject::Feed { match_id, channel } => (match_id, channel),
        Subject::Ours | Subject::Line => return Intake::default(),
        Subject::Wrong => return refused(format!("nobody listens to this topic; hint: {}", topics.remedy())),
    };
    if !is_topic_level(match_id) {
        return refused(
            "the match's id is too long or holds a space; hint: 1 to 64 characters without '$' or spaces".to_owned(),
        );
    }
    let mut intake = match channel {
        // An empty payload is how MQTT takes back a kept message.
        Channel::Snapshot | Channel::Status if payload.is_empty() => Intake::default(),
        Channel::Status => status(payload),
        Channel::Events | Channel::Snapshot => events(match_id, payload),
    };
    intake.match_id = Some(match_id.to_owned());
    intake
}

fn status(payload: &[u8]) -> Intake {
    match serde_json::from_slice(payload) {
        Ok(status) => Intake { status: Some(status), ..Intake::default() },
        Err(error) => Intake {
            refused: vec![format!(
                "not a feed's status: {error}; hint: send {{\"online\":true,\"epoch\":1,\"seq\":412}}"
            )],
            ..Intake::default()
        },
    }
}

fn events(match_id: &str, payload: &[u8]) -> Intake {
    let mut intake = Intake::default();
    let items = match decode_payload(payload) {
        Ok(items) => items,
        Err(error) => {
            intake.refused.push(error.to_string());
            return intake;
        }
    };
    for (index, item) in items.into_iter().enumerate() {
        let place = || format!("event {} of the message", index + 1);
        match item {
            Ok(event) if &*event.match_id != match_id => intake.refused.push(format!(
                "{}: it belongs to match {}, the topic to {match_id}; hint: publish it to that match's topic",
                place(),
                shortened(&event.match_id)
            )),
            Ok(event) if event.key.as_str().len() > LONGEST_KEY => intake
                .refused
                .push(format!("{}: its key is over {LONGEST_KEY} bytes; hint: use keys such as i2.o15.d3", place())),
            Ok(event) => intake.events.push(event),
            Err(error) => intake.refused.push(format!("{}: {error}", place())),
        }
    }
    intake
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn refusal(topic: &str, payload: &str) -> String {
        read(&Topics::new(&Config::default()), topic, payload.as_bytes()).refused.join("|")
    }

    #[test]
    fn every_kind_of_bad_message_names_place_and_remedy() {
        let wrong_topic = refusal("cricket/m1/event", "{}");
        assert!(wrong_topic.contains("hint: publish to cricket/<match>/events"), "{wrong_topic}");
        let not_json = refusal("cricket/m1/events", "hello");
        assert!(not_json.contains("line 1") && not_json.contains("hint:"), "{not_json}");
        let version = refusal("cricket/m1/events", r#"{"v":9,"type":"delivery","match_id":"m1","seq":1,"key":"k"}"#);
        assert!(version.contains("version 9") && version.contains("hint:"), "{version}");
        let elsewhere = refusal("cricket/m1/events", r#"{"v":1,"type":"note","match_id":"m2","seq":1,"key":"k"}"#);
        assert!(elsewhere.contains("match m2") && elsewhere.contains("hint:"), "{elsewhere}");
        let status = refusal("cricket/m1/status", "up");
        assert!(status.contains("hint: send {\"online\":true"), "{status}");
    }

    #[test]
    fn a_bad_event_does_not_spoil_its_neighbours() {
        let payload = r#"[{"v":1,"type":"note","match_id":"m1","seq":1,"key":"n1"},
            {"v":1,"type":"delivery","match_id":"m1","seq":2,"key":"d","data":{"innings":"one"}},
            {"v":1,"type":"note","match_id":"m1","seq":3,"key":"n2"}]"#;
        let intake = read(&Topics::new(&Config::default()), "cricket/m1/events", payload.as_bytes());
        assert_eq!(intake.events.iter().map(|event| event.key.as_str()).collect::<Vec<_>>(), ["n1", "n2"]);
        assert!(intake.refused.join("").contains("event 2 of the message"), "{:?}", intake.refused);
    }

    #[test]
    fn an_emptied_snapshot_is_no_fault() {
        assert_eq!(refusal("cricket/m1/snapshot", ""), "");
    }
}
