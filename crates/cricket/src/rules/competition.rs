//! Competitions with playing conditions of their own.

use crate::event::MatchInfo;

/// A competition, as far as the score depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Competition {
    /// English domestic cricket: a no-ball costs two, and only a foot fault brings a free hit.
    English,
    /// The Hundred, English too: sets of five balls.
    Hundred,
    /// The Big Bash League, men's and women's: a short powerplay and a surge.
    BigBash,
    /// The Indian Premier League.
    Ipl,
    /// Any other.
    Other,
}

/// Words by which English domestic competitions are known, whoever sponsors them.
const ENGLISH: [&str; 9] = [
    "Blast",
    "County Championship",
    "Royal London One-Day Cup",
    "Metro Bank One Day Cup",
    "Charlotte Edwards Cup",
    "Rachael Heyhoe Flint",
    "Women's Cricket Super League",
    "ECB Women's One-Day Cup",
    "Women's County",
];

/// The English fifty-over competition without a sponsor; longer names that end so are other countries'.
const ONE_DAY_CUP: &str = "One-Day Cup";

impl Competition {
    pub(crate) fn of(info: &MatchInfo) -> Self {
        let name = info.event.as_ref().map_or("", |event| &event.name);
        if info.balls_per_over == 5 || name.starts_with("The Hundred") {
            Self::Hundred
        } else if name == ONE_DAY_CUP || ENGLISH.iter().any(|word| name.contains(word)) {
            Self::English
        } else if name.contains("Big Bash") {
            Self::BigBash
        } else if name == "Indian Premier League" {
            Self::Ipl
        } else {
            Self::Other
        }
    }

    /// Whether English playing conditions hold.
    pub(crate) fn is_english(self) -> bool {
        matches!(self, Self::English | Self::Hundred)
    }

    /// Whether the new batter faced after a catch before the Laws said so: The Hundred from 2021 on, the Indian Premier
    /// League from 2022 on.
    pub(super) fn new_batter_faces_early(self, date: Option<&str>) -> bool {
        let since = match self {
            Self::Hundred => "2021",
            Self::Ipl => "2022",
            Self::English | Self::BigBash | Self::Other => return false,
        };
        date.is_some_and(|date| date >= since)
    }
}
