//! The real binary, run on a broker and a directory of the test's own.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use super::{free_port, until};

/// A running daemon.
pub struct Daemon {
    pub http: u16,
    log: PathBuf,
    process: Child,
}

impl Daemon {
    /// Runs `vachak run` and waits until it is connected.
    pub fn start(broker: u16, directory: &Path, extra: &[&str]) -> Self {
        let daemon = Self::start_unready(broker, directory, extra);
        until("the daemon is ready", Duration::from_secs(20), || {
            daemon.get("/ready").starts_with("HTTP/1.1 200").then_some(())
        });
        daemon
    }

    /// Runs `vachak run`.
    pub fn start_unready(broker: u16, directory: &Path, extra: &[&str]) -> Self {
        let (http, log) = (free_port(), directory.join("log"));
        let file = fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
        command.arg("run").args(["--set", &format!("broker.port={broker}")]);
        command.args(["--set", &format!("http.listen=127.0.0.1:{http}")]);
        command.args(["--set", &format!("journal.directory={}", directory.join("journal").display())]);
        // Unless a test wants a model: the phrasebook says the same thing every time.
        command.args(["--set", "model.backend=none"]);
        for set in extra {
            command.args(["--set", set]);
        }
        command.env_remove("VACHAK_CONFIG").env_remove("JOURNAL_STREAM").env("NO_COLOR", "1");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn().unwrap();
        Self { http, log, process }
    }

    /// Sends a request to its page and returns the whole answer.
    pub fn get(&self, path: &str) -> String {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.http)) else { return String::new() };
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap_or_default();
        answer
    }

    /// Everything it has logged, in this run and earlier ones of the directory.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM; returns how it ended.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        until("the daemon ends", Duration::from_secs(12), || self.process.try_wait().unwrap())
    }

    /// How it ended by itself.
    pub fn ended(mut self) -> ExitStatus {
        until("the daemon ends", Duration::from_secs(20), || self.process.try_wait().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
