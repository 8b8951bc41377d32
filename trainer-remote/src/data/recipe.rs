//! The section `[data]` of a training: which rows are wanted.

use std::{collections::BTreeMap, path::PathBuf};

use commentary::{Layout, LineKind, Persona, Personas, Pressure};
use serde::{Deserialize, Serialize};

use super::DataError;

/// Which rows are wanted of which matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Match files: one `.json`, a folder, or a `.tar.zst`; a path from the repository's root.
    pub source: PathBuf,
    /// How prompts are laid out.
    #[serde(default = "slots")]
    pub layout: Layout,
    /// Whose lines, in turn: ids of built-in personas; all of them when absent.
    #[serde(default = "everybody")]
    pub personas: Vec<String>,
    /// Which kinds of line: `call` and `colour` for any ball, `over` and `innings` where one ended.
    #[serde(default = "calls")]
    pub kinds: Vec<LineKind>,
    /// Rows wanted in all, over all splits; 1 to 100 million.
    #[serde(default = "hundred_thousand")]
    pub rows: u64,
    /// At most this share of the rows is about plain dot balls, 0 to 1.
    #[serde(default = "fifth")]
    pub dots: f64,
    /// At most this share of the rows is about plain singles, 0 to 1.
    #[serde(default = "fifth")]
    pub singles: f64,
    /// Weight in the draw of balls whose event is rare (below 1 % of all balls), 1 being the weight of the others; 1 to
    /// 1000.
    #[serde(default = "four")]
    pub rare: f64,
    /// Weight in the draw by pressure, `calm` to `critical`; 1 for those not named; 0 to 1000.
    #[serde(default)]
    pub pressure: BTreeMap<Pressure, f64>,
    /// Share of the rows by format as files name it, such as `T20`; formats not named share what is left as they come.
    #[serde(default)]
    pub formats: BTreeMap<String, f64>,
    /// Whether players and sides get invented names.
    #[serde(default = "yes")]
    pub swap_names: bool,
    /// Whether balls within overs exchange their runs.
    #[serde(default = "yes")]
    pub swap_numbers: bool,
    /// What is held back for judging.
    #[serde(default)]
    pub split: SplitRecipe,
}

/// The section `[data.split]`: what is held back for judging.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SplitRecipe {
    /// Share of the series that are valid, 0 to 0.5; at least one where it is above 0 and there are two.
    pub valid: f64,
    /// The newest so many seasons, by the year in which a series ended, are test; 0 to 50.
    pub test_seasons: u32,
}

impl Default for SplitRecipe {
    fn default() -> Self {
        Self { valid: 0.02, test_seasons: 1 }
    }
}

fn slots() -> Layout {
    Layout::Slots
}

fn everybody() -> Vec<String> {
    Personas::builtin().iter().map(|persona| persona.id.clone()).collect()
}

fn calls() -> Vec<LineKind> {
    vec![LineKind::Call, LineKind::Colour]
}

fn hundred_thousand() -> u64 {
    100_000
}

fn fifth() -> f64 {
    0.2
}

fn four() -> f64 {
    4.0
}

fn yes() -> bool {
    true
}

/// The kinds of line that a ball can bring without an archive of the past.
pub(super) const KINDS: [LineKind; 4] = [LineKind::Call, LineKind::Colour, LineKind::Over, LineKind::Innings];

impl Recipe {
    /// A recipe of defaults for a source.
    pub fn new(source: impl Into<PathBuf>) -> Self {
        Self {
            source: source.into(),
            layout: slots(),
            personas: everybody(),
            kinds: calls(),
            rows: hundred_thousand(),
            dots: fifth(),
            singles: fifth(),
            rare: four(),
            pressure: BTreeMap::new(),
            formats: BTreeMap::new(),
            swap_names: true,
            swap_numbers: true,
            split: SplitRecipe::default(),
        }
    }

