//! The next milestone: how far, and only in our records.

use cricket::player::PersonId;
use serde::Serialize;

use super::Sample;
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::{BATTING_BEFORE, BOWLING_BEFORE},
};

/// Of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneKind {
    /// Runs, by the five hundred.
    Runs,
    /// Wickets, by the fifty.
    Wickets,
    /// Innings of a hundred, by the ten.
    Hundreds,
}

/// A milestone ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// What was counted. "In our records": matches that the archive does not hold are not in it.
    pub sample: Sample,
    /// Of what.
    pub kind: MilestoneKind,
    /// In our records, before the day.
    pub now: u32,
    /// The milestone.
    pub next: u32,
}

impl Milestone {
    /// The milestone after a count.
    fn after(kind: MilestoneKind, now: u32) -> u32 {
        let step = match kind {
            MilestoneKind::Runs => 500,
            MilestoneKind::Wickets => 50,
            MilestoneKind::Hundreds => 10,
        };
        (now / step + 1) * step
    }

    /// How far it is, at least 1.
    pub fn needed(&self) -> u32 {
        self.next - self.now
    }
}

impl Archive {
    /// A person's next milestones after the matches before a day: one of each kind of which the person has something.
    ///
    /// # Errors
    /// The store failed.
    pub fn milestones(&self, person: &PersonId, scope: Scope, before: Day) -> Result<Vec<Milestone>, ArchiveError> {
        self.answer(|| {
            let Some(person) = self.person(person)? else { return Ok(Vec::new()) };
            let classes = scope.codes();
            let batting = BATTING_BEFORE.read(&self.store, person, classes, before.number())?.unwrap_or_default();
            let bowling = BOWLING_BEFORE.read(&self.store, person, classes, before.number())?.unwrap_or_default();
            let [batted, _, runs, _, _, _, _, _, _, _, hundreds, ..] = batting;
            let [bowled, _, _, _, wickets, ..] = bowling;
            let sample = self.sample(scope, 0)?;
            let all = [
                (MilestoneKind::Runs, batted, runs),
                (MilestoneKind::Hundreds, batted, hundreds),
                (MilestoneKind::Wickets, bowled, wickets),
            ];
            let next = all.into_iter().filter(|(.., now)| *now > 0).map(|(kind, matches, now)| Milestone {
                sample: Sample { matches, ..sample },
                kind,
                now,
                next: Milestone::after(kind, now),
            });
            Ok(next.collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_milestone_lies_ahead() {
        for (kind, now, next, needed) in [
            (MilestoneKind::Runs, 1, 500, 499),
            (MilestoneKind::Runs, 500, 1000, 500),
            (MilestoneKind::Runs, 11_998, 12_000, 2),
            (MilestoneKind::Wickets, 49, 50, 1),
            (MilestoneKind::Hundreds, 9, 10, 1),
        ] {
            assert_eq!((Milestone::after(kind, now), next - now), (next, needed));
        }
    }
}
