//! A day of play as a number that sorts.

use std::{fmt, str::FromStr};

/// A day, kept as `YYYYMMDD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

/// Text that is not a day.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a day, such as 2024-05-31")]
pub struct DayError(String);

impl Day {
    /// Later than any day: nothing is left out.
    pub const END: Self = Self(99_991_231);

    /// The year.
    pub fn year(self) -> u16 {
        (self.0 / 10_000) as u16
    }

    /// As kept in the store.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// From the store.
    pub(crate) fn from_number(number: u32) -> Self {
        Self(number)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || DayError(text.chars().take(40).collect());
        let shape = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(place, byte)| if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let number: u32 = if shape { digits.parse().map_err(|_| bad())? } else { return Err(bad()) };
        let (month, day) = (number / 100 % 100, number % 100);
        if (1..=12).contains(&month) && (1..=31).contains(&day) { Ok(Self(number)) } else { Err(bad()) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_day_is_read_and_printed_the_same() {
        let day: Day = "2024-05-31".parse().unwrap();
        assert_eq!((day.to_string().as_str(), day.year()), ("2024-05-31", 2024));
        assert!(day < Day::END);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2024", "2024-13-01", "2024-00-10", "2024/05/31", "20240-5-31", "éééé-05-1"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
