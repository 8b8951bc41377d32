//! What of a moment is owed to something earlier.

use cricket::{
    event::Delivery,
    score::{Happening, MatchState},
};

use super::{EventWord, FactSheet, Role, Unit};
use crate::reading::debt::{self, REPRIEVE_RUNS};

impl FactSheet {
    /// What a batter has made of a review that brought the innings back, and what a bowler had to settle with whoever is
    /// out. None of these numbers is a player's own, so that nobody is said to have so many runs.
    pub(super) fn debts(&mut self, state: &MatchState, ball: &Delivery, happenings: &[Happening]) {
        let Some(innings) = state.innings.iter().rev().find(|innings| innings.number == ball.innings) else { return };
        let out = happenings.iter().find_map(|happening| match happening {
            Happening::Wicket { player, .. } => Some(player),
            _ => None,
        });
        let batter = out.unwrap_or(&ball.batter);
        let marks = |happening: &Happening| matches!(happening, Happening::BatterMilestone { .. });
        if let Some(reprieve) = debt::reprieve(innings, &batter.id) {
            // Not ball after ball: with the boundary that makes it worth something, at a milestone, and at the end.
            let before = reprieve.added.saturating_sub(u32::from(ball.runs.bat));
            let makes_it = before < REPRIEVE_RUNS && (ball.is_four() || ball.is_six());
            if out.is_some() || makes_it || happenings.iter().any(marks) {
                self.event(EventWord::Reprieve);
                self.give_role(batter, Role::Reprieved);
                self.number("reprieve.at", reprieve.at, Unit::Runs);
                self.number("reprieve.runs", reprieve.added, Unit::Runs);
            }
        }
        if let Some(reckoning) = debt::reckoning(innings).filter(|reckoning| reckoning.settled) {
            self.event(EventWord::Reckoning);
            self.number("reckoning.runs", reckoning.runs, Unit::Runs);
        }
    }

    /// What the chasing side gave away, where it is as much as it lacks.
    pub(super) fn giveaway(&mut self, state: &MatchState) {
        if let Some(giveaway) = debt::giveaway(state) {
            self.event(EventWord::Giveaway);
            self.number("giveaway.runs", giveaway.runs, Unit::Runs);
        }
    }
}
