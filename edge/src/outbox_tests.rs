//! The outbox by itself: what leaves, in what order, and what never leaves twice.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cricket::event::Key;

use super::*;

fn line(id: &str, seq: u64) -> LineRecord {
    LineRecord {
        line_id: id.to_owned(),
        match_id: "m".into(),
        key: Key::delivery(1, 0, 1),
        rev: 0,
        persona: "benaud".into(),
        kind: "call",
        seq,
        topic: "cricket/m/commentary/benaud".to_owned(),
        payload: format!(r#"{{"line_id":"{id}","match_id":"m","persona":"benaud","seq":{seq}}}"#),
        state: LineState::New,
        attempts: 0,
        expires_ms: 1000,
    }
}

/// What went out, as `topic payload`, with its tokens.
fn sent(queue: &mut mpsc::Receiver<ToBroker>) -> Vec<(Token, String)> {
    std::iter::from_fn(|| queue.try_recv().ok())
        .filter_map(|out| match out {
            ToBroker::Publish { token, topic, payload, .. } => {
                Some((token, format!("{topic} {}", String::from_utf8(payload).unwrap())))
            }
            ToBroker::Ack(_) => None,
        })
        .collect()
}

fn commit_and_pump(outbox: &mut Outbox, out: &mpsc::Sender<ToBroker>, now_ms: i64) -> Transaction {
    let mut transaction = Transaction::default();
    outbox.raise(now_ms, &mut transaction);
    transaction.marks.extend(outbox.take_marks());
    outbox.pump(out);
    transaction
}

#[test]
fn a_line_leaves_before_its_kept_form_and_our_state_leaves_last() {
    let (out, mut queue) = mpsc::channel(100);
    let mut outbox = Outbox::default();
    outbox.set_state("vachak/box/state".to_owned(), "online");
    outbox.keep("cricket/m/score".to_owned(), "{}");
    outbox.add(line("a", 1));
    assert!(!outbox.connected());
    let transaction = commit_and_pump(&mut outbox, &out, 0);
    assert_eq!(transaction.marks, [("a".to_owned(), LineState::Sent, 1)], "the attempt is raised before it is made");
    let topics: Vec<String> =
        sent(&mut queue).into_iter().map(|(_, text)| text.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(
        topics,
        ["cricket/m/commentary/benaud", "cricket/m/commentary/benaud/latest", "cricket/m/score", "vachak/box/state"]
    );
}

#[test]
fn an_acknowledged_line_never_leaves_again() {
    let (out, mut queue) = mpsc::channel(100);
    let mut outbox = Outbox::default();
    outbox.connected();
    outbox.add(line("a", 1));
    commit_and_pump(&mut outbox, &out, 0);
    let token = sent(&mut queue)[0].0;
    outbox.published(token);
    assert_eq!(outbox.take_marks(), [("a".to_owned(), LineState::Acked, 1)]);
    outbox.lost();
    outbox.connected();
    commit_and_pump(&mut outbox, &out, 0);
    assert!(sent(&mut queue).iter().all(|(_, text)| text.contains("/latest")));
}

#[test]
fn a_line_whose_fate_is_unknown_is_listened_for_before_it_is_tried_again() {
    let (out, mut queue) = mpsc::channel(100);
    let mut outbox = Outbox::default();
    outbox.connected();
    for (id, seq) in [("a", 1), ("b", 2)] {
        outbox.add(line(id, seq));
    }
    commit_and_pump(&mut outbox, &out, 0);
    sent(&mut queue);
    outbox.lost();
    assert!(outbox.connected(), "two lines were on their way");
    commit_and_pump(&mut outbox, &out, 0);
    assert!(!sent(&mut queue).iter().any(|(_, text)| text.starts_with("cricket/m/commentary/benaud ")));
    outbox.echoed(line("a", 1).payload.as_bytes());
    outbox.resume();
    let transaction = commit_and_pump(&mut outbox, &out, 0);
    assert!(transaction.marks.contains(&("a".to_owned(), LineState::Acked, 1)));
    assert!(transaction.marks.contains(&("b".to_owned(), LineState::Sent, 2)));
    let lines: Vec<_> = sent(&mut queue).into_iter().filter(|(_, text)| !text.contains("/latest")).collect();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].1.contains(r#""line_id":"b""#), "the same line, the same id");
}

#[test]
fn a_line_that_is_too_old_is_dropped_and_never_sent() {
    let (out, mut queue) = mpsc::channel(100);
    let mut outbox = Outbox::default();
    outbox.add(line("a", 1));
    outbox.connected();
    let transaction = commit_and_pump(&mut outbox, &out, 1000);
    assert_eq!(transaction.marks, [("a".to_owned(), LineState::Expired, 0)]);
    assert!(sent(&mut queue).is_empty());
    assert_eq!(outbox.take_expired(), 1);
}

#[test]
fn a_line_tried_too_often_is_given_up() {
    let (out, mut queue) = mpsc::channel(10_000);
    let mut outbox = Outbox::default();
    outbox.add(line("a", 1));
    for _ in 0..MOST_ATTEMPTS {
        outbox.connected();
        outbox.resume();
        commit_and_pump(&mut outbox, &out, 0);
        outbox.lost();
    }
    sent(&mut queue);
    outbox.connected();
    outbox.resume();
    let transaction = commit_and_pump(&mut outbox, &out, 0);
    assert_eq!(transaction.marks, [("a".to_owned(), LineState::Dead, MOST_ATTEMPTS)]);
}

#[test]
fn a_slow_broker_does_not_fill_the_queue() {
    let (out, mut queue) = mpsc::channel(10_000);
    let mut outbox = Outbox::default();
    outbox.connected();
    for seq in 0..400 {
        outbox.add(line(&seq.to_string(), seq));
    }
    commit_and_pump(&mut outbox, &out, 0);
    assert_eq!(sent(&mut queue).len(), MOST_IN_FLIGHT);
}
