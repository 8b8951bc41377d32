//! Situations that a phrasing can ask for beside its event.

use serde::Deserialize;
use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use crate::{
    facts::{EventWord, Role},
    moment::{Moment, Occasion},
    reading::Pressure,
};

/// Something that must hold for a phrasing to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(super) enum Situation {
    /// The side chases, with runs and balls left.
    Chase,
    /// The side sets.
    Setting,
    /// The powerplay.
    Powerplay,
    /// The death overs.
    Death,
    /// Pressure is calm or building.
    Easy,
    /// Pressure is tense or more.
    Tense,
    /// Pressure is critical, or intense.
    Critical,
    /// The striker has faced four balls at most.
    NewAtCrease,
    /// The striker has 30 or more.
    Set,
    /// The striker has scored at eight an over or more from ten balls or more.
    Flowing,
    /// The striker has 45 to 49.
    NearFifty,
    /// The striker has 90 to 99.
    NearHundred,
    /// The stand is unbroken and worth 40 or more.
    BigStand,
    /// The bowler has two wickets or more.
    BowlerOnSong,
    /// The chasing side is likely to win.
    OnTop,
    /// The chasing side is likely to lose.
    InTrouble,
    /// The fielder of the dismissal is known.
    Fielder,
    /// The fielder is not known.
    NoFielder,
    /// The batter who is out has 30 or more.
    BigWicket,
    /// The batter who is out has less than ten.
    CheapWicket,
    /// The umpires may still change it.
    Provisional,
    /// It stands.
    Confirmed,
    /// The over cost ten or more.
    BigOver,
    /// The over cost four at most.
    QuietOver,
    /// A wicket fell in the over.
    WicketOver,
    /// Long wait for a boundary.
    DroughtBroken,
    /// The last over of the innings.
    LastOver,
    /// A correction takes something else with it, such as a fifty.
    Effect,
    /// A corrected ball still stands, as something else.
    Changed,
    /// A corrected ball never was.
    Withdrawn,
    /// Play stopped for rain.
    Rain,
    /// The margin of the result is known.
    Margin,
    /// The review was upheld.
    ReviewUpheld,
    /// The review was struck down.
    ReviewStruckDown,
    /// The third umpire is still looking.
    ReviewPending,
    /// The side that won the toss bats.
    BatFirst,
    /// The side that won the toss bowls.
    BowlFirst,
    /// An innings ended that leaves a target.
    LeavesTarget,
    /// Three or more runs on the ball.
    Costly,
    /// Both sides are known.
    TwoSides,
    /// The ground is known.
    Venue,
    /// A best bowler is known.
    BestBowler,
    /// The player who leaves is known.
    Outgoing,
    /// The required rate is known and a whole over is left.
    RequiredRate,
    /// The innings goes on: there is a next ball, and a next pair.
    GoesOn,
    /// The ball went over the rope off the bat.
    Boundary,
    /// The striker came in after the last ball, and faces.
    NewBatter,
    /// A bowler begins, or comes back.
    NewBowler,
    /// The ball was a free hit.
    FreeHit,
    /// The bowler's next ball may complete a hat-trick.
    HatTrickBall,
    /// The bowler took the third or fourth wicket with this ball.
    BowlerMilestone,
    /// The bowler took the fifth wicket, or one beyond, with this ball.
    FiveWickets,
    /// The side passed fifty or a multiple with this ball.
    TeamMilestone,
    /// A batter left on this ball without being dismissed.
    Retired,
    /// It was the innings' last ball.
    LastBall,
    /// The batter and the bowler have met often enough to speak of, and nothing of past matches is worth more here.
    Meeting,
    /// There is something of past matches worth telling here.
    Statistic,
    /// It is a super over.
    SuperOver,
    /// The chasing side gave away as much in wides and no-balls as it lacks.
    Giveaway,
    /// The session began in the middle of the innings, and what it brought is known.
    Session,
    /// The match was won with this.
    Won,
    /// A chase, or the death overs: tension that a listener feels too, and not that of a match which has just begun.
    Late,
    /// Balls of the innings are missing, so that no total of it can be told.
    NoTotals,
}

/// The names of the situations that hold in a moment, as far as they say more than its events: what is known of nearly
/// every moment (the sides, the ground) and what an event of the same name tells is left out.
pub(crate) fn holding(moment: &Moment) -> impl Iterator<Item = &'static str> + '_ {
    Situation::iter().filter(|situation| situation.tells() && situation.holds(moment)).map(Situation::id)
}

/// The names of all situations.
pub(crate) fn names() -> Vec<&'static str> {
    Situation::iter().map(Situation::id).collect()
}

