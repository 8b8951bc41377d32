//! How many balls a Raspberry Pi would speak of at once: the real daemon on a real broker with real matches, and the
//! program's own model held to the pace of a 1.5B one on a Pi 5. Clock and work are shortened together.
//!
//! `cargo test --release -p edge --test ahead_pace -- --ignored --nocapture`; `VACHAK_PACE` is how many times shorter
//! (10), `VACHAK_BALLS` how many balls of each match (all), `VACHAK_MATCHES` how many matches (1).
#![cfg(feature = "llama")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a bench prints, and fails by panicking"
)]

mod support;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use commentary::{Line, LineKind, Memory, NoArchive, Origin};
use cricket::{
    cricsheet,
    event::{Event, EventData},
    outlook::NoRecords,
    score::Match,
};
use edge::{
    booth::{
        Exchange, Seat, Voices,
        ahead::{prospect::prospects, wish::wishes},
    },
    config::Config,
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use llm::{
    EmbeddedConfig, EmbeddedWriter, Piece, TextStream, Urgency, Usage, WriteError, WriteRequest, Writer, WriterInfo,
    collect,
};
use rumqttc::{Event as Mqtt, MqttOptions, Packet, QoS};
use support::{booth, broker::Broker};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

/// Between balls, at the ground.
const BALL: Duration = Duration::from_secs(35);
/// Tokens a second that the model reads.
const READ: f64 = 55.0;
/// Seconds of a step that writes one token of one line.
const STEP: f64 = 0.1;
/// What a step of eight lines costs, in steps of one.
const STEP_OF_EIGHT: f64 = 1.45;
/// Lines in a step at most.
const LINES: usize = 8;
/// Tokens that a prompt has of its own: what a moment and the voice take in a prompt for a model of this size (54 in the
/// middle, see `prompt_length`). What outcomes of one ball have in common is counted with each.
const OWN: u32 = 60;

/// A line on the device.
struct Job {
    id: u64,
    urgency: Urgency,
    to_read: f64,
    /// As soon as it is known: the model writes while the device reads.
    to_write: Option<u32>,
    cancel: CancellationToken,
    done: oneshot::Sender<()>,
}

/// A device that takes the time a Pi would take, shortened.
#[derive(Default)]
struct Device {
    jobs: Mutex<Vec<Job>>,
    news: Notify,
    ids: AtomicU64,
}

impl Device {
    async fn run(self: Arc<Self>, pace: f64) {
        loop {
            let Some(seconds) = self.step() else {
                self.news.notified().await;
                continue;
            };
            tokio::time::sleep(Duration::from_secs_f64(seconds / pace)).await;
        }
    }

    /// So much is to be written of a line; `None` gives it up.
    fn wrote(&self, id: u64, tokens: Option<u32>) {
        let mut jobs = self.jobs.lock().unwrap();
        jobs.retain(|job| job.id != id || tokens.is_some());
        if let Some(job) = jobs.iter_mut().find(|job| job.id == id) {
            job.to_write = tokens;
        }
        drop(jobs);
        self.news.notify_one();
    }

    /// The seconds of the next step; none without work. Lines that somebody waits for go first, prompts before lines.
    fn step(&self) -> Option<f64> {
        let mut jobs = self.jobs.lock().unwrap();
        jobs.retain(|job| !job.cancel.is_cancelled());
        let urgent = jobs.iter().any(|job| job.urgency == Urgency::Live);
        let turn = |job: &&mut Job| !urgent || job.urgency == Urgency::Live;
        if let Some(job) = jobs.iter_mut().filter(turn).take(LINES).find(|job| job.to_read > 0.0) {
            let tokens = job.to_read.min(32.0);
            job.to_read -= tokens;
            return Some(tokens / READ);
        }
        let mut lines = 0;
        for left in jobs.iter_mut().filter(turn).take(LINES).filter_map(|job| job.to_write.as_mut()) {
            *left -= 1;
            lines += 1;
        }
        for at in (0..jobs.len()).rev().filter(|at| jobs[*at].to_write == Some(0)).collect::<Vec<_>>() {
            // Who asked may have gone.
            let _ = jobs.remove(at).done.send(());
        }
        let dearer = (STEP_OF_EIGHT - 1.0) / (LINES as f64 - 1.0);
        (lines > 0).then(|| STEP * (1.0 + dearer * f64::from(lines - 1)))
    }
}

/// The program's own model at the device's pace.
#[derive(Clone)]
struct Paced {
    model: Arc<EmbeddedWriter>,
    device: Arc<Device>,
}

impl Writer for Paced {
    fn info(&self) -> WriterInfo {
        self.model.info()
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        let this = self.clone();
        async move { this.line(request).await }
            .into_stream()
            .flat_map(|line| {
                let pieces = match line {
                    Ok((text, usage)) => vec![Ok(Piece::Text(text)), Ok(Piece::End(usage))],
                    Err(error) => vec![Err(error)],
                };
                futures_util::stream::iter(pieces)
            })
            .boxed()
    }

    fn probe(&self, deadline: tokio::time::Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        self.model.probe(deadline)
    }
}

impl Paced {
    async fn line(&self, request: WriteRequest) -> Result<(String, Usage), WriteError> {
        let (urgency, cancel) = (request.urgency, request.cancel.clone());
        let (done, waits) = oneshot::channel();
        let id = self.device.ids.fetch_add(1, Ordering::Relaxed);
        let job = Job { id, urgency, to_read: f64::from(OWN), to_write: None, cancel, done };
        self.device.jobs.lock().unwrap().push(job);
        self.device.news.notify_one();
        let line = collect(&*self.model, request).await;
        let written = line.as_ref().ok().map(|line| line.usage.written_tokens.unwrap_or(1).max(1));
        self.device.wrote(id, written);
        let line = line?;
        waits.await.map_err(|_| WriteError::Cancelled)?;
        let usage =
            Usage { prompt_tokens: Some(OWN), reused_tokens: Some(0), written_tokens: written, ..Usage::default() };
        Ok((line.text, usage))
    }
}

fn setting(name: &str, usual: f64) -> f64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A listener who notes when lines come.
fn listener(port: u16) -> mpsc::Receiver<(Instant, Line)> {
    let mut options = MqttOptions::new("listener", "127.0.0.1", port);
    options.set_max_packet_size(16 << 20, 16 << 20);
    let (client, mut connection) = rumqttc::Client::new(options, 200);
    client.subscribe("cricket/+/commentary/+", QoS::AtLeastOnce).unwrap();
    let (to, heard) = mpsc::channel();
    let (ready, subscribed) = mpsc::channel();
    std::thread::spawn(move || {
        let _client = client;
        for event in connection.iter() {
            match event {
                Ok(Mqtt::Incoming(Packet::SubAck(_))) => ready.send(()).unwrap(),
                Ok(Mqtt::Incoming(Packet::Publish(message))) => {
                    let line = serde_json::from_slice(&message.payload).unwrap();
                    if to.send((Instant::now(), line)).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    subscribed.recv_timeout(Duration::from_secs(20)).unwrap();
    heard
}

#[test]
#[ignore = "takes minutes; it prints and asserts nothing of speed"]
fn spoken_balls_served_by_a_ready_line() {
    let pace = setting("VACHAK_PACE", 10.0);
    let matches = setting("VACHAK_MATCHES", 1.0) as usize;
    // Indian Premier League matches among the samples.
    for id in ["1359534", "1216517", "1226854"].into_iter().take(matches) {
        if let Some(file) = support::shared(&format!("data/samples/{id}.json")) {
            measure(id, &file, pace);
        }
    }
}

/// What thinking about the next ball takes: the likely deliveries, their moments, and what of them is worth a line.
fn thinking(events: &[Event], config: &Config, seat: &Arc<Seat>) -> Duration {
    let voices = Voices::build(config).unwrap();
    let memories: Vec<_> = voices.personas.iter().map(|_| Arc::new(Memory::new())).collect();
    let mut score = Match::new(events[0].match_id.clone());
    let (mut took, mut times) = (Duration::ZERO, 0);
    for event in events {
        score.apply(event.clone());
        if matches!(event.data, EventData::Delivery(_)) {
            let begun = Instant::now();
            let may_come = prospects(&score.lookahead(), None, &NoRecords, &NoArchive);
            std::hint::black_box(wishes(&may_come, &voices, &memories, seat));
            took += begun.elapsed();
            times += 1;
        }
    }
    took / times.max(1)
}

fn measure(id: &str, file: &Path, pace: f64) {
    let most = setting("VACHAK_BALLS", 400.0) as usize;
    let persona = std::env::var("VACHAK_PERSONA").unwrap_or_else(|_| "greig".to_owned());
    let events = cricsheet::into_events(id, cricsheet::read(&std::fs::read(file).unwrap()).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (broker, home) = (Broker::start(), tempfile::tempdir().unwrap());
    let gguf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/booth-mini/booth-mini.gguf");
    let model = runtime
        .block_on(async { EmbeddedWriter::load(EmbeddedConfig { threads: Some(1), ..EmbeddedConfig::new(gguf) }) })
        .unwrap();
    let device = Arc::new(Device::default());
    runtime.spawn(device.clone().run(pace));
    let writer = Paced { model: Arc::new(model), device };
    let deadline = format!("model.deadline_ms={}", (8000.0 / pace).max(100.0) as u64);
    let settings = [deadline.as_str(), &format!("booth.personas={persona}")];
    let config = booth::config(broker.port, home.path(), &settings);
    let who = Exchange::new(Some(booth::slots(writer.clone()))).seat().unwrap();
    eprintln!("{id}: thinking about a ball takes {:?}", thinking(&events, &config, &who));
    let running = runtime.block_on(booth::start(config, Some(booth::slots(writer))));
    let heard = listener(broker.port);
    let feed = support::client::Client::connect(broker.port, "feed", &["cricket/+/report"]);

    let mut sent: BTreeMap<String, Instant> = BTreeMap::new();
    for event in &events {
        let is_ball = matches!(event.data, EventData::Delivery(_));
        if sent.len() >= most {
            break;
        }
        if is_ball {
            std::thread::sleep(BALL.div_f64(pace));
            sent.insert(event.key.to_string(), Instant::now());
        }
        feed.publish(&format!("cricket/{id}/events"), serde_json::to_vec(event).unwrap(), false);
    }
    std::thread::sleep(BALL.div_f64(pace));
    let report = feed.heard_on("/report").pop();
    assert!(runtime.block_on(running.shutdown()));

    let mut first: BTreeMap<String, (Origin, Duration)> = BTreeMap::new();
    for (at, line) in heard.try_iter() {
        let of_ball = matches!(line.kind, LineKind::Call | LineKind::Colour);
        if let Some(sent) = sent.get(&line.key).filter(|_| of_ball) {
            first.entry(line.key).or_insert((line.origin, at.duration_since(*sent)));
        }
    }
    let share = |origin| {
        let count = first.values().filter(|(of, _)| *of == origin).count();
        100.0 * count as f64 / first.len().max(1) as f64
    };
    let mut waits: Vec<Duration> = first.values().map(|(_, wait)| *wait).collect();
    waits.sort();
    let at = |share: f64| waits.get(((waits.len().max(1) - 1) as f64 * share).round() as usize).copied();
    eprintln!("{id}, {persona}, {pace} times faster: {} of {} balls spoken of", first.len(), sent.len());
    eprintln!(
        "  first line ready {:.1} % (goal >= 90), live {:.1} %, phrasebook {:.1} %",
        share(Origin::Ready),
        share(Origin::Live),
        share(Origin::Phrasebook)
    );
    eprintln!("  ball in to line out: p50 {:?} (goal <= 100 ms), p95 {:?}, not shortened", at(0.5), at(0.95));
    let symbol = |key: &str| {
        let balls = events.iter().filter(|event| event.key.as_str() == key);
        balls
            .filter_map(|event| if let EventData::Delivery(ball) = &event.data { Some(ball.symbol()) } else { None })
            .next_back()
    };
    let missed = first.iter().filter(|(_, (origin, _))| *origin != Origin::Ready);
    let missed: Vec<_> =
        missed.map(|(key, (origin, _))| (key, symbol(key).unwrap_or_default(), origin.name())).collect();
    eprintln!("  not ready: {missed:?}");
    if let Some(report) = report {
        eprintln!("  {}", report.json()["personas"]);
    }
}
