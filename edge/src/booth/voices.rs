//! The personas at the microphone.

use std::sync::Arc;

use commentary::{Persona, Personas, Phrasebook};

use crate::config::{Config, ConfigError};

/// Personas in the order in which they speak, and the phrasebook behind them.
#[derive(Debug, Clone)]
pub struct Voices {
    /// The personas.
    pub personas: Vec<Arc<Persona>>,
    /// What they speak from where no model writes.
    pub phrasebook: Arc<Phrasebook>,
}

impl Voices {
    /// Finds the configured personas, built in or in the configured directory.
    ///
    /// # Errors
    /// A persona that is not there, with those that are; a persona file that cannot be read.
    pub fn build(config: &Config) -> Result<Self, ConfigError> {
        let mut known = Personas::builtin();
        if let Some(directory) = &config.booth.persona_directory {
            add_files(&mut known, directory)?;
        }
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
            if !personas.iter().any(|other| other.id == persona.id) {
                personas.push(Arc::new(persona.clone()));
            }
        }
        Ok(Self { personas, phrasebook: Arc::new(Phrasebook::builtin()) })
    }
}

fn add_files(known: &mut Personas, directory: &std::path::Path) -> Result<(), ConfigError> {
    let refuse = |value: &std::path::Path, reason: String| {
        ConfigError::value(
            "booth.persona_directory",
            value.display().to_string(),
            reason,
            "put persona files (*.toml) there that the daemon's user may read",
        )
    };
    let entries = std::fs::read_dir(directory).map_err(|error| refuse(directory, error.to_string()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| refuse(&file, error.to_string()))?;
        let name = file.display().to_string();
        known.add(Persona::from_toml(&text, &name).map_err(|error| refuse(&file, error.to_string()))?);
    }
    Ok(())
}
