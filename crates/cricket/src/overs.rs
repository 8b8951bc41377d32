//! Overs and balls as cricket prints them: text, never a decimal number.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An over and a ball in it as printed text: `15.1`, `5.10`. The part before the point is the over counted from 0,
/// the part after it counts from 1. In a target's `overs` it means whole overs and balls: `9.2` is 9 overs and 2 balls.
///
/// It travels as text, because as a number `5.10` would become `5.1`, another ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OverBall {
    /// Overs before the point.
    pub over: u16,
    /// Balls after the point; 0 when the text has no point.
    pub ball: u16,
}

/// Text that is not `over` or `over.ball`.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not over.ball, such as \"15.1\" or \"20\"")]
pub struct OverBallError(String);

impl FromStr for OverBall {
    type Err = OverBallError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || OverBallError(text.chars().take(40).collect());
        let (over, ball) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self { over: over.parse().map_err(|_| bad())?, ball: ball.parse().map_err(|_| bad())? })
    }
}

impl fmt::Display for OverBall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ball == 0 { write!(f, "{}", self.over) } else { write!(f, "{}.{}", self.over, self.ball) }
    }
}

impl OverBall {
    /// As a count of balls, for a target's `overs`: 9.2 with six balls an over is 56.
    pub fn as_balls(self, balls_per_over: u16) -> u32 {
        u32::from(self.over) * u32::from(balls_per_over) + u32::from(self.ball)
    }
}

impl Serialize for OverBall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OverBall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Legal balls bowled, printed as overs: 22 balls are `3.4` with six balls an over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OversBowled {
    /// Legal balls.
    pub balls: u32,
    /// Balls in an over: 6, historically 8, 5 in The Hundred.
    pub balls_per_over: u16,
}

impl fmt::Display for OversBowled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = u32::from(self.balls_per_over.max(1));
        let (overs, balls) = (self.balls / per, self.balls % per);
        if balls == 0 { write!(f, "{overs}") } else { write!(f, "{overs}.{balls}") }
    }
}
