//! Another model takes over while the daemon runs and a match is on.
#![cfg(feature = "llama")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it measured"
)]

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use commentary::Line;
use cricket::event::{Event, EventData};
use support::{broker::Broker, client::Client, daemon::Daemon, play, until};

const PATIENCE: Duration = Duration::from_secs(300);

fn lines(client: &Client) -> Vec<Line> {
    let spoken = client.heard().into_iter().filter(|heard| !heard.topic.ends_with("/latest"));
    spoken.map(|heard| serde_json::from_slice(&heard.payload).unwrap()).collect()
}

fn vachak(home: &Path, args: &[&str]) -> Output {
    let directory = format!("journal.directory={}", home.join("journal").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
    command.arg("model").args(args).args(["--set", &directory, "--set", "model.backend=embedded"]);
    command.env_remove("VACHAK_CONFIG").env("NO_COLOR", "1").output().unwrap()
}

/// Publishes a match, a ball every now and then, until dropped; what was published can be asked for.
struct Feed {
    sent: Arc<Mutex<Vec<Event>>>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Feed {
    fn start(port: u16) -> Self {
        let (sent, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let (sent, stop) = (sent.clone(), stop.clone());
            move || {
                let client = Client::connect(port, "feed", &["cricket/none"]);
                // Where the machine is busy, a model needs longer for its line than a ball takes: they come ever slower.
                let mut pause = Duration::from_millis(100);
                for number in 0.. {
                    let id = format!("m{number}");
                    for event in play::events(&id) {
                        if stop.load(Ordering::SeqCst) {
                            return;
                        }
                        client.publish(&format!("cricket/{id}/events"), serde_json::to_vec(&event).unwrap(), false);
                        sent.lock().unwrap().push(event);
                        std::thread::sleep(pause);
                        pause = (pause * 51 / 50).min(Duration::from_secs(2));
                    }
                }
            }
        });
        Self { sent, stop, thread: Some(thread) }
    }

    /// Stops it, and gives the balls that nobody may be silent about.
    fn end(mut self) -> Vec<String> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
        let sent = self.sent.lock().unwrap();
        let special = sent.iter().filter(|event| match &event.data {
            EventData::Delivery(ball) => ball.is_four() || ball.is_six() || !ball.wickets.is_empty(),
            _ => false,
        });
        special.map(|event| format!("{} {}", event.match_id, event.key)).collect()
    }
}

fn written_by(client: &Client, model: &str, after: usize) -> Option<usize> {
    lines(client).iter().skip(after).position(|line| line.model.as_deref() == Some(model)).map(|at| after + at)
}

