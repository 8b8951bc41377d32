//! Which model was chosen on the command line, and what became of it: two small files in the model directory.
//!
//! `chosen.json` is written by `vachak model use` and read by the daemon, at its start and whenever it changes.
//! `writing.json` is written by the daemon: who writes, and which model it could not take up and why. Neither is ever half
//! written. A choice is made over a configuration: once the configured model is another, the choice is void, so that an
//! edited file is never overruled by an old command.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use commentary::Layout;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::config::{self, Config, ModelBackend};

/// A model chosen in place of the configured one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its file; the program's own model when absent.
    pub path: Option<PathBuf>,
    /// How prompts are laid out for it, where its file does not say.
    pub layout: Option<Layout>,
    /// The configured model at the time, by [`configured`].
    pub instead_of: String,
}

/// What the daemon says of the model it writes with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// The daemon's process.
    pub pid: u32,
    /// When it took the model up, RFC 3339.
    pub since: String,
    /// The kind of writer, such as `embedded`; `None` when the phrasebook speaks.
    pub backend: Option<String>,
    /// The model's name.
    pub model: Option<String>,
    /// The model's file, of an embedded one.
    pub path: Option<PathBuf>,
    /// The state of `chosen.json` that it has dealt with.
    pub seen: Option<Stamp>,
    /// Why the model of that state could not be taken up.
    pub refused: Option<String>,
}

impl Writing {
    /// Whether the daemon that said so still runs.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(format!("/proc/{}/comm", self.pid)).is_ok_and(|name| name.trim() == "vachak")
    }
}

/// What tells a file from an earlier one of the same name, without reading it. Of a model in several files all that are
/// there count, so that one put beside the first, or exchanged, is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    /// Changed at: seconds, and billionths.
    changed: (i64, i64),
}

impl Stamp {
    /// Of the file at a path; `None` where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let parts: Vec<fs::Metadata> =
            llm::gguf::files_of(path).iter().filter_map(|part| fs::metadata(part).ok()).collect();
        let changed = |file: &fs::Metadata| (file.mtime(), file.mtime_nsec());
        Some(Self {
            device: file.dev(),
            inode: file.ino(),
            bytes: parts.iter().map(fs::Metadata::len).sum(),
            changed: parts.iter().map(changed).max().unwrap_or_else(|| changed(&file)),
        })
    }
}

/// The choice's file in the model directory.
pub fn choice_file(directory: &Path) -> PathBuf {
    directory.join("chosen.json")
}

/// The daemon's file in the model directory.
pub fn writing_file(directory: &Path) -> PathBuf {
    directory.join("writing.json")
}

/// The configured model in a few words: what a choice was made instead of.
pub fn configured(config: &Config) -> String {
    let model = &config.model;
    match model.backend {
        ModelBackend::None => "none".to_owned(),
        ModelBackend::Embedded => match &model.path {
            Some(path) => path.display().to_string(),
            None => "built-in".to_owned(),
        },
        ModelBackend::Ollama | ModelBackend::OpenAi => {
            let backend = if model.backend == ModelBackend::Ollama { "ollama" } else { "openai" };
            format!("{backend} {}", model.name.as_deref().unwrap_or_default())
        }
    }
}

/// The choice that stands, if there is one; `None` also where the configured model has changed since.
///
/// # Errors
/// A file that is there and cannot be read or understood.
pub fn standing(config: &Config, directory: &Path) -> io::Result<Option<Choice>> {
    let choice: Option<Choice> = read(&choice_file(directory))?;
    Ok(choice.filter(|choice| choice.instead_of == configured(config)))
}

/// The configuration with the chosen model in place of the configured one. What was set for that one, its layout and its
/// adapter, does not hold for another.
pub fn applied(config: &Config, choice: Option<&Choice>) -> Config {
    let mut config = config.clone();
    if let Some(choice) = choice {
        config.model = config::Model {
            backend: ModelBackend::Embedded,
            path: choice.path.clone(),
            layout: choice.layout,
            adapter: None,
            ..config.model
        };
    }
    config
}

/// Reads one of the two files; `None` where there is none.
///
/// # Errors
/// When it is there and cannot be read or understood.
pub fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes one of the two files, whole or not at all. Others may read it: the daemon's user is not the one who chooses.
///
/// # Errors
/// When it cannot be written.
pub fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    serde_json::to_writer_pretty(&mut file, value)?;
    file.write_all(b"\n")?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_choice_stands_until_the_configured_model_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        assert_eq!(standing(&config, folder.path()).unwrap(), None);
        let choice = Choice { path: Some("/models/voice.gguf".into()), layout: None, instead_of: configured(&config) };
        write(&choice_file(folder.path()), &choice).unwrap();
        assert_eq!(standing(&config, folder.path()).unwrap().as_ref(), Some(&choice));
        let with = applied(&config, Some(&choice));
        assert_eq!((with.model.backend, with.model.path), (ModelBackend::Embedded, choice.path));
        config.model.path = Some("/models/other.gguf".into());
        assert_eq!(standing(&config, folder.path()).unwrap(), None);
    }

    #[test]
    fn a_damaged_choice_is_an_error_and_not_a_choice() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(choice_file(folder.path()), "{\"path\":").unwrap();
        let error = standing(&Config::default(), folder.path()).unwrap_err();
        assert!(error.to_string().contains("chosen.json"), "{error}");
    }

    #[test]
    fn a_replaced_file_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        assert_eq!(Stamp::of(&path), None);
        fs::write(&path, "one").unwrap();
        let first = Stamp::of(&path).unwrap();
        assert_eq!(Stamp::of(&path).unwrap(), first);
        fs::write(folder.path().join("b"), "two").unwrap();
        fs::rename(folder.path().join("b"), &path).unwrap();
        assert_ne!(Stamp::of(&path).unwrap(), first);
        // The part that was missing is there now.
        let part = |number: u8| folder.path().join(format!("voice-0000{number}-of-00002.gguf"));
        fs::write(part(1), "one").unwrap();
        let alone = Stamp::of(&part(1)).unwrap();
        fs::write(part(2), "two").unwrap();
        assert_ne!(Stamp::of(&part(1)).unwrap(), alone);
    }
}
