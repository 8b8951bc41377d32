//! Targets: what a side chases, and in how many balls.

use super::Engine;
use crate::{
    event::{InningsKind, Key, Target, TargetRevision},
    score::{Happening, MatchState},
};

impl Engine {
    /// Balls an innings may last.
    pub(super) fn balls_limit(&self, kind: InningsKind, target: Option<&Target>) -> Option<u32> {
        let balls_per_over = self.state.balls_per_over();
        let from_target =
            target.and_then(|target| target.balls.or_else(|| target.overs.map(|overs| overs.as_balls(balls_per_over))));
        let scheduled = match kind {
            InningsKind::SuperOver => Some(1),
            InningsKind::Normal => self.state.info.as_ref().and_then(|info| info.overs),
        };
        from_target.or_else(|| scheduled.map(|overs| u32::from(overs) * u32::from(balls_per_over)))
    }

    /// A new target, from the feed: official ones never come from us.
    pub(super) fn target_revision(&mut self, revision: &TargetRevision) {
        let target = revision.target;
        self.memory.targets.push((revision.innings, target));
        self.state.par = revision.par;
        if let Some(index) = self.index_of(revision.innings) {
            self.memory.official_target = true;
            let kind = self.state.innings.get(index).map_or(InningsKind::Normal, |innings| innings.kind);
            let limit = self.balls_limit(kind, Some(&target));
            if let Some(innings) = self.state.innings.get_mut(index) {
                let (bowled, counted) = innings.whole_overs();
                innings.target = Some(target);
                // Overs of five or seven that are over stay what they were.
                innings.balls_limit = limit.map(|limit| limit.saturating_add(bowled).saturating_sub(counted));
            }
        }
        self.happens(Happening::TargetRevised { target });
        if let Some(index) = self.index_of(revision.innings) {
            self.check_end(&Key::target(revision.innings), index);
        }
    }
}

/// The target that follows from the totals where the feed gives none: the second innings of a limited-overs match, the
/// second of a pair of super overs, the fourth innings of a match of two innings a side.
pub(super) fn own_target(state: &MatchState, index: usize) -> Option<Target> {
    let innings = state.innings.get(index)?;
    let limited = state.info.as_ref()?.overs.is_some();
    let earlier = state.innings.get(..index)?.iter().filter(|other| other.kind == innings.kind);
    let (mut own, mut theirs) = ((0_u32, 0_u32), (0_u32, 0_u32));
    let mut last = None;
    for other in earlier {
        let tally = if other.batting_team == innings.batting_team { &mut own } else { &mut theirs };
        *tally = (tally.0 + 1, tally.1.saturating_add(other.runs));
        last = Some(other);
    }
    let to_beat = match innings.kind {
        // Pairs: the second of each chases the first.
        InningsKind::SuperOver => (own.0 + theirs.0) % 2 == 1,
        InningsKind::Normal if limited => own.0 == 0 && theirs.0 == 1,
        InningsKind::Normal => own.0 == 1 && theirs.0 == 2,
    };
    let runs = match innings.kind {
        InningsKind::SuperOver => last?.runs,
        InningsKind::Normal => theirs.1.saturating_sub(own.1),
    };
    to_beat.then_some(Target { runs: runs.saturating_add(1), overs: None, balls: None })
}
