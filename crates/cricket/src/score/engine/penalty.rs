//! Penalty runs that belong to no ball (Laws 41.17, 41.18).

use super::{
    AnomalyKind, Engine, Happening,
    ball::{at_the_crease, passed},
    target::own_target,
};
use crate::event::{Key, PenaltyRuns, PenaltySide};

impl Engine {
    /// To the batting side: to its innings in progress. To the fielding side: to its last completed innings of the match
    /// (in a super over: of the super overs), else to the start of its next.
    pub(super) fn penalty_runs(&mut self, key: &Key, penalty: &PenaltyRuns) {
        let Some(index) = self.index_of(penalty.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let Some(current) = self.state.innings.get(index) else { return };
        let (team, to) = match penalty.side {
            PenaltySide::Batting => (current.batting_team.clone(), Some(index)),
            PenaltySide::Fielding => {
                let (team, kind) = (current.bowling_team.clone(), current.kind);
                let past = self.state.innings.get(..index).unwrap_or_default();
                let last = past.iter().rposition(|own| own.batting_team == team && own.kind == kind);
                (team, last)
            }
        };
        let follows = own_target(&self.state, index);
        let runs = u32::from(penalty.runs);
        match to {
            Some(to) => self.award(to, runs),
            None => self.memory.penalties.push((team.clone(), penalty.runs)),
        }
        self.happens(Happening::Penalty { team, runs });
        if let Some(to) = to {
            self.applaud(to, runs);
        }
        if to.is_some_and(|to| to < index) {
            self.move_target(index, follows.map(|target| target.runs));
        }
        self.check_end(key, index);
    }

    /// Books the runs; a pair at the crease has them in its stand, as it has all extras.
    fn award(&mut self, to: usize, runs: u32) {
        let Some(innings) = self.innings_mut(to) else { return };
        innings.runs = innings.runs.saturating_add(runs);
        innings.extras.penalty = innings.extras.penalty.saturating_add(runs);
        let goes_on = innings.ended.is_none();
        if let Some(pair) = innings.partnerships.last_mut().filter(|pair| goes_on && !pair.ended) {
            pair.runs = pair.runs.saturating_add(runs);
        }
    }

    /// The milestones that the runs of an innings in progress brought.
    fn applaud(&mut self, to: usize, runs: u32) {
        let Self { state, happenings, .. } = self;
        let Some(innings) = state.innings.get(to).filter(|innings| innings.ended.is_none()) else { return };
        let passed = |after: u32| passed(after.saturating_sub(runs), after);
        if let Some(pair) = innings.partnerships.last().filter(|pair| !pair.ended)
            && let Some(runs) = passed(pair.runs)
        {
            let batters = at_the_crease(innings);
            happenings.push(Happening::PartnershipMilestone { batters, runs, wicket: pair.wicket });
        }
        if let Some(runs) = passed(innings.runs) {
            happenings.push(Happening::TeamMilestone { team: innings.batting_team.clone(), runs });
        }
    }

    /// Moves a target that followed from the totals (before: `followed`), the feed's own word for it included. One that a
    /// method set moves by the method, so only by the feed's word.
    fn move_target(&mut self, index: usize, followed: Option<u32>) {
        let now = own_target(&self.state, index);
        let Some(innings) = self.innings_mut(index) else { return };
        match (innings.target.as_mut(), now) {
            (Some(target), Some(now)) if Some(target.runs) == followed => target.runs = now.runs,
            _ => {}
        }
    }
}
