//! The report: one set of figures as JSON for programs, Markdown for a model card, HTML for people, and a table for the
//! terminal.

mod chart;
mod html;
mod markdown;
mod numbers;
mod table;

use std::{fs, path::Path};

use indexmap::IndexMap;
use serde::Serialize;

use super::{
    Class, Comparison, EvalError, Figures, Judged, Length, Repetition, Safety, Speed, Style, examples::Examples,
    moments::Script,
};

/// The version of `report.json`; a change that breaks readers raises it.
const SCHEMA: &str = "vachak.evaluation/1";

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Asked {
    /// Seed of the draw and of every reply.
    pub seed: u64,
    /// Matches, by the ids of their files.
    pub matches: Vec<String>,
    /// Balls.
    pub balls: u64,
    /// Lines, of every system.
    pub lines: u64,
    /// Personas.
    pub personas: Vec<String>,
    /// Lines that the classifier of personas learnt from.
    pub lessons: u64,
    /// Whether those are of the very matches that are asked about, for want of others.
    pub lessons_overlap: bool,
}

/// One system's figures.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SystemReport {
    /// Its name.
    pub name: String,
    /// Whether it is a baseline.
    pub is_baseline: bool,
    /// The model, as its writer names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// How its prompts are laid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<&'static str>,
    /// The version of that layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_version: Option<u32>,
    /// Perplexity over the test rows, as the training kit measured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perplexity: Option<f64>,
    /// Over all lines.
    pub all: Figures,
    /// By persona.
    pub personas: IndexMap<String, Figures>,
    /// By what the ball was.
    pub events: IndexMap<Class, Figures>,
    /// The voice.
    pub style: Style,
    /// The length of lines.
    pub lengths: Vec<Length>,
    /// Repeats among first replies.
    pub repetition: Repetition,
    /// Repeats on the air.
    pub repetition_aired: Repetition,
    /// Hostile names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety: Option<Safety>,
    /// Time and room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// Lines to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Examples>,
}

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `vachak.evaluation/1` in reports of this build.
    pub schema: &'static str,
    /// Whether the first system meets every gate that is set.
    pub passed: bool,
    /// What was asked.
    pub asked: Asked,
    /// The gates, as the first system meets them.
    pub gates: Vec<Judged>,
    /// The systems, then the baselines.
    pub systems: Vec<SystemReport>,
    /// Systems against each other and against the phrasebook.
    pub comparisons: Vec<Comparison>,
}

impl Asked {
    pub(super) fn of(script: &Script, lessons: u64, seed: u64) -> Self {
        Self {
            seed,
            matches: script.matches.iter().map(ToString::to_string).collect(),
            balls: script.balls as u64,
            lines: script.asked().count() as u64,
            personas: script.personas.iter().map(|persona| persona.id.clone()).collect(),
            lessons,
            lessons_overlap: script.lessons_overlap,
        }
    }
}

impl Report {
    pub(super) fn new(
        asked: Asked,
        systems: Vec<SystemReport>,
        comparisons: Vec<Comparison>,
        gates: Vec<Judged>,
    ) -> Self {
        let passed = gates.iter().all(|gate| gate.met);
        Self { schema: SCHEMA, passed, asked, gates, systems, comparisons }
    }

    /// The system of a name.
    pub fn system(&self, name: &str) -> Option<&SystemReport> {
        self.systems.iter().find(|system| system.name == name)
    }

    /// The figures as plain text, for a terminal.
    pub fn table(&self) -> String {
        table::of(self)
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        markdown::of(self)
    }

    /// The report as one page of HTML that needs nothing else.
    pub fn html(&self) -> String {
        html::of(self)
    }

    /// Writes the three files. Each is whole or absent.
    ///
    /// # Errors
    /// [`EvalError::Write`] with the path.
    pub fn write(&self, out: &Path) -> Result<(), EvalError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| EvalError::Write { path, source }
        };
        fs::create_dir_all(out).map_err(failed(out))?;
        let json = serde_json::to_string_pretty(self).map_err(|error| EvalError::Internal(error.to_string()))?;
        for (name, content) in [("report.json", json), ("report.md", self.markdown()), ("report.html", self.html())] {
            let (path, temporary) = (out.join(name), out.join(format!("{name}.part")));
            fs::write(&temporary, content).map_err(failed(&temporary))?;
            fs::rename(&temporary, &path).map_err(failed(&path))?;
        }
        Ok(())
    }
}
