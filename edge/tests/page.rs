//! What the daemon serves: the page, the stream behind it, health and metrics.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    sync::mpsc,
    thread,
    time::Duration,
};

use support::{broker::Broker, client::Client, daemon::Daemon, play};

const PATIENCE: Duration = Duration::from_secs(60);

/// Follows the page's stream; `event` and `data` of each message.
fn follow(port: u16) -> mpsc::Receiver<(String, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let (to, from) = mpsc::channel();
    thread::spawn(move || {
        let mut event = String::new();
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(name) = line.strip_prefix("event: ") {
                name.clone_into(&mut event);
            } else if let Some(data) = line.strip_prefix("data: ")
                && to.send((event.clone(), data.to_owned())).is_err()
            {
                return;
            }
        }
    });
    from
}

#[test]
fn the_page_is_served_and_its_stream_brings_score_and_lines_as_they_come() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let page = daemon.get("/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<title>Vachak</title>"), "{page:.300}");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page:.900}");
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing is loaded from elsewhere");

    let stream = follow(daemon.http);
    let client = Client::connect(broker.port, "feed", &["cricket/+/commentary/+"]);
    for event in play::events("m").into_iter().take(60) {
        client.publish("cricket/m/events", serde_json::to_vec(&event).unwrap(), false);
    }
    let wait = |kind: &str| loop {
        let (event, data) = stream.recv_timeout(PATIENCE).unwrap();
        if event == kind {
            return serde_json::from_str::<serde_json::Value>(&data).unwrap();
        }
    };
    let line = wait("line");
    let heard =
        client.wait_for("the same line over MQTT", PATIENCE, |heard| heard.json()["line_id"] == line["line_id"]);
    assert_eq!(heard.json(), line);
    loop {
        if wait("score")["seq"] == 60 {
            break;
        }
    }
    // Who comes later gets all of it at once.
    let late = follow(daemon.http);
    let (mut scores, mut lines) = (0, 0);
    while scores == 0 || lines == 0 {
        match late.recv_timeout(PATIENCE).unwrap().0.as_str() {
            "score" => scores += 1,
            "line" => lines += 1,
            _ => {}
        }
    }
    let body = |path: &str| {
        let answer = daemon.get(path);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("application/json"), "{answer}");
        serde_json::from_str::<serde_json::Value>(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    assert_eq!(body("/api/score")[0]["match_id"], "m");
    assert!(!body("/api/lines").as_array().unwrap().is_empty());

    let metrics = daemon.get("/metrics");
    assert!(metrics.contains("vachak_events_total 60"), "{metrics}");
    assert!(metrics.contains("vachak_lines_total{origin=\"phrasebook\"}"), "{metrics}");
    assert!(daemon.get("/live").starts_with("HTTP/1.1 200") && daemon.get("/ready").starts_with("HTTP/1.1 200"));
    assert!(daemon.get("/nothing").starts_with("HTTP/1.1 404"));
    // Open streams do not hold up a stop.
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn the_page_can_be_left_out_and_a_taken_port_is_named() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("http.listen={}", taken.local_addr().unwrap());
    let daemon = Daemon::start_unready(broker.port, home.path(), &[&listen]);
    let log = home.path().join("log");
    assert_eq!(daemon.ended().code(), Some(1));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("the page cannot be served on 127.0.0.1") && log.contains("hint:"), "{log}");

    let client = Client::connect(broker.port, "listener", &["vachak/#"]);
    let daemon = Daemon::start_unready(broker.port, home.path(), &["http.enabled=false"]);
    client.wait_for("online", PATIENCE, |heard| heard.topic == "vachak/box/state" && heard.text() == "online");
    assert!(daemon.get("/").is_empty());
    assert_eq!(daemon.terminate().code(), Some(0));
}
