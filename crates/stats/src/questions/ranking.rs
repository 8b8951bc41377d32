//! Who leads a season of a competition.

use std::{cmp::Ordering, collections::HashMap};

use cricket::player::PersonId;
use serde::{Deserialize, Serialize};

use super::{LEAST_BALLS, Sample, Season};
use crate::{
    archive::{Archive, ArchiveError},
    class::Scope,
    day::Day,
    keep::Standings,
};

/// By what people are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingKind {
    /// Most runs.
    Runs,
    /// Most fours over the rope.
    Fours,
    /// Most sixes over the rope.
    Sixes,
    /// Most credited wickets.
    Wickets,
    /// Most runs per hundred balls faced.
    StrikeRate,
    /// Fewest runs conceded per six balls.
    Economy,
}

/// Who leads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// What was counted: the season's matches.
    pub sample: Sample,
    /// By what.
    pub kind: RankingKind,
    /// Only people who have faced (or bowled) so many balls are ranked; of counts, everybody with one.
    pub least_balls: u32,
    /// People ranked in all.
    pub people: u32,
    /// The first of them, in order; equal values have an equal place.
    pub first: Vec<Ranked>,
}

/// A person's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// From 1.
    pub place: u32,
    /// Who.
    pub person: PersonId,
    /// The name that the person goes by.
    pub name: String,
    /// The count, or the rate.
    pub value: f64,
    /// Innings batted (for runs, fours, sixes, strike rate) or bowled in.
    pub innings: u32,
    /// Balls faced, or bowled.
    pub balls: u32,
}

/// One person's part in a ranking.
#[derive(Clone, Copy)]
struct Counted {
    person: u32,
    count: u32,
    balls: u32,
    innings: u32,
}

impl RankingKind {
    fn is_rate(self) -> bool {
        matches!(self, Self::StrikeRate | Self::Economy)
    }

    fn counted(self, one: &Standings) -> Counted {
        let (count, balls, innings) = match self {
            Self::Runs | Self::StrikeRate => (one.runs(), one.faced(), one.batting_innings()),
            Self::Fours => (one.fours(), one.faced(), one.batting_innings()),
            Self::Sixes => (one.sixes(), one.faced(), one.batting_innings()),
            Self::Wickets => (one.wickets(), one.balls(), one.bowling_innings()),
            Self::Economy => (one.conceded(), one.balls(), one.bowling_innings()),
        };
        Counted { person: one.person, count, balls, innings }
    }

    fn value(self, one: &Counted) -> f64 {
        let per_ball = f64::from(one.count) / f64::from(one.balls.max(1));
        match self {
            Self::StrikeRate => 100.0 * per_ball,
            Self::Economy => 6.0 * per_ball,
            _ => f64::from(one.count),
        }
    }

    /// The better first. Rates are compared exactly, crosswise.
    fn order(self, one: &Counted, other: &Counted) -> Ordering {
        let cross = |one: &Counted, other: &Counted| u64::from(one.count) * u64::from(other.balls);
        match self {
            Self::StrikeRate => cross(other, one).cmp(&cross(one, other)),
            Self::Economy => cross(one, other).cmp(&cross(other, one)),
            _ => other.count.cmp(&one.count),
        }
    }
}

impl Archive {
    /// Who leads a season of a competition by some measure, in matches before a day; the first `limit` of them. Rates are
    /// of people with `least_balls` balls and more (never fewer than twelve). `None` if there is nobody to rank.
    ///
    /// # Errors
    /// The store failed.
    pub fn ranking(
        &self,
        kind: RankingKind,
        season: Season<'_>,
        scope: Scope,
        before: Day,
        least_balls: u32,
        limit: usize,
    ) -> Result<Option<Ranking>, ArchiveError> {
        self.answer(|| {
            let mut matches = 0;
            let mut all: Vec<Counted> = Vec::new();
            self.standings(season, scope, before, |held, people| {
                matches += held;
                all.extend(Standings::all(people).map(|one| kind.counted(&one)));
            })?;
            let (first, last) = scope.codes();
            if first != last {
                all = merged(all);
            }
            let threshold = if kind.is_rate() { least_balls.max(LEAST_BALLS) } else { 0 };
            all.retain(|one| one.balls >= threshold && (one.count > 0 || kind == RankingKind::Economy));
            if all.is_empty() {
                return Ok(None);
            }
            let people = all.len() as u32;
            // Of equals, those with fewer balls first, then by number: always the same.
            let order = |one: &Counted, other: &Counted| {
                kind.order(one, other).then(one.balls.cmp(&other.balls)).then(one.person.cmp(&other.person))
            };
            if let Some(limit) = limit.checked_sub(1).filter(|limit| *limit < all.len()) {
                all.select_nth_unstable_by(limit, order);
            }
            all.truncate(limit);
            all.sort_unstable_by(order);
            let mut query = self.store.prepare_cached("SELECT id, name FROM person WHERE no = ?1")?;
            let mut first: Vec<Ranked> = Vec::with_capacity(all.len());
            let mut before: Option<(Counted, u32)> = None;
            for (at, one) in (1..).zip(&all) {
                let place = before.filter(|(before, _)| kind.order(before, one).is_eq()).map_or(at, |(_, place)| place);
                before = Some((*one, place));
                let (person, name) = query
                    .query_row([one.person], |row| Ok((PersonId(row.get::<_, String>(0)?.into()), row.get(1)?)))?;
                let (innings, balls) = (one.innings, one.balls);
                first.push(Ranked { place, person, name, value: kind.value(one), innings, balls });
            }
            Ok(Some(Ranking { sample: self.sample(scope, matches)?, kind, least_balls: threshold, people, first }))
        })
    }
}

/// One for each person, where a person was counted at both levels.
fn merged(all: Vec<Counted>) -> Vec<Counted> {
    let mut by_person: HashMap<u32, Counted> = HashMap::with_capacity(all.len());
    for one in all {
        by_person
            .entry(one.person)
            .and_modify(|sum| {
                sum.count += one.count;
                sum.balls += one.balls;
                sum.innings += one.innings;
            })
            .or_insert(one);
    }
    by_person.into_values().collect()
}
