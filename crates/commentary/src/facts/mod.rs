//! The fact sheet: what a line may claim at one moment, each claim with an id.

mod debt;
mod event;
mod gather;
mod happened;
mod number;
mod person;
mod scoreboard;
mod session;
mod statistic;

use serde::{Deserialize, Serialize};

pub use event::{EventWord, Standing};
pub use number::{Hundredths, Unit};
pub use person::{Person, Role};

/// A fact that a published line rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactRef {
    /// The fact's id, such as `innings.runs` or `bowler`.
    pub id: String,
    /// Its value as text, such as `148`.
    pub value: String,
}

/// A number that may be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFact {
    /// Its id, such as `batter.runs`.
    pub id: &'static str,
    /// The number.
    pub value: Hundredths,
    /// What it counts.
    pub unit: Unit,
    /// Whose it is, as an index into [`FactSheet::people`]; `None` where it is nobody's own.
    pub owner: Option<usize>,
}

/// Two numbers that are said as one: a score (`148/3`) or bowling figures (`3/24`, wickets first).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairFact {
    /// Its id, such as `innings.score`.
    pub id: &'static str,
    /// The number said first.
    pub first: u32,
    /// The number said second.
    pub second: u32,
    /// Whose it is, as in [`NumberFact::owner`].
    pub owner: Option<usize>,
}

/// An event word that may be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFact {
    /// Which.
    pub word: EventWord,
    /// Whether it stands, or was withdrawn by a correction.
    pub standing: Standing,
}

/// A side, with the parts it plays in a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamFact {
    /// The side's cleaned name.
    pub name: String,
    /// What it does.
    pub parts: Vec<TeamPart>,
}

/// The part a side plays in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamPart {
    /// It bats.
    Batting,
    /// It is in the field.
    Fielding,
    /// It won the match.
    Winner,
    /// It won the toss.
    TossWinner,
    /// It asked for the review.
    Reviewer,
    /// It was awarded penalty runs.
    Awarded,
}

/// What a line may claim at one moment.
#[derive(Debug, Clone, Default)]
pub struct FactSheet {
    pub(crate) numbers: Vec<NumberFact>,
    pub(crate) pairs: Vec<PairFact>,
    pub(crate) events: Vec<EventFact>,
    pub(crate) people: Vec<Person>,
    pub(crate) teams: Vec<TeamFact>,
    /// Proper names that are neither players nor sides: the ground, the competition.
    pub(crate) places: Vec<(&'static str, String)>,
    /// Words that the event itself carries (shot, length, speed …), by field.
    pub(crate) carried: Vec<(String, String)>,
    /// Whether the batter and the bowler of the moment have met often enough to speak of.
    pub(crate) has_meeting: bool,
    /// What else of past matches this moment is worth, where it is worth more than the meeting.
    pub(crate) statistic: Option<crate::statistic::Statistic>,
    /// How each name of the sheet may be said; gathered for the first line that is held against it.
    pub(crate) names: std::sync::OnceLock<crate::checker::Named>,
}

impl FactSheet {
    /// Every fact with its value: what a person would read to see what may be said.
    pub fn list(&self) -> Vec<FactRef> {
        let fact = |id: &str, value: String| FactRef { id: id.to_owned(), value };
        let mut list: Vec<FactRef> =
            self.numbers.iter().map(|number| fact(number.id, number.value.to_string())).collect();
        list.extend(self.pairs.iter().map(|pair| fact(pair.id, format!("{}/{}", pair.first, pair.second))));
        list.extend(self.events.iter().map(EventFact::as_ref));
        list.extend(self.people.iter().filter(|person| person.is_on_stage()).map(Person::as_ref));
        list.extend(self.teams.iter().map(TeamFact::as_ref));
        list.extend(self.places.iter().map(|(id, place)| fact(id, place.clone())));
        list.extend(self.carried.iter().map(|(id, value)| fact(&format!("ball.{id}"), value.clone())));
        list.sort();
        list.dedup();
        list
    }

    /// Whether an event word stands.
    pub fn stands(&self, word: EventWord) -> bool {
        self.events.iter().any(|event| event.word == word && event.standing == Standing::Now)
    }

    /// Everyone of the two elevens, with the parts they play in this moment.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The person with a role, if anyone.
    pub fn person(&self, role: Role) -> Option<&Person> {
        self.people.iter().find(|person| person.roles.contains(&role))
    }

    /// Whether the archive gave a statistic worth a line: one that belongs to this moment, or a meeting.
    pub fn has_statistic(&self) -> bool {
        self.has_meeting || self.statistic.is_some()
    }
}

impl EventFact {
    pub(crate) fn as_ref(&self) -> FactRef {
        let id = match self.standing {
            Standing::Now => format!("event.{}", self.word.id()),
            Standing::Withdrawn => format!("withdrawn.{}", self.word.id()),
        };
        FactRef { id, value: self.word.id().replace('_', " ") }
    }
}

impl TeamPart {
    /// The part as a fact's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Batting => "team.batting",
            Self::Fielding => "team.fielding",
            Self::Winner => "team.winner",
            Self::TossWinner => "team.toss",
            Self::Reviewer => "team.review",
            Self::Awarded => "team.penalty",
        }
    }
}

impl TeamFact {
    pub(crate) fn as_ref(&self) -> FactRef {
        let id = self.parts.first().map_or("team", |part| part.id());
        FactRef { id: id.to_owned(), value: self.name.clone() }
    }
}
