//! `vachak replay` with the real program and a real mosquitto.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;
mod support;

use std::{
    collections::HashSet,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use cli_support::{invented, run, stderr, vachak};
use cricket::{
    cricsheet,
    event::{Event, EventData, decode_payload},
    score::Match,
};
use support::{
    broker::Broker,
    client::{Client, Heard},
    free_port, until,
};

/// How long a replay without pauses may take; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

fn url(broker: &Broker) -> String {
    format!("mqtt://127.0.0.1:{}", broker.port)
}

/// The events among what was heard, in the order of arrival.
fn events(heard: &[Heard]) -> Vec<Event> {
    heard.iter().flat_map(|heard| decode_payload(&heard.payload).unwrap()).map(|event| event.unwrap()).collect()
}

/// Plays a file without pauses and hands back a listener that has heard all of it, up to the feed's goodbye.
fn replayed(args: &[&str], broker: &Broker) -> Client {
    let listener = Client::connect(broker.port, "listener", &["cricket/#"]);
    let output = run(&[&["replay", "--speed", "max", "--broker", &url(broker)], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.is_empty(), "stdout carries data, and a replay has none");
    wait_for_goodbye(&listener);
    listener
}

fn wait_for_goodbye(listener: &Client) {
    listener.wait_for("the feed is offline", PATIENCE, |heard| {
        heard.topic.ends_with("/status") && heard.json()["online"] == false
    });
}

fn clean_replay(file: &Path, match_id: &str) -> Match {
    let record = cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
    Match::from_events(match_id, cricsheet::to_events(match_id, &record))
}

#[test]
fn chaos_ends_as_the_file_does() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 11);
    for seed in ["1", "2"] {
        let broker = Broker::start();
        let listener = replayed(&[file.to_str().unwrap(), "--match-id", "chaos", "--chaos", "--seed", seed], &broker);
        let events = events(&listener.heard_on("chaos/events"));
        let mut score = Match::new("chaos");
        for event in events.clone() {
            score.apply(event);
        }
        assert!(
            score.state() == clean_replay(&file, "chaos").state(),
            "seed {seed}: the state differs from the file's"
        );
        // And there was chaos.
        let distinct: HashSet<_> = events.iter().map(|event| event.event_id.clone()).collect();
        assert!(distinct.len() < events.len(), "no duplicates");
        assert!(events.windows(2).any(|pair| pair[1].seq < pair[0].seq), "no disorder");
        assert!(events.iter().any(|event| event.rev > 0 && event.data != EventData::Retract), "no correction");
        assert!(events.iter().any(|event| event.data == EventData::Retract), "no phantom ball");
    }
}

#[test]
fn a_feed_leaves_status_and_snapshot_for_those_who_come_late() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 12);
    let broker = Broker::start();
    drop(replayed(&[file.to_str().unwrap(), "--match-id", "late"], &broker));
    let late = Client::connect(broker.port, "late", &["cricket/late/#"]);
    let status = late.wait_for("the status", PATIENCE, |heard| heard.topic == "cricket/late/status");
    assert!(status.retained);
    assert_eq!((&status.json()["online"], &status.json()["epoch"]), (&false.into(), &1.into()));
    let snapshot = late.wait_for("the snapshot", PATIENCE, |heard| heard.topic == "cricket/late/snapshot");
    let mut score = Match::new("late");
    for event in events(&[snapshot]) {
        score.apply(event);
    }
    assert!(score.state() == clean_replay(&file, "late").state(), "the snapshot differs from the file");
}

fn start_feed(file: &Path, match_id: &str, broker: &Broker) -> Child {
    let feed = vachak()
        .args(["replay", file.to_str().unwrap(), "--speed", "max", "--match-id", match_id, "--broker", &url(broker)])
        .stderr(Stdio::null())
        .spawn();
    feed.unwrap()
}

#[test]
fn a_consumer_that_asks_gets_what_it_missed() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 13);
    let broker = Broker::start();
    let listener = Client::connect(broker.port, "listener", &["cricket/gap/#"]);
    let mut feed = start_feed(&file, "gap", &broker);
    let times = |seq: u64| events(&listener.heard_on("gap/events")).iter().filter(|event| event.seq == seq).count();
    until("the 210th event", PATIENCE, || (times(210) == 1).then_some(()));
    listener.publish("cricket/gap/resync", r#"{"from":{"epoch":1,"seq":200},"reason":"gap"}"#, false);
    until("the 200th event comes again", PATIENCE, || (times(200) == 2 && times(210) == 2).then_some(()));
    assert_eq!(times(199), 1);
    assert!(feed.wait().unwrap().success());
}

