//! How often each outcome follows the situation, for any kind of match.

use std::sync::LazyLock;

use crate::{
    event::InningsKind,
    score::{Innings, MatchState},
    simulate::{Cell, Chances, Format, Frequencies, Gender, Outcome, Situation},
};

/// Runs and wickets a ball in matches without a limit: 3 656 320 deliveries of Cricsheet's matches to 2025. The measured
/// tables know limited overs alone, so theirs is shifted to this.
const UNLIMITED: [f64; 2] = [0.550, 0.0173];

/// Innings of more balls are of the longer limited-overs game.
const T20_AT_MOST: u32 = 180;

/// The measured chances for the next ball, and what is usual in such overs.
#[derive(Debug)]
pub(super) struct Table {
    /// By the columns of [`Outcome::ALL`].
    pub(super) row: [f64; Outcome::COUNT],
    /// Runs and wickets a ball in such overs whatever the situation: what records are measured by.
    pub(super) usual: [f64; 2],
    /// How many times the row's own runs and wickets a ball this kind of match has.
    pub(super) shift: [f64; 2],
}

impl Table {
    /// For the next ball of an innings; `None` where there is none to bowl.
    pub(super) fn of(state: &MatchState, innings: &Innings) -> Option<Self> {
        let female = state.info.as_ref().and_then(|info| info.gender.as_deref()) == Some(Gender::Female.name());
        let situation = situation(innings)?;
        let cell = Cell::of(&situation)?;
        let chances = measured(situation.format, female);
        let row = chances.at(&situation, innings.free_hit_next)?;
        if innings.balls_limit.is_some() {
            return Some(Self { row, usual: means(&chances.usual(cell)), shift: [1.0, 1.0] });
        }
        let [runs, wickets] = means(&row);
        let shift = [UNLIMITED[0] / runs.max(f64::MIN_POSITIVE), UNLIMITED[1] / wickets.max(f64::MIN_POSITIVE)];
        Some(Self { row, usual: UNLIMITED, shift })
    }
}

fn measured(format: Format, female: bool) -> &'static Chances {
    type Tables = [Chances; 4];
    static TABLES: LazyLock<Tables> = LazyLock::new(|| {
        let table = |format, gender| Frequencies::builtin().chances(format, gender);
        [
            table(Format::T20, Gender::Male),
            table(Format::T20, Gender::Female),
            table(Format::Odi, Gender::Male),
            table(Format::Odi, Gender::Female),
        ]
    });
    let [t20, t20_female, odi, odi_female] = &*TABLES;
    match (format, female) {
        (Format::T20, false) => t20,
        (Format::T20, true) => t20_female,
        (Format::Odi, false) => odi,
        (Format::Odi, true) => odi_female,
    }
}

/// The situation in the measured game whose innings is nearest in length, at the same part of the innings and the same
/// required rate; without a limit the middle of the longer one.
fn situation(innings: &Innings) -> Option<Situation> {
    let wickets = innings.wickets.min(9);
    let needed = innings.runs_needed();
    let Some(limit) = innings.balls_limit else {
        return Some(Situation { format: Format::Odi, over: 20, legal_balls: 120, wickets, needed: None });
    };
    let left = innings.balls_left().filter(|left| *left > 0)?;
    let format = if limit <= T20_AT_MOST { Format::T20 } else { Format::Odi };
    let full = u32::from(format.overs()) * 6;
    let legal_balls = if innings.kind == InningsKind::SuperOver {
        full - left.min(6)
    } else {
        (full.saturating_mul(limit - left) / limit).min(full - 1)
    };
    let needed = needed.map(|needed| {
        let rate = f64::from(needed) / f64::from(left);
        ((rate * f64::from(full - legal_balls)).round() as u32).max(1)
    });
    Some(Situation { format, over: u16::try_from(legal_balls / 6).ok()?, legal_balls, wickets, needed })
}

/// Runs and wickets a ball that chances stand for.
pub(super) fn means(row: &[f64; Outcome::COUNT]) -> [f64; 2] {
    Outcome::ALL.iter().zip(row).fold([0.0, 0.0], |[runs, wickets], (outcome, chance)| {
        let out = if outcome.dismissal().is_some() { *chance } else { 0.0 };
        [runs + chance * f64::from(outcome.runs()), wickets + out]
    })
}
