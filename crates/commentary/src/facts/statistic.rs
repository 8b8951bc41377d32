//! Statistics from the archive, only where the sample carries them.

use cricket::score::Happening;

use super::{FactSheet, Hundredths, NumberFact, Unit};
use crate::{
    archive::{Archive, HeadToHead},
    moment::Occasion,
    notes::Usual,
    reading::Reading,
    scene::Scene,
    statistic::{self, Statistic},
};

/// Fewer balls than this say nothing about a batter against a bowler.
const MIN_HEAD_TO_HEAD: u32 = 12;

impl FactSheet {
    /// Asks the archive about the pair now facing each other, and about what else belongs to this moment, and lists what
    /// rests on enough. Of the two, the more interesting is the one for a line.
    pub(super) fn ask(
        &mut self,
        scene: &Scene,
        reading: &Reading,
        occasion: &Occasion,
        happenings: &[Happening],
        archive: &dyn Archive,
    ) {
        let meeting = scene.batter.as_ref().zip(scene.bowler.as_ref()).and_then(|(batter, bowler)| {
            archive.batter_v_bowler(&batter.player.id, &bowler.player.id).filter(|met| met.balls >= MIN_HEAD_TO_HEAD)
        });
        let mut rival = f64::NEG_INFINITY;
        if let Some(meeting) = &meeting {
            let usual = Usual::of(scene.balls_left.map(|left| scene.legal_balls + left));
            rival = usual.of_meeting(meeting);
            self.head_to_head(meeting);
        }
        let found = statistic::fitting(scene, reading, occasion, happenings, &self.people, archive);
        if let Some(statistic) = found.filter(|statistic| statistic.interest > rival) {
            self.may_quote(&statistic);
            self.statistic = Some(statistic);
        }
    }

    /// A statistic's clause may be said as it stands.
    pub(crate) fn may_quote(&mut self, statistic: &Statistic) {
        self.places.extend(statistic.clauses().map(|clause| (statistic.id, clause)));
    }

    fn head_to_head(&mut self, meeting: &HeadToHead) {
        self.has_meeting = true;
        for (id, value, unit) in [
            ("stat.head_to_head.balls", meeting.balls, Unit::Balls),
            ("stat.head_to_head.runs", meeting.runs, Unit::Runs),
            ("stat.head_to_head.dismissals", meeting.dismissals, Unit::Dismissals),
            ("stat.head_to_head.since", u32::from(meeting.since_year), Unit::Year),
        ] {
            self.numbers.push(NumberFact { id, value: Hundredths::whole(value), unit, owner: None });
        }
        let scope = crate::name::clean(&meeting.scope);
        self.places.push(("stat.head_to_head.scope", statistic::scope_in_hindi(&scope)));
        self.places.push(("stat.head_to_head.scope", scope));
    }
}
