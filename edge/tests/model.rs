//! The ladder over a real socket: a model server writes, hangs, fails and comes back, and the booth is never without
//! words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it measured"
)]

mod support;

use std::time::Duration;

use commentary::{Line, LineKind, Origin};
use cricket::event::{Event, EventData};
use llm::fake::{Behaviour, FakeServer};
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn lines(client: &Client) -> Vec<Line> {
    let spoken = client.heard().into_iter().filter(|heard| !heard.topic.ends_with("/latest"));
    spoken.map(|heard| serde_json::from_slice(&heard.payload).unwrap()).collect()
}

fn publish(client: &Client, event: &Event) {
    client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
}

/// The positions of balls with nothing special, and of boundaries and wickets.
fn balls(events: &[Event], special: bool) -> impl Iterator<Item = usize> + '_ {
    events.iter().enumerate().filter_map(move |(at, event)| match &event.data {
        EventData::Delivery(ball) => {
            ((ball.is_four() || ball.is_six() || !ball.wickets.is_empty()) == special).then_some(at)
        }
        _ => None,
    })
}

#[test]
fn the_model_speaks_when_it_can_and_the_phrasebook_when_it_cannot() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(FakeServer::start("voice", "Well played.")).unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let url = format!("model.url={}", server.url());
    // A persona that speaks of every ball.
    let extra = [
        "booth.personas=greig",
        "model.backend=ollama",
        "model.name=voice",
        "model.deadline_ms=1500",
        "model.ahead=off",
        "model.fallback=none",
        &url,
    ];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    let events = play::events("m");
    // Before the first ball: one token, so that the server has its model loaded.
    let first = until("the warm-up", PATIENCE, || server.requests().into_iter().next());
    assert_eq!((&first["options"]["num_predict"], &first["keep_alive"]), (&1.into(), &(-1).into()), "{first}");
    let said_of = |at: usize, what: &str, is: &dyn Fn(&Line) -> bool| {
        let key = events[at].key.to_string();
        until(&format!("{what} about {key}"), PATIENCE, || {
            lines(&client).into_iter().find(|line| line.key == key && is(line))
        })
    };
    let mut next = 0;
    let mut up_to = |at: usize| {
        for event in &events[next..=at] {
            publish(&client, event);
        }
        next = at + 1;
    };

    // A boundary is called at once by the phrasebook, and the model adds its line.
    let four = balls(&events, true).next().unwrap();
    up_to(four);
    let call = said_of(four, "the call", &|line| line.kind == LineKind::Call);
    assert_eq!(call.origin, Origin::Phrasebook);
    assert!(call.latency_ms.unwrap() < 1000);
    let colour = said_of(four, "the model's line", &|line| line.origin == Origin::Live);
    assert_eq!((colour.text.as_str(), colour.kind), ("Well played.", LineKind::Colour));
    assert_eq!((colour.backend.as_deref(), colour.model.as_deref()), (Some("ollama"), Some("voice")));

    // The server hangs: by the deadline the phrasebook has stepped in, and the calls do not wait.
    server.behave(Behaviour::Hang);
    let special = balls(&events, true).find(|at| *at > four + 12).unwrap();
    up_to(special);
    let call = said_of(special, "the call", &|line| line.kind == LineKind::Call);
    assert!(call.origin == Origin::Phrasebook && call.latency_ms.unwrap() < 1000, "{call:?}");
    let mut last = special;
    for behaviour in [Behaviour::Unavailable, Behaviour::Garbage, Behaviour::Truncate, Behaviour::BreakOff] {
        server.behave(behaviour);
        last = balls(&events, true).find(|at| *at > last).unwrap();
        up_to(last);
        said_of(last, "the call", &|line| line.kind == LineKind::Call && line.origin == Origin::Phrasebook);
        // Time for the server to fail in its own way before the next ball calls the asking off.
        std::thread::sleep(Duration::from_millis(300));
    }
    let log =
        until("a word about the model", PATIENCE, || Some(daemon.log()).filter(|log| log.contains("left alone for")));
    assert!(log.contains("the model wrote no line, the phrasebook speaks"), "{log}");

    // Every boundary and wicket so far was called.
    for at in balls(&events, true).filter(|at| *at <= last) {
        said_of(at, "the call", &|line| line.kind == LineKind::Call);
    }
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_line_that_does_not_pass_the_checker_never_goes_on_the_air() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let invented = "Bradman drives it through the covers at 140 kph for his 9,999th run!";
    let server = runtime.block_on(FakeServer::start("voice", invented)).unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let url = format!("model.url={}", server.url());
    let extra = ["booth.personas=greig", "model.backend=openai", "model.name=voice", "model.fallback=none", &url];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    let events = play::events("m");
    for event in events.iter().take(20) {
        publish(&client, event);
        std::thread::sleep(Duration::from_millis(50));
    }
    until("it was refused", PATIENCE, || {
        let metrics = daemon.get("/metrics");
        let refused = metrics.lines().find_map(|line| line.strip_prefix("vachak_rejected_lines_total "));
        refused.and_then(|count| count.parse::<u64>().ok()).filter(|count| *count > 0)
    });
    until("and something was said", PATIENCE, || (!lines(&client).is_empty()).then_some(()));
    assert!(lines(&client).iter().all(|line| line.origin == Origin::Phrasebook && !line.text.contains("Bradman")));
    assert!(server.requests().len() >= 2);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_model_that_is_not_there_is_said_and_the_match_goes_on() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let url = format!("model.url=http://127.0.0.1:{}", support::free_port());
    let extra = ["booth.personas=greig", "model.backend=ollama", "model.name=voice", &url];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    let events = play::events("m");
    let four = balls(&events, true).next().unwrap();
    for event in &events[..=four] {
        publish(&client, event);
    }
    let key = events[four].key.to_string();
    until("the call", PATIENCE, || {
        lines(&client).into_iter().find(|line| line.key == key && line.kind == LineKind::Call)
    });
    let log = until("a word about it", PATIENCE, || {
        Some(daemon.log()).filter(|log| log.contains("no connection to the model server"))
    });
    assert!(log.contains("hint:"), "{log}");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_model_that_the_server_lacks_is_said_at_the_start_with_the_command_that_gets_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(FakeServer::start("voice", "Well played.")).unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let url = format!("model.url={}", server.url());
    let extra = ["booth.personas=greig", "model.backend=ollama", "model.name=other:1b", &url];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let log =
        until("a word about it", PATIENCE, || Some(daemon.log()).filter(|log| log.contains("does not have the model")));
    assert!(log.contains("ollama pull other:1b") && log.contains("it has voice"), "{log}");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn out_of_the_box_the_programs_own_model_writes() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    // What an empty configuration says; the harness turns it off for the other tests.
    let extra = ["booth.personas=greig,describer", "model.backend=embedded"];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/#"]);
    let events = play::events("m");
    let of_balls = |line: &Line| matches!(line.kind, LineKind::Call | LineKind::Colour);
    let written = || -> Vec<Line> {
        let spoken = lines(&client).into_iter();
        spoken.filter(|line| of_balls(line) && line.origin != Origin::Phrasebook).collect()
    };
    let by = |persona: &str| written().iter().filter(|line| line.persona == persona).count();
    let is_enough = || by("greig") >= 5 && by("describer") >= 5;
    // Where the machine is busy, a ball comes before the line about the last one is written: the balls come ever slower.
    let mut pause = Duration::from_millis(100);
    for event in &events {
        publish(&client, event);
        std::thread::sleep(pause);
        if is_enough() {
            break;
        }
        pause = (pause * 21 / 20).min(Duration::from_secs(3));
    }
    assert!(is_enough(), "greig {}, describer {}\n{}", by("greig"), by("describer"), daemon.log());
    let written = written();
    for line in &written {
        assert_eq!(line.backend.as_deref(), Some("embedded"));
        assert!(line.model.as_deref().unwrap().starts_with("booth-mini-"), "{:?}", line.model);
        assert!(!line.text.contains('{'), "{line:?}");
    }
    let unpacked = home.path().join("journal/models").read_dir().unwrap();
    let unpacked = unpacked.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "gguf"));
    assert_eq!(unpacked.count(), 1, "unpacked beside the journal");
    assert_eq!(daemon.terminate().code(), Some(0));
}
