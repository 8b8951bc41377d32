//! `vachak replay --report`: a real daemon speaks, and the report says how it did.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod cli_support;
mod support;

use std::fs;

use cli_support::{invented, run, stderr};
use support::{broker::Broker, daemon::Daemon};

#[test]
fn the_report_tells_who_wrote_the_lines_and_how_soon_they_came() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=greig,benaud"]);
    let match_file = invented(home.path(), 11);
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let replay = |report: &str| {
        let file = home.path().join(report);
        let args = ["--speed", "max", "--from", "2:15.1", "--broker", &url, "--report", file.to_str().unwrap()];
        let output = run(&[&["replay", match_file.to_str().unwrap()], &args[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("the booth's report is in"), "{}", stderr(&output));
        fs::read_to_string(file).unwrap()
    };

    let json: serde_json::Value = serde_json::from_str(&replay("out.json")).unwrap();
    let spoken = json["all"]["spoken_balls"].as_u64().unwrap();
    assert!(spoken > 0 && json["balls"].as_u64().unwrap() > 0, "{json}");
    // Without a model the phrasebook wrote everything, and the daemon says the same of itself.
    let by = &json["all"]["by_origin"];
    assert_eq!(by["phrasebook"]["balls"], spoken);
    assert_eq!((by["ready"]["balls"].as_u64(), by["live"]["balls"].as_u64()), (Some(0), Some(0)));
    let latency = |name: &str| by["phrasebook"][name].as_u64().unwrap();
    assert!(latency("latency_ms_p95") >= latency("latency_ms_p50"));
    assert!(json["personas"]["greig"]["account"]["lines"]["phrasebook"].as_u64().unwrap() > 0, "{json}");
    assert_eq!(json["all"]["account"]["tokens"]["written"], 0);

    let page = replay("out.html");
    assert!(page.starts_with("<!doctype html>") && page.matches("<svg").count() == 2, "{page}");
    assert!(!page.contains("<script") && !page.contains("http"), "it needs nothing from anywhere");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_report_that_cannot_be_written_is_said_before_the_match_is_played() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let match_file = invented(home.path(), 11);
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let nowhere = home.path().join("no such folder/out.html");
    let output =
        run(&["replay", match_file.to_str().unwrap(), "--broker", &url, "--report", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("cannot be written") && said.contains("hint:"), "{said}");
}