    /// Refuses what cannot be.
    ///
    /// # Errors
    /// [`DataError::Recipe`] that names the key, what it has and what it may have.
    pub fn validate(&self) -> Result<(), DataError> {
        self.people()?;
        let refuse = |key, value: String, allowed: &str| Err(DataError::Recipe { key, value, allowed: allowed.into() });
        if self.source.as_os_str().is_empty() {
            return refuse("source", "\"\"".to_owned(), "a file or folder of matches is needed");
        }
        if self.kinds.is_empty() {
            return refuse("kinds", "[]".to_owned(), "at least one kind of line is needed");
        }
        if let Some(kind) = self.kinds.iter().find(|kind| !KINDS.contains(kind)) {
            let value = format!("\"{}\"", kind.name());
            return refuse("kinds", value, "rows are made of balls: call, colour, over and innings are allowed");
        }
        if !(1..=100_000_000).contains(&self.rows) {
            return refuse("rows", self.rows.to_string(), "1 to 100000000 is allowed");
        }
        for (key, value, [least, most]) in [
            ("dots", self.dots, [0.0, 1.0]),
            ("singles", self.singles, [0.0, 1.0]),
            ("rare", self.rare, [1.0, 1000.0]),
            ("split.valid", self.split.valid, [0.0, 0.5]),
            ("split.test_seasons", f64::from(self.split.test_seasons), [0.0, 50.0]),
        ] {
            if !(least..=most).contains(&value) {
                return refuse(key, value.to_string(), &format!("{least} to {most} is allowed"));
            }
        }
        for (pressure, weight) in &self.pressure {
            if !(0.0..=1000.0).contains(weight) {
                return refuse("pressure", format!("{{ {pressure} = {weight} }}"), "weights of 0 to 1000 are allowed");
            }
        }
        if let Some((format, share)) = self.formats.iter().find(|(_, share)| !(0.0..=1.0).contains(*share)) {
            return refuse("formats", format!("{{ {format} = {share} }}"), "shares of 0 to 1 are allowed");
        }
        let sum: f64 = self.formats.values().sum();
        if sum > 1.0 + 1e-9 {
            return refuse("formats", format!("shares that add up to {sum:.3}"), "together at most 1 is allowed");
        }
        Ok(())
    }

    /// The personas in the recipe's order.
    ///
    /// # Errors
    /// [`DataError::Recipe`] for an unknown one, one named twice, or none.
    pub fn people(&self) -> Result<Vec<Persona>, DataError> {
        let known = Personas::builtin();
        let refuse = |value: String, allowed: String| DataError::Recipe { key: "personas", value, allowed };
        if self.personas.is_empty() {
            return Err(refuse("[]".to_owned(), "at least one persona is needed".to_owned()));
        }
        let mut people: Vec<Persona> = Vec::with_capacity(self.personas.len());
        for id in &self.personas {
            let persona = known.get(id).ok_or_else(|| {
                let names: Vec<&str> = known.iter().map(|persona| persona.id.as_str()).collect();
                refuse(format!("\"{id}\""), format!("there are {}", names.join(", ")))
            })?;
            if people.iter().any(|other| other.id == *id) {
                return Err(refuse(format!("\"{id}\" twice"), "each persona speaks once in a turn".to_owned()));
            }
            people.push(persona.clone());
        }
        Ok(people)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_source_is_enough_and_unknown_keys_are_refused() {
        let recipe: Recipe = toml::from_str("source = 'matches'").unwrap();
        assert_eq!(recipe, Recipe::new("matches"));
        recipe.validate().unwrap();
        let error = toml::from_str::<Recipe>("source = 'm'\ndotz = 1").unwrap_err().to_string();
        assert!(error.contains("dotz"), "{error}");
        assert!(toml::from_str::<Recipe>("rows = 5").is_err());
    }

    #[test]
    fn every_bound_names_its_key() {
        for (key, text) in [
            ("rows", "rows = 0"),
            ("dots", "dots = 1.5"),
            ("singles", "singles = -0.1"),
            ("rare", "rare = nan"),
            ("kinds", "kinds = []"),
            ("kinds", "kinds = ['stat']"),
            ("personas", "personas = ['nobody']"),
            ("personas", "personas = ['greig', 'greig']"),
            ("personas", "personas = []"),
            ("formats", "formats = { T20 = 0.7, ODI = 0.7 }"),
            ("formats", "formats = { T20 = 7 }"),
            ("pressure", "pressure = { tense = -1 }"),
            ("split.valid", "split = { valid = 0.9 }"),
            ("split.test_seasons", "split = { test_seasons = 99 }"),
        ] {
            let recipe: Recipe = toml::from_str(&format!("source = 'm'\n{text}")).unwrap();
            let error = recipe.validate().unwrap_err().to_string();
            assert!(error.starts_with(&format!("[data] {key} = ")) && error.contains("hint:"), "{text}: {error}");
        }
    }
}