#[test]
fn nothing_is_lost_when_the_broker_goes_away() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 18);
    let mut broker = Broker::start();
    // It reconnects well before the feed, which waits half a second.
    let listener = Client::connect(broker.port, "listener", &["cricket/cut/#"]);
    let mut feed = vachak()
        .args(["replay", file.to_str().unwrap(), "--speed", "8000", "--match-id", "cut", "--broker", &url(&broker)])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("some overs", PATIENCE, || (listener.heard_on("cut/events").len() > 60).then_some(()));
    broker.restart(Duration::ZERO);
    assert!(feed.wait().unwrap().success());
    wait_for_goodbye(&listener);
    let heard: HashSet<u64> = events(&listener.heard_on("cut/events")).iter().map(|event| event.seq).collect();
    let last = heard.iter().max().copied().unwrap();
    let missing: Vec<u64> = (1..=last).filter(|seq| !heard.contains(seq)).collect();
    // One may be gone with the broker: acknowledged to the feed, and killed before it was passed on.
    assert!(missing.len() <= 1, "missing: {missing:?}");
    let snapshot = listener.heard_on("cut/snapshot").pop().unwrap();
    let mut score = Match::new("cut");
    for event in events(&[snapshot]) {
        score.apply(event);
    }
    assert!(score.state() == clean_replay(&file, "cut").state(), "the snapshot differs from the file");
}

#[test]
fn from_a_ball_on_the_rest_is_played_and_the_start_is_in_the_snapshot() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 14);
    let broker = Broker::start();
    let listener = replayed(&[file.to_str().unwrap(), "--match-id", "part", "--from", "2:3.1"], &broker);
    let live = events(&listener.heard_on("part/events"));
    let first = live.iter().find_map(|event| match &event.data {
        EventData::Delivery(ball) => Some((ball.innings, ball.over, ball.pos)),
        _ => None,
    });
    assert_eq!(first, Some((2, 3, 1)));
    let snapshot = events(&listener.heard_on("part/snapshot")).into_iter().next().unwrap();
    let mut score = Match::new("part");
    for event in std::iter::once(snapshot).chain(live) {
        score.apply(event);
    }
    assert!(score.state() == clean_replay(&file, "part").state(), "the state differs from the file's");
}

#[test]
fn the_same_file_played_again_is_another_match() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 15);
    let broker = Broker::start();
    drop(replayed(&[file.to_str().unwrap()], &broker));
    let output = run(&["replay", "--speed", "max", "--broker", &url(&broker), file.to_str().unwrap()]);
    assert!(stderr(&output).contains("this time it is invented-15-2"), "{}", stderr(&output));
}

#[test]
fn a_broker_that_is_not_there_is_named_with_a_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 16);
    let free = free_port();
    let output = run(&["replay", "--broker", &format!("127.0.0.1:{free}"), file.to_str().unwrap()]);
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(&format!("no MQTT broker answers at mqtt://127.0.0.1:{free}")), "{error}");
    assert!(error.contains("hint: start one"), "{error}");
}

#[test]
fn a_wrong_password_is_said_and_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 19);
    let (broker, port) = guarded(directory.path(), "anna", "right");
    let replay = |password: &str| {
        run(&[
            "replay",
            "--speed",
            "max",
            "--broker",
            &format!("mqtt://anna:{password}@127.0.0.1:{port}"),
            file.to_str().unwrap(),
        ])
    };
    let output = replay("wr0ng");
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("refused the connection") && error.contains("hint: check user and password"), "{error}");
    assert!(!error.contains("wr0ng"), "the password is shown: {error}");
    let output = replay("right");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    drop(broker);
}

/// A mosquitto that asks for a password.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn guarded(directory: &Path, user: &str, password: &str) -> (Guarded, u16) {
    let (passwords, config, port) = (directory.join("passwords"), directory.join("guarded.conf"), free_port());
    let made =
        Command::new("mosquitto_passwd").args(["-b", "-c", passwords.to_str().unwrap(), user, password]).output();
    assert!(made.expect("mosquitto_passwd is needed: apt-get install mosquitto").status.success());
    let text = format!(
        "listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {}\nlog_dest none\n",
        passwords.display()
    );
    std::fs::write(&config, text).unwrap();
    let program = ["/usr/sbin/mosquitto", "mosquitto"]
        .into_iter()
        .find_map(|program| Command::new(program).arg("-c").arg(&config).stderr(Stdio::null()).spawn().ok());
    let broker = Guarded(program.expect("mosquitto is needed: apt-get install mosquitto"));
    until("the broker listens", PATIENCE, || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    (broker, port)
}

#[test]
fn a_wrong_file_is_found_before_anything_is_published() {
    let directory = tempfile::tempdir().unwrap();
    let (good, bad) = (invented(directory.path(), 17), directory.path().join("bad.json"));
    std::fs::write(&bad, "{}").unwrap();
    let broker = Broker::start();
    let listener = Client::connect(broker.port, "listener", &["cricket/#"]);
    let output =
        run(&["replay", "--speed", "max", "--broker", &url(&broker), good.to_str().unwrap(), bad.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bad.json"), "{}", stderr(&output));
    listener.publish("cricket/mark", "the last message", false);
    listener.wait_for("our own mark", PATIENCE, |heard| heard.topic == "cricket/mark");
    assert_eq!(listener.heard().len(), 1);
}
