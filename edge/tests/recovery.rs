//! Whatever is killed or unplugged: nothing is lost, nothing counted or said twice.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::Duration,
};

use rusqlite::Connection;
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn publish(feed: &Client, events: &[cricket::event::Event]) {
    for event in events {
        feed.publish(&format!("cricket/{}/events", event.match_id), serde_json::to_vec(event).unwrap(), false);
    }
}

fn last_score(client: &Client, seq: u64) -> serde_json::Value {
    let what = format!("the score at {seq}");
    client.wait_for(&what, PATIENCE, |heard| heard.topic.ends_with("/score") && heard.json()["seq"] == seq).json()
}

fn journal(home: &Path) -> Connection {
    Connection::open(home.join("journal/journal.db")).unwrap()
}

#[test]
fn kill_nine_half_way_and_a_restart_equal_a_run_without() {
    let events = play::events("m");
    let last = events.len() as u64;

    let undisturbed = {
        let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
        let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=benaud,greig,doshi"]);
        let client = Client::connect(broker.port, "listener", &["cricket/#"]);
        publish(&client, &events);
        let score = last_score(&client, last);
        assert_eq!(daemon.terminate().code(), Some(0));
        score
    };

    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let personas = ["booth.personas=benaud,greig,doshi"];
    let mut daemon = Daemon::start(broker.port, home.path(), &personas);
    // Killed four times, each time with events on the way in and lines on the way out.
    let quarter = events.len() / 5;
    for part in events.chunks(quarter) {
        let from = client.heard().len();
        publish(&client, part);
        if part.last().unwrap().seq == last {
            break;
        }
        until("some of it came out", PATIENCE, || (client.heard().len() > from + part.len() / 2).then_some(()));
        daemon.kill();
        daemon = Daemon::start(broker.port, home.path(), &personas);
    }
    let score = last_score(&client, last);
    assert_eq!(score, undisturbed);
    assert_eq!(daemon.terminate().code(), Some(0));

    let journal = journal(home.path());
    let count = |sql: &str| journal.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM event"), i64::try_from(last).unwrap());
    assert_eq!(count("SELECT count(*) FROM (SELECT 1 FROM event GROUP BY match_id, key, rev HAVING count(*) > 1)"), 0);

    // No line twice: neither the same again, nor another in its place.
    let mut seen: HashSet<String> = HashSet::new();
    let mut moments: HashMap<(String, String, String, u64), String> = HashMap::new();
    let mut lines = 0;
    for heard in
        client.heard().iter().filter(|heard| heard.topic.contains("/commentary/") && !heard.topic.ends_with("/latest"))
    {
        let line = heard.json();
        let text = |field: &str| line[field].as_str().unwrap().to_owned();
        lines += 1;
        assert!(seen.insert(text("line_id")), "{} left twice", text("line_id"));
        let moment = (text("key"), text("persona"), text("kind"), line["rev"].as_u64().unwrap());
        assert!(moments.insert(moment, text("line_id")).is_none());
    }
    assert!(lines > 100, "only {lines} lines were heard");
    assert_eq!(count("SELECT count(*) FROM outbox WHERE state IN ('new', 'sent')"), 0);
}

#[test]
fn the_broker_goes_and_comes_back_empty_and_all_kept_state_is_there_again() {
    let (mut broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let mut events = play::events("m");
    events.truncate(80);
    {
        let client = Client::connect(broker.port, "listener", &["cricket/#"]);
        publish(&client, &events[..40]);
        last_score(&client, 40);
    }
    broker.restart(Duration::from_millis(500));
    let client = Client::connect(broker.port, "listener", &["cricket/#", "vachak/#"]);
    // The score comes back without any new event, and `online` comes last.
    last_score(&client, 40);
    client.wait_for("online", PATIENCE, |heard| heard.topic == "vachak/box/state" && heard.text() == "online");
    let order: Vec<String> = client.heard().into_iter().map(|heard| heard.topic).collect();
    let place = |end: &str| {
        order.iter().position(|topic| topic.ends_with(end)).unwrap_or_else(|| panic!("no {end} in {order:?}"))
    };
    for end in ["/score", "/latest", "/info"] {
        assert!(place(end) < place("/state"), "{order:?}");
    }
    publish(&client, &events[40..]);
    last_score(&client, 80);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn without_a_broker_it_waits_says_so_once_and_stops_cleanly() {
    let home = tempfile::tempdir().unwrap();
    let daemon = Daemon::start_unready(support::free_port(), home.path(), &[]);
    let log = until("a word about the broker", PATIENCE, || {
        Some(daemon.log()).filter(|log| log.contains("no connection to the broker"))
    });
    assert!(log.contains("hint: check that it runs"), "{log}");
    assert!(daemon.get("/live").starts_with("HTTP/1.1 200"));
    assert!(daemon.get("/ready").starts_with("HTTP/1.1 503"));
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(daemon.log().matches("no connection to the broker").count(), 1);
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn when_it_dies_the_broker_says_offline_and_when_it_is_back_online() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let client = Client::connect(broker.port, "listener", &["vachak/#"]);
    let daemon = Daemon::start(broker.port, home.path(), &["node.name=shed"]);
    let state = |wanted: &str| {
        until(wanted, PATIENCE, || {
            client.heard_on("vachak/shed/state").last().filter(|heard| heard.text() == wanted).map(|_| ())
        });
    };
    state("online");
    daemon.kill();
    state("offline");
    let daemon = Daemon::start(broker.port, home.path(), &["node.name=shed"]);
    state("online");
    assert_eq!(daemon.terminate().code(), Some(0));
    state("stopped");
}

#[test]
fn a_damaged_journal_is_set_aside_and_the_last_good_copy_takes_its_place() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let client = Client::connect(broker.port, "listener", &["cricket/#"]);
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let mut events = play::events("m");
    events.truncate(30);
    publish(&client, &events);
    last_score(&client, 30);
    assert_eq!(daemon.terminate().code(), Some(0));

    let file = home.path().join("journal/journal.db");
    std::fs::write(&file, vec![0x5a_u8; 20_000]).unwrap();
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    assert!(daemon.log().contains("was damaged"), "{}", daemon.log());
    assert!(daemon.log().contains("last good copy was restored"), "{}", daemon.log());
    until("the score of the copy", PATIENCE, || daemon.get("/api/score").contains(r#""seq":30"#).then_some(()));
    assert_eq!(daemon.terminate().code(), Some(0));
    let kept = std::fs::read_dir(home.path().join("journal")).unwrap();
    let kept =
        kept.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("journal.damaged-"));
    assert_eq!(kept.count(), 1);

    // Without a copy a fresh one begins.
    std::fs::write(
        &file,
        b"not a database, and long enough to be taken for one: ........................................",
    )
    .unwrap();
    std::fs::remove_file(home.path().join("journal/journal.good.db")).unwrap();
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    assert!(daemon.log().contains("a fresh journal begins"), "{}", daemon.log());
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_second_daemon_on_the_same_journal_is_refused() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &[]);
    let second = Daemon::start_unready(broker.port, home.path(), &["broker.client_id=second"]);
    assert_eq!(second.ended().code(), Some(1));
    assert!(daemon.log().contains("is in use by another vachak"), "{}", daemon.log());
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn two_boxes_with_one_id_are_told_so() {
    let (broker, home, other) = (Broker::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = Daemon::start(broker.port, home.path(), &[]);
    let second = Daemon::start_unready(broker.port, other.path(), &[]);
    until("a word about the id", PATIENCE, || {
        (first.log() + &second.log()).contains("another client uses the id vachak-box").then_some(())
    });
}
