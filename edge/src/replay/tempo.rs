//! How long a scorer waits between events at the ground.

use std::{str::FromStr, time::Duration};

use cricket::event::{Event, EventData};

/// How much faster than at the ground a match is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// Times the real tempo; above 0.
    Times(f64),
    /// Without any pause.
    Max,
}

/// Text that is no speed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is not a speed; hint: a number above 0 (1 is the tempo at the ground, 60 a minute in a second), or max")]
pub struct SpeedError(String);

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("max") {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err(SpeedError(text.chars().take(40).collect())),
        }
    }
}

impl Speed {
    /// A pause of the ground at this speed; never above `longest`.
    pub fn scale(self, pause: Duration, longest: Duration) -> Duration {
        match self {
            Self::Max => Duration::ZERO,
            Self::Times(times) => Duration::from_secs_f64((pause.as_secs_f64() / times).min(longest.as_secs_f64())),
        }
    }
}

/// Seconds from ball to ball inside an over.
const BALL: u64 = 34;
/// Seconds more at a change of ends.
const CHANGE_OF_ENDS: u64 = 22;
/// Seconds more for a new batter to walk in.
const NEW_BATTER: u64 = 70;
/// Seconds between innings.
const INTERVAL: u64 = 900;

/// The pause before an event at the ground, given the event sent before it. With these a T20 takes three hours and a
/// ball 38 seconds on average, breaks left out: what a T20 with its over-rate rules comes to.
pub fn pause_before(previous: Option<&Event>, event: &Event) -> Duration {
    let Some(previous) = previous else { return Duration::ZERO };
    let seconds = match (&previous.data, &event.data) {
        (EventData::Delivery(before), EventData::Delivery(_)) => {
            BALL + if before.wickets.is_empty() { 0 } else { NEW_BATTER }
        }
        (EventData::OverEnd(_), EventData::Delivery(_)) => BALL + CHANGE_OF_ENDS,
        (EventData::InningsEnd(_), EventData::InningsStart(_)) => INTERVAL,
        (_, EventData::Delivery(_)) => BALL,
        // The scorer notes the end of the over and of the innings with the last ball.
        _ => 0,
    };
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn speeds_are_numbers_above_nothing_or_max() {
        assert_eq!("60".parse(), Ok(Speed::Times(60.0)));
        assert_eq!("MAX".parse(), Ok(Speed::Max));
        for text in ["0", "-3", "fast", "inf", "NaN", ""] {
            let error = text.parse::<Speed>().unwrap_err().to_string();
            assert!(error.contains("hint: a number above 0"), "{error}");
        }
    }

    #[test]
    fn a_pause_shrinks_with_speed_and_is_capped() {
        let pause = Duration::from_secs(60);
        assert_eq!(Speed::Times(60.0).scale(pause, Duration::MAX), Duration::from_secs(1));
        assert_eq!(Speed::Times(1.0).scale(pause, Duration::from_secs(3)), Duration::from_secs(3));
        assert_eq!(Speed::Max.scale(pause, Duration::MAX), Duration::ZERO);
    }
}
