//! Secrets: kept out of every output, found in files and in systemd's credentials.

use std::{fmt, path::Path, path::PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use super::ConfigError;

/// What is shown in place of a secret.
const HIDDEN: &str = "***";

/// Text that is never shown: it prints and serialises as `***`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that must send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}

/// Finds a secret: given outright, else in the named file, else among systemd's credentials under `credential`.
///
/// # Errors
/// When the named file cannot be read. A credential that is not there is no error: it is optional.
pub fn find(
    key: &'static str,
    given: Option<&Secret>,
    file: Option<&Path>,
    credential: &str,
) -> Result<Option<Secret>, ConfigError> {
    if let Some(secret) = given {
        return Ok(Some(secret.clone()));
    }
    if let Some(path) = file {
        return match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(first_line(&text))),
            Err(error) => Err(ConfigError::value(
                format!("{key}_file"),
                path.display().to_string(),
                format!("the file cannot be read: {error}"),
                "check the path, and that the daemon's user may read it",
            )),
        };
    }
    let directory = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let text = directory.and_then(|directory| std::fs::read_to_string(directory.join(credential)).ok());
    Ok(text.map(|text| first_line(&text)).filter(|secret| !secret.0.is_empty()))
}

fn first_line(text: &str) -> Secret {
    Secret(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_nowhere() {
        let secret = Secret("tiger".to_owned());
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(serde_json::json!(secret), "***");
    }
}
