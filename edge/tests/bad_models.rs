//! Models that cannot be used, or write what nobody should hear: each is named in the log with a remedy, and the
//! phrasebook speaks.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, path::Path, process::Command, time::Duration};

use commentary::{Line, LineKind, Origin};
use cricket::event::{Event, EventData};
use llm::fake::FakeServer;
use support::{broker::Broker, client::Client, daemon::Daemon, play, shared, until};

const PATIENCE: Duration = Duration::from_secs(120);

fn lines(client: &Client) -> Vec<Line> {
    let spoken = client.heard().into_iter().filter(|heard| !heard.topic.ends_with("/latest"));
    spoken.map(|heard| serde_json::from_slice(&heard.payload).unwrap()).collect()
}

fn boundaries(events: &[Event]) -> Vec<usize> {
    let is_boundary =
        |event: &Event| matches!(&event.data, EventData::Delivery(ball) if ball.is_four() || ball.is_six());
    (0..events.len()).filter(|at| is_boundary(&events[*at])).collect()
}

/// The program's own model.
fn own(home: &Path) -> Vec<u8> {
    let directory = format!("journal.directory={}", home.join("journal").display());
    let told = Command::new(env!("CARGO_BIN_EXE_vachak"))
        .args(["model", "info", "booth-mini", "--json", "--set", &directory])
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    fs::read(told["path"].as_str().unwrap()).unwrap()
}

/// The same bytes with the first `from` made `to`.
fn changed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

/// A daemon with a model that is of no use: it says these words, and the first boundary is called all the same.
fn phrasebook_speaks(broker: &Broker, home: &Path, extra: &[&str], words: &[&str]) {
    let directory = tempfile::tempdir_in(home).unwrap();
    let all: Vec<&str> = ["booth.personas=greig", "model.backend=embedded", "model.fallback=none"]
        .into_iter()
        .chain(extra.iter().copied())
        .collect();
    let daemon = Daemon::start(broker.port, directory.path(), &all);
    let id = directory.path().file_name().unwrap().to_string_lossy().replace('.', "");
    let client = Client::connect(broker.port, &format!("listener-{id}"), &[&format!("cricket/{id}/commentary/#")]);
    let events = play::events(&id);
    let four = boundaries(&events)[0];
    for event in &events[..=four] {
        client.publish(&format!("cricket/{id}/events"), serde_json::to_vec(event).unwrap(), false);
    }
    let key = events[four].key.to_string();
    let call = until("the call", PATIENCE, || {
        lines(&client).into_iter().find(|line| line.key == key && line.kind == LineKind::Call)
    });
    assert_eq!(call.origin, Origin::Phrasebook);
    for word in words {
        until(&format!("`{word}` in {}", daemon.log()), PATIENCE, || daemon.log().contains(word).then_some(()));
    }
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_file_that_is_of_no_use_is_named_and_the_match_goes_on() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let whole = own(home.path());
    let file = home.path().join("voice.gguf");
    let path = format!("model.path={}", file.display());
    let layout = changed(&whole, b"vachak.layout", b"vachak.nolayo");
    let cases: [(&str, Vec<u8>, &[&str]); 5] = [
        ("cut short", whole[..whole.len() - 5000].to_vec(), &["cut short", "hint:"]),
        ("no model at all", b"<html>404</html>".to_vec(), &["not a GGUF file", "hint:"]),
        (
            "an architecture that nobody knows",
            changed(&whole, b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0xlama"),
            &["llama.cpp refused it", "architecture is `xlama`", "hint:"],
        ),
        (
            "a layout of tomorrow",
            changed(&whole, b"\x05\0\0\0\0\0\0\0slots", b"\x05\0\0\0\0\0\0\0slott"),
            &["laid out as `slott`", "hint:"],
        ),
        ("a base model", changed(&layout, b"<|im_end|>", b"<|xx_end|>"), &["no chat template", "instruct"]),
    ];
    for (what, bytes, words) in cases {
        fs::write(&file, bytes).unwrap();
        case_is(what);
        phrasebook_speaks(&broker, home.path(), &[&path], words);
    }
    fs::write(&file, &whole).unwrap();
    fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(1 << 40).unwrap();
    phrasebook_speaks(
        &broker,
        home.path(),
        &[&path],
        &["it needs 1099.5 GB", "of memory are free", "smaller quantisation"],
    );
}

/// The same file, whose lines do not end where they should: the layout's stop token is not in its vocabulary, and what its
/// file takes for the end of a text is a token that it never writes.
fn without_stop(whole: &[u8]) -> Vec<u8> {
    let mut bytes = changed(whole, b"<|im_end|>", b"<|xx_end|>");
    let key = b"tokenizer.ggml.eos_token_id";
    let at = bytes.windows(key.len()).position(|window| window == key).unwrap() + key.len() + 4;
    let id = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    bytes[at..at + 4].copy_from_slice(&(id + 1).to_le_bytes());
    bytes
}

#[test]
fn a_model_that_cannot_end_its_lines_is_named_and_every_boundary_is_called() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let file = home.path().join("endless.gguf");
    fs::write(&file, without_stop(&own(home.path()))).unwrap();
    let path = format!("model.path={}", file.display());
    for fallback in ["model.fallback=none", "model.fallback=built-in"] {
        let directory = tempfile::tempdir_in(home.path()).unwrap();
        let extra = ["booth.personas=greig", "model.backend=embedded", "log.level=debug", fallback, &path];
        let daemon = Daemon::start(broker.port, directory.path(), &extra);
        let log = daemon.log();
        assert!(log.contains("has no token <|im_end|>") && log.contains("hint:"), "{log}");
        let id = directory.path().file_name().unwrap().to_string_lossy().replace('.', "");
        let client = Client::connect(broker.port, &format!("listener-{id}"), &[&format!("cricket/{id}/commentary/#")]);
        let events = play::events(&id);
        let mut next = 0;
        for four in boundaries(&events).into_iter().take(3) {
            for event in &events[next..=four] {
                client.publish(&format!("cricket/{id}/events"), serde_json::to_vec(event).unwrap(), false);
            }
            next = four + 1;
            let key = events[four].key.to_string();
            until(&format!("the call of {key}\n{}", daemon.log()), PATIENCE, || {
                lines(&client).into_iter().find(|line| line.key == key && line.kind == LineKind::Call)
            });
        }
        // It goes on where it should have ended, and nobody hears of that.
        until("a line of it is refused", PATIENCE, || {
            daemon.log().contains("the model's line is refused").then_some(())
        });
        assert_eq!(daemon.terminate().code(), Some(0));
    }
}

