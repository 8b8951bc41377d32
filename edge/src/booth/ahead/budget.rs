//! How much can be written before the next ball: tokens by the writer's measured speed and the pause between balls.

use std::time::Duration;

/// The pause between balls until the match has shown its own: 25 to 35 s within an over, and longer between overs.
const USUAL_PAUSE: Duration = Duration::from_secs(35);
/// Part of the pause that is used: the rest is the live line's, and the unlucky ball's that comes early.
const USED: f64 = 0.8;
/// Tokens a second, read and written, of a writer not yet measured: a 1.5B model on a Raspberry Pi 5 in batches.
const UNMEASURED: f64 = 50.0;
/// Bytes a token until the writer has told.
const BYTES_A_TOKEN: f64 = 4.0;
/// Tokens of a line until one was written.
const LINE: f64 = 24.0;

/// What is known of the writer's speed; newer lines weigh more.
#[derive(Debug, Clone)]
pub struct Speed {
    tokens_a_second: f64,
    is_measured: bool,
    bytes_a_token: f64,
    line: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self { tokens_a_second: UNMEASURED, is_measured: false, bytes_a_token: BYTES_A_TOKEN, line: LINE }
    }
}

impl Speed {
    /// The writer was at work for some time and dealt with so many tokens, read and written.
    pub fn worked(&mut self, busy: Duration, tokens: u32) {
        // Shorter stretches tell of start-up more than of speed.
        if tokens >= 16 && !busy.is_zero() {
            let seen = f64::from(tokens) / busy.as_secs_f64();
            self.tokens_a_second = if self.is_measured { mixed(self.tokens_a_second, seen) } else { seen };
            self.is_measured = true;
        }
    }

    /// A line was written: tokens of its whole prompt, where the writer tells, and of the line.
    pub fn wrote(&mut self, prompt_bytes: usize, prompt_tokens: Option<u32>, written: u32) {
        if let Some(tokens) = prompt_tokens.filter(|tokens| *tokens > 0) {
            self.bytes_a_token = mixed(self.bytes_a_token, prompt_bytes as f64 / f64::from(tokens));
        }
        self.line = mixed(self.line, f64::from(written.max(1)));
    }

    /// Tokens that a line will cost whose prompt has so many bytes of its own, beyond what all share.
    pub fn cost(&self, own_bytes: usize) -> u32 {
        (self.line + own_bytes as f64 / self.bytes_a_token.max(0.5)).ceil() as u32
    }

    /// Tokens of so many bytes of text.
    pub fn tokens(&self, bytes: usize) -> u32 {
        (bytes as f64 / self.bytes_a_token.max(0.5)).ceil() as u32
    }

    /// Tokens that can be dealt with between two balls.
    pub fn budget(&self, pause: Option<Duration>) -> u32 {
        let seconds = pause.unwrap_or(USUAL_PAUSE).min(USUAL_PAUSE * 2).as_secs_f64() * USED;
        (self.tokens_a_second * seconds).min(f64::from(u32::MAX)) as u32
    }
}

fn mixed(known: f64, seen: f64) -> f64 {
    known * 0.8 + seen * 0.2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pi_has_room_for_a_dozen_lines_between_balls_and_a_slower_writer_for_fewer() {
        let mut speed = Speed::default();
        let lines = |speed: &Speed| speed.budget(None) / speed.cost(300);
        let before = lines(&speed);
        assert!((8..=20).contains(&before), "{before}");
        for _ in 0..40 {
            speed.worked(Duration::from_secs(10), 100);
        }
        assert!(lines(&speed) < before / 3, "{}", lines(&speed));
    }

    #[test]
    fn what_is_too_short_to_measure_measures_nothing() {
        let (mut speed, known) = (Speed::default(), Speed::default().budget(None));
        speed.worked(Duration::ZERO, 1000);
        speed.worked(Duration::from_millis(1), 3);
        assert_eq!(speed.budget(None), known);
    }
}
