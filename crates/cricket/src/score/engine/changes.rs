//! One player for another: concussion and other substitutes who play on, bowlers who finish an over (Laws 1.2, 17.8, 24).

use super::{Engine, Happening};
use crate::{
    event::{Delivery, ReplacementEvent},
    score::PlayerChange,
};

impl Engine {
    pub(super) fn replacement(&mut self, replacement: &ReplacementEvent) {
        self.replace(PlayerChange {
            incoming: replacement.incoming.clone(),
            outgoing: replacement.outgoing.clone(),
            reason: replacement.reason.clone(),
            role: replacement.role.clone(),
        });
    }

    /// Replacements made before a ball.
    pub(super) fn replacements(&mut self, ball: &Delivery) {
        let Some(replacements) = &ball.replacements else { return };
        for player in &replacements.players {
            self.replace(PlayerChange {
                incoming: player.incoming.clone(),
                outgoing: Some(player.outgoing.clone()),
                reason: player.reason.clone(),
                role: None,
            });
        }
        for role in &replacements.role {
            self.replace(PlayerChange {
                incoming: role.incoming.clone(),
                outgoing: role.outgoing.clone(),
                reason: role.reason.clone(),
                role: Some(role.role.clone()),
            });
        }
    }

    fn replace(&mut self, change: PlayerChange) {
        // Whom the umpires take off may not bowl again in the innings.
        if change.reason.starts_with("excluded")
            && let Some(bowler) = &change.outgoing
        {
            self.memory.taken_off.push(bowler.id.clone());
        }
        self.happens(Happening::Replaced {
            incoming: change.incoming.clone(),
            outgoing: change.outgoing.clone(),
            reason: change.reason.clone(),
        });
        self.state.replacements.push(change);
    }
}
