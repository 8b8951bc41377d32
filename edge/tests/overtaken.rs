//! A ball is corrected or taken back while its line is being written: the line is not heard, and the ball is told as it
//! stands.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{sync::Arc, time::Duration};

use commentary::{Line, LineKind, Origin};
use cricket::event::{Event, EventData};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use llm::{Backend, Piece, TextStream, Usage, WriteError, WriteRequest, Writer, WriterInfo};
use support::{booth, broker::Broker, client::Client, play, until};
use tokio::{sync::Semaphore, time::Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A writer who finishes no line until told to, and calls every ball by the score.
#[derive(Clone)]
struct Held(Arc<Semaphore>);

impl Writer for Held {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::Embedded, model: "held".to_owned() }
    }

    fn write(&self, _: WriteRequest) -> TextStream {
        let held = self.0.clone();
        async move { held.acquire().await.map(drop) }
            .into_stream()
            .flat_map(|_| {
                let line = "{bowler} to {batter}, and {batting} are {runs} for {wickets}.";
                stream::iter([Ok(Piece::Text(line.to_owned())), Ok(Piece::End(Usage::default()))])
            })
            .boxed()
    }

    fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }
}

/// What is said when an event overtakes the line of the ball at `at`, up to the ball after it.
fn said(ahead: &str, at: usize, overtakes: impl Fn(&[Event], u64) -> Event) -> Vec<Line> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (broker, home, held) = (Broker::start(), tempfile::tempdir().unwrap(), Held(Arc::new(Semaphore::new(0))));
    let settings = ["booth.personas=describer", ahead, "model.deadline_ms=60000", "booth.line_seconds=300"];
    let config = booth::config(broker.port, home.path(), &settings);
    let client =
        Client::connect(broker.port, "listener", &["cricket/m/commentary/+", "cricket/m/score", "vachak/+/state"]);
    let running = runtime.block_on(booth::start(config, Some(booth::slots(held.clone()))));
    client
        .wait_for("the daemon listens", PATIENCE, |heard| heard.topic.ends_with("/state") && heard.text() == "online");
    let events = play::events("m");
    let publish = |event: &Event| {
        client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
        until("it is in the score", PATIENCE, || {
            let seq = |heard: &support::client::Heard| heard.json()["seq"].as_u64().unwrap_or_default();
            client.heard_on("/score").iter().any(|heard| seq(heard) >= event.seq).then_some(())
        });
    };
    events[..=at].iter().for_each(publish);
    let seq = events[at].seq + 1;
    let overtaking = overtakes(&events, seq);
    publish(&overtaking);
    held.0.add_permits(10_000);
    let spoken_of = |event: &Event| {
        client.wait_for("the ball is spoken of", PATIENCE, |heard| {
            heard.topic.contains("/commentary/") && heard.json()["key"] == event.key.to_string()
        });
    };
    // The ball after it would take the time that a line overtaken and yet written needs to be heard.
    if !matches!(overtaking.data, EventData::Retract) {
        spoken_of(&events[at]);
    }
    let next = Event { seq: seq + 1, ..events[at + 1].clone() };
    publish(&next);
    spoken_of(&next);
    assert!(runtime.block_on(running.shutdown()), "the daemon stops in order");
    client.flush();
    let lines = client.heard().into_iter().filter(|heard| heard.topic.contains("/commentary/"));
    lines.map(|heard| serde_json::from_slice(&heard.payload).unwrap()).collect()
}

/// A single in mid over, with an ordinary ball before and after it.
fn single() -> usize {
    let events = play::events("m");
    let plain = |event: &Event| matches!(&event.data, EventData::Delivery(ball) if ball.wickets.is_empty() && !ball.is_four() && !ball.is_six());
    let one = |event: &Event| matches!(&event.data, EventData::Delivery(ball) if ball.runs.bat == 1);
    (20..events.len()).find(|at| one(&events[*at]) && plain(&events[at - 1]) && plain(&events[at + 1])).unwrap()
}

fn of<'a>(lines: &'a [Line], event: &Event) -> Vec<&'a Line> {
    lines.iter().filter(|line| line.key == event.key.as_str()).collect()
}

/// The event with another number of runs off the bat.
fn with_runs(event: &Event, seq: u64, runs: u16) -> Event {
    let EventData::Delivery(mut ball) = event.data.clone() else { unreachable!() };
    (ball.runs.bat, ball.runs.total) = (runs, runs + ball.runs.extras);
    event.revised(1, seq, EventData::Delivery(ball))
}

#[test]
fn a_ball_that_is_taken_back_before_its_line_is_there_is_not_spoken_of() {
    for ahead in ["model.ahead=off", "model.ahead=always"] {
        let at = single();
        let lines = said(ahead, at, |events, seq| events[at].revised(1, seq, EventData::Retract));
        let of_the_ball = of(&lines, &play::events("m")[at]);
        assert!(of_the_ball.is_empty(), "{ahead}: {of_the_ball:?}");
    }
}

#[test]
fn a_ball_that_is_corrected_before_its_line_is_there_is_told_as_it_stands() {
    for ahead in ["model.ahead=off", "model.ahead=always"] {
        let at = single();
        let lines = said(ahead, at, |events, seq| with_runs(&events[at], seq, 3));
        let calls = of(&lines, &play::events("m")[at]);
        assert!(!calls.is_empty() && calls.iter().all(|line| line.rev == 1), "{ahead}: {calls:?}");
    }
}

#[test]
fn a_line_with_a_score_that_an_earlier_ball_has_changed_is_not_heard() {
    for ahead in ["model.ahead=off", "model.ahead=always"] {
        let at = single();
        let lines = said(ahead, at, |events, seq| with_runs(&events[at - 1], seq, 5));
        let calls = of(&lines, &play::events("m")[at]);
        assert!(calls.iter().any(|line| line.kind == LineKind::Call), "{ahead}: it stays silent");
        assert!(calls.iter().all(|line| line.origin == Origin::Phrasebook), "{ahead}: {calls:?}");
        let corrected = lines.iter().position(|line| line.kind == LineKind::Correction);
        let called = lines.iter().position(|line| line.key == calls[0].key);
        assert!(corrected.is_some() && corrected < called, "{ahead}: it is told by the old score: {lines:?}");
    }
}
