//! What a side that sets is heading for, and what that is worth.

use cricket::{event::MatchInfo, score::Innings};
use serde::{Deserialize, Serialize};

use super::{
    ahead::{After, mean_change},
    chase::{logistic, wickets},
    next_ball::NextBall,
    scoring::Scoring,
};

/// How many balls, as a part of a whole innings, the first runs are weighed with before they tell of the rest: a ball's
/// runs vary so much more than innings do that the rate of an innings says half of what it can after about so many.
pub const EVIDENCE: f64 = 0.75;

/// Parts of an innings, alike in balls, between whose middles the range of the total is drawn.
pub const PARTS: usize = 5;
/// The most spreads that an end of the range may lie from the mean.
const WIDEST: f64 = 10.0;

/// A kind of match's first innings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Runs to come, in the last year of `eras`.
    pub scoring: Scoring,
    /// How many spreads below and above the mean the range of the total reaches, by part of the innings: so many that of
    /// ten totals of later seasons one lies below it and one above.
    pub range: [[f64; 2]; PARTS],
    /// Totals of whole innings by year, in order: what counts as par then. A year that is not there takes the nearest.
    pub eras: Vec<(u16, f64)>,
    /// Grounds whose totals are known: name, runs above or below par (drawn towards 0 by how few matches there were),
    /// matches; by name.
    #[serde(default)]
    pub venues: Vec<(String, f64, u32)>,
    /// The projected total over par, in runs, at which the sides are level.
    pub even: f64,
    /// Runs that turn an even match by one unit of log odds when nothing is open any more.
    pub slope: f64,
    /// How far the spread of the total flattens that.
    pub flattening: f64,
    /// Balls bowled from which the chance is calibrated on held-out seasons; absent where it never is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub told_from: Option<u32>,
}

/// A first innings in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstInnings {
    /// Balls of the whole innings; above 0.
    pub limit: u32,
    /// Balls left.
    pub left: u32,
    /// Wickets in hand.
    pub wickets: u8,
    /// Runs made.
    pub runs: u32,
}

impl FirstInnings {
    /// `None` without a limit of balls. An innings that has ended has no ball left.
    pub fn of(innings: &Innings) -> Option<Self> {
        let limit = innings.balls_limit.filter(|limit| *limit > 0)?;
        let left = if innings.ended.is_some() { 0 } else { innings.balls_left()? };
        Some(Self { limit, left, wickets: wickets(innings), runs: innings.runs })
    }
}

/// Where an innings is heading: a distribution, not only a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// Mean of the total.
    pub mean: f64,
    /// Standard deviation of the total, as sides of the seasons fitted to differed.
    pub spread: f64,
    /// Below the mean, and above it: in runs, how far the range of four innings of five reaches.
    pub reach: [f64; 2],
    /// What a whole innings makes here, by kind of match, year and ground.
    pub par: f64,
    /// The chance that the side that sets wins, 0 to 1; `None` where it is not calibrated, and in chases.
    pub win_probability: Option<f64>,
}

impl Projection {
    /// Four innings of five end between these.
    pub fn range(&self) -> (f64, f64) {
        let [below, above] = self.reach;
        (self.mean - below, self.mean + above)
    }
}

/// What year and ground change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circumstances {
    /// Runs to come as a factor.
    pub era: f64,
    /// Runs above or below par at the ground.
    pub venue: f64,
    /// Par here.
    pub par: f64,
}

impl Setting {
    /// Par by the year and ground of a match.
    pub fn circumstances(&self, info: Option<&MatchInfo>) -> Circumstances {
        let year = info.and_then(|info| info.dates.first()?.get(..4)?.parse().ok());
        self.circumstances_of(year, info.and_then(|info| info.venue.as_deref()))
    }

    /// Par by year and ground.
    pub fn circumstances_of(&self, year: Option<u16>, venue: Option<&str>) -> Circumstances {
        let last = self.eras.last().map_or(0.0, |(_, par)| *par);
        let then = year.and_then(|year| self.eras.iter().min_by_key(|(known, _)| known.abs_diff(year)));
        let par = then.map_or(last, |(_, par)| *par);
        let venue = venue.and_then(|name| {
            let at = self.venues.binary_search_by(|(known, ..)| known.as_str().cmp(name)).ok()?;
            self.venues.get(at).map(|(_, runs, _)| *runs)
        });
        let venue = venue.unwrap_or(0.0);
        Circumstances { era: if last > 0.0 { par / last } else { 1.0 }, venue, par: par + venue }
    }

