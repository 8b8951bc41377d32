//! What the daemon's tests share: a real broker, the real binary, a client, an invented match.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "each test file uses its part of it; a test fails by panicking"
)]

pub mod booth;
pub mod broker;
pub mod client;
pub mod daemon;
pub mod play;

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

/// A port that nobody uses at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something is so, or fails with what it was.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < patience, "not within {patience:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A file of the shared data beside the repository; says so and gives none where it is absent.
#[allow(clippy::print_stderr, reason = "a check is never skipped in silence")]
pub fn shared(file: &str) -> Option<std::path::PathBuf> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = std::env::var_os("VACHAK_SHARED").map_or(beside, std::path::PathBuf::from);
    let path = root.join(file);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}
