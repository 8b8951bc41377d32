//! Signs of life: each part that must never stand still ticks, and the watchdog is fed only while all of them do.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// One part's ticks.
#[derive(Debug, Clone)]
pub struct Ticks {
    name: &'static str,
    started: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Ticks {
    fn new(name: &'static str, started: Instant) -> Self {
        Self { name, started, last_ms: Arc::default() }
    }

    /// Says that this part is alive now.
    pub fn tick(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now, Ordering::Relaxed);
    }

    fn silent_for(&self) -> Duration {
        let last = Duration::from_millis(self.last_ms.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(last)
    }
}

/// All parts that must tick.
#[derive(Debug, Clone)]
pub struct Life {
    /// The task that polls the broker's connection.
    pub link: Ticks,
    /// The thread that writes the journal.
    pub journal: Ticks,
    /// The task that scores and speaks.
    pub desk: Ticks,
}

impl Default for Life {
    fn default() -> Self {
        let started = Instant::now();
        Self {
            link: Ticks::new("link", started),
            journal: Ticks::new("journal", started),
            desk: Ticks::new("desk", started),
        }
    }
}

impl Life {
    /// The parts that were silent for longer than `limit`.
    pub fn silent(&self, limit: Duration) -> Vec<&'static str> {
        [&self.link, &self.journal, &self.desk]
            .into_iter()
            .filter(|part| part.silent_for() > limit)
            .map(|part| part.name)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_does_not_tick_is_named() {
        let life = Life::default();
        std::thread::sleep(Duration::from_millis(30));
        life.link.tick();
        life.desk.tick();
        assert_eq!(life.silent(Duration::from_millis(20)), ["journal"]);
    }
}
