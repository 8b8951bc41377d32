//! A mosquitto of our own: free port, own configuration, gone with the test.

use std::{
    fs,
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{free_port, until};

/// A running broker.
pub struct Broker {
    pub port: u16,
    directory: tempfile::TempDir,
    process: Child,
}

impl Broker {
    pub fn start() -> Self {
        let (port, directory) = (free_port(), tempfile::tempdir().unwrap());
        let process = run(port, directory.path());
        Self { port, directory, process }
    }

    /// Stops it as a power cut would, and starts it again on the same port; what it had kept in memory is gone.
    pub fn restart(&mut self, away: Duration) {
        self.kill();
        std::thread::sleep(away);
        self.process = run(self.port, self.directory.path());
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(port: u16, directory: &std::path::Path) -> Child {
    let config = directory.join("mosquitto.conf");
    let text = format!(
        "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\nmax_queued_messages 0\n"
    );
    fs::write(&config, text).unwrap();
    let program = ["/usr/sbin/mosquitto", "mosquitto"]
        .into_iter()
        .find(|program| Command::new(program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok());
    let program = program.expect("mosquitto is not installed; hint: scripts/setup test, or apt-get install mosquitto");
    let process =
        Command::new(program).arg("-c").arg(&config).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the broker listens", Duration::from_secs(10), || TcpStream::connect(("127.0.0.1", port)).ok());
    process
}
