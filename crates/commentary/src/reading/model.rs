//! The model that readings are made by: a file of numbers fitted to past matches, its version and where it comes from.
//!
//! One is compiled in. A program may [`install`] another, once, before its first reading.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{
    ahead::Ahead,
    chase::{Chase, Position},
    difficulty::Percentiles,
    kind::Class,
    next_ball::NextBall,
    setting::{Circumstances, FirstInnings, Setting},
};

/// The version of the format that this build reads and writes.
pub const VERSION: &str = "vachak.reading/2";

const BUILTIN: &str = include_str!("../../../../models/reading/reading.toml");

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not TOML, or a key that is missing or unknown.
    #[error(
        "it is no reading model: {0}; hint: make one with `trainer-remote reading fit`, or leave reading.model out to use the built-in one"
    )]
    Toml(#[from] toml::de::Error),
    /// Of another version.
    #[error(
        "it is of version '{0}', this build reads '{VERSION}'; hint: make it again with the `trainer-remote` of this build, or update"
    )]
    Version(String),
    /// A number out of its range.
    #[error(
        "{kind}: {what} cannot be; hint: the file was changed or damaged, make it again with `trainer-remote reading fit`"
    )]
    Unsound {
        /// Which kind of match.
        kind: String,
        /// Which numbers.
        what: &'static str,
    },
    /// A kind of match twice, or none at all.
    #[error("it covers {0}; hint: make it again with `trainer-remote reading fit`")]
    Covers(String),
}

/// Another model is in use already.
#[derive(Debug, thiserror::Error)]
#[error("readings were made by another model before; hint: install a model before anything is read")]
pub struct InstallError;

/// Numbers for all kinds of match.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// [`VERSION`].
    pub version: String,
    /// Where the numbers come from.
    pub provenance: Provenance,
    /// Kinds of match, each kind covered once.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Whose data, under which licence.
    pub attribution: String,
    /// The first day whose matches count, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The last day whose matches count.
    pub until: String,
    /// Matches fitted to.
    pub matches: u32,
    /// Their deliveries.
    pub deliveries: u32,
}

/// Numbers for some kinds of match.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// What it is called, such as `men's T20 leagues`.
    pub name: String,
    /// Which matches it is for.
    pub covers: Vec<Class>,
    /// Which matches it was fitted to.
    pub fitted_to: Vec<Class>,
    /// Balls of a whole innings.
    pub balls: u32,
    /// Matches fitted to.
    pub matches: u32,
    /// Their deliveries.
    pub deliveries: u32,
    /// Years after which a match counts half; absent where all count alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life: Option<f64>,
    /// The mean movement of the chance by a ball of a chase: what leverage is measured by.
    pub usual_movement: f64,
    /// Log odds of a chase by the required rate alone, `a + b · runs a ball`: what the model is compared with.
    pub by_rate_alone: [f64; 2],
    /// Where the steps of pressure begin; see [`Pressure`](super::Pressure).
    pub pressure: [f64; 4],
    /// How hard chases are, by phase.
    pub difficulty: Percentiles,
    /// Chases.
    pub chase: Chase,
    /// First innings.
    pub setting: Setting,
    /// The next ball.
    pub next_ball: NextBall,
    /// Made when it is first needed.
    #[serde(skip)]
    ahead: OnceLock<Ahead>,
}

impl Clone for Kind {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            covers: self.covers.clone(),
            fitted_to: self.fitted_to.clone(),
            difficulty: self.difficulty.clone(),
            chase: self.chase.clone(),
            setting: self.setting.clone(),
            next_ball: self.next_ball.clone(),
            ahead: OnceLock::new(),
            ..*self
        }
    }
}

