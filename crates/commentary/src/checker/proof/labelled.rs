//! Lines written by hand, each judged by hand before the checker was asked.

use std::collections::HashMap;

use serde::Deserialize;

use super::scenes::Scene;
use crate::{
    checker::{Why, check_as},
    line::LineKind,
    moment::Moment,
    persona::Personas,
};

const SCENES: &str = include_str!("../../../data/check-eval/scenes.toml");
const LINES: [(&str, &str); 2] = [
    ("en", include_str!("../../../data/check-eval/en.toml")),
    ("hi", include_str!("../../../data/check-eval/hi.toml")),
];

/// What a line is, or was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Everything that it claims is so.
    True,
    /// Something that it claims is not so.
    False,
    /// It claims something that no feed tells, and nothing that is not so.
    NotCheckable,
}

/// Every label, in the order of the table.
pub const LABELS: [Label; 3] = [Label::True, Label::False, Label::NotCheckable];

/// A line as the data has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The scene.
    pub scene: String,
    /// Who says it.
    pub persona: String,
    /// The words.
    pub say: String,
    /// What it is.
    pub is: Label,
    /// What is false in it, or cannot be known.
    #[serde(default)]
    pub wrong: String,
    /// Whether it was kept apart while the checker was worked on.
    #[serde(default)]
    pub held_out: bool,
}

/// What the checker made of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The label that its verdict comes to, with what it said where it refused.
    Taken(Label, String),
    /// Refused for its form: a fault of the data, for these lines are to be speakable.
    Unfit(String),
}

/// A line with what the checker made of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The language's code.
    pub language: &'static str,
    /// The line.
    pub line: Line,
    /// The verdict.
    pub outcome: Outcome,
}

/// Why the labelled lines cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("labelled lines: {0}; hint: see data/check-eval of the crate commentary")]
pub struct LabelledError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenesFile {
    scene: Vec<Scene>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinesFile {
    line: Vec<Line>,
}

/// Holds every labelled line against its scene.
///
/// # Errors
/// [`LabelledError`] where the data does not fit together.
pub fn judge_all() -> Result<Vec<Judged>, LabelledError> {
    let read = |error: toml::de::Error| LabelledError(error.to_string());
    let scenes: ScenesFile = toml::from_str(SCENES).map_err(read)?;
    let mut moments: HashMap<&str, Moment> = HashMap::new();
    for scene in &scenes.scene {
        moments.insert(&scene.id, scene.moment().map_err(LabelledError)?);
    }
    let personas = Personas::builtin();
    let mut judged = Vec::new();
    for (language, text) in LINES {
        let file: LinesFile = toml::from_str(text).map_err(read)?;
        for line in file.line {
            let moment = moments
                .get(line.scene.as_str())
                .ok_or_else(|| LabelledError(format!("there is no scene '{}'", line.scene)))?;
            let persona = personas
                .get(&line.persona)
                .ok_or_else(|| LabelledError(format!("there is no persona '{}'", line.persona)))?;
            // The roomiest kind: these lines are about claims, not about lengths.
            let kind = LineKind::Over;
            let outcome = match check_as(kind, &line.say, moment, persona) {
                Ok(_) => Outcome::Taken(Label::True, String::new()),
                Err(rejection) => {
                    let has = |why: Why| rejection.faults.iter().any(|fault| fault.why == why);
                    match (has(Why::Unfit), has(Why::Contradicted)) {
                        (true, _) => Outcome::Unfit(rejection.to_string()),
                        (_, true) => Outcome::Taken(Label::False, rejection.in_brief()),
                        _ => Outcome::Taken(Label::NotCheckable, rejection.in_brief()),
                    }
                }
            };
            judged.push(Judged { language, line, outcome });
        }
    }
    Ok(judged)
}

/// How many lines of each label were taken for what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Rows are what a line is, columns what it was taken for, both in the order of [`LABELS`].
    pub counts: [[usize; 3]; 3],
}

impl Confusion {
    /// Counts lines; those refused for their form count as not checkable.
    pub fn of<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        let mut confusion = Self::default();
        let place = |label: Label| LABELS.iter().position(|other| *other == label).unwrap_or(0);
        for one in judged {
            let taken = match &one.outcome {
                Outcome::Taken(label, _) => *label,
                Outcome::Unfit(_) => Label::NotCheckable,
            };
            confusion.counts[place(one.line.is)][place(taken)] += 1;
        }
        confusion
    }

    /// Of the lines taken for false, the share that are; 1 where none were.
    pub fn precision(&self) -> f64 {
        let taken: usize = self.counts.iter().map(|row| row[1]).sum();
        share(self.counts[1][1], taken)
    }

    /// Of the false lines, the share taken for false; 1 where there are none.
    pub fn recall(&self) -> f64 {
        share(self.counts[1][1], self.counts[1].iter().sum())
    }

    /// Of the lines that must not go on the air, how many do, and how many there are.
    pub fn let_through(&self) -> (usize, usize) {
        let [_, untrue, unknown] = self.counts;
        (untrue[0] + unknown[0], untrue.iter().sum::<usize>() + unknown.iter().sum::<usize>())
    }

    /// Of the true lines, how many are refused, and how many there are.
    pub fn held_back(&self) -> (usize, usize) {
        let [truth, _, _] = self.counts;
        (truth[1] + truth[2], truth.iter().sum())
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
