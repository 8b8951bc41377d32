//! The moment: all that may be known when a line is spoken.

mod correction;
mod importance;
mod occasion;
mod words;

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event, EventData, EventStatus, Key},
    score::{Applied, Happening, MatchResult, MatchState},
};

pub use correction::Effect;
pub(crate) use correction::audible;
pub use occasion::{Change, Occasion, Status};
pub(crate) use words::{ball_in_words, in_words};

use crate::{
    archive::Archive,
    facts::FactSheet,
    line::LineKind,
    reading::{self, Reading},
    scene::Scene,
};

/// All that may be known when a line is spoken: what happened, the scoreboard after it, what it means, and what may be
/// claimed of it. Owned, so that it can wait for a writer while the match goes on.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The match.
    pub match_id: Arc<str>,
    /// The event's key.
    pub key: Key,
    /// The event's revision.
    pub rev: u32,
    /// When it happened, RFC 3339, as the feed said.
    pub event_ts: Option<String>,
    /// Whether the umpires may still change it.
    pub provisional: bool,
    /// What there is to talk about.
    pub occasion: Occasion,
    /// What the event brought about.
    pub happenings: Vec<Happening>,
    /// What the scoreboard means.
    pub reading: Reading,
    /// The scoreboard after the event.
    pub scene: Scene,
    /// What may be claimed.
    pub facts: FactSheet,
    /// How much it deserves words, 0 to 1.
    pub importance: f64,
}

impl Moment {
    /// The moment of an event that was just applied; `state` is the state after it. `None` where there is nothing to talk
    /// about (a heartbeat, a line-up, a duplicate).
    pub fn form(state: &MatchState, event: &Event, happenings: &[Happening], archive: &dyn Archive) -> Option<Self> {
        let occasion = Occasion::of(event, happenings)?;
        if occasion == Occasion::MatchEnd && is_known_result(state) {
            return None;
        }
        Some(Self::build(state, event, happenings, occasion, archive))
    }

    /// The moment of a correction: what `applied` says that `event` changed. `None` where nothing changed that could have
    /// been spoken of.
    pub fn correction(state: &MatchState, event: &Event, applied: &Applied) -> Option<Self> {
        let change = correction::change(event, applied)?;
        Some(Self::build(
            state,
            event,
            &applied.happenings,
            Occasion::Correction(Box::new(change)),
            &crate::archive::NoArchive,
        ))
    }

    fn build(
        state: &MatchState,
        event: &Event,
        happenings: &[Happening],
        occasion: Occasion,
        archive: &dyn Archive,
    ) -> Self {
        let ball = match &occasion {
            Occasion::Ball(ball) => Some(ball.as_ref()),
            Occasion::Correction(change) => change.now.as_deref(),
            _ => None,
        };
        let scene = Scene::of(state, ball);
        let reading = reading::read(state).unwrap_or_default();
        let provisional = event.status == EventStatus::Provisional;
        let mut facts = FactSheet::gather(state, &scene, &reading, &occasion, happenings, archive);
        if let Occasion::Correction(change) = &occasion {
            correction::tell(&change.effects, &mut facts);
        }
        if provisional {
            facts.decision_is_pending();
        }
        let importance = importance::of(&occasion, happenings, &reading, &scene);
        Self {
            match_id: event.match_id.clone(),
            key: event.key.clone(),
            rev: event.rev,
            event_ts: event.ts.clone(),
            provisional,
            occasion,
            happenings: happenings.to_vec(),
            reading,
            scene,
            facts,
            importance,
        }
    }

    /// The delivery that the moment is about: just bowled, or as corrected.
    pub fn ball(&self) -> Option<&Arc<Delivery>> {
        match &self.occasion {
            Occasion::Ball(ball) => Some(ball),
            Occasion::Correction(change) => change.now.as_ref(),
            _ => None,
        }
    }

    /// Whether a wicket fell.
    pub fn is_wicket(&self) -> bool {
        self.happenings.iter().any(|happening| matches!(happening, Happening::Wicket { .. }))
    }

    /// Whether somebody reached a milestone, or the match was won.
    pub fn is_milestone(&self) -> bool {
        self.happenings.iter().any(|happening| {
            matches!(
                happening,
                Happening::BatterMilestone { .. }
                    | Happening::BowlerMilestone { .. }
                    | Happening::PartnershipMilestone { .. }
                    | Happening::DroughtBroken { .. }
                    | Happening::HatTrick { .. }
                    | Happening::TargetReached
            )
        })
    }

    /// Whether the ball went over the rope off the bat.
    pub fn is_boundary(&self) -> bool {
        self.ball().is_some_and(|ball| ball.is_four() || ball.is_six())
    }

    /// The kinds of line that there is something to say for, in the order of saying.
    pub fn kinds(&self) -> Vec<LineKind> {
        let mut kinds = match &self.occasion {
            Occasion::Ball(_) => vec![LineKind::Call, LineKind::Colour],
            Occasion::OverEnd => Vec::new(),
            Occasion::Status(_) => vec![LineKind::Status],
            Occasion::Correction(_) => return vec![LineKind::Correction],
            Occasion::MatchStart | Occasion::InningsStart | Occasion::InningsEnd | Occasion::MatchEnd => {
                let mut kinds = vec![LineKind::Innings];
                kinds.extend(self.facts.statistic.is_some().then_some(LineKind::Stat));
                return kinds;
            }
        };
        // A meeting is told when it begins, not ball after ball.
        let newcomer =
            |happening: &Happening| matches!(happening, Happening::NewBatter { .. } | Happening::NewBowler { .. });
        let is_meeting = || self.facts.has_statistic() && self.happenings.iter().any(newcomer);
        if self.facts.statistic.is_some() || is_meeting() {
            kinds.push(LineKind::Stat);
        }
        let ended =
            |happening: &Happening| matches!(happening, Happening::InningsEnded { .. } | Happening::MatchEnded { .. });
        if self.happenings.iter().any(ended) {
            kinds.push(LineKind::Innings);
        } else if self.happenings.iter().any(|happening| matches!(happening, Happening::OverCompleted { .. })) {
            kinds.push(LineKind::Over);
        }
        kinds
    }

    /// The kind that comes first.
    pub fn kind(&self) -> LineKind {
        self.kinds().first().copied().unwrap_or(LineKind::Call)
    }
}

/// Whether the recorded result is the one that the last ball already gave: then it has been told.
fn is_known_result(state: &MatchState) -> bool {
    let computed = match &state.computed_result {
        Some(
            MatchResult::WonByRuns { winner, .. }
            | MatchResult::WonByWickets { winner, .. }
            | MatchResult::WonByInnings { winner, .. },
        ) => Some(winner),
        Some(MatchResult::Tie { super_over_winner }) => super_over_winner.as_ref(),
        None => None,
    };
    let recorded = state.recorded_result.as_ref().and_then(|end| {
        end.outcome.winner.as_ref().or(end.outcome.eliminator.as_ref()).or(end.outcome.bowl_out.as_ref())
    });
    computed.is_some() && computed == recorded
}

/// Whether an event is one whose earlier revision may have been spoken of.
pub(crate) fn is_ball_event(event: &Event) -> bool {
    matches!(event.data, EventData::Delivery(_) | EventData::Retract | EventData::OverReplace(_))
}
