//! Numbers and what they count.

use std::fmt;

/// A number to two decimal places, exactly: 148 is 14,800, 8.5 is 850. Rates are said to two places at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(pub u64);

impl Hundredths {
    /// A whole number.
    pub fn whole(number: u32) -> Self {
        Self(u64::from(number) * 100)
    }

    /// A rate, rounded to two places; 0 for what is negative or not a number.
    pub fn rate(rate: f64) -> Self {
        Self((rate * 100.0).round() as u64)
    }

    /// Reads digits with at most one point; more than two places are not something we say.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        // `05` is not how anybody writes five.
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if whole.is_empty()
            || whole.len() > 9
            || part.len() > 2
            || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let part: u64 = format!("{part:0<2}").parse().ok()?;
        Some(Self(whole * 100 + part))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Runs of any account.
    Runs,
    /// Runs that a side still needs.
    Needed,
    /// Balls.
    Balls,
    /// Wickets, fallen or taken or in hand.
    Wickets,
    /// Overs as a length, `3.4` read as 3.4.
    Overs,
    /// Which over (from 1), as an ordinal or in "over 16".
    OverNumber,
    /// Fours hit.
    Fours,
    /// Sixes hit.
    Sixes,
    /// Boundaries hit.
    Boundaries,
    /// Runs an over.
    Rate,
    /// Which wicket, as an ordinal.
    WicketNumber,
    /// Which innings, as an ordinal.
    InningsNumber,
    /// Balls of an over, or a position in it.
    BallNumber,
    /// Maidens.
    Maidens,
    /// A chance in percent.
    Percent,
    /// Dismissals of a head-to-head.
    Dismissals,
    /// Innings or matches of a statistic.
    Sample,
    /// A year.
    Year,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::Hundredths;

    #[test]
    fn reads_what_it_writes() {
        for text in ["0", "7", "148", "8.5", "12.25", "0.05"] {
            assert_eq!(Hundredths::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Hundredths::parse("8.50"), Hundredths::parse("8.5"));
        for text in ["", ".", "05", "1.234", "1e3", "-4", "9999999999"] {
            assert_eq!(Hundredths::parse(text), None, "{text}");
        }
    }
}