#[test]
fn where_a_file_is_of_no_use_the_programs_own_model_writes() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let file = home.path().join("voice.gguf");
    let whole = own(home.path());
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let path = format!("model.path={}", file.display());
    let daemon =
        Daemon::start(broker.port, home.path(), &["booth.personas=describer", "model.backend=embedded", &path]);
    let log = daemon.log();
    assert!(log.contains("cut short") && log.contains("writes in its place") && log.contains("hint:"), "{log}");
    assert!(!log.contains("n_ctx_train"), "llama.cpp's false alarm about the context: {log}");
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    for event in play::events("m") {
        client.publish("cricket/m/events", serde_json::to_vec(&event).unwrap(), false);
        let by_own = |line: &Line| line.model.as_deref().is_some_and(|model| model.starts_with("booth-mini-"));
        if lines(&client).iter().any(by_own) {
            assert_eq!(daemon.terminate().code(), Some(0));
            return;
        }
        // As in a match, a ball comes when the last is told.
        if matches!(event.data, EventData::Delivery(_)) {
            let key = event.key.to_string();
            until(&format!("a line of {key}"), PATIENCE, || lines(&client).into_iter().find(|line| line.key == key));
        }
    }
    panic!("it wrote nothing\n{}", daemon.log());
}

#[allow(clippy::print_stderr, reason = "says which case a failure belongs to")]
fn case_is(what: &str) {
    eprintln!("case: {what}");
}

#[test]
fn a_prompt_that_does_not_fit_is_said_and_the_phrasebook_speaks() {
    let Some(file) = shared("models/dev-mini-q8_0.gguf") else { return };
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let path = format!("model.path={}", file.display());
    let words = ["the prompt has", "the phrasebook speaks", "hint: raise the writer's context"];
    phrasebook_speaks(&broker, home.path(), &[&path, "model.layout=chatml", "model.context=256"], &words);
}

#[test]
fn what_nobody_should_hear_never_goes_on_the_air() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(FakeServer::start("voice", "")).unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let url = format!("model.url={}", server.url());
    // Nobody else is to write in its place.
    let alone = "model.fallback=none";
    let extra = ["booth.personas=greig", "model.backend=ollama", "model.name=voice", "log.level=debug", alone, &url];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    let refused = || {
        let metrics = daemon.get("/metrics");
        let count = metrics.lines().find_map(|line| line.strip_prefix("vachak_rejected_lines_total "));
        count.and_then(|count| count.parse::<u64>().ok()).unwrap_or(0)
    };
    let events = play::events("m");
    let boundaries = boundaries(&events);
    let cases = [
        ("nothing", " \t ".to_owned()),
        ("no end", "and it goes on and on and on and ".repeat(40)),
        ("one word over and over", "shot ".repeat(30)),
        ("another script", "यह शानदार चौका है!".to_owned()),
        (
            "another language",
            "Das ist ein herrlicher Schlag durch die Deckung, der Ball fliegt an den Zaun.".to_owned(),
        ),
        ("marks of text", "**What a shot!** <b>Superb.</b>".to_owned()),
        ("control characters", "What a\u{7} shot\u{1b}[31m that is!".to_owned()),
        ("turns", "What a shot!<|im_start|>user And now?".to_owned()),
        ("a list", "1. What a shot\r\u{85}2. Superb".to_owned()),
        ("JSON", "{\"line\": \"What a shot!\"}".to_owned()),
        ("an assistant", "As an AI language model I cannot watch cricket.".to_owned()),
    ];
    let mut next = 0;
    for (case, (what, line)) in cases.iter().enumerate() {
        server.say(line);
        case_is(what);
        let (before, at) = (refused(), boundaries[case]);
        for event in &events[next..=at] {
            client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
        }
        next = at + 1;
        until(&format!("{what} is refused\n{}", daemon.log()), PATIENCE, || (refused() > before).then_some(()));
    }
    for at in &boundaries[..cases.len()] {
        let key = events[*at].key.to_string();
        until(&format!("the call of {key}"), PATIENCE, || {
            lines(&client).into_iter().find(|line| line.key == key && line.kind == LineKind::Call)
        });
    }
    assert!(lines(&client).iter().all(|line| line.origin == Origin::Phrasebook), "{:?}", lines(&client));
    assert!(daemon.log().contains("the model's line is refused:"));
    assert_eq!(daemon.terminate().code(), Some(0));
}
