//! Whether there is time to say something before the next ball.

use std::time::{Duration, Instant};

/// How fast the balls come, as they arrive.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tempo {
    last: Option<Instant>,
    /// The pause between balls, newer ones weighing more.
    pause: Option<Duration>,
}

/// Words of speech a second.
const WORDS_A_SECOND: f64 = 2.6;

impl Tempo {
    /// A ball arrived.
    pub(super) fn ball(&mut self, at: Instant) {
        if let Some(last) = self.last.replace(at) {
            let pause = at.saturating_duration_since(last);
            self.pause = Some(self.pause.map_or(pause, |known| (known * 2 + pause) / 3));
        }
    }

    /// The pause between balls, where it is known.
    pub(super) fn pause(&self) -> Option<Duration> {
        self.pause
    }

    /// Whether a text can be said before the next ball is due; while nothing is known of the tempo it can.
    pub(super) fn has_room(&self, text: &str, ball: Instant) -> bool {
        let takes = Duration::from_secs_f64(text.split_whitespace().count() as f64 / WORDS_A_SECOND);
        self.pause.is_none_or(|pause| ball.elapsed() + takes < pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_fits_between_slow_balls_and_not_between_quick_ones() {
        let (now, mut tempo) = (Instant::now(), Tempo::default());
        let line = "Eight words take three seconds on the air";
        assert!(tempo.has_room(line, now), "nothing is known yet");
        for ball in 0..10 {
            tempo.ball(now + Duration::from_secs(30) * ball);
        }
        assert!(tempo.has_room(line, now));
        for ball in 0..20 {
            tempo.ball(now + Duration::from_secs(270) + Duration::from_secs(1) * ball);
        }
        assert!(!tempo.has_room(line, now));
    }
}
