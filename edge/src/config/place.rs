//! Where things are kept on this machine.

use std::path::PathBuf;

use super::{Config, ConfigError};

/// The journal's directory: as configured, else systemd's state directory, else the user's data directory.
///
/// # Errors
/// When none of them is known.
pub fn journal_directory(config: &Config) -> Result<PathBuf, ConfigError> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // systemd gives several, joined by colons, where a unit asks for several; the first is ours.
    let state = || {
        let all = std::env::var("STATE_DIRECTORY").ok()?;
        all.split(':').next().filter(|first| !first.is_empty()).map(PathBuf::from)
    };
    let data =
        || from("XDG_DATA_HOME").or_else(|| Some(from("HOME")?.join(".local/share"))).map(|data| data.join("vachak"));
    config.journal.directory.clone().or_else(state).or_else(data).ok_or_else(|| {
        ConfigError::value(
            "journal.directory",
            "",
            "neither STATE_DIRECTORY nor XDG_DATA_HOME nor HOME is set, so there is no place to write",
            "set journal.directory",
        )
    })
}

/// Where the program's own model is unpacked: beside the journal.
///
/// # Errors
/// As [`journal_directory`].
pub fn model_directory(config: &Config) -> Result<PathBuf, ConfigError> {
    Ok(journal_directory(config)?.join("models"))
}

/// Where the embedded model's states are kept for the next start: beside the journal.
///
/// # Errors
/// As [`journal_directory`].
pub fn state_directory(config: &Config) -> Result<PathBuf, ConfigError> {
    Ok(journal_directory(config)?.join("states"))
}
