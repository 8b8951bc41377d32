//! A whole match through a real broker and the real binary: events in, lines and score out.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{collections::HashSet, time::Duration};

use commentary::{Line, LineKind, Origin};
use cricket::{
    event::{Event, EventData, Key},
    score::Match,
};
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn lines(client: &Client) -> Vec<Line> {
    let spoken = client.heard().into_iter().filter(|heard| heard.topic.contains("/commentary/"));
    spoken
        .filter(|heard| !heard.topic.ends_with("/latest"))
        .map(|heard| serde_json::from_slice(&heard.payload).unwrap())
        .collect()
}

fn publish(feed: &Client, events: &[Event]) {
    for event in events {
        feed.publish(&format!("cricket/{}/events", event.match_id), serde_json::to_vec(event).unwrap(), false);
    }
}

/// Waits until the score topic stands at the match's last event.
fn wait_for_score(client: &Client, seq: u64) -> serde_json::Value {
    let heard = client
        .wait_for("the last score", PATIENCE, |heard| heard.topic.ends_with("/score") && heard.json()["seq"] == seq);
    heard.json()
}

#[test]
fn a_match_is_scored_and_spoken_about_with_full_provenance_and_stops_cleanly() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=benaud,greig"]);
    let client = Client::connect(broker.port, "listener", &["cricket/#", "vachak/#"]);
    let events = play::events("herons-kites");
    publish(&client, &events);
    let score = wait_for_score(&client, events.len() as u64);

    // The score is that of a plain replay.
    let replay = Match::from_events("herons-kites", events.clone());
    let state = replay.state();
    for (shown, innings) in score["innings"].as_array().unwrap().iter().zip(&state.innings) {
        assert_eq!(shown["runs"], innings.runs);
        assert_eq!(shown["wickets"], innings.wickets);
        assert_eq!(shown["overs"], innings.overs_text().to_string());
    }
    assert!(state.computed_result.is_some(), "the invented match is decided");
    assert!(score["result"].as_str().unwrap().contains(" won by "), "{}", score["result"]);
    assert_eq!(score["anomalies"], serde_json::json!([]), "the invented match is sound");

    // Every wicket and boundary is called by both, at once, and every line says where it comes from.
    until("the lines", PATIENCE, || {
        lines(&client).iter().any(|line| line.key.starts_with("i2.") && line.kind == LineKind::Innings).then_some(())
    });
    let said = lines(&client);
    for event in &events {
        let EventData::Delivery(ball) = &event.data else { continue };
        if ball.wickets.is_empty() && !ball.is_four() && !ball.is_six() {
            continue;
        }
        for persona in ["benaud", "greig"] {
            let call = said
                .iter()
                .find(|line| line.key == event.key.as_str() && line.persona == persona && line.kind == LineKind::Call);
            let call = call.unwrap_or_else(|| panic!("{persona} did not call {}", event.key));
            assert!(call.latency_ms.unwrap() < 300, "{} after {:?} ms", event.key, call.latency_ms);
        }
    }
    let mut ids = HashSet::new();
    for line in &said {
        assert!(ids.insert(line.line_id.clone()), "said twice: {}", line.line_id);
        assert!(line.checked && !line.text.trim().is_empty() && line.origin == Origin::Phrasebook, "{line:?}");
        assert!(line.expires_at > line.published_at && line.published_at.is_some(), "{line:?}");
        assert_eq!((line.v, line.match_id.as_str(), line.lang.as_str()), (1, "herons-kites", "en"));
    }
    for persona in ["benaud", "greig"] {
        let numbers: Vec<u64> = said.iter().filter(|line| line.persona == persona).map(|line| line.seq).collect();
        assert_eq!(
            numbers,
            (1..=numbers.len() as u64).collect::<Vec<_>>(),
            "{persona}'s lines are numbered without a gap"
        );
        let latest = client.heard_on(&format!("/commentary/{persona}/latest")).pop().unwrap();
        let last = said.iter().rfind(|line| line.persona == persona).unwrap();
        assert_eq!(latest.json()["line_id"], last.line_id.as_str());
    }

    // What is kept is there for those who come late, ourselves among it.
    let late =
        Client::connect(broker.port, "late", &["cricket/+/score", "cricket/+/commentary/+/latest", "vachak/+/+"]);
    for end in ["/score", "benaud/latest", "greig/latest", "/state", "/info", "/health"] {
        assert!(late.wait_for(end, PATIENCE, |heard| heard.topic.ends_with(end)).retained, "{end}");
    }
    let info = late.heard_on("/info").pop().unwrap().json();
    assert_eq!(info["personas"], serde_json::json!(["benaud", "greig"]));

    let status = daemon.terminate();
    assert_eq!(status.code(), Some(0));
    let stopped =
        client.wait_for("stopped", PATIENCE, |heard| heard.topic == "vachak/box/state" && heard.text() == "stopped");
    assert_eq!(stopped.topic, "vachak/box/state");
    assert_eq!(client.heard_on("/state").pop().unwrap().text(), "stopped", "no last will after a clean end");
    let left: Vec<String> = std::fs::read_dir(home.path().join("journal"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!left.iter().any(|name| name.ends_with("-wal") || name.ends_with("-shm")), "{left:?}");
}

