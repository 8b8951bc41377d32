//! Where trainings lie.

use std::path::{Path, PathBuf};

use super::{Problem, Training};

/// The folder of trainings, `models`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    folder: PathBuf,
}

/// A training and its file.
#[derive(Debug)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// What it says, or what is wrong with it.
    pub training: Result<Training, Problem>,
}

impl Models {
    /// The folder that was named, else `models` in this folder or the nearest one above that has it.
    ///
    /// # Errors
    /// [`Problem::NoModels`].
    pub fn find(named: Option<&Path>) -> Result<Self, Problem> {
        if let Some(folder) = named {
            return match std::path::absolute(folder) {
                Ok(folder) if folder.is_dir() => Ok(Self { folder }),
                _ => Err(Problem::NoModels { path: folder.to_owned() }),
            };
        }
        let here = std::env::current_dir().unwrap_or_default();
        let found = here.ancestors().map(|folder| folder.join("models")).find(|folder| folder.is_dir());
        found.map(|folder| Self { folder }).ok_or(Problem::NoModels { path: here.join("models") })
    }

    /// The folder that paths in trainings start from: the one that holds `models`.
    pub fn root(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }

    /// All trainings, by name.
    pub fn all(&self) -> Vec<Named> {
        let folders = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut all: Vec<Named> = folders
            .filter_map(|folder| {
                let name = folder.file_name().into_string().ok()?;
                let path = folder.path().join("training.toml");
                path.is_file().then(|| Named { training: Training::read(&path, &name), name, path })
            })
            .collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// The file of a training.
    ///
    /// # Errors
    /// [`Problem::Unknown`] with those there are.
    pub fn path(&self, name: &str) -> Result<PathBuf, Problem> {
        let path = self.folder.join(name).join("training.toml");
        if !name.contains(['/', '\\']) && path.is_file() {
            return Ok(path);
        }
        let names: Vec<String> = self.all().into_iter().map(|named| named.name).collect();
        let hint = match names.as_slice() {
            [] => format!("{} holds none", self.folder.display()),
            names => format!("there are {}", names.join(", ")),
        };
        Err(Problem::Unknown { name: name.to_owned(), hint })
    }

    /// Reads a training.
    ///
    /// # Errors
    /// That it is unknown, or what is wrong with its file.
    pub fn read(&self, name: &str) -> Result<Training, Problem> {
        Training::read(&self.path(name)?, name)
    }
}
