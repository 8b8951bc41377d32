//! What the daemon keeps in memory, without a model, after a whole match.

use std::{
    thread,
    time::{Duration, Instant},
};

use benches::{
    data,
    figures::{Figure, say},
    rig::Rig,
};
use cricket::cricsheet;

/// Patience with the daemon's last line.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    let Some((id, bytes)) = data::ipl_match() else { return };
    if let Err(error) = measure(&id, &bytes) {
        say(&format!("skipped: {error:#}"));
    }
}

fn measure(id: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let rig = Rig::start("benaud,greig,doshi")?;
    let before = rig.memory("VmRSS");
    let mut last = String::new();
    for event in cricsheet::into_events(id, cricsheet::read(bytes)?) {
        rig.publish(&event)?;
        last = event.key.to_string();
    }
    // The result is always spoken of.
    let started = Instant::now();
    while rig.first_line(&format!("cricket/{id}/commentary/benaud"), &last).is_none() {
        anyhow::ensure!(started.elapsed() < PATIENCE, "no line of the result came within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(50));
    }
    thread::sleep(Duration::from_secs(1));
    for (what, bytes, goal) in [
        ("resident before the match", before, "none set"),
        ("resident after a whole match, three personas", rig.memory("VmRSS"), "<= 25"),
        ("resident at most", rig.memory("VmHWM"), "none set"),
    ] {
        match bytes {
            Some(bytes) => Figure { what, measured: bytes as f64 / 1e6, unit: "MB", goal, peer: None }.print(),
            None => say(&format!("skipped: {what}: this system has no /proc")),
        }
    }
    Ok(())
}