#[test]
fn another_model_takes_over_in_mid_match_and_no_ball_goes_unspoken() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    // Nobody else is to write in the place of either.
    let extra = ["booth.personas=greig", "model.backend=embedded", "model.fallback=none"];
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let client = Client::connect(broker.port, "listener", &["cricket/+/commentary/#", "vachak/box/info"]);
    let models = home.path().join("journal/models");
    let own = fs::read_dir(&models)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "gguf"))
        .unwrap();
    let own_name = own.file_stem().unwrap().to_string_lossy().into_owned();
    fs::copy(&own, models.join("voice.gguf")).unwrap();
    let feed = Feed::start(broker.port);
    let spoken = |client: &Client| -> Vec<Line> {
        let heard = client.heard().into_iter().filter(|heard| heard.topic.contains("/commentary/"));
        let spoken = heard.filter(|heard| !heard.topic.ends_with("/latest"));
        spoken.map(|heard| serde_json::from_slice(&heard.payload).unwrap()).collect()
    };
    let by = |model: &str, what: &str| {
        let heard = || spoken(&client).iter().any(|line| line.model.as_deref() == Some(model)).then_some(());
        until(what, PATIENCE, heard);
    };
    by(&own_name, "the built-in model writes");

    let used = vachak(home.path(), &["use", "voice"]);
    assert!(used.status.success(), "{used:?}\n{}", daemon.log());
    assert!(String::from_utf8_lossy(&used.stderr).contains("voice writes now"), "{used:?}");
    by("voice", "the new one writes");
    let since = spoken(&client).iter().position(|line| line.model.as_deref() == Some("voice")).unwrap();
    until("the box says who it is now", PATIENCE, || {
        client
            .heard()
            .iter()
            .any(|heard| heard.topic == "vachak/box/info" && heard.text().contains("\"voice\""))
            .then_some(())
    });

    // A file that looks sound and computes no numbers: the old one stays, and the command says so.
    let mut damaged = fs::read(&own).unwrap();
    let half = damaged.len() / 2;
    damaged[half..].fill(0xFF);
    fs::write(models.join("damaged.gguf"), damaged).unwrap();
    let refused = vachak(home.path(), &["use", "damaged"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{told}");
    assert!(told.contains("computes no numbers") && told.contains("voice goes on") && told.contains("hint:"), "{told}");
    let listed = vachak(home.path(), &["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&listed["writes"], &listed["daemon_runs"]), (&"voice".into(), &true.into()));

    // Its file is cut short where it lies, and then taken away: said, and nothing else happens.
    fs::OpenOptions::new().write(true).open(models.join("voice.gguf")).unwrap().set_len(1000).unwrap();
    until("the change is noticed", PATIENCE, || daemon.log().contains("voice.gguf was changed").then_some(()));
    fs::remove_file(models.join("voice.gguf")).unwrap();
    until("the loss is noticed", PATIENCE, || daemon.log().contains("voice.gguf is gone").then_some(()));
    let so_far = spoken(&client).len();
    until("it writes on", PATIENCE, || {
        spoken(&client).iter().skip(so_far).any(|line| line.model.as_deref() == Some("voice")).then_some(())
    });

    // No ball that matters was passed over in all that.
    for key in feed.end() {
        until(&format!("the call of {key}"), PATIENCE, || {
            spoken(&client).iter().any(|line| format!("{} {}", line.match_id, line.key) == key).then_some(())
        });
    }
    let after = &spoken(&client)[since..];
    let old = after.iter().filter(|line| line.model.as_deref() == Some(&*own_name)).count();
    assert!(old <= 4, "the old model wrote {old} lines after the new one had begun");
    assert_eq!(daemon.terminate().code(), Some(0));

    // The chosen file is gone at the next start: the configured model takes its place.
    let daemon = Daemon::start(broker.port, home.path(), &extra);
    let log = daemon.log();
    assert!(log.contains("the chosen model cannot be used") && log.contains("no such file"), "{log}");
    let listed = vachak(home.path(), &["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed["writes"], own_name.as_str());
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn a_model_that_was_missing_is_taken_up_when_it_comes() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let late = home.path().join("late.gguf");
    let path = format!("model.path={}", late.display());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=greig", "model.backend=embedded", &path]);
    let log = daemon.log();
    assert!(log.contains("cannot be used") && log.contains("no such file"), "{log}");
    assert!(log.contains("booth-mini") && log.contains("writes in its place"), "{log}");
    let client = Client::connect(broker.port, "listener", &["cricket/+/commentary/#"]);
    let feed = Feed::start(broker.port);
    until("the program's own model writes", PATIENCE, || {
        let by_own = |line: &Line| line.model.as_deref().is_some_and(|model| model.starts_with("booth-mini-"));
        lines(&client).iter().any(by_own).then_some(())
    });
    let own = vachak(home.path(), &["info", "booth-mini", "--json"]);
    let own: serde_json::Value = serde_json::from_slice(&own.stdout).unwrap();
    // As a download ends: under its own name only once it is whole.
    let part = home.path().join("late.part");
    fs::copy(own["path"].as_str().unwrap(), &part).unwrap();
    fs::rename(&part, &late).unwrap();
    until("the model writes", PATIENCE, || written_by(&client, "late", 0));
    feed.end();
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn the_programs_own_model_stands_in_for_whatever_takes_its_place() {
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let daemon = Daemon::start(broker.port, home.path(), &["booth.personas=greig", "model.backend=embedded"]);
    let client = Client::connect(broker.port, "listener", &["vachak/box/info"]);
    let says = |what: &str, model: &str, second: Option<&str>| {
        let begins = |told: &serde_json::Value, name: &str| told.as_str().is_some_and(|told| told.starts_with(name));
        until(what, PATIENCE, || {
            let info = client.heard_on("/info").pop()?.json();
            let stands_in = match second {
                Some(second) => begins(&info["second_model"]["model"], second),
                None => info["second_model"].is_null(),
            };
            (begins(&info["model"]["model"], model) && stands_in).then_some(())
        });
    };
    says("nobody stands in for the program's own", "booth-mini", None);
    let own = vachak(home.path(), &["info", "booth-mini", "--json"]);
    let own: serde_json::Value = serde_json::from_slice(&own.stdout).unwrap();
    fs::copy(own["path"].as_str().unwrap(), home.path().join("journal/models/voice.gguf")).unwrap();
    assert!(vachak(home.path(), &["use", "voice"]).status.success(), "{}", daemon.log());
    says("the old one stands in for the new", "voice", Some("booth-mini"));
    assert!(vachak(home.path(), &["use", "booth-mini"]).status.success(), "{}", daemon.log());
    says("and goes when it writes itself", "booth-mini", None);
    assert_eq!(daemon.terminate().code(), Some(0));
}
