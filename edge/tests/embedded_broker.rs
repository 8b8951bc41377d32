//! The embedded broker against mosquitto's own clients: what the demo and single-box homes rely on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod support;

use std::{
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use edge::broker::{BrokerError, EmbeddedBroker};

fn publish(port: u16, args: &[&str]) {
    let status =
        Command::new("mosquitto_pub").args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1"]).args(args).status();
    assert!(status.expect("mosquitto_pub is needed for this test: apt-get install mosquitto-clients").success());
}

/// What a new subscriber gets within two seconds, sorted: retained flag, topic, payload.
fn retained(port: u16, filter: &str) -> Vec<String> {
    let output = Command::new("mosquitto_sub")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1", "-W", "2", "-F", "%r %t %p", "-t", filter])
        .output()
        .unwrap();
    let mut lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn retained_messages_are_kept_replaced_and_cleared() {
    let port = EmbeddedBroker::start(0).unwrap().address().port();
    publish(port, &["-r", "-t", "m/a/status", "-m", "first"]);
    publish(port, &["-r", "-t", "m/a/status", "-m", "second"]);
    publish(port, &["-r", "-t", "m/b/status", "-m", "other"]);
    publish(port, &["-r", "-t", "m/c/status", "-m", "gone"]);
    publish(port, &["-r", "-t", "m/c/status", "-n"]);
    let expected = ["1 m/a/status second", "1 m/b/status other"];
    assert_eq!(retained(port, "m/+/status"), expected);
    // And again for the next one who subscribes in the same words.
    assert_eq!(retained(port, "m/+/status"), expected);
}

#[test]
fn a_last_will_is_published_when_a_client_dies_and_not_when_it_leaves() {
    let port = EmbeddedBroker::start(0).unwrap().address().port();
    let client = |name: &str| {
        Command::new("mosquitto_sub")
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-i", name, "-t", "x"])
            .args([
                "--will-topic",
                &format!("w/{name}"),
                "--will-payload",
                "offline",
                "--will-retain",
                "--will-qos",
                "1",
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let (mut dies, mut leaves) = (client("dies"), client("leaves"));
    thread::sleep(Duration::from_millis(500));
    // SIGKILL ends it without a word; SIGTERM lets it say goodbye.
    dies.kill().unwrap();
    assert!(Command::new("kill").args(["-TERM", &leaves.id().to_string()]).status().unwrap().success());
    dies.wait().unwrap();
    leaves.wait().unwrap();
    thread::sleep(Duration::from_millis(500));
    assert_eq!(retained(port, "w/+"), ["1 w/dies offline"]);
}

#[test]
fn a_snapshot_of_five_megabytes_passes() {
    let port = EmbeddedBroker::start(0).unwrap().address().port();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("snapshot");
    std::fs::write(&file, vec![b'x'; 5_000_000]).unwrap();
    publish(port, &["-r", "-t", "m/snapshot", "-f", file.to_str().unwrap()]);
    let output = Command::new("mosquitto_sub")
        .args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-q",
            "1",
            "-C",
            "1",
            "-W",
            "10",
            "-F",
            "%l",
            "-t",
            "m/snapshot",
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "5000000");
}

#[test]
fn thousands_of_messages_arrive_once_and_in_order() {
    let port = EmbeddedBroker::start(0).unwrap().address().port();
    let listener = support::client::Client::connect(port, "listener", &["m/+/events"]);
    let numbers: Vec<String> = (1..=5000).map(|number| number.to_string()).collect();
    let mut child = Command::new("mosquitto_pub")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1", "-t", "m/a/events", "-l"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = numbers.join("\n") + "\n";
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    listener.wait_for("the last one", Duration::from_secs(30), |heard| heard.payload == b"5000");
    let heard: Vec<String> = listener.heard().iter().map(support::client::Heard::text).collect();
    assert_eq!(heard, numbers);
}

#[test]
fn a_taken_port_is_refused_with_a_remedy() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = EmbeddedBroker::start(port).unwrap_err();
    assert!(matches!(error, BrokerError::Port { .. }));
    assert!(error.to_string().contains("hint: choose another port"), "{error}");
}