#[test]
fn a_corrected_ball_takes_back_what_was_said_of_it() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let events = play::events("m");
    let at =
        events.iter().position(|event| matches!(&event.data, EventData::Delivery(ball) if ball.is_four())).unwrap();
    publish(&client, &events[..=at]);
    let key = events[at].key.clone();
    let spoken = |kind: LineKind, rev: u32| {
        until(&format!("a {kind:?} line of revision {rev}"), PATIENCE, || {
            lines(&client).into_iter().find(|line| line.key == key.as_str() && line.kind == kind && line.rev == rev)
        })
    };
    let call = spoken(LineKind::Call, 0);

    // Two runs, not four.
    let EventData::Delivery(mut ball) = events[at].data.clone() else { unreachable!() };
    (ball.runs.bat, ball.runs.total) = (2, 2);
    let corrected = events[at].revised(1, at as u64 + 2, EventData::Delivery(ball));
    publish(&client, std::slice::from_ref(&corrected));
    let correction = spoken(LineKind::Correction, 1);
    assert!(!correction.text.is_empty());
    let said = lines(&client);
    let taken_back: HashSet<String> =
        said.iter().flat_map(|line| [line.supersedes.clone(), line.retracts.clone()]).flatten().collect();
    let of_the_ball = said.iter().filter(|line| line.key == key.as_str() && line.rev == 0);
    for line in of_the_ball {
        assert!(taken_back.contains(&line.line_id), "{} still stands", line.line_id);
    }
    assert!(taken_back.contains(&call.line_id));

    // It never was.
    publish(&client, &[corrected.revised(1, at as u64 + 3, EventData::Retract)]);
    until("the correction is taken back too", PATIENCE, || {
        lines(&client)
            .iter()
            .any(|line| line.rev == 2 && line.retracts.as_ref() == Some(&correction.line_id))
            .then_some(())
    });
    let score = wait_for_score(&client, at as u64 + 3);
    let mut replay = Match::from_events("m", events[..at].to_vec());
    replay.apply(corrected.revised(1, at as u64 + 3, EventData::Retract));
    assert_eq!(score["current"]["striker"]["runs"], replay.state().current().unwrap().striker_card().unwrap().runs);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_missing_ball_is_asked_for_and_disorder_is_not() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let mut events = play::events("m");
    events.truncate(40);
    // Neighbours change places: no more than mere disorder.
    let mut disordered = events[..20].to_vec();
    for pair in disordered[1..].chunks_mut(2) {
        pair.reverse();
    }
    publish(&client, &disordered);
    wait_for_score(&client, 20);
    assert!(client.heard_on("/resync").is_empty());
    // One is missing.
    publish(&client, &events[21..]);
    let ask = client
        .wait_for("a resync request", PATIENCE, |heard| {
            heard.topic == "cricket/m/resync" && heard.json()["reason"] == "gap"
        })
        .json();
    assert_eq!(ask, serde_json::json!({"from": {"epoch": 1, "seq": 21}, "reason": "gap"}));
    publish(&client, &events[20..21]);
    let replay = Match::from_events("m", events);
    client.wait_for("the score with the ball that was missing", PATIENCE, |heard| {
        heard.topic.ends_with("/score")
            && heard.json()["seq"] == 40
            && heard.json()["innings"][0]["runs"] == replay.state().innings[0].runs
    });
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_snapshot_brings_a_late_comer_up_to_date_and_survives_a_restart() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let client = Client::connect(broker.port, "listener", &["cricket/m/score"]);
    let mut events = play::events("m");
    events.truncate(60);
    // A ball that only the stream had, not the snapshot: it is dropped.
    let phantom = Event::new("m", 59, Key::new("phantom"), events[58].data.clone());
    let snapshot = serde_json::json!({
        "v": 1, "type": "snapshot", "match_id": "m", "epoch": 1, "seq": 60, "key": "snapshot", "rev": 0,
        "data": {"events": events},
    });
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    publish(&client, &[phantom]);
    wait_for_score(&client, 59);
    client.publish("cricket/m/snapshot", snapshot.to_string(), true);
    let score = wait_for_score(&client, 60);
    let replay = Match::from_events("m", events);
    assert_eq!(score["innings"][0]["runs"], replay.state().innings[0].runs);
    daemon.kill();
    client.publish("cricket/m/snapshot", "", true);
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let again = until("the score after the restart", PATIENCE, || {
        let scores = daemon.get("/api/score");
        let body = scores.split("\r\n\r\n").nth(1)?.to_owned();
        serde_json::from_str::<serde_json::Value>(&body).ok()?.get(0).cloned()
    });
    assert_eq!(again["innings"], score["innings"]);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_real_match_ends_as_its_file_says() {
    let Some(file) = support::shared("data/samples/1359534.json") else {
        return;
    };
    let record = cricket::cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
    let events = cricket::cricsheet::to_events("1359534", &record);
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=benaud,greig,doshi"]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    publish(&client, &events);
    let score = wait_for_score(&client, events.len() as u64);
    // As the record has it: 171 for 5, then 59 all out in 10.3 overs.
    let innings = |at: usize, field: &str| score["innings"][at][field].clone();
    assert_eq!((innings(0, "runs"), innings(0, "wickets")), (171.into(), 5.into()));
    assert_eq!((innings(1, "runs"), innings(1, "overs")), (59.into(), "10.3".into()));
    assert_eq!(score["result"], "Royal Challengers Bangalore won by 112 runs");
    let said = lines(&client);
    let ids: HashSet<&str> = said.iter().map(|line| line.line_id.as_str()).collect();
    assert_eq!(ids.len(), said.len());
    for persona in ["benaud", "greig", "doshi"] {
        assert!(said.iter().filter(|line| line.persona == persona).count() > 50, "{persona} hardly spoke");
    }
    assert_eq!(daemon.terminate().code(), Some(0));
}
