//! What kind of cricket a match is, so that unlike figures are never added up.

use std::fmt;

use cricket::event::MatchInfo;
use serde::Serialize;

/// Formats whose figures belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Twenty overs a side.
    T20,
    /// A hundred balls a side, in fives.
    Hundred,
    /// One-day internationals and other matches of some fifty overs.
    OneDay,
    /// Tests and other matches over several days.
    LongForm,
}

/// Whose cricket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Women's.
    Female,
    /// Men's.
    Male,
}

/// Between countries, or between clubs, states and counties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Between countries.
    International,
    /// All else.
    Club,
}

/// A match's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Class {
    /// Format.
    pub format: Format,
    /// Gender.
    pub gender: Gender,
    /// Level.
    pub level: Level,
}

/// A match whose kind cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassError {
    /// A type of match that is not known here.
    #[error("the match type '{0}' is not known; hint: known are T20, IT20, ODI, ODM, Test and MDM")]
    MatchType(String),
    /// Neither `male` nor `female`.
    #[error("info.gender is {0}; hint: it must say male or female: their figures are kept apart")]
    Gender(String),
    /// Neither `international` nor `club`.
    #[error("info.team_type is {0}; hint: it must say international or club: their figures are kept apart")]
    Level(String),
}

impl Class {
    const FORMATS: [Format; 4] = [Format::T20, Format::Hundred, Format::OneDay, Format::LongForm];

    /// All kinds, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::FORMATS.into_iter().flat_map(|format| {
            [Gender::Female, Gender::Male].into_iter().flat_map(move |gender| {
                [Level::International, Level::Club].into_iter().map(move |level| Self { format, gender, level })
            })
        })
    }

    /// The kind of a match.
    ///
    /// # Errors
    /// A match type, gender or level that is missing or not known.
    pub fn of(info: &MatchInfo) -> Result<Self, ClassError> {
        let format = match info.match_type.as_str() {
            "T20" | "IT20" if info.balls_per_over == 5 => Format::Hundred,
            "T20" | "IT20" => Format::T20,
            "ODI" | "ODM" => Format::OneDay,
            "Test" | "MDM" => Format::LongForm,
            other => return Err(ClassError::MatchType(other.chars().take(40).collect())),
        };
        let said = |text: &Option<String>| {
            text.as_ref()
                .map_or_else(|| "missing".to_owned(), |text| format!("'{}'", text.chars().take(40).collect::<String>()))
        };
        let gender = match info.gender.as_deref() {
            Some("female") => Gender::Female,
            Some("male") => Gender::Male,
            _ => return Err(ClassError::Gender(said(&info.gender))),
        };
        let level = match info.team_type.as_deref() {
            Some("international") => Level::International,
            Some("club") => Level::Club,
            _ => return Err(ClassError::Level(said(&info.team_type))),
        };
        Ok(Self { format, gender, level })
    }

    /// The code in the store: 4 × format + 2 × gender + level, so that both levels of a format and gender are
    /// neighbours. Codes are for ever.
    pub(crate) fn code(self) -> u8 {
        self.format as u8 * 4 + self.gender as u8 * 2 + self.level as u8
    }

    /// The kind of a code.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::all().nth(usize::from(code))
    }
}

/// Which matches an answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Scope {
    /// Format.
    pub format: Format,
    /// Gender.
    pub gender: Gender,
    /// Level; `None` counts both.
    pub level: Option<Level>,
}

impl Scope {
    /// The matches of this match's format, gender and level: what a figure in its commentary counts.
    pub fn of(class: Class) -> Self {
        Self { format: class.format, gender: class.gender, level: Some(class.level) }
    }

    /// All matches of this match's format and gender, of both levels: only where that is asked for.
    pub fn around(class: Class) -> Self {
        Self { format: class.format, gender: class.gender, level: None }
    }

    /// First and last code of the scope.
    pub(crate) fn codes(self) -> (u8, u8) {
        let code = |level| Class { format: self.format, gender: self.gender, level }.code();
        match self.level {
            Some(level) => (code(level), code(level)),
            None => (code(Level::International), code(Level::Club)),
        }
    }
}

/// In words: `men's T20s`, `women's one-day internationals`, `men's league T20s`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = match self.gender {
            Gender::Female => "women's",
            Gender::Male => "men's",
        };
        let what = match (self.format, self.level) {
            (Format::T20, None) => "T20s",
            (Format::T20, Some(Level::International)) => "T20 internationals",
            (Format::T20, Some(Level::Club)) => "league T20s",
            (Format::Hundred, _) => "hundred-ball matches",
            (Format::OneDay, None) => "one-day matches",
            (Format::OneDay, Some(Level::International)) => "one-day internationals",
            (Format::OneDay, Some(Level::Club)) => "one-day league matches",
            (Format::LongForm, None) => "first-class matches",
            (Format::LongForm, Some(Level::International)) => "Tests and other first-class internationals",
            (Format::LongForm, Some(Level::Club)) => "domestic first-class matches",
        };
        write!(f, "{whose} {what}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_kinds_are_one_to_one() {
        for (place, class) in (0_u8..).zip(Class::all()) {
            assert_eq!(class.code(), place);
            assert_eq!(Class::from_code(place), Some(class));
        }
        assert_eq!(Class::from_code(16), None);
    }

    #[test]
    fn a_scope_of_both_levels_covers_their_two_codes() {
        for class in Class::all() {
            let (first, last) = Scope::around(class).codes();
            assert!((first..=last).contains(&class.code()));
            assert_eq!(last - first, 1);
        }
    }
}
