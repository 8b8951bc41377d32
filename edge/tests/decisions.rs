//! While the umpires look at a ball, both endings are written: whichever comes, its line lies ready.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use commentary::{Layout, Line, LineKind, NoArchive, Origin, Personas, render};
use cricket::{
    event::{Event, EventData, EventStatus, Key, ReviewEvent},
    score::Match,
};
use edge::booth::news::{self, Told};
use futures_util::{StreamExt, future::BoxFuture, stream};
use llm::{Backend, Piece, TextStream, Usage, WriteError, WriteRequest, Writer, WriterInfo};
use support::{booth, broker::Broker, client::Client, play, until};
use tokio::{sync::watch, time::Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A writer who takes every call for a wicket that fell, and notes what was asked; nothing is written before it sets to
/// work, so that no line for the next ball lies there when the umpires begin to look.
#[derive(Clone)]
struct Clerk {
    wrote: Arc<Mutex<Vec<String>>>,
    works: Arc<watch::Sender<bool>>,
}

impl Clerk {
    fn new() -> Self {
        Self { wrote: Arc::default(), works: Arc::new(watch::Sender::new(false)) }
    }

    /// Waits until this was written.
    fn wait_for(&self, what: &str, prompt: &str) {
        until(what, PATIENCE, || self.wrote.lock().unwrap().iter().any(|asked| asked == prompt).then_some(()));
    }

    fn set_to_work(&self) {
        self.works.send_replace(true);
    }
}

impl Writer for Clerk {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::Embedded, model: "clerk".to_owned() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        let line = if request.prompt.contains(" correction ") {
            "A correction to the last description, it was not {was}, it was {now}."
        } else if request.prompt.contains("review upheld") {
            "The review is upheld, so the decision is overturned."
        } else if request.prompt.contains("review struck down") {
            "The decision stands, for the review is struck down."
        } else {
            "{out} is out, and {batting} are {runs} for {wickets}."
        };
        let usage = Usage { written_tokens: Some(8), ..Usage::default() };
        let (wrote, mut works, cancel) = (self.wrote.clone(), self.works.subscribe(), request.cancel);
        let written = async move {
            tokio::select! {
                _ = works.wait_for(|works| *works) => {}
                () = cancel.cancelled() => return stream::iter(vec![Err(WriteError::Cancelled)]),
            }
            wrote.lock().unwrap().push(request.prompt);
            stream::iter(vec![Ok(Piece::Text(line.to_owned())), Ok(Piece::End(usage))])
        };
        stream::once(written).flatten().boxed()
    }

    fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A match up to something that the umpires look at; then, once a line lies ready for how they decide, the decision. Gives
/// what was said of the question, and of the answer.
fn decided(before: &[Event], question: &Event, answer: &Event, kind: LineKind) -> (Line, Line) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (broker, home, clerk) = (Broker::start(), tempfile::tempdir().unwrap(), Clerk::new());
    let config = booth::config(
        broker.port,
        home.path(),
        &["booth.personas=describer", "model.ahead=always", "model.ahead_tokens=100000"],
    );
    let client = Client::connect(broker.port, "listener", &["cricket/m/commentary/+", "vachak/+/state"]);
    let running = runtime.block_on(booth::start(config, Some(booth::slots(clerk.clone()))));
    client
        .wait_for("the daemon listens", PATIENCE, |heard| heard.topic.ends_with("/state") && heard.text() == "online");
    let publish = |event: &Event| client.publish("cricket/m/events", serde_json::to_vec(event).unwrap(), false);
    let said_of = |event: &Event, is: &dyn Fn(&Line) -> bool| {
        until(&format!("a line of {} r{}", event.key, event.rev), PATIENCE, || {
            let heard = client
                .heard_on("/describer")
                .into_iter()
                .map(|heard| serde_json::from_slice::<Line>(&heard.payload).unwrap());
            heard.filter(|line| (line.key.as_str(), line.rev) == (event.key.as_str(), event.rev)).find(is)
        })
    };
    before.iter().for_each(publish);
    publish(question);
    let asked = said_of(question, &|_| true);
    clerk.set_to_work();

    let mut score = Match::from_events("m", before.iter().chain([question]).cloned());
    let applied = score.apply(answer.clone());
    let fell = kind == LineKind::Correction;
    let of_it = question.key == answer.key;
    let told = Told { stands: of_it && !fell, fell, undecided: of_it };
    let moment = news::moment(&mut score, answer, &applied, told, &NoArchive).expect("it is news");
    let personas = Personas::house();
    let prompt = render(&moment, personas.get("describer").unwrap(), kind, Layout::Slots);
    clerk.wait_for("the decision is written before it comes", &prompt.text);
    publish(answer);
    let told = said_of(answer, &|line| line.kind == kind);
    assert!(runtime.block_on(running.shutdown()), "the daemon stops in order");
    (asked, told)
}

