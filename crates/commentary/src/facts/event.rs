//! Event words: what can be said to have happened.

use serde::Deserialize;
use strum::{EnumIter, IntoStaticStr};

/// Something that a line can say has happened, or is the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventWord {
    /// No run of any kind.
    Dot,
    /// One run off the bat.
    Single,
    /// Two off the bat.
    Two,
    /// Three off the bat.
    Three,
    /// Five off the bat.
    Five,
    /// Four over the rope.
    Four,
    /// Six over the rope.
    Six,
    /// Four or six over the rope.
    Boundary,
    /// Runs off the bat, or at least some run on the ball.
    Runs,
    /// A wide.
    Wide,
    /// A no-ball.
    NoBall,
    /// Byes.
    Bye,
    /// Leg byes.
    LegBye,
    /// Extras of any kind.
    Extra,
    /// The ball was a free hit, or the next is.
    FreeHit,
    /// A wicket fell.
    Wicket,
    /// Bowled.
    Bowled,
    /// Caught, by anyone.
    Caught,
    /// Caught by the bowler.
    CaughtAndBowled,
    /// Leg before wicket.
    Lbw,
    /// Run out.
    RunOut,
    /// Stumped.
    Stumped,
    /// Hit wicket.
    HitWicket,
    /// Another way of being out (timed out, obstructing the field, …).
    OtherDismissal,
    /// Retired without being out.
    Retired,
    /// Out for nothing.
    Duck,
    /// Out first ball for nothing.
    GoldenDuck,
    /// Three wickets in three balls.
    HatTrick,
    /// The next ball may complete one.
    HatTrickBall,
    /// A maiden over.
    Maiden,
    /// A batter reached fifty with this ball.
    Fifty,
    /// A batter reached a hundred with this ball.
    Century,
    /// A batter reached 150, 200, … with this ball.
    BigCentury,
    /// A bowler took the third, fourth, fifth … wicket with this ball.
    BowlerMilestone,
    /// A bowler has five or more.
    FiveWickets,
    /// A stand reached fifty or a multiple.
    PartnershipMilestone,
    /// The side reached fifty or a multiple.
    TeamMilestone,
    /// A batter came in.
    NewBatter,
    /// A bowler came on.
    NewBowler,
    /// The over is over.
    OverEnd,
    /// A wicket fell in the over that is over.
    WicketInOver,
    /// It is the innings' last over.
    LastOver,
    /// It was the innings' last ball.
    LastBall,
    /// It is the powerplay.
    Powerplay,
    /// It is the death phase.
    Death,
    /// A super over.
    SuperOver,
    /// A review was asked for.
    Review,
    /// A review was upheld.
    ReviewUpheld,
    /// A review was struck down.
    ReviewStruckDown,
    /// It stayed with the umpire's call.
    UmpiresCall,
    /// The third umpire is still looking.
    ReviewPending,
    /// The side chases.
    Chase,
    /// The innings ended.
    InningsEnd,
    /// No wicket is left.
    AllOut,
    /// A declaration.
    Declared,
    /// The match is over.
    MatchEnd,
    /// Somebody won.
    Win,
    /// Scores level at the end.
    Tie,
    /// Drawn.
    Draw,
    /// No result.
    NoResult,
    /// Play has stopped.
    Stopped,
    /// Play has stopped for rain.
    Rain,
    /// Play goes on.
    Resumed,
    /// The target was changed.
    TargetRevised,
    /// Penalty runs.
    Penalty,
    /// A player was replaced.
    Replaced,
    /// The toss was won.
    Toss,
    /// A side will bat first.
    BatFirst,
    /// A side will bowl first.
    BowlFirst,
    /// The boundary ended a long wait for one.
    DroughtBroken,
    /// There has been no boundary for a long time.
    Drought,
    /// Boundaries off three balls running, or four and more in an over.
    BoundaryBurst,
    /// Out without having faced a ball.
    DiamondDuck,
    /// Play has stopped for lunch.
    Lunch,
    /// Play has stopped for tea.
    Tea,
    /// Play has stopped for dinner.
    Dinner,
    /// Play has stopped for the day.
    Stumps,
    /// As many balls as runs.
    RunABall,
    /// A batter who was given out came back by review, and has made something of it.
    Reprieve,
    /// A bowler took the wicket of a batter who had taken many runs in an earlier over.
    Reckoning,
    /// The side gave away as much in wides and no-balls as it lacks.
    Giveaway,
    /// What was said is taken back.
    Correction,
    /// An innings begins.
    InningsStart,
    /// The match begins.
    MatchStart,
}

