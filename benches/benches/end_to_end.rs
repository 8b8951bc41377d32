//! An event in, a phrasebook line out: through a real broker, with the real daemon, at the pace of one ball at a time.

use std::{
    thread,
    time::{Duration, Instant},
};

use benches::{
    data,
    figures::{Figure, percentile, say},
    rig::Rig,
};
use cricket::{cricsheet, event::EventData};

/// Time between events: far more than a line needs, so that none waits for another.
const PACE: Duration = Duration::from_millis(100);
/// The most talkative of the built-in personas.
const PERSONA: &str = "greig";

fn main() {
    let Some((id, bytes)) = data::ipl_match() else { return };
    if let Err(error) = measure(&id, &bytes) {
        say(&format!("skipped: {error:#}"));
    }
}

fn measure(id: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let rig = Rig::start(PERSONA)?;
    let mut sent: Vec<(String, Instant)> = Vec::new();
    for event in cricsheet::into_events(id, cricsheet::read(bytes)?) {
        let at = rig.publish(&event)?;
        if matches!(event.data, EventData::Delivery(_)) {
            sent.push((event.key.to_string(), at));
        }
        thread::sleep(PACE);
    }
    thread::sleep(Duration::from_secs(1));
    let topic = format!("cricket/{id}/commentary/{PERSONA}");
    let mut waits: Vec<f64> = sent
        .iter()
        .filter_map(|(key, at)| Some(rig.first_line(&topic, key)?.duration_since(*at).as_secs_f64() * 1e3))
        .collect();
    waits.sort_by(f64::total_cmp);
    say(&format!("{} of {} balls spoken of by {PERSONA}", waits.len(), sent.len()));
    for (what, share, goal) in [("p50", 0.5, "none set"), ("p95", 0.95, "<= 20"), ("p99", 0.99, "none set")] {
        let what = format!("event in to phrasebook line out, {what}");
        Figure { what: &what, measured: percentile(&waits, share), unit: "ms", goal, peer: None }.print();
    }
    Ok(())
}
