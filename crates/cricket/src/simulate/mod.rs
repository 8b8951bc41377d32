//! Invented matches: two made-up sides play a whole limited-overs match, ball by ball, as real ones do.
//!
//! Every ball is drawn from how often each outcome really follows such a situation ([`Frequencies`], measured from the
//! archive). Balls are independent given their situation: no batter is better than another, so totals spread a little
//! less than real ones. Everything follows from the seed; the same settings give the same match for ever, byte for byte.

mod attack;
mod dice;
mod frequencies;
mod innings;
mod matchplay;
mod outcome;
mod situation;
mod teams;
#[cfg(test)]
mod tests;

pub(crate) use frequencies::Chances;
pub use frequencies::{FormatFrequencies, Frequencies, FrequenciesError};
pub(crate) use innings::{book, until_won};
pub use outcome::Outcome;
pub use situation::{Cell, Phase, Situation};
pub use teams::{Player, Role, TeamSheet, TeamSheetError};

use crate::{
    cricsheet::{self, CricsheetMatch},
    event::Event,
};
use matchplay::Play;

/// The limited-overs game to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Twenty overs a side, four a bowler.
    T20,
    /// Fifty overs a side, ten a bowler.
    Odi,
}

impl Format {
    /// Overs a side.
    pub fn overs(self) -> u16 {
        match self {
            Self::T20 => 20,
            Self::Odi => 50,
        }
    }

    /// Overs one bowler may bowl: a fifth of the innings.
    pub fn overs_a_bowler(self) -> u16 {
        self.overs() / 5
    }

    /// Overs of the powerplay at the start of the innings.
    pub fn powerplay_overs(self) -> u16 {
        match self {
            Self::T20 => 6,
            Self::Odi => 10,
        }
    }
}

/// Whose frequencies are used; men's and women's cricket are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Gender {
    /// Women's cricket.
    Female,
    /// Men's cricket.
    #[default]
    Male,
}

impl Gender {
    /// The word of match facts: `female` or `male`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// What kind of finish is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Finish {
    /// Whatever comes.
    #[default]
    Any,
    /// The chase begins its last over with 4 to 16 runs to get and two wickets in hand or more, and is decided on one
    /// of the over's last three balls. Matches are played until one ends so.
    LastOver,
}

/// What to play.
#[derive(Debug, Clone)]
pub struct SimulationSettings {
    /// Everything random follows from it.
    pub seed: u64,
    /// Overs a side.
    pub format: Format,
    /// Whose frequencies.
    pub gender: Gender,
    /// The two sides; who bats first is for the toss.
    pub teams: [TeamSheet; 2],
    /// The finish wanted.
    pub finish: Finish,
    /// Day of play, `YYYY-MM-DD`, as the match states it.
    pub date: String,
}

impl SimulationSettings {
    /// A men's T20 between the two invented sides, whatever finish comes.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            format: Format::T20,
            gender: Gender::default(),
            teams: [TeamSheet::herons(), TeamSheet::lancers()],
            finish: Finish::default(),
            date: "2026-01-17".to_owned(),
        }
    }
}

/// Why no match was played.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// Both sides have one name, or share a player's name.
    #[error("both sides hold the name '{0}'; hint: give each side, and each player, a name of its own")]
    SharedName(String),
    /// The wanted finish did not come.
    #[error("no match of {0} tries ended as wanted; hint: take another seed, or any finish")]
    NoSuchFinish(u64),
}

/// Matches played at most until one has the finish wanted.
const TRIES: u64 = 20_000;

/// Plays a match and gives it as a Cricsheet file holds it; [`cricsheet::write`] prints it.
///
/// # Errors
/// Two sides that cannot be told apart; a finish that does not come.
pub fn simulate(settings: &SimulationSettings) -> Result<CricsheetMatch, SimulationError> {
    Ok(cricsheet::from_events(&simulate_events(settings)?))
}

/// Plays a match and gives it as the events a feed would send, in order, from `match_info` to `match_end`.
///
/// # Errors
/// Two sides that cannot be told apart; a finish that does not come.
pub fn simulate_events(settings: &SimulationSettings) -> Result<Vec<Event>, SimulationError> {
    teams::tell_apart(&settings.teams)?;
    let table = Frequencies::builtin().chances(settings.format, settings.gender);
    match settings.finish {
        Finish::Any => Ok(Play::new(settings, &table, 0).events(settings)),
        Finish::LastOver => (0..TRIES)
            .map(|attempt| Play::new(settings, &table, attempt))
            .find(|play| play.goes_to_the_last_over(settings.format))
            .map(|play| play.events(settings))
            .ok_or(SimulationError::NoSuchFinish(TRIES)),
    }
}