/// The match up to its first wicket, and that wicket while the umpires look at it.
fn wicket() -> (Vec<Event>, Event) {
    let events = play::events("m");
    let fell = |event: &Event| matches!(&event.data, EventData::Delivery(ball) if !ball.wickets.is_empty());
    let at = events.iter().position(fell).unwrap();
    let question = Event { status: EventStatus::Provisional, ..events[at].clone() };
    (events[..at].to_vec(), question)
}

fn answered(question: &Event, data: EventData) -> Event {
    Event { status: EventStatus::Confirmed, ..question.revised(1, question.seq + 1, data) }
}

#[test]
fn a_wicket_that_stands_is_called_by_a_line_that_lay_ready() {
    let (before, question) = wicket();
    let answer = answered(&question, question.data.clone());
    let (asked, told) = decided(&before, &question, &answer, LineKind::Call);
    assert_eq!(asked.origin, Origin::Phrasebook, "a model's line that takes it for a fact is refused: {asked:?}");
    assert_eq!((told.origin, told.model.as_deref()), (Origin::Ready, Some("clerk")), "{told:?}");
    assert!(told.text.contains(" is out, ") && told.supersedes.is_none(), "{told:?}");
}

#[test]
fn a_wicket_that_does_not_stand_is_corrected_by_a_line_that_lay_ready() {
    let (before, question) = wicket();
    let EventData::Delivery(mut ball) = question.data.clone() else { unreachable!() };
    ball.wickets.clear();
    let answer = answered(&question, EventData::Delivery(ball));
    let (asked, told) = decided(&before, &question, &answer, LineKind::Correction);
    assert_eq!((told.origin, told.model.as_deref()), (Origin::Ready, Some("clerk")), "{told:?}");
    assert_eq!(told.supersedes, Some(asked.line_id), "{told:?}");
}

#[test]
fn a_review_is_answered_by_a_line_that_lay_ready_under_its_own_key_or_another() {
    let (before, ball) = wicket();
    let EventData::Delivery(delivery) = &ball.data else { unreachable!() };
    let review = ReviewEvent {
        innings: 1,
        by: "Harbour Herons".into(),
        batter: Some(delivery.batter.clone()),
        original: Some("out".to_owned()),
        result: None,
        umpires_call: false,
        remaining: None,
        ext: cricket::event::Ext::new(),
    };
    let before: Vec<Event> = before.into_iter().chain([ball]).collect();
    let seq = before.len() as u64 + 1;
    let question = Event::new("m", seq, Key::new("review-1"), EventData::Review(Box::new(review.clone())));
    for (result, own_key) in [("upheld", true), ("struck down", false)] {
        let data = EventData::Review(Box::new(ReviewEvent { result: Some(result.to_owned()), ..review.clone() }));
        let answer = if own_key {
            answered(&question, data)
        } else {
            Event::new("m", seq + 1, Key::new("review-1-answer"), data)
        };
        let (_, told) = decided(&before, &question, &answer, LineKind::Status);
        assert_eq!((told.origin, told.kind), (Origin::Ready, LineKind::Status), "{told:?}");
        assert!(told.text.contains(result), "{told:?}");
    }
}
