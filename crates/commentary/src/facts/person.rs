//! People: the two elevens, and the parts that some of them play in a moment.

use cricket::player::PlayerRef;
use serde::Deserialize;

use super::FactRef;
use crate::name;

/// The part somebody plays in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Faced the ball, or will face the next.
    Batter,
    /// The other batter.
    Partner,
    /// Bowled the ball.
    Bowler,
    /// Out on the ball.
    Out,
    /// Took part in the dismissal.
    Fielder,
    /// Came in.
    NewBatter,
    /// Came on to bowl.
    NewBowler,
    /// The batter who reached a milestone.
    MilestoneBatter,
    /// Left without being out.
    Retired,
    /// Came into the match.
    Incoming,
    /// Left the match.
    Outgoing,
    /// Batter of the ball as it was told before a correction.
    FormerBatter,
    /// Bowler of the ball as it was told before a correction.
    FormerBowler,
    /// Said to be out before a correction.
    FormerOut,
    /// Top scorer of the innings in the summary.
    TopScorer,
    /// Best bowler of the innings in the summary.
    BestBowler,
    /// Came back by review, and has made something of it.
    Reprieved,
}

impl Role {
    /// The role as a fact's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Batter => "batter",
            Self::Partner => "partner",
            Self::Bowler => "bowler",
            Self::Out => "out",
            Self::Fielder => "fielder",
            Self::NewBatter => "new_batter",
            Self::NewBowler => "new_bowler",
            Self::MilestoneBatter => "milestone.batter",
            Self::Retired => "retired",
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::FormerBatter => "former.batter",
            Self::FormerBowler => "former.bowler",
            Self::FormerOut => "former.out",
            Self::TopScorer => "innings.top_scorer",
            Self::BestBowler => "innings.best_bowler",
            Self::Reprieved => "reprieved",
        }
    }
}

/// Somebody of the two elevens.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub player: PlayerRef,
    /// The cleaned full name.
    pub full: String,
    /// The name as it is said; the full name where another player of the match shares the short one.
    pub said: String,
    /// The parts played in this moment; empty for those who play none.
    pub roles: Vec<Role>,
}

impl Person {
    pub(crate) fn new(player: &PlayerRef) -> Self {
        Self {
            player: player.clone(),
            full: name::clean(&player.name),
            said: name::spoken(player, ""),
            roles: Vec::new(),
        }
    }

    /// Whether the moment is about them at all.
    pub fn is_on_stage(&self) -> bool {
        !self.roles.is_empty()
    }

    pub(crate) fn as_ref(&self) -> FactRef {
        FactRef { id: self.roles.first().map_or("player", |role| role.id()).to_owned(), value: self.full.clone() }
    }
}
