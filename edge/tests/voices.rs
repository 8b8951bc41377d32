//! Voices on the air: two in one box, notes for a human commentator, and corrections that reach every line they touch.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{collections::HashSet, time::Duration};

use commentary::{Line, LineKind};
use cricket::{
    event::{Event, EventData},
    score::Match,
};
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn lines(client: &Client) -> Vec<Line> {
    let spoken = client.heard().into_iter().filter(|heard| heard.topic.contains("/commentary/"));
    spoken
        .filter(|heard| !heard.topic.ends_with("/latest"))
        .map(|heard| serde_json::from_slice(&heard.payload).unwrap())
        .collect()
}

fn publish(feed: &Client, events: &[Event]) {
    for event in events {
        feed.publish(&format!("cricket/{}/events", event.match_id), serde_json::to_vec(event).unwrap(), false);
    }
}

fn wait_for_score(client: &Client, seq: u64) {
    client.wait_for("the last score", PATIENCE, |heard| heard.topic.ends_with("/score") && heard.json()["seq"] == seq);
}

/// The place of a match's first ball among its events.
fn first_ball(events: &[Event]) -> usize {
    events.iter().position(|event| matches!(event.data, EventData::Delivery(_))).unwrap()
}

#[test]
fn in_a_shared_box_one_calls_and_the_other_answers_when_there_is_time() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let shared = "booth.box=[{call = \"benaud\", colour = \"greig\"}]";
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=greig,benaud", shared]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let mut events = play::events("shared");
    let first = first_ball(&events);
    if let EventData::Delivery(ball) = &mut events[first].data {
        (ball.runs.bat, ball.runs.total, ball.score_after) = (6, 6, None);
    }
    publish(&client, &events[..=first]);
    let key = events[first].key.as_str().to_owned();
    until("the answer", PATIENCE, || {
        lines(&client).iter().any(|line| line.key == key && line.persona == "greig").then_some(())
    });
    let said: Vec<(String, LineKind)> =
        lines(&client).into_iter().filter(|line| line.key == key).map(|line| (line.persona, line.kind)).collect();
    assert_eq!(said, [("benaud".to_owned(), LineKind::Call), ("greig".to_owned(), LineKind::Colour)]);

    // Now the balls come as fast as the broker carries them: there is no time to answer.
    publish(&client, &events[first + 1..first + 60]);
    wait_for_score(&client, events[first + 59].seq);
    let said = lines(&client);
    assert!(said.iter().any(|line| line.persona == "benaud" && line.kind == LineKind::Over), "the caller sums up");
    let answers = said.iter().filter(|line| line.persona == "greig" && line.key.contains(".d"));
    assert_eq!(answers.count(), 1, "greig speaks only when there is time");
    assert!(!said.iter().any(|line| line.persona == "benaud" && line.kind == LineKind::Colour));
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn the_desk_notes_three_facts_an_over() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=desk"]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let events = play::events("notes");
    publish(&client, &events);
    wait_for_score(&client, events.len() as u64);
    let said = until("the notes", PATIENCE, || Some(lines(&client)).filter(|said| said.len() > 20));
    for line in &said {
        assert_eq!((line.persona.as_str(), line.kind), ("desk", LineKind::Over), "{line:?}");
        assert!(line.text.starts_with("\u{2022} ") && line.text.matches('\u{2022}').count() <= 3, "{}", line.text);
        assert!(line.checked && !line.facts.is_empty() && line.model.is_none(), "{line:?}");
    }
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_correction_reaches_every_later_line_that_it_makes_false_and_is_spoken_once() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=benaud,describer"]);
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let events = play::events("late");
    let (first, end) = (first_ball(&events), 90);
    publish(&client, &events[..end]);
    wait_for_score(&client, events[end - 1].seq);

    // A ball of the first over, a run more, told long after.
    let EventData::Delivery(mut ball) = events[first + 1].data.clone() else { unreachable!() };
    (ball.runs.bat, ball.runs.total, ball.score_after) = (ball.runs.bat + 1, ball.runs.total + 1, None);
    let corrected = events[first + 1].revised(1, events[end - 1].seq + 1, EventData::Delivery(ball));
    publish(&client, std::slice::from_ref(&corrected));
    wait_for_score(&client, corrected.seq);
    let spoken = |persona: &str| {
        lines(&client)
            .into_iter()
            .filter(|line| line.rev == 1 && line.persona == persona && !line.text.is_empty())
            .count()
    };
    until("the corrections", PATIENCE, || (spoken("benaud") == 1 && spoken("describer") == 1).then_some(()));

    // Lines leave in the order of saying: with the next ball's, everything before it is out.
    let next_ball_is_told = |number: usize, seq: u64| {
        let ball = Event { seq, ..events[end + number].clone() };
        publish(&client, std::slice::from_ref(&ball));
        until("the next ball's line", PATIENCE, || {
            let said = lines(&client);
            said.iter().any(|line| line.persona == "describer" && line.key == ball.key.as_str()).then_some(said)
        })
    };

    // Every line that still stands has the score that a plain replay has at its ball.
    let said = next_ball_is_told(0, corrected.seq + 1);
    let gone: HashSet<String> =
        said.iter().flat_map(|line| [line.supersedes.clone(), line.retracts.clone()]).flatten().collect();
    assert!(gone.len() > 20, "{} lines were taken back", gone.len());
    let standing: Vec<Line> = said.into_iter().filter(|line| line.rev == 0 && !gone.contains(&line.line_id)).collect();
    let mut replay = Match::new("late");
    for event in &events[..end] {
        replay.apply(if event.key == corrected.key { Event { rev: 0, ..corrected.clone() } } else { event.clone() });
        let Some(innings) = replay.state().current() else { continue };
        let score = format!("{}/{}", innings.runs, innings.wickets);
        for fact in standing.iter().filter(|line| line.key == event.key.as_str()).flat_map(|line| &line.facts) {
            if fact.id == "innings.score" && event.key.as_str().contains(".d") {
                assert_eq!(fact.value, score, "{} stands", event.key);
            }
        }
    }
    assert!(standing.len() > 5, "what holds is left standing");

    // The same ball again with nothing that anybody heard: not a word.
    let again = corrected.revised(1, corrected.seq + 2, corrected.data.clone());
    publish(&client, std::slice::from_ref(&again));
    let said = next_ball_is_told(1, corrected.seq + 3);
    assert!(said.iter().all(|line| line.rev < again.rev), "a correction of nothing is spoken of");
    assert_eq!(daemon.terminate().code(), Some(0));
}
