//! The ladder's rungs: a model, another model, the phrasebook; and no ball is silent.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use commentary::{Line, LineKind, Origin};
use cricket::event::{Event, EventData};
use edge::{booth::Exchange, run};
use futures_util::{StreamExt, future::BoxFuture, stream};
use llm::{Backend, Piece, TextStream, Urgency, Usage, WriteError, WriteRequest, Writer, WriterInfo};
use support::{booth, broker::Broker, client::Client, play, until};
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(60);
/// True of every ball, and never begun alike.
const GOOD: &[&str] = &[
    "{bowler} to {batter}, and {batting} are {runs} for {wickets}.",
    "The score is {runs} for {wickets}, with {bowler} bowling to {batter}.",
    "Now {batting} are {runs} for {wickets}, {batter} facing {bowler}.",
    "With that ball from {bowler} to {batter} the score is {runs} for {wickets}.",
];
const NONSENSE: &[&str] = &["Bradman drives at 140 kph for his 9,999th run!"];

#[derive(Clone, Copy)]
enum Does {
    Write(&'static [&'static str]),
    Fail,
    Hang,
}

#[derive(Clone)]
struct Author {
    name: &'static str,
    does: Does,
    /// What it was asked, and how urgently.
    asked: Arc<Mutex<Vec<(Urgency, String)>>>,
}

impl Author {
    fn new(name: &'static str, does: Does) -> Self {
        Self { name, does, asked: Arc::default() }
    }

    fn asked(&self) -> Vec<(Urgency, String)> {
        self.asked.lock().unwrap().clone()
    }
}

impl Writer for Author {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::OpenAi, model: self.name.to_owned() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        let mut asked = self.asked.lock().unwrap();
        asked.push((request.urgency, request.prompt));
        match self.does {
            Does::Write(lines) => {
                let line = lines[asked.len() % lines.len()];
                stream::iter([Ok(Piece::Text(line.to_owned())), Ok(Piece::End(Usage::default()))]).boxed()
            }
            Does::Fail => stream::iter([Err(WriteError::Server { status: 503, message: "busy".to_owned() })]).boxed(),
            Does::Hang => stream::pending().boxed(),
        }
    }

    fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }
}

/// What is heard of the first balls, each waited for before the next comes.
struct Heard {
    calls: Vec<Line>,
    /// What the box says of its models, at the end.
    info: serde_json::Value,
}

fn heard(first: Option<Author>, second: Author) -> Heard {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let settings = ["booth.personas=describer", "model.ahead=off", "model.deadline_ms=2000"];
    let config = booth::config(broker.port, home.path(), &settings);
    let topics = ["cricket/m/commentary/+", "vachak/+/state", "vachak/+/info"];
    let client = Client::connect(broker.port, "listener", &topics);
    let exchange = Exchange::new(first.map(booth::slots)).with_second(Some(booth::slots(second)));
    let running = runtime.block_on(run::start_with(config, exchange)).unwrap();
    client
        .wait_for("the daemon listens", PATIENCE, |heard| heard.topic.ends_with("/state") && heard.text() == "online");
    let events = play::events("m");
    let mut calls = Vec::new();
    for event in events.iter().take(10) {
        client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
        if matches!(event.data, EventData::Delivery(_)) {
            calls.push(call_of(&client, event));
        }
    }
    assert!(runtime.block_on(running.shutdown()), "the daemon stops in order");
    let info = client.heard_on("/info").pop().expect("the box says what it is").json();
    Heard { calls, info }
}

fn calls(first: Does, second: Does) -> Vec<Line> {
    heard(Some(Author::new("first", first)), Author::new("second", second)).calls
}

fn call_of(client: &Client, event: &Event) -> Line {
    until(&format!("a call of {}", event.key), PATIENCE, || {
        let heard = client
            .heard_on("/describer")
            .into_iter()
            .map(|heard| serde_json::from_slice::<Line>(&heard.payload).unwrap());
        heard.filter(|line| line.key == event.key.as_str()).find(|line| line.kind == LineKind::Call)
    })
}

#[test]
fn what_the_first_model_does_not_write_the_second_does() {
    for first in [Does::Hang, Does::Fail, Does::Write(NONSENSE)] {
        let calls = calls(first, Does::Write(GOOD));
        let by_second = calls.iter().filter(|line| line.model.as_deref() == Some("second"));
        assert!(by_second.clone().all(|line| line.origin == Origin::Live));
        // A boundary, a wicket and what would be said again come from the phrasebook.
        assert!(by_second.count() >= 2, "{calls:?}");
        assert!(calls.iter().all(|line| line.model.as_deref() != Some("first")));
    }
}

#[test]
fn the_second_is_not_asked_where_the_first_writes() {
    let calls = calls(Does::Write(GOOD), Does::Write(GOOD));
    assert!(calls.iter().any(|line| line.model.as_deref() == Some("first")), "{calls:?}");
    assert!(calls.iter().all(|line| line.model.as_deref() != Some("second")), "{calls:?}");
}

#[test]
fn where_neither_writes_the_phrasebook_speaks() {
    for second in [Does::Hang, Does::Fail] {
        let calls = calls(Does::Fail, second);
        assert!(calls.iter().all(|line| line.origin == Origin::Phrasebook && line.model.is_none()), "{calls:?}");
    }
}

#[test]
fn the_box_says_who_stands_in() {
    let Heard { info, .. } = heard(Some(Author::new("first", Does::Fail)), Author::new("second", Does::Fail));
    let model = |name: &str| serde_json::json!({"backend": "openai", "model": name});
    assert_eq!((&info["model"], &info["second_model"]), (&model("first"), &model("second")), "{info}");
}

#[test]
fn where_the_first_is_missing_the_second_writes_in_its_place() {
    let Heard { calls, info } = heard(None, Author::new("second", Does::Write(GOOD)));
    let by_second = calls.iter().filter(|line| line.model.as_deref() == Some("second"));
    assert!(by_second.count() >= 2, "{calls:?}");
    assert_eq!(
        (&info["model"]["model"], &info["second_model"]),
        (&"second".into(), &serde_json::Value::Null),
        "{info}"
    );
}

#[test]
fn the_second_rehearses_once_what_the_first_has_written() {
    let (first, second) = (Author::new("first", Does::Write(GOOD)), Author::new("second", Does::Write(GOOD)));
    let Heard { calls, .. } = heard(Some(first.clone()), second.clone());
    let asked = second.asked();
    // What the first says again the second is asked for in earnest; nobody waits for a rehearsal.
    let rehearsed: Vec<&String> =
        asked.iter().filter(|(urgency, _)| *urgency == Urgency::Ahead).map(|(_, prompt)| prompt).collect();
    let [prompt] = rehearsed[..] else { panic!("{asked:?}") };
    assert_eq!(asked[0].1, *prompt, "with the first ball");
    assert!(first.asked().iter().any(|(_, asked)| asked == prompt), "{prompt}");
    assert!(calls.iter().all(|line| line.model.as_deref() != Some("second")), "{calls:?}");
}
