//! Editions of the Laws of Cricket.

use std::fmt;

/// An edition of the Laws, by the year from which it holds. Editions that change nothing in the score (2008, 2013, 2015,
/// 2019) count as the one before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// The code of 1980, until September 2000.
    Code1980,
    /// The code of 2000.
    Code2000,
    /// The code of 2000, second edition (2003).
    Code2003,
    /// The code of 2000, fourth edition (October 2010).
    Code2010,
    /// The code of 2017 (October 2017): byes off a no-ball are byes; handling the ball is obstruction.
    Code2017,
    /// The code of 2017, third edition (October 2022): the new batter faces after a catch.
    Code2022,
}

/// The editions with the day from which each holds, the name it goes by, and the words that tell it in a feed's text. The
/// Marylebone Cricket Club gives no day for the edition of 2003; nothing in the score hangs on it.
const EDITIONS: [(Edition, &str, &str, &[&str]); 6] = [
    (Edition::Code1980, "0000-00-00", "1980 Code", &["1980"]),
    (Edition::Code2000, "2000-10-01", "2000 Code", &["2000"]),
    (Edition::Code2003, "2003-01-01", "2000 Code (2nd Edition)", &["2003", "2008"]),
    (Edition::Code2010, "2010-10-01", "2000 Code (4th Edition)", &["2010", "2013", "2015"]),
    (Edition::Code2017, "2017-10-01", "2017 Code", &["2017", "2019"]),
    (Edition::Code2022, "2022-10-01", "2017 Code (3rd Edition)", &["2022"]),
];

impl Edition {
    /// The edition in force on a day, `YYYY-MM-DD`.
    pub fn on(date: &str) -> Self {
        EDITIONS.iter().rfind(|(_, since, ..)| date >= *since).map_or(Self::Code1980, |(edition, ..)| *edition)
    }

    /// The edition that a feed names, such as `2017 Code (3rd Edition)`, `2017 Code, third edition` or `2022`; `None` for
    /// a name that is none of ours.
    pub fn named(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let code = EDITIONS.iter().rfind(|(.., words)| has(words)).map(|(edition, ..)| *edition)?;
        Some(match code {
            Self::Code2017 if has(&["3rd", "third"]) => Self::Code2022,
            Self::Code2000 if has(&["4th", "fourth", "5th", "fifth", "6th", "sixth"]) => Self::Code2010,
            Self::Code2000 if has(&["2nd", "second", "3rd", "third"]) => Self::Code2003,
            other => other,
        })
    }

    /// Its name, such as `2017 Code (3rd Edition)`.
    pub fn name(self) -> &'static str {
        EDITIONS.iter().find(|(edition, ..)| *edition == self).map_or("", |(_, _, name, _)| name)
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