impl Model {
    /// Reads a model from its file's text.
    ///
    /// # Errors
    /// [`ModelError`]: another version, or numbers for which the laws of the reading would not hold.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        /// The version comes first: of another version nothing else is known.
        #[derive(Deserialize)]
        struct Head {
            version: String,
        }
        let head: Head = toml::from_str(text)?;
        if head.version != VERSION {
            return Err(ModelError::Version(head.version.chars().take(40).collect()));
        }
        let model: Self = toml::from_str(text)?;
        model.check()?;
        Ok(model)
    }

    fn check(&self) -> Result<(), ModelError> {
        let mut covered: Vec<Class> = Vec::new();
        for kind in &self.kinds {
            kind.check().map_err(|what| ModelError::Unsound { kind: kind.name.chars().take(60).collect(), what })?;
            for class in &kind.covers {
                if covered.contains(class) {
                    return Err(ModelError::Covers(format!("{class} twice")));
                }
                covered.push(*class);
            }
        }
        if covered.is_empty() { Err(ModelError::Covers("no kind of match".to_owned())) } else { Ok(()) }
    }

    /// The model in use: the one that was installed, else the built-in one.
    pub fn current() -> &'static Self {
        CURRENT.get_or_init(Self::builtin)
    }

    /// The model that comes with the program.
    pub fn builtin() -> Self {
        // A test holds that the built-in file can be read; without any kind, readings say nothing of chances.
        Self::parse(BUILTIN).unwrap_or_else(|_| Self::empty())
    }

    fn empty() -> Self {
        let provenance =
            Provenance { attribution: String::new(), since: None, until: String::new(), matches: 0, deliveries: 0 };
        Self { version: VERSION.to_owned(), provenance, kinds: Vec::new() }
    }

    /// The numbers for a kind of match: its own, else those of the nearest kind.
    pub fn kind(&self, class: Class) -> Option<&Kind> {
        let nearest = |kind: &&Kind| kind.covers.iter().map(|known| known.distance(class)).min();
        self.kinds.iter().min_by_key(|kind| nearest(kind).unwrap_or(u8::MAX))
    }
}

static CURRENT: OnceLock<Model> = OnceLock::new();

/// Has all readings of this program made by a model. Once, before the first reading.
///
/// # Errors
/// [`InstallError`] when something was read already, or another model was installed.
pub fn install(model: Model) -> Result<(), InstallError> {
    CURRENT.set(model).map_err(|_| InstallError)
}

impl Kind {
    /// Numbers of a kind before those are known that follow from the others: movement 1, pressure and difficulty flat.
    pub fn draft(
        name: String,
        fitted_to: Vec<Class>,
        balls: u32,
        chase: Chase,
        setting: Setting,
        next_ball: NextBall,
    ) -> Self {
        Self {
            name,
            covers: Vec::new(),
            fitted_to,
            balls,
            matches: 0,
            deliveries: 0,
            half_life: None,
            usual_movement: 1.0,
            by_rate_alone: [0.0, 0.0],
            pressure: [0.0, 0.0, 0.0, 0.0],
            difficulty: Percentiles::default(),
            chase,
            setting,
            next_ball,
            ahead: OnceLock::new(),
        }
    }

    /// The chance that the chasing side wins: 1 when the target is reached, 0 when balls or wickets are gone.
    pub fn chance(&self, at: &Position) -> f64 {
        self.chase.chance(at, self.balls)
    }

    /// How much the next ball of a chase moves the match on average, in chance, by the recursion over all positions.
    pub fn chase_movement(&self, at: &Position) -> f64 {
        let ahead = self.ahead.get_or_init(|| Ahead::of(&self.chase, &self.next_ball, self.balls));
        ahead.movement(&self.next_ball, at)
    }

    /// The same of a first innings.
    pub fn setting_movement(&self, at: &FirstInnings, here: &Circumstances) -> f64 {
        self.setting.movement(&self.next_ball, at, self.balls, here)
    }

    /// A movement as leverage, 0 to 1: one half for the mean ball of a chase of this kind.
    pub fn leverage(&self, movement: f64) -> f64 {
        movement / (movement + self.usual_movement)
    }

    fn check(&self) -> Result<(), &'static str> {
        let positive = |number: f64| number.is_finite() && number > 0.0;
        for (sound, what) in [
            (!self.covers.is_empty(), "covers = []"),
            ((1..=1_000).contains(&self.balls), "balls"),
            (positive(self.usual_movement), "usual_movement"),
            (self.half_life.is_none_or(positive), "half_life"),
            (self.by_rate_alone.iter().all(|number| number.is_finite()), "by_rate_alone"),
            (self.pressure.iter().all(|cut| cut.is_finite()) && self.pressure.is_sorted(), "pressure"),
            (self.difficulty.is_sound(), "difficulty"),
            (self.chase.is_sound(self.balls), "chase"),
            (self.setting.is_sound(), "setting"),
            (self.next_ball.is_sound(), "next_ball"),
        ] {
            if !sound {
                return Err(what);
            }
        }
        Ok(())
    }
}
