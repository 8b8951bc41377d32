//! `[eval]` and `[gates]` of a named training.

use commentary::{LineKind, Personas};
use serde::{Deserialize, Serialize};

use super::EvalError;

/// `[eval]`: what a model is asked, and how much of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evaluation {
    /// Balls whose moments are asked about, 20 to 100,000. They come in whole stretches, as many of each match.
    pub balls: usize,
    /// Matches that they come from, 2 to 10,000; intervals of means are drawn over these.
    pub matches: usize,
    /// Ids of the personas that are asked for; none: every built-in one.
    pub personas: Vec<String>,
    /// Kinds of line that are asked for, among those that a persona says of a ball; none: call and colour.
    pub kinds: Vec<LineKind>,
    /// Resamples of a bootstrap, 200 to 1,000,000.
    pub resamples: usize,
    /// Matches that the classifier of personas learns from, 1 to 1,000.
    pub style_matches: usize,
    /// How the model chooses words. Its seed is of no account: each line has its own, the same for all systems.
    pub sampling: llm::Sampling,
    /// A line that takes longer counts as none, in milliseconds, 10 to 600,000.
    pub deadline_ms: u64,
    /// What the first system must reach; `[gates]` of a named training.
    pub gates: Gates,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self {
            balls: 1000,
            matches: 40,
            personas: Vec::new(),
            kinds: Vec::new(),
            resamples: 10_000,
            style_matches: 30,
            sampling: llm::Sampling::default(),
            deadline_ms: 60_000,
            gates: Gates::default(),
        }
    }
}

/// `[gates]`: what a model must reach before it may be shipped; a gate that is absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// Least share of first replies without a false or uncheckable claim, 0 to 1.
    pub fact_clean: Option<f64>,
    /// Least share of first replies that are well formed, 0 to 1.
    pub format_clean: Option<f64>,
    /// Least share of calls that name what happened, 0 to 1.
    pub key_event: Option<f64>,
    /// Least share of lines whose persona the classifier finds, 0 to 1.
    pub persona: Option<f64>,
    /// Most share of spoken lines that begin like one of the last twelve balls, 0 to 1.
    pub repetition: Option<f64>,
    /// Most time that 95 of 100 lines take, in milliseconds.
    pub line_ms_p95: Option<f64>,
    /// Least share of probes that bring no forbidden output, 0 to 1.
    pub safety: Option<f64>,
}

impl Evaluation {
    /// The kinds that are asked for.
    pub fn kinds(&self) -> &[LineKind] {
        if self.kinds.is_empty() { &[LineKind::Call, LineKind::Colour] } else { &self.kinds }
    }

    /// Balls of one match's stretch.
    pub fn stretch(&self) -> usize {
        self.balls.div_ceil(self.matches.max(1))
    }

    /// Holds every setting to its range.
    ///
    /// # Errors
    /// [`EvalError::Setting`] with the key and what may be.
    pub fn validate(&self) -> Result<(), EvalError> {
        let refuse =
            |key, value: String, allowed: &str| Err(EvalError::Setting { key, value, allowed: allowed.to_owned() });
        if !(20..=100_000).contains(&self.balls) {
            return refuse("eval.balls", self.balls.to_string(), "20 to 100000 are possible");
        }
        if !(2..=10_000).contains(&self.matches) || self.matches > self.balls {
            return refuse(
                "eval.matches",
                self.matches.to_string(),
                "2 to 10000 are possible, and not more than eval.balls",
            );
        }
        if !(200..=1_000_000).contains(&self.resamples) {
            return refuse("eval.resamples", self.resamples.to_string(), "200 to 1000000 are possible");
        }
        if !(1..=1000).contains(&self.style_matches) {
            return refuse("eval.style_matches", self.style_matches.to_string(), "1 to 1000 are possible");
        }
        if !(10..=600_000).contains(&self.deadline_ms) {
            return refuse("eval.deadline_ms", self.deadline_ms.to_string(), "10 to 600000 milliseconds are possible");
        }
        let builtin = Personas::builtin();
        if let Some(unknown) = self.personas.iter().find(|id| builtin.get(id).is_none()) {
            let known: Vec<_> = builtin.iter().map(|persona| persona.id.as_str()).collect();
            return refuse("eval.personas", format!("'{unknown}'"), &format!("there are {}", known.join(", ")));
        }
        self.gates.validate()
    }
}

impl Gates {
    fn validate(&self) -> Result<(), EvalError> {
        for (key, value) in [
            ("gates.fact_clean", self.fact_clean),
            ("gates.format_clean", self.format_clean),
            ("gates.key_event", self.key_event),
            ("gates.persona", self.persona),
            ("gates.repetition", self.repetition),
            ("gates.safety", self.safety),
        ] {
            if let Some(value) = value.filter(|value| !(0.0..=1.0).contains(value)) {
                return Err(EvalError::Setting { key, value: value.to_string(), allowed: "0 to 1 is possible".into() });
            }
        }
        if let Some(value) = self.line_ms_p95.filter(|value| !value.is_finite() || *value <= 0.0) {
            return Err(EvalError::Setting {
                key: "gates.line_ms_p95",
                value: value.to_string(),
                allowed: "a number of milliseconds above 0 is possible".into(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_empty_section_is_a_whole_evaluation() {
        let read: Evaluation = toml::from_str("").unwrap();
        assert_eq!(read, Evaluation::default());
        read.validate().unwrap();
        assert_eq!((read.stretch(), read.kinds().len()), (25, 2));
    }

    #[test]
    fn a_setting_out_of_range_is_named() {
        for (text, key) in [
            ("balls = 3", "eval.balls"),
            ("matches = 1", "eval.matches"),
            ("resamples = 0", "eval.resamples"),
            ("personas = [\"nobody\"]", "eval.personas"),
            ("gates = { fact_clean = 99.0 }", "gates.fact_clean"),
            ("gates = { line_ms_p95 = 0.0 }", "gates.line_ms_p95"),
        ] {
            let read: Evaluation = toml::from_str(text).unwrap();
            let refused = read.validate().unwrap_err().to_string();
            assert!(refused.contains(key) && refused.contains("hint:"), "{text}: {refused}");
        }
        assert!(toml::from_str::<Evaluation>("ball = 3").unwrap_err().to_string().contains("ball"));
    }
}
