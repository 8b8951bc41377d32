//! What a moment was, and whether a line names it.

use commentary::{
    CheckedLine, Moment,
    facts::{EventWord as E, FactRef},
};
use serde::Serialize;
use strum::{EnumIter, IntoStaticStr};

/// The most telling event of a ball: the first of these that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Class {
    /// Bowled.
    Bowled,
    /// Caught by the bowler.
    CaughtAndBowled,
    /// Caught by anyone else.
    Caught,
    /// Leg before wicket.
    Lbw,
    /// Run out.
    RunOut,
    /// Stumped.
    Stumped,
    /// Hit wicket.
    HitWicket,
    /// Another way of being out.
    OtherWicket,
    /// A batter's hundred, or 150, 200 …
    Century,
    /// A batter's fifty.
    Fifty,
    /// A no-ball.
    NoBall,
    /// A wide.
    Wide,
    /// Six over the rope.
    Six,
    /// Four over the rope.
    Four,
    /// Two, three, four or five run off the bat.
    Runs,
    /// A single.
    Single,
    /// Byes and leg byes.
    Byes,
    /// No run.
    Dot,
    /// Anything else.
    Other,
}

/// Events that tell of more than a wicket or runs do: a line that names one of these instead has named the news.
const GREATER: [E; 13] = [
    E::HatTrick,
    E::GoldenDuck,
    E::Duck,
    E::FiveWickets,
    E::BowlerMilestone,
    E::Win,
    E::Tie,
    E::AllOut,
    E::InningsEnd,
    E::MatchEnd,
    E::BigCentury,
    E::Century,
    E::Fifty,
];

/// Classes with the event that makes a moment one, in the order of telling, and the events that name it.
const CLASSES: [(Class, &[E], &[E]); 18] = [
    (Class::Bowled, &[E::Bowled], &[E::Wicket, E::Bowled]),
    (Class::CaughtAndBowled, &[E::CaughtAndBowled], &[E::Wicket, E::CaughtAndBowled, E::Caught]),
    (Class::Caught, &[E::Caught], &[E::Wicket, E::Caught]),
    (Class::Lbw, &[E::Lbw], &[E::Wicket, E::Lbw]),
    (Class::RunOut, &[E::RunOut], &[E::Wicket, E::RunOut]),
    (Class::Stumped, &[E::Stumped], &[E::Wicket, E::Stumped]),
    (Class::HitWicket, &[E::HitWicket], &[E::Wicket, E::HitWicket]),
    (Class::OtherWicket, &[E::OtherDismissal, E::Wicket], &[E::Wicket, E::OtherDismissal]),
    (Class::Century, &[E::BigCentury, E::Century], &[E::BigCentury, E::Century]),
    (Class::Fifty, &[E::Fifty], &[E::Fifty]),
    (Class::NoBall, &[E::NoBall], &[E::NoBall, E::FreeHit, E::Extra]),
    (Class::Wide, &[E::Wide], &[E::Wide, E::Extra]),
    (Class::Six, &[E::Six], &[E::Six, E::Boundary, E::DroughtBroken]),
    (Class::Four, &[E::Four], &[E::Four, E::Boundary, E::DroughtBroken]),
    (Class::Runs, &[E::Two, E::Three, E::Five], &[E::Two, E::Three, E::Five, E::Runs]),
    (Class::Single, &[E::Single], &[E::Single, E::Runs]),
    (Class::Byes, &[E::LegBye, E::Bye], &[E::LegBye, E::Bye, E::Extra]),
    (Class::Dot, &[E::Dot], &[E::Dot, E::Maiden]),
];

impl Class {
    /// What a moment was.
    pub fn of(moment: &Moment) -> Self {
        let stands = |(_, made_by, _): &&(Class, &[E], &[E])| made_by.iter().any(|word| moment.facts.stands(*word));
        CLASSES.iter().find(stands).map_or(Self::Other, |(class, _, _)| *class)
    }

    /// Its name, such as `caught_and_bowled`.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The name for people.
    pub fn title(self) -> String {
        self.id().replace('_', " ")
    }

    /// Whether a batter is out.
    pub fn is_wicket(self) -> bool {
        self <= Self::OtherWicket
    }

    /// Whether the whole sentence of a call must be about it: a wicket, a milestone, a boundary, a wide or no-ball.
    /// Nothing much happens on the others, and a call may be about the score or the players instead.
    pub fn is_news(self) -> bool {
        self <= Self::Four
    }

    /// Whether a checked line says this event, in a word of its own or as something greater that the ball brought.
    pub(super) fn is_said_by(self, line: &CheckedLine, moment: &Moment) -> bool {
        let said = |word: E| line.facts().iter().any(|fact| is_event(fact, word));
        // A stand is worth more words than the four that made it, not more than the batter's own fifty.
        let stand = self > Self::Fifty && said(E::PartnershipMilestone);
        self == Self::Other
            || self.is_said_by_word(line)
            || stand
            || GREATER.into_iter().any(said)
            || self.is_counted_by(line, moment)
    }

    /// The same in a word of its own alone.
    pub(super) fn is_said_by_word(self, line: &CheckedLine) -> bool {
        let said = |word: E| line.facts().iter().any(|fact| is_event(fact, word));
        CLASSES.iter().any(|(class, _, names)| *class == self && names.iter().copied().any(said))
    }

    /// Runs are also named by their number. The checker may lay it to another fact of the same value.
    fn is_counted_by(self, line: &CheckedLine, moment: &Moment) -> bool {
        let runs = moment.ball().map(|ball| [ball.runs.total, ball.runs.bat].map(|runs| runs.to_string()));
        let is_number = |fact: &FactRef| runs.as_ref().is_some_and(|runs| runs.contains(&fact.value));
        matches!(self, Self::Runs | Self::Single | Self::Byes | Self::Wide | Self::NoBall)
            && line.facts().iter().any(|fact| fact.id.starts_with("ball.") || is_number(fact))
    }
}

fn is_event(fact: &FactRef, word: E) -> bool {
    fact.id.strip_prefix("event.") == Some(word.id())
}
