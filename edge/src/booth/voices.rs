//! The personas at the microphone.

use std::sync::Arc;

use commentary::{LineKind, Memory, Moment, Occasion, Persona, Personas, Phrasebook, decide};

use super::writers::Model;
use crate::config::{Config, ConfigError};

/// Personas in the order in which they speak, and the phrasebook behind them.
#[derive(Debug, Clone)]
pub struct Voices {
    /// The personas.
    pub personas: Vec<Arc<Persona>>,
    /// What they speak from where no model writes.
    pub phrasebook: Arc<Phrasebook>,
    /// Who shares a box, by place: who calls, who colours.
    pub boxes: Vec<(usize, usize)>,
}

/// What a phrasebook's file ends in, beside `NAME.toml` of the persona that speaks from it.
pub const PHRASEBOOK_END: &str = ".phrasebook.toml";

impl Voices {
    /// Whose voices stand in a model's prompts together: everybody who speaks, so that they share what is computed of
    /// them; nobody but the asked one for a model that learned from single voices.
    pub fn cast(&self, model: &Model) -> Vec<Arc<Persona>> {
        let speakers = self.personas.iter().filter(|persona| persona.notes == 0 && !model.made_for_layout);
        speakers.cloned().collect()
    }

    /// Finds the configured personas, built in or in the configured directory.
    ///
    /// # Errors
    /// A persona that is not there, with those that are, or that has no phrasebook; a file that cannot be read.
    pub fn build(config: &Config) -> Result<Self, ConfigError> {
        let (known, phrasebook) = known(config)?;
        let mut personas: Vec<Arc<Persona>> = Vec::new();
        for id in &config.booth.personas {
            let Some(persona) = known.get(id) else {
                let all: Vec<&str> = known.iter().map(|persona| persona.id.as_str()).collect();
                return Err(ConfigError::value(
                    "booth.personas",
                    id.clone(),
                    "there is no such persona",
                    format!("allowed are {}; others go into booth.persona_directory", all.join(", ")),
                ));
            };
            if persona.notes == 0 && !phrasebook.ids().any(|book| book == persona.phrasebook_id()) {
                return Err(ConfigError::value(
                    "booth.personas",
                    id.clone(),
                    format!("its phrasebook '{}' is not there, so it would be silent", persona.phrasebook_id()),
                    format!(
                        "put one beside the persona as {id}{PHRASEBOOK_END}, or set phrasebook in the persona's file"
                    ),
                ));
            }
            if !personas.iter().any(|other| other.id == persona.id) {
                personas.push(Arc::new(persona.clone()));
            }
        }
        let boxes = boxes(config, &personas)?;
        Ok(Self { personas, phrasebook: Arc::new(phrasebook), boxes })
    }

    /// What the persona at a place says of a moment. Of two who share a box one calls and the other colours; a correction
    /// concerns both.
    pub fn kinds(&self, place: usize, moment: &Moment, memory: &Memory) -> Vec<LineKind> {
        let Some(persona) = self.personas.get(place) else { return Vec::new() };
        let mut kinds = decide(moment, persona, memory).kinds;
        if !matches!(moment.occasion, Occasion::Correction(_)) {
            let answers = |kind: LineKind| matches!(kind, LineKind::Colour | LineKind::Stat);
            match self.caller_of(place) {
                Some(_) => kinds.retain(|kind| answers(*kind)),
                None if self.is_answered(place) => kinds.retain(|kind| !answers(*kind)),
                None => {}
            }
        }
        kinds
    }

    /// All places in the order of speaking: who answers a caller comes after everybody else.
    pub fn in_order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.personas.len()).collect();
        places.sort_by_key(|place| self.caller_of(*place).is_some());
        places
    }

    /// Whom somebody answers, if they share a box.
    pub fn caller_of(&self, place: usize) -> Option<usize> {
        self.boxes.iter().find(|(_, colour)| *colour == place).map(|(caller, _)| *caller)
    }

    /// Whether somebody colours what this caller says.
    pub fn is_answered(&self, place: usize) -> bool {
        self.boxes.iter().any(|(caller, _)| *caller == place)
    }

    /// Who colours what a caller says.
    pub fn answering(&self, place: usize) -> Vec<usize> {
        self.boxes.iter().filter(|(caller, _)| *caller == place).map(|(_, colour)| *colour).collect()
    }
}

/// The shared boxes, by place at the microphone.
fn boxes(config: &Config, personas: &[Arc<Persona>]) -> Result<Vec<(usize, usize)>, ConfigError> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for shared in &config.booth.boxes {
        let refuse = |value: &str, reason: &str, hint: &str| Err(ConfigError::value("booth.box", value, reason, hint));
        let place = |id: &str| personas.iter().position(|persona| persona.id == id && persona.notes == 0);
        let (Some(caller), Some(colour)) = (place(&shared.call), place(&shared.colour)) else {
            let missing = if place(&shared.call).is_none() { &shared.call } else { &shared.colour };
            return refuse(missing, "no such voice is at the microphone", "name personas of booth.personas that speak");
        };
        if caller == colour {
            return refuse(&shared.call, "it cannot answer itself", "name two different personas");
        }
        if found.iter().any(|(_, other)| *other == colour || *other == caller)
            || found.iter().any(|(other, _)| *other == colour)
        {
            return refuse(&shared.colour, "it is in another box already", "let each persona colour for one caller");
        }
        found.push((caller, colour));
    }
    Ok(found)
}

/// All personas and phrasebooks, built in or in the configured directory.
///
/// # Errors
/// A file that cannot be read.
pub fn known(config: &Config) -> Result<(Personas, Phrasebook), ConfigError> {
    let (mut personas, mut phrasebook) = (Personas::house(), Phrasebook::builtin());
    if let Some(directory) = &config.booth.persona_directory {
        add_files(&mut personas, &mut phrasebook, directory)?;
    }
    Ok((personas, phrasebook))
}

fn add_files(
    personas: &mut Personas,
    phrasebook: &mut Phrasebook,
    directory: &std::path::Path,
) -> Result<(), ConfigError> {
    let refuse = |value: &std::path::Path, reason: String| {
        ConfigError::value(
            "booth.persona_directory",
            value.display().to_string(),
            reason,
            "put persona files (NAME.toml, with NAME.phrasebook.toml beside it) there that the daemon's user may read; `vachak persona check FILE` says what is wrong with one",
        )
    };
    let entries = std::fs::read_dir(directory).map_err(|error| refuse(directory, error.to_string()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| refuse(&file, error.to_string()))?;
        let name = file.display().to_string();
        if name.ends_with(PHRASEBOOK_END) {
            phrasebook.add_toml(&text, &name).map_err(|error| refuse(&file, error.to_string()))?;
        } else {
            personas.add(Persona::from_toml(&text, &name).map_err(|error| refuse(&file, error.to_string()))?);
        }
    }
    Ok(())
}