impl Situation {
    /// Its name as in phrasebooks, such as `near_fifty`.
    pub(super) fn id(self) -> &'static str {
        self.into()
    }

    fn tells(self) -> bool {
        let known = matches!(self, Self::TwoSides | Self::Venue | Self::NoFielder | Self::Confirmed | Self::Effect);
        // What the models of our own that are out there were trained without.
        let is_newer = matches!(
            self,
            Self::Meeting
                | Self::Statistic
                | Self::SuperOver
                | Self::Giveaway
                | Self::Session
                | Self::Won
                | Self::Late
                | Self::NoTotals
        );
        !known && !is_newer && !EventWord::TELLING.iter().any(|word| word.id() == self.id())
    }

    pub(super) fn holds(self, moment: &Moment) -> bool {
        let scene = &moment.scene;
        let facts = &moment.facts;
        let stands = |word| facts.stands(word);
        let batter = scene.batter.as_ref();
        let out_runs = || facts.numbers.iter().find(|fact| fact.id == "out.runs").map(|fact| fact.value.0 / 100);
        let over_runs = || scene.over.as_ref().map(|over| over.runs);
        let change = || match &moment.occasion {
            Occasion::Correction(change) => Some(change.now.is_some() && change.was.is_some()),
            _ => None,
        };
        match self {
            Self::Chase => {
                let over = stands(EventWord::InningsEnd) || stands(EventWord::MatchEnd);
                !over
                    && scene.runs_needed.is_some_and(|needed| needed > 0)
                    && scene.balls_left.is_some_and(|left| left > 0)
            }
            Self::Setting => scene.target.is_none(),
            Self::Powerplay => stands(EventWord::Powerplay),
            Self::Death => stands(EventWord::Death),
            Self::Easy => moment.reading.pressure <= Pressure::Building,
            Self::Tense => moment.reading.pressure >= Pressure::Tense,
            Self::Critical => moment.reading.pressure >= Pressure::Intense,
            Self::NewAtCrease => batter.is_some_and(|batter| batter.balls <= 4),
            Self::Set => batter.is_some_and(|batter| batter.runs >= 30),
            Self::Flowing => batter.is_some_and(|batter| batter.balls >= 10 && batter.runs * 3 >= batter.balls * 4),
            Self::NearFifty => batter.is_some_and(|batter| (45..50).contains(&batter.runs)),
            Self::NearHundred => batter.is_some_and(|batter| (90..100).contains(&batter.runs)),
            Self::BigStand => !moment.is_wicket() && scene.partnership.is_some_and(|(runs, _, _)| runs >= 40),
            Self::BowlerOnSong => scene.bowler.as_ref().is_some_and(|bowler| bowler.wickets >= 2),
            Self::OnTop => moment.reading.win_probability.is_some_and(|chance| chance >= 0.75),
            Self::InTrouble => moment.reading.win_probability.is_some_and(|chance| chance <= 0.25),
            Self::Fielder => facts.person(Role::Fielder).is_some(),
            Self::NoFielder => facts.person(Role::Fielder).is_none(),
            Self::BigWicket => out_runs().is_some_and(|runs| runs >= 30),
            Self::CheapWicket => out_runs().is_some_and(|runs| runs < 10),
            Self::Provisional => moment.provisional,
            Self::Confirmed => !moment.provisional,
            Self::BigOver => over_runs().is_some_and(|runs| runs >= 10),
            Self::QuietOver => over_runs().is_some_and(|runs| runs <= 4),
            Self::WicketOver => scene.over.as_ref().is_some_and(|over| over.wickets > 0),
            Self::DroughtBroken => stands(EventWord::DroughtBroken),
            Self::LastOver => stands(EventWord::LastOver),
            Self::GoesOn => scene.wickets_in_hand > 0 && !stands(EventWord::InningsEnd),
            Self::Effect => matches!(&moment.occasion, Occasion::Correction(change) if !change.effects.is_empty()),
            Self::Changed => change() == Some(true),
            Self::Withdrawn => change() == Some(false),
            Self::Rain => stands(EventWord::Rain),
            Self::Margin => {
                let is_margin = |id| matches!(id, "result.runs" | "result.wickets" | "result.innings_and_runs");
                facts.numbers.iter().any(|fact| is_margin(fact.id))
            }
            Self::ReviewUpheld => stands(EventWord::ReviewUpheld),
            Self::ReviewStruckDown => stands(EventWord::ReviewStruckDown),
            Self::ReviewPending => stands(EventWord::ReviewPending),
            Self::BatFirst => stands(EventWord::BatFirst),
            Self::BowlFirst => stands(EventWord::BowlFirst),
            Self::LeavesTarget => facts.numbers.iter().any(|fact| fact.id == "next.target"),
            Self::Costly => moment.ball().is_some_and(|ball| ball.runs.total >= 3),
            Self::TwoSides => scene.teams.len() == 2,
            Self::Venue => scene.venue.is_some(),
            Self::BestBowler => facts.person(Role::BestBowler).is_some(),
            Self::Outgoing => facts.person(Role::Outgoing).is_some(),
            Self::RequiredRate => {
                moment.reading.required_rate.is_some()
                    && scene.balls_left.is_some_and(|left| left >= u32::from(scene.balls_per_over))
            }
            Self::Boundary => stands(EventWord::Boundary),
            Self::NewBatter => facts
                .people()
                .iter()
                .any(|person| [Role::Batter, Role::NewBatter].iter().all(|role| person.roles.contains(role))),
            Self::NewBowler => stands(EventWord::NewBowler),
            Self::FreeHit => moment.ball().is_some_and(|ball| ball.free_hit),
            Self::HatTrickBall => stands(EventWord::HatTrickBall),
            Self::BowlerMilestone => stands(EventWord::BowlerMilestone),
            Self::FiveWickets => stands(EventWord::FiveWickets),
            Self::TeamMilestone => stands(EventWord::TeamMilestone),
            Self::Retired => stands(EventWord::Retired) && facts.person(Role::Retired).is_some(),
            Self::LastBall => stands(EventWord::LastBall),
            Self::Meeting => facts.has_meeting && facts.statistic.is_none(),
            Self::Statistic => facts.statistic.is_some(),
            Self::SuperOver => scene.super_over,
            Self::Giveaway => stands(EventWord::Giveaway),
            Self::Session => facts.numbers.iter().any(|fact| fact.id == "session.runs"),
            Self::Won => stands(EventWord::Win),
            Self::Late => Self::Chase.holds(moment) || Self::Death.holds(moment),
            Self::NoTotals => scene.has_gaps,
        }
    }
}
