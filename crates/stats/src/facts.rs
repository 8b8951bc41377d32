//! What of a match's facts its figures depend on, be they read from a file or from the store.

use std::borrow::Cow;

use crate::{
    class::{Class, Format},
    part::Cuts,
    tally::{InningsTally, MatchTally},
};

/// The facts of a match.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) class: Class,
    /// First day of play, as in the store.
    pub(crate) day: u32,
    pub(crate) overs: Option<u16>,
    pub(crate) balls_per_over: u16,
    pub(crate) season: Option<Cow<'a, str>>,
    pub(crate) event: Option<Cow<'a, str>>,
    pub(crate) venue: Option<Cow<'a, str>>,
    pub(crate) city: Option<Cow<'a, str>>,
    pub(crate) sides: [Cow<'a, str>; 2],
    pub(crate) winner: Option<Cow<'a, str>>,
    pub(crate) result: Option<Cow<'a, str>>,
    pub(crate) method: Option<Cow<'a, str>>,
}

/// What was made of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chase {
    Open = 0,
    Won = 1,
    Lost = 2,
    Tied = 3,
}

/// How a match went, for those who ask about the ground.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Course<'a> {
    /// The first innings' total, where the innings came to its end by itself.
    pub(crate) first: Option<u32>,
    pub(crate) setter: &'a str,
    pub(crate) chaser: &'a str,
    pub(crate) target: Option<u32>,
    pub(crate) made: Option<u32>,
    pub(crate) made_wickets: Option<u32>,
    pub(crate) chase: Chase,
    /// By a rule for rain or by award, so that totals cannot be compared.
    pub(crate) ruled: bool,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(tally: &MatchTally<'a>) -> Self {
        let info = tally.info;
        let outcome = tally.end.map(|end| &end.outcome);
        let side =
            |at| info.teams.get(at).map_or(Cow::Borrowed(""), |team: &std::sync::Arc<str>| Cow::Borrowed(&**team));
        Self {
            class: tally.class,
            day: tally.day.number(),
            overs: info.overs,
            balls_per_over: info.balls_per_over,
            season: info.season.as_ref().map(|season| Cow::Owned(season.to_string())),
            event: info.event.as_ref().map(|event| Cow::Borrowed(&*event.name)),
            venue: info.venue.as_deref().map(Cow::Borrowed),
            city: info.city.as_deref().map(Cow::Borrowed),
            sides: [side(0), side(1)],
            winner: outcome.and_then(|outcome| outcome.winner.as_deref()).map(Cow::Borrowed),
            result: outcome.and_then(|outcome| outcome.result.as_deref()).map(Cow::Borrowed),
            method: outcome.and_then(|outcome| outcome.method.as_deref()).map(Cow::Borrowed),
        }
    }

    pub(crate) fn cuts(&self) -> Cuts {
        Cuts::of(self.class.format, self.overs, self.balls_per_over)
    }

    /// The side that a side plays against.
    pub(crate) fn against(&self, side: &str) -> &str {
        let [first, second] = &self.sides;
        if **first == *side { second } else { first }
    }

    /// How the match went; `None` without an innings.
    pub(crate) fn course<'i>(&'i self, innings: &'i [InningsTally]) -> Option<Course<'i>> {
        let mut played = innings.iter().filter(|innings| !innings.super_over);
        let first = played.next()?;
        let rest: Vec<_> = played.collect();
        let last = match self.class.format {
            Format::LongForm => rest.get(2),
            _ => rest.first(),
        };
        let setter = last.map_or(&*first.team, |last| self.against(&last.team));
        let target = last.and_then(|last| {
            // What the side that set made, less what the side that chases made before; then one more to win.
            let total = |side: &str| {
                let before = innings.iter().filter(|other| !other.super_over && other.number < last.number);
                before.filter(|other| *other.team == *side).map(|other| other.runs).sum::<u32>()
            };
            last.target.or_else(|| (total(setter) + 1).checked_sub(total(&last.team)))
        });
        let chase = last.map_or(Chase::Open, |last| match (self.winner.as_deref(), self.result.as_deref()) {
            _ if self.method.as_deref() == Some("Awarded") => Chase::Open,
            (Some(winner), _) if *winner == *last.team => Chase::Won,
            (Some(_), _) => Chase::Lost,
            (None, Some("tie")) => Chase::Tied,
            (None, _) => Chase::Open,
        });
        Some(Course {
            first: self.is_complete(first, !rest.is_empty()).then_some(first.runs),
            setter,
            chaser: last.map_or_else(|| self.against(&first.team), |last| &*last.team),
            target,
            made: last.map(|last| last.runs),
            made_wickets: last.map(|last| last.wickets),
            chase,
            ruled: self.method.is_some(),
        })
    }

    /// Whether the first innings came to its end by itself: all out, its overs bowled, or followed by another without a
    /// rule for rain (declared, or a side short of batters).
    fn is_complete(&self, first: &InningsTally, followed: bool) -> bool {
        let limit = self.overs.map(|overs| u32::from(overs) * u32::from(self.balls_per_over));
        first.wickets >= 10
            || limit.is_some_and(|limit| first.legal_balls >= limit)
            || (followed && self.method.is_none() && first.deliveries > 0)
    }
}
