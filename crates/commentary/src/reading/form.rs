//! The run of play: what the last overs were like, and what is near.

use cricket::{
    player::PlayerRef,
    score::{BatterStatus, Innings},
};

/// Overs that momentum looks back over.
const MOMENTUM_OVERS: usize = 3;
/// Overs, the one in progress beside them, in which wickets count as one collapse.
const COLLAPSE_OVERS: u32 = 5;
/// Wickets that make a collapse.
const COLLAPSE_WICKETS: u8 = 3;
/// Legal balls without a boundary from which it is a drought.
const DROUGHT_BALLS: u32 = 13;
/// Runs from which a batter's milestone is near.
const NEAR_RUNS: u32 = 10;

/// The run of play in an innings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// Legal balls since the last boundary, from 13 on; `None` while it is no drought.
    pub drought: Option<u32>,
    /// Three wickets or more in the last five overs.
    pub collapse: Option<Collapse>,
    /// The unbroken partnership.
    pub partnership: Option<Stand>,
    /// Milestones near, of the striker, then of the other batter.
    pub near: [Option<Near>; 2],
    /// The bowler whose next ball can complete a hat-trick.
    pub hat_trick_ball: Option<PlayerRef>,
    /// The chase as it is said.
    pub equation: Option<Equation>,
}

/// Wickets falling together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collapse {
    /// Wickets.
    pub wickets: u8,
    /// Runs since the first of them fell.
    pub runs: u32,
    /// Legal balls since the first of them fell.
    pub balls: u32,
}

/// Two batters together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// For which wicket, from 1.
    pub wicket: u8,
    /// All runs while together.
    pub runs: u32,
    /// Deliveries but wides.
    pub balls: u32,
}

/// A milestone within ten runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Who.
    pub player: PlayerRef,
    /// 50, 100, 150, …
    pub milestone: u32,
    /// Runs short of it, 1 to 10.
    pub short: u32,
}

/// Runs off balls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equation {
    /// Runs needed, above 0.
    pub runs: u32,
    /// Balls left, above 0.
    pub balls: u32,
    /// Wickets in hand, above 0.
    pub wickets: u8,
}

impl Form {
    pub(super) fn of(innings: &Innings) -> Self {
        if innings.ended.is_some() {
            return Self::default();
        }
        let near = [innings.striker_card(), innings.non_striker_card()].map(|card| {
            let card = card.filter(|card| card.status == BatterStatus::NotOut)?;
            let milestone = (card.runs / 50 + 1) * 50;
            let short = milestone - card.runs;
            (short <= NEAR_RUNS).then(|| Near { player: card.player.clone(), milestone, short })
        });
        let stand = innings.current_partnership().filter(|stand| !stand.ended);
        let equation = innings.runs_needed().zip(innings.balls_left()).map(|(runs, balls)| Equation {
            runs,
            balls,
            wickets: innings.wickets_in_hand(),
        });
        Self {
            drought: Some(innings.balls_since_boundary).filter(|balls| *balls >= DROUGHT_BALLS),
            collapse: collapse(innings),
            partnership: stand.map(|stand| Stand { wicket: stand.wicket, runs: stand.runs, balls: stand.balls }),
            near,
            hat_trick_ball: hat_trick_ball(innings),
            equation: equation.filter(|it| it.runs > 0 && it.balls > 0 && it.wickets > 0),
        }
    }
}

/// The bowler on a hat-trick, while that bowler is bowling.
fn hat_trick_ball(innings: &Innings) -> Option<PlayerRef> {
    innings.bowler_card().filter(|card| card.wickets_in_row == 2).map(|card| card.player.clone())
}

fn collapse(innings: &Innings) -> Option<Collapse> {
    let window = COLLAPSE_OVERS * u32::from(innings.balls_per_over);
    let recent = |fall: &&cricket::score::FallOfWicket| innings.legal_balls.saturating_sub(fall.legal_balls) <= window;
    let wickets = innings.fall_of_wickets.iter().rev().take_while(recent).count();
    let first = innings.fall_of_wickets.len().checked_sub(wickets).and_then(|at| innings.fall_of_wickets.get(at))?;
    let wickets = u8::try_from(wickets).ok().filter(|wickets| *wickets >= COLLAPSE_WICKETS)?;
    Some(Collapse {
        wickets,
        runs: innings.runs.saturating_sub(first.runs),
        balls: innings.legal_balls.saturating_sub(first.legal_balls),
    })
}

/// What the last three overs, the one in progress among them, brought: runs, legal balls, wickets.
pub(super) fn lately(innings: &Innings) -> (u32, u32, u8) {
    innings.overs.iter().rev().take(MOMENTUM_OVERS).fold((0, 0, 0), |(runs, balls, wickets), over| {
        (runs + over.runs, balls + u32::from(over.legal_balls), wickets.saturating_add(over.wickets))
    })
}
