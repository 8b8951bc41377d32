//! Bad messages: each is named with topic, place and remedy, kept aside, and everything good goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use rusqlite::Connection;
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn every_bad_message_is_named_and_set_aside_and_the_match_goes_on() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let client = Client::connect(broker.port, "listener", &["cricket/m/score"]);
    let mut events = play::events("m");
    events.truncate(30);
    let good = |event: &cricket::event::Event| serde_json::to_vec(event).unwrap();
    for event in &events[..15] {
        client.publish("cricket/m/events", good(event), false);
    }
    let mut half = good(&events[15]);
    half.truncate(half.len() / 2);
    let deep = "[".repeat(100_000);
    let large = format!(
        r#"{{"v":1,"type":"note","match_id":"m","seq":1,"key":"n","data":{{"text":"{}"}}}}"#,
        "x".repeat(8 * 1024 * 1024)
    );
    let bad: [(&str, Vec<u8>, &str); 9] = [
        ("cricket/m/event", good(&events[15]), "nobody listens to this topic; hint: publish to cricket/<match>/events"),
        ("cricket/events", good(&events[15]), "nobody listens to this topic"),
        ("cricket/m/events", b"four runs".to_vec(), "not an event"),
        ("cricket/m/events", half, "not an event"),
        (
            "cricket/m/events",
            br#"{"v":2,"type":"delivery","match_id":"m","seq":1,"key":"k"}"#.to_vec(),
            "contract version 2",
        ),
        ("cricket/other/events", good(&events[15]), "it belongs to match m, the topic to other"),
        (
            "cricket/m/events",
            br#"{"v":1,"type":"delivery","match_id":"m","seq":1,"key":"k","data":{"innings":1,"over":"x"}}"#.to_vec(),
            "delivery event k: data.",
        ),
        ("cricket/m/events", deep.into_bytes(), "not an event"),
        ("cricket/m/events", large.into_bytes(), "over the limit"),
    ];
    let count = i64::try_from(bad.len()).unwrap();
    for (topic, payload, _) in &bad {
        client.publish(topic, payload.clone(), false);
    }
    client.publish(
        "cricket/m/events",
        br#"{"v":1,"type":"drone_shot","match_id":"m","epoch":0,"seq":1,"key":"u1"}"#.to_vec(),
        false,
    );
    for event in &events[15..] {
        client.publish("cricket/m/events", good(event), false);
    }
    client.wait_for("the score goes on", PATIENCE, |heard| heard.json()["seq"] == 30);
    let log = until("the warnings", PATIENCE, || {
        Some(daemon.log()).filter(|log| log.contains("unknown type \"drone_shot\""))
    });
    for (topic, _, words) in &bad {
        let line =
            log.lines().find(|line| line.contains(&format!("message on {topic} refused")) && line.contains(words));
        let line = line.unwrap_or_else(|| panic!("no warning on {topic} with {words:?} in\n{log}"));
        assert!(line.contains("hint:") && line.contains("WARN") && line.len() < 1000, "{line}");
    }
    assert!(!log.contains("ERROR"), "{log}");
    assert_eq!(daemon.terminate().code(), Some(0));

    let journal = Connection::open(home.path().join("journal/journal.db")).unwrap();
    let kept: i64 = journal
        .query_row("SELECT count(*) FROM quarantine WHERE length(payload) <= 1024", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, count);
    let largest: i64 = journal.query_row("SELECT max(bytes) FROM quarantine", [], |row| row.get(0)).unwrap();
    assert!(largest > 8 * 1024 * 1024, "the whole size is known: {largest}");
    let unknown: i64 = journal.query_row("SELECT count(*) FROM event WHERE key = 'u1'", [], |row| row.get(0)).unwrap();
    assert_eq!(unknown, 1, "an unknown type is kept");
}

#[test]
fn a_message_over_the_packet_limit_does_not_keep_it_out_for_ever() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let client = Client::connect(broker.port, "listener", &["cricket/m/score"]);
    client.publish("cricket/m/snapshot", vec![b'x'; 200_000], true);
    client.flush();
    let daemon = Daemon::start_unready(broker.port, home.path(), &["broker.max_packet_bytes=65536"]);
    until("it was set aside", PATIENCE, || {
        daemon.log().contains("message on cricket/m/snapshot refused").then_some(())
    });
    client.publish("cricket/m/events", serde_json::to_vec(&play::events("m")[0]).unwrap(), false);
    client.wait_for("the score", PATIENCE, |heard| heard.json()["seq"] == 1);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_match_that_starts_in_the_middle_is_followed_from_there() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let client = Client::connect(broker.port, "listener", &["cricket/m/score", "cricket/m/resync"]);
    for event in &play::events("m")[40..60] {
        client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
    }
    let score = client.wait_for("the score", PATIENCE, |heard| heard.json()["seq"] == 60).json();
    assert_eq!(score["teams"], serde_json::Value::Null);
    let ask = client.wait_for("the question", PATIENCE, |heard| heard.topic.ends_with("/resync")).json();
    assert_eq!(ask, serde_json::json!({"from": {"epoch": 1, "seq": 1}, "reason": "gap"}));
    assert!(score["current"]["striker"]["name"].is_string(), "{score}");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn hostile_names_stay_names() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let name = "<script>alert(1)</script>\u{202e}\u{7}\r\nevent: begin\r\n";
    for mut event in play::events("m").into_iter().take(30) {
        if let cricket::event::EventData::Delivery(ball) = &mut event.data {
            ball.batter.name = name.into();
            ball.bowler.name = name.into();
        }
        client.publish("cricket/m/events", serde_json::to_vec(&event).unwrap(), false);
    }
    client.wait_for("the score", PATIENCE, |heard| heard.topic.ends_with("/score") && heard.json()["seq"] == 30);
    for heard in client.heard().iter().filter(|heard| heard.topic.contains("/commentary/")) {
        let text = heard.json()["text"].as_str().unwrap().to_owned();
        assert!(!text.contains('<') && !text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?}");
    }
    assert!(!daemon.log().contains('\u{7}'));
    assert_eq!(daemon.terminate().code(), Some(0));
}
