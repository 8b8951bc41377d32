//! The real daemon on a real broker, both of the bench's own: free ports, own folder, gone with the bench.

use std::{
    collections::HashMap,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use cricket::event::Event;
use rumqttc::{Client, Connection, MqttOptions, Packet, QoS};
use tempfile::TempDir;

/// Patience with a start or an end.
const PATIENCE: Duration = Duration::from_secs(20);

/// When messages came, by topic and by the `key` in them: the first of each.
type Arrivals = Arc<Mutex<HashMap<(String, String), Instant>>>;

/// A broker, a daemon, a scorer who publishes and a broadcaster who listens.
pub struct Rig {
    daemon: Running,
    _broker: Running,
    _folder: TempDir,
    scorer: Client,
    arrivals: Arrivals,
}

/// A process that ends with the rig.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Rig {
    /// Builds the daemon, starts everything, waits until the daemon is ready.
    ///
    /// # Errors
    /// What is missing, or did not start.
    pub fn start(personas: &str) -> anyhow::Result<Self> {
        let program = daemon_program()?;
        let folder = tempfile::tempdir()?;
        let (port, http) = (free_port()?, free_port()?);
        let broker = broker(port, folder.path())?;
        let daemon = Running(
            Command::new(program)
                .arg("run")
                .args(["--set", &format!("broker.port={port}")])
                .args(["--set", &format!("http.listen=127.0.0.1:{http}")])
                .args(["--set", &format!("journal.directory={}", folder.path().join("journal").display())])
                .args(["--set", &format!("booth.personas={personas}")])
                .args(["--set", "model.backend=none"])
                .env_remove("VACHAK_CONFIG")
                .env_remove("JOURNAL_STREAM")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(fs::File::create(folder.path().join("log"))?)
                .spawn()
                .context("the daemon does not start")?,
        );
        wait("the daemon is not ready", || ready(http))?;
        let arrivals = broadcaster(port)?;
        Ok(Self { daemon, _broker: broker, _folder: folder, scorer: scorer(port), arrivals })
    }

    /// Publishes an event; gives the moment of doing so.
    ///
    /// # Errors
    /// The client has ended.
    pub fn publish(&self, event: &Event) -> anyhow::Result<Instant> {
        let topic = format!("cricket/{}/events", event.match_id);
        let payload = serde_json::to_vec(event)?;
        let sent = Instant::now();
        self.scorer.publish(topic, QoS::AtLeastOnce, false, payload)?;
        Ok(sent)
    }

    /// When the first message of a persona about a key came, if one has.
    pub fn first_line(&self, topic: &str, key: &str) -> Option<Instant> {
        let arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        arrivals.get(&(topic.to_owned(), key.to_owned())).copied()
    }

    /// A line of the daemon's `/proc/<pid>/status`, such as `VmRSS`, in bytes; `None` where there is no such file.
    pub fn memory(&self, line: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.daemon.0.id())).ok()?;
        let rest = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))?;
        rest.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

/// The daemon of this very source tree: built now, unless `VACHAK_BIN` names one.
fn daemon_program() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os("VACHAK_BIN") {
        return Ok(program.into());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "-p", "edge", "--bin", "vachak", "--message-format=json-render-diagnostics"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stderr(Stdio::inherit())
        .output()
        .context("cargo does not run; hint: name a daemon with VACHAK_BIN")?;
    let executable = String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back();
    match executable {
        Some(program) if built.status.success() => Ok(program),
        _ => bail!("the daemon does not build; hint: see what cargo says above, or name one with VACHAK_BIN"),
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn wait(complaint: &str, mut done: impl FnMut() -> bool) -> anyhow::Result<()> {
    let started = Instant::now();
    while !done() {
        if started.elapsed() > PATIENCE {
            bail!("{complaint} after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn broker(port: u16, folder: &Path) -> anyhow::Result<Running> {
    let config = folder.join("mosquitto.conf");
    let text = format!(
        "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\nmax_queued_messages 0\n"
    );
    fs::write(&config, text)?;
    // Debian keeps it where a user's path does not look.
    let broker = ["mosquitto", "/usr/sbin/mosquitto"]
        .into_iter()
        .find_map(|program| {
            Command::new(program).arg("-c").arg(&config).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        })
        .map(Running)
        .context("mosquitto is not installed; hint: apt-get install mosquitto")?;
    wait("the broker does not listen", || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok(broker)
}

fn ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// A connection to the broker. The scorer and the broadcaster have one each, as in life: on one connection, brokers that
/// gather small messages (mosquitto does unless told `set_tcp_nodelay true`) would hold lines back behind
/// acknowledgements for some 40 ms.
fn connect(port: u16, id: &str) -> (Client, Connection) {
    let mut options = MqttOptions::new(id, "127.0.0.1", port);
    options.set_max_packet_size(16 << 20, 16 << 20);
    let (client, mut connection) = Client::new(options, 200);
    // Small messages leave at once: the daemon's time is measured, not the client's habit of gathering.
    connection.eventloop.network_options.set_tcp_nodelay(true);
    (client, connection)
}

/// A client that publishes.
fn scorer(port: u16) -> Client {
    let (client, mut connection) = connect(port, "scorer");
    // It ends when the broker goes with the rig.
    thread::spawn(move || connection.iter().take_while(Result::is_ok).count());
    client
}

/// A client that notes when lines come.
fn broadcaster(port: u16) -> anyhow::Result<Arrivals> {
    let (client, mut connection) = connect(port, "broadcaster");
    client.subscribe("cricket/+/commentary/+", QoS::AtLeastOnce)?;
    let arrivals = Arrivals::default();
    let (notes, subscribed) = (Arc::clone(&arrivals), Arc::new(AtomicBool::new(false)));
    let heard = Arc::clone(&subscribed);
    thread::spawn(move || {
        // The client lives as long as its connection.
        let _client = client;
        for event in connection.iter() {
            let now = Instant::now();
            match event {
                Ok(rumqttc::Event::Incoming(Packet::SubAck(_))) => heard.store(true, Ordering::SeqCst),
                Ok(rumqttc::Event::Incoming(Packet::Publish(message))) => {
                    let payload = serde_json::from_slice::<serde_json::Value>(&message.payload).unwrap_or_default();
                    if let Some(key) = payload.get("key").and_then(serde_json::Value::as_str) {
                        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
                        notes.entry((message.topic, key.to_owned())).or_insert(now);
                    }
                }
                Ok(_) => {}
                // The broker went with the rig.
                Err(_) => return,
            }
        }
    });
    wait("the broadcaster is not subscribed", || subscribed.load(Ordering::SeqCst))?;
    Ok(arrivals)
}