    /// Where the innings is heading; `whole` is the balls of a whole innings of this kind of match.
    pub fn project(&self, at: &FirstInnings, whole: u32, here: &Circumstances) -> Projection {
        let all = self.scoring.to_come(f64::from(whole), 10).max(f64::MIN_POSITIVE);
        let length = self.scoring.to_come(f64::from(at.limit), 10) / all;
        let plain = self.scoring.to_come(f64::from(at.left), at.wickets);
        let bowled = f64::from(at.limit.saturating_sub(at.left));
        let usual = here.par / f64::from(whole.max(1));
        let weighed = bowled + EVIDENCE * f64::from(whole);
        let ahead = (f64::from(at.runs) - usual * bowled) / (usual * weighed).max(f64::MIN_POSITIVE);
        let venue = here.venue * plain / all;
        let to_come = (plain * here.era * (1.0 + self.scoring.pull * ahead) + venue).max(0.0);
        let mean = f64::from(at.runs) + to_come;
        let spread = if plain > 0.0 { self.scoring.spread(plain) } else { 0.0 };
        let [below, above] = self.reach(bowled / f64::from(at.limit.max(1)));
        let reach = [(below * spread).min(to_come), above * spread];
        let par = here.par * length;
        let told =
            self.told_from.is_some_and(|from| bowled * f64::from(whole) >= f64::from(from) * f64::from(at.limit));
        let chance = self.chance(mean - par, spread);
        Projection { mean, spread, reach, par, win_probability: told.then_some(chance) }
    }

    /// The ends of the range in spreads, when such a share of the innings is bowled: drawn between the parts' middles.
    fn reach(&self, bowled: f64) -> [f64; 2] {
        let at = (bowled * PARTS as f64 - 0.5).clamp(0.0, (PARTS - 1) as f64);
        let part = (at as usize).min(PARTS - 2);
        let beyond = at - part as f64;
        let (Some(before), Some(after)) = (self.range.get(part), self.range.get(part + 1)) else { return [0.0; 2] };
        std::array::from_fn(|end| before[end] + beyond * (after[end] - before[end]))
    }

    /// The chance of winning with a projected total so far above par, of so wide a spread.
    pub fn chance(&self, above: f64, spread: f64) -> f64 {
        logistic((above - self.even) / (self.slope * self.slope + self.flattening * spread * spread).sqrt())
    }

    /// How much the next ball moves the chance on average, without regard to direction.
    pub(super) fn movement(&self, next: &NextBall, at: &FirstInnings, whole: u32, here: &Circumstances) -> f64 {
        if at.left == 0 || at.wickets == 0 {
            return 0.0;
        }
        let Some(shares) = next.setting.get(next.setting_row(at.left, at.wickets)) else { return 0.0 };
        let chance = |at: FirstInnings| {
            let ahead = self.project(&at, whole, here);
            self.chance(ahead.mean - ahead.par, ahead.spread)
        };
        mean_change(shares, chance(*at), |outcome| {
            chance(match outcome {
                After::Runs(runs) => FirstInnings { left: at.left - 1, runs: at.runs + runs, ..*at },
                After::Wicket => FirstInnings { left: at.left - 1, wickets: at.wickets - 1, ..*at },
                After::Extra => FirstInnings { runs: at.runs + 1, ..*at },
            })
        })
    }

    pub(super) fn is_sound(&self) -> bool {
        self.scoring.is_sound()
            && self.range.as_flattened().iter().all(|end| (0.0..=WIDEST).contains(end))
            && !self.eras.is_empty()
            && self.eras.iter().all(|(_, par)| par.is_finite() && *par > 0.0)
            && self.eras.is_sorted_by(|(before, _), (after, _)| before < after)
            && self.venues.iter().all(|(_, runs, _)| runs.is_finite())
            && self.venues.is_sorted_by(|(before, ..), (after, ..)| before < after)
            && [self.even, self.slope, self.flattening].iter().all(|number| number.is_finite())
            && self.slope > 0.0
            && self.flattening >= 0.0
    }
}
