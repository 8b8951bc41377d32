//! Statistics from the archive, only where the sample carries them.

use super::{FactSheet, Hundredths, NumberFact, Unit};
use crate::{
    archive::{Archive, HeadToHead},
    scene::Scene,
};

/// Fewer balls than this say nothing about a batter against a bowler.
const MIN_HEAD_TO_HEAD: u32 = 12;

impl FactSheet {
    /// Asks the archive about the pair now facing each other, and lists the answer when it rests on enough balls.
    pub(super) fn ask(&mut self, scene: &Scene, archive: &dyn Archive) {
        let (Some(batter), Some(bowler)) = (&scene.batter, &scene.bowler) else { return };
        if let Some(meeting) = archive.batter_v_bowler(&batter.player.id, &bowler.player.id) {
            self.head_to_head(&meeting);
        }
    }

    fn head_to_head(&mut self, meeting: &HeadToHead) {
        if meeting.balls < MIN_HEAD_TO_HEAD {
            return;
        }
        self.has_statistic = true;
        for (id, value, unit) in [
            ("stat.head_to_head.balls", meeting.balls, Unit::Balls),
            ("stat.head_to_head.runs", meeting.runs, Unit::Runs),
            ("stat.head_to_head.dismissals", meeting.dismissals, Unit::Dismissals),
            ("stat.head_to_head.since", u32::from(meeting.since_year), Unit::Year),
        ] {
            self.numbers.push(NumberFact { id, value: Hundredths::whole(value), unit, owner: None });
        }
        self.places.push(("stat.head_to_head.scope", crate::name::clean(&meeting.scope)));
    }
}
