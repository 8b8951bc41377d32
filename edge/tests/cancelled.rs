//! What is given up has taken work all the same: the report of a match counts it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use cricket::event::EventData;
use futures_util::{StreamExt, future::BoxFuture, stream};
use llm::{Backend, Piece, TextStream, Urgency, Usage, WriteError, WriteRequest, Writer, WriterInfo};
use support::{booth, broker::Broker, client::Client, play, until};
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(60);
/// Tokens that each line takes before it is given up: of its prompt, computed and not, and written.
const READ: u32 = 30;
const REUSED: u32 = 10;
const WRITTEN: u32 = 2;

/// A writer that never ends the lines of one urgency, and begins no others.
#[derive(Clone)]
struct Endless {
    urgency: Urgency,
    begun: Arc<AtomicU64>,
}

impl Writer for Endless {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::Embedded, model: "endless".to_owned() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        if request.urgency != self.urgency {
            let line = "{bowler} to {batter}, and {batting} are {runs} for {wickets}.";
            return stream::iter([Ok(Piece::Text(line.to_owned())), Ok(Piece::End(Usage::default()))]).boxed();
        }
        request.meter.begin(REUSED);
        request.meter.read(READ);
        self.begun.fetch_add(1, Ordering::SeqCst);
        let text = ["Four", " more"].map(|piece| Ok(Piece::Text(piece.to_owned())));
        stream::iter(text).chain(stream::pending()).boxed()
    }

    fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }
}

/// The tokens that the report counts after an over in which lines of this urgency never came to an end, and how many were
/// begun.
fn counted(urgency: Urgency, ahead: &str) -> (serde_json::Value, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let writer = Endless { urgency, begun: Arc::default() };
    let settings = ["booth.personas=describer", "model.ahead_tokens=100000", "model.deadline_ms=60000", ahead];
    let config = booth::config(broker.port, home.path(), &settings);
    let topics = ["cricket/m/commentary/+", "cricket/m/report", "vachak/+/state"];
    let client = Client::connect(broker.port, "listener", &topics);
    let running = runtime.block_on(booth::start(config, Some(booth::slots(writer.clone()))));
    client
        .wait_for("the daemon listens", PATIENCE, |heard| heard.topic.ends_with("/state") && heard.text() == "online");
    let mut begun = 0;
    for event in play::events("m") {
        client.publish("cricket/m/events", serde_json::to_vec(&event).unwrap(), false);
        if matches!(event.data, EventData::Delivery(_)) {
            // The next ball calls off what this one had begun.
            let more = || Some(writer.begun.load(Ordering::SeqCst)).filter(|now| *now > begun);
            begun = until(&format!("a line is begun with {}", event.key), PATIENCE, more);
        }
        let report = client.heard_on("/report").pop().map(|heard| heard.json());
        let tokens = report.map(|report| report["personas"]["describer"]["tokens"].clone());
        if let Some(tokens) = tokens.filter(|tokens| tokens["wasted"].as_u64() > Some(0)) {
            assert!(runtime.block_on(running.shutdown()), "the daemon stops in order");
            return (tokens, writer.begun.load(Ordering::SeqCst));
        }
    }
    panic!("no report came");
}

#[test]
fn the_prompts_of_lines_that_are_given_up_are_counted() {
    for (urgency, ahead) in [(Urgency::Live, "model.ahead=off"), (Urgency::Ahead, "model.ahead=always")] {
        let (tokens, begun) = counted(urgency, ahead);
        let count = |name: &str| tokens[name].as_u64().unwrap();
        let lines = count("reused") / u64::from(REUSED);
        assert!(lines > 0 && lines <= begun, "{urgency:?}: {tokens} of {begun} lines");
        assert_eq!(count("prompt"), lines * u64::from(REUSED + READ), "{urgency:?}: {tokens}");
        assert_eq!(count("wasted"), lines * u64::from(WRITTEN), "{urgency:?}: {tokens}");
    }
}