impl EventWord {
    /// What of a moment is told first. Dismissals by kind come before the plain wicket, which stands in where a kind has no
    /// phrasing left; a milestone comes before the runs that brought it.
    pub const TELLING: [Self; 66] = [
        Self::Correction,
        Self::HatTrick,
        Self::GoldenDuck,
        Self::Duck,
        Self::Bowled,
        Self::CaughtAndBowled,
        Self::Caught,
        Self::Lbw,
        Self::RunOut,
        Self::Stumped,
        Self::HitWicket,
        Self::OtherDismissal,
        Self::Wicket,
        Self::Tie,
        Self::Win,
        Self::Draw,
        Self::NoResult,
        Self::BigCentury,
        Self::Century,
        Self::Fifty,
        Self::PartnershipMilestone,
        Self::DroughtBroken,
        Self::NoBall,
        Self::Wide,
        Self::Six,
        Self::Four,
        Self::Five,
        Self::Three,
        Self::Two,
        Self::Single,
        Self::LegBye,
        Self::Bye,
        Self::Dot,
        Self::Maiden,
        Self::Declared,
        Self::AllOut,
        Self::InningsEnd,
        Self::MatchEnd,
        Self::InningsStart,
        Self::MatchStart,
        Self::Toss,
        Self::ReviewUpheld,
        Self::ReviewStruckDown,
        Self::ReviewPending,
        Self::Review,
        Self::UmpiresCall,
        Self::Rain,
        Self::Stopped,
        Self::Resumed,
        Self::TargetRevised,
        Self::Penalty,
        Self::Replaced,
        Self::Retired,
        Self::OverEnd,
        Self::FiveWickets,
        Self::BowlerMilestone,
        Self::TeamMilestone,
        Self::HatTrickBall,
        Self::NewBatter,
        Self::NewBowler,
        Self::FreeHit,
        Self::Drought,
        Self::LastOver,
        Self::LastBall,
        Self::Boundary,
        Self::Runs,
    ];

    /// Words that came later, each with the one that it is told right before. The list above is what our own models were
    /// trained with, and stays as it is.
    const LATER: [(Self, Self); 8] = [
        (Self::DiamondDuck, Self::GoldenDuck),
        (Self::BoundaryBurst, Self::Six),
        (Self::Lunch, Self::Rain),
        (Self::Tea, Self::Rain),
        (Self::Dinner, Self::Rain),
        (Self::Stumps, Self::Rain),
        (Self::Reprieve, Self::Bowled),
        (Self::Reckoning, Self::Bowled),
    ];

    /// Its place in the order of telling, 0 being the most telling; `None` for what is no occasion for a line.
    pub fn place(self) -> Option<usize> {
        let place = |word: Self| Self::TELLING.iter().position(|other| *other == word);
        let later = Self::LATER.iter().find(|(word, _)| *word == self);
        later.map_or_else(|| place(self).map(|at| 2 * at + 1), |(_, next)| place(*next).map(|at| 2 * at))
    }

    /// Whether it says that somebody is out, however it says it.
    pub fn is_dismissal(self) -> bool {
        matches!(
            self,
            Self::Wicket
                | Self::Bowled
                | Self::Caught
                | Self::CaughtAndBowled
                | Self::Lbw
                | Self::RunOut
                | Self::Stumped
                | Self::HitWicket
                | Self::OtherDismissal
                | Self::Duck
                | Self::GoldenDuck
                | Self::DiamondDuck
                | Self::HatTrick
        )
    }

    /// Whether it follows from counting the innings so far, and not from the ball alone.
    pub(crate) fn is_counted(self) -> bool {
        matches!(
            self,
            Self::Duck
                | Self::GoldenDuck
                | Self::DiamondDuck
                | Self::BoundaryBurst
                | Self::HatTrick
                | Self::HatTrickBall
                | Self::Maiden
                | Self::Fifty
                | Self::Century
                | Self::BigCentury
                | Self::BowlerMilestone
                | Self::FiveWickets
                | Self::PartnershipMilestone
                | Self::TeamMilestone
                | Self::WicketInOver
                | Self::RunABall
                | Self::Drought
                | Self::DroughtBroken
                | Self::Reprieve
                | Self::Reckoning
                | Self::Giveaway
        )
    }

    /// The word as an id, such as `no_ball`.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// Whether an event word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is so.
    Now,
    /// It was told and is so no longer.
    Withdrawn,
}
