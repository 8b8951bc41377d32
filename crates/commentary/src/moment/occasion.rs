//! What there is to talk about.

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event, EventData},
    player::PlayerRef,
    score::Happening,
};

/// What there is to talk about.
#[derive(Debug, Clone, PartialEq)]
pub enum Occasion {
    /// The match begins.
    MatchStart,
    /// An innings begins.
    InningsStart,
    /// A ball was bowled.
    Ball(Arc<Delivery>),
    /// An over ended, apart from its last ball.
    OverEnd,
    /// An innings ended, apart from its last ball.
    InningsEnd,
    /// The match is over, apart from its last ball.
    MatchEnd,
    /// Why nothing is being bowled, or what changed around the play.
    Status(Status),
    /// Something said may have become untrue.
    Correction(Box<Change>),
}

/// What changed around the play.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    /// The toss.
    Toss {
        /// Who won it.
        winner: Arc<str>,
        /// Whether they bat.
        bats: bool,
    },
    /// Play stopped.
    Stopped {
        /// Why, as the feed says, such as `rain`.
        reason: String,
    },
    /// Play goes on.
    Resumed,
    /// A review.
    Review {
        /// The side that asked.
        by: Arc<str>,
        /// `None` while the third umpire looks.
        upheld: Option<bool>,
        /// Whether it stayed with the umpire's call.
        umpires_call: bool,
    },
    /// The target moved.
    TargetRevised {
        /// Runs to win now.
        runs: u32,
    },
    /// Penalty runs.
    Penalty {
        /// To whom.
        team: Arc<str>,
        /// How many.
        runs: u32,
    },
    /// One player for another.
    Replaced {
        /// Who comes in.
        incoming: PlayerRef,
        /// For whom.
        outgoing: Option<PlayerRef>,
    },
    /// A batter left without being dismissed.
    Retired {
        /// Who.
        player: PlayerRef,
        /// With how many runs.
        runs: u32,
    },
    /// A wicket without a ball: timed out, run out before delivery, retired out.
    WicketWithoutBall,
}

/// What a correction changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The ball as it was told; `None` where none had been told.
    pub was: Option<Arc<Delivery>>,
    /// The ball as it stands; `None` when it never was.
    pub now: Option<Arc<Delivery>>,
    /// What is no longer true.
    pub withdrawn: Vec<Happening>,
    /// What else fell or moved with it, the weightiest first.
    pub effects: Vec<super::Effect>,
}

impl Change {
    /// Whether a wicket or a boundary came or went, or something fell with it.
    pub fn is_weighty(&self) -> bool {
        let mut balls = self.was.iter().chain(&self.now);
        let telling = |ball: &Arc<Delivery>| {
            ball.is_four() || ball.is_six() || ball.wickets.iter().any(|wicket| wicket.kind.is_wicket())
        };
        !self.effects.is_empty() || balls.any(telling)
    }
}

impl Occasion {
    pub(super) fn of(event: &Event, happenings: &[Happening]) -> Option<Self> {
        let find = |wanted: fn(&Happening) -> bool| happenings.iter().any(wanted);
        let occasion = match &event.data {
            EventData::Delivery(_) => match happenings.iter().find(|h| matches!(h, Happening::Ball(_)))? {
                Happening::Ball(ball) => Self::Ball(ball.clone()),
                _ => return None,
            },
            EventData::MatchInfo(_) if find(|h| matches!(h, Happening::MatchStarted)) => Self::MatchStart,
            EventData::InningsStart(_) if find(|h| matches!(h, Happening::InningsStarted { .. })) => Self::InningsStart,
            EventData::OverEnd(_) if find(|h| matches!(h, Happening::OverCompleted { .. })) => Self::OverEnd,
            EventData::InningsEnd(_) | EventData::Declaration(_)
                if find(|h| matches!(h, Happening::InningsEnded { .. })) =>
            {
                Self::InningsEnd
            }
            EventData::MatchEnd(_) => Self::MatchEnd,
            EventData::Toss(toss) => {
                Self::Status(Status::Toss { winner: toss.winner.clone(), bats: toss.decision == "bat" })
            }
            EventData::DismissalNoBall(_) if find(|h| matches!(h, Happening::Wicket { .. })) => {
                Self::Status(Status::WicketWithoutBall)
            }
            EventData::Review(_)
            | EventData::Replacement(_)
            | EventData::Interruption(_)
            | EventData::ResumePlay(_)
            | EventData::TargetRevision(_)
            | EventData::PenaltyRuns(_)
            | EventData::Retirement(_) => Self::Status(happenings.iter().find_map(Status::of)?),
            _ => return None,
        };
        Some(occasion)
    }
}

impl Status {
    fn of(happening: &Happening) -> Option<Self> {
        Some(match happening {
            Happening::Reviewed { by, decision, umpires_call } => Self::Review {
                by: by.clone(),
                upheld: decision.as_deref().map(|decision| decision == "upheld"),
                umpires_call: *umpires_call,
            },
            Happening::Replaced { incoming, outgoing, .. } => {
                Self::Replaced { incoming: incoming.clone(), outgoing: outgoing.clone() }
            }
            Happening::PlayStopped { reason } => Self::Stopped { reason: reason.clone() },
            Happening::PlayResumed => Self::Resumed,
            Happening::TargetRevised { target } => Self::TargetRevised { runs: target.runs },
            Happening::Penalty { team, runs } => Self::Penalty { team: team.clone(), runs: *runs },
            Happening::Retired { player, runs } => Self::Retired { player: player.clone(), runs: *runs },
            _ => return None,
        })
    }
}
