//! Who is likely to win a chase.
//!
//! Runs to come are taken as `par · R(balls, wickets) / R(whole, 10)` with [`resources`](super::resources) R, and their
//! spread as growing with the square root of what is to come; the chance is a logistic of (runs to come − runs needed)
//! over spread. Par and spread are fitted per length of innings to men's T20s and ODIs of Cricsheet's archive. So by
//! construction more runs needed never raise the chance and a wicket in hand never lowers it.

use cricket::score::Innings;

use super::resources;

/// What sides make of a whole innings, and how widely that varies.
pub(super) struct Par {
    /// Runs of a whole innings.
    runs: f64,
    /// Spread that does not depend on what is to come, in runs.
    floor: f64,
    /// Spread for the square root of the runs to come.
    growth: f64,
    /// The change of the chance by one ball at which leverage is one half: about the mean over a chase.
    pub(super) typical_move: f64,
}

/// Fitted for innings of 20 overs (1,500 men's T20s, 2012 to 2023; Brier score on those since: 0.130) and of 50 (700 men's
/// ODIs; 0.104); lengths between are interpolated.
const SHORT: (f64, Par) = (120.0, Par { runs: 164.0, floor: 0.05, growth: 1.39, typical_move: 0.014 });
const LONG: (f64, Par) = (300.0, Par { runs: 254.5, floor: 0.05, growth: 1.75, typical_move: 0.005 });

impl Par {
    /// For an innings of so many balls; shorter than twenty overs it shrinks as resources do.
    pub(super) fn of(limit: f64) -> Self {
        let mix = ((limit - SHORT.0) / (LONG.0 - SHORT.0)).clamp(0.0, 1.0);
        let between = |short: f64, long: f64| short + (long - short) * mix;
        let scale = (resources::remaining(limit, 10) / resources::remaining(limit.max(SHORT.0), 10)).min(1.0);
        Self {
            runs: between(SHORT.1.runs, LONG.1.runs) * scale,
            floor: between(SHORT.1.floor, LONG.1.floor),
            growth: between(SHORT.1.growth, LONG.1.growth),
            typical_move: between(SHORT.1.typical_move, LONG.1.typical_move),
        }
    }
}

/// One position of an innings with a limit: enough to ask "what if the next ball …".
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// Balls of the whole innings, in six-ball overs' terms.
    pub(super) limit: f64,
    /// Balls left.
    pub(super) left: f64,
    /// Wickets in hand.
    pub(super) wickets: u8,
}

impl Position {
    /// `None` without a limit of balls.
    pub(super) fn of(innings: &Innings) -> Option<Self> {
        let limit = innings.balls_limit.filter(|limit| *limit > 0)?;
        Some(Self {
            limit: f64::from(limit),
            left: f64::from(innings.balls_left()?),
            wickets: innings.wickets_in_hand(),
        })
    }

    /// Runs to come as sides go on from here.
    pub(super) fn runs_to_come(self, par: &Par) -> f64 {
        par.runs * resources::remaining(self.left, self.wickets) / resources::remaining(self.limit, 10)
    }

    /// Chance of getting `needed` runs from here.
    pub(super) fn chance(self, par: &Par, needed: u32) -> f64 {
        if needed == 0 {
            return 1.0;
        }
        if self.left <= 0.0 || self.wickets == 0 {
            return 0.0;
        }
        let to_come = self.runs_to_come(par);
        let spread = par.floor + par.growth * to_come.sqrt();
        1.0 / (1.0 + (-(to_come - f64::from(needed) + 0.5) / spread).exp())
    }

    /// Spread of the runs to come.
    pub(super) fn spread(self, par: &Par) -> f64 {
        par.floor + par.growth * self.runs_to_come(par).sqrt()
    }
}

/// Chance that the chasing side wins; see [`Reading::win_probability`](super::Reading::win_probability).
pub(super) fn win_probability(innings: &Innings) -> Option<f64> {
    let needed = innings.runs_needed()?;
    if needed == 0 {
        return Some(1.0);
    }
    let position = Position::of(innings)?;
    if innings.ended.is_some() {
        return Some(0.0);
    }
    Some(position.chance(&Par::of(position.limit), needed))
}

/// The total a side is heading for: what it has and what is to come.
pub(super) fn projected(innings: &Innings) -> Option<u32> {
    let position = Position::of(innings)?;
    let to_come = if innings.ended.is_some() { 0.0 } else { position.runs_to_come(&Par::of(position.limit)) };
    Some(innings.runs + to_come.round() as u32)
}
