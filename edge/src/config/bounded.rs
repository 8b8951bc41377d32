//! Values with a range, checked where they are read so that the error can point at the line.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Bounded<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Bounded<MIN, MAX> {
    /// A number; brought into the range where it lies outside.
    pub const fn of(number: u64) -> Self {
        if number < MIN {
            Self(MIN)
        } else if number > MAX {
            Self(MAX)
        } else {
            Self(number)
        }
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<const MIN: u64, const MAX: u64> fmt::Debug for Bounded<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MIN: u64, const MAX: u64> Serialize for Bounded<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let allowed = || D::Error::custom(format!("allowed is a whole number from {MIN} to {MAX}"));
        let number = i64::deserialize(deserializer).map_err(|_| allowed())?;
        u64::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number)).map(Self).ok_or_else(allowed)
    }
}

/// A strength from 0 to 4, where 1 is the usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Scale(f32);

impl Scale {
    const MOST: f32 = 4.0;

    /// The number.
    pub const fn get(self) -> f32 {
        self.0
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self(1.0)
    }
}

impl<'de> Deserialize<'de> for Scale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let allowed = || D::Error::custom(format!("allowed is a number from 0 to {}", Self::MOST));
        let number = f32::deserialize(deserializer).map_err(|_| allowed())?;
        if (0.0..=Self::MOST).contains(&number) { Ok(Self(number)) } else { Err(allowed()) }
    }
}

/// Whether text can be one level of a topic that is published to.
pub fn is_topic_level(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && !text.chars().any(|c| matches!(c, '/' | '+' | '#' | '$') || c.is_control() || c.is_whitespace())
}

/// Reads one topic level.
pub(super) fn topic_level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_topic_level(&text) {
        return Ok(text);
    }
    Err(D::Error::custom("allowed is 1 to 64 characters without '/', '+', '#', '$' or spaces"))
}

/// Reads one or more topic levels.
pub(super) fn topic<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.split('/').all(is_topic_level) {
        return Ok(text);
    }
    Err(D::Error::custom("allowed are topic levels joined by '/', without '+', '#', '$' or spaces"))
}
