//! Where models are kept, and what a name on the command line means there.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use llm::gguf::PartName;

use super::Named;
use crate::{
    booth::choice::{self, Choice, Writing},
    config::{Config, ModelBackend, place},
};

/// The name of the model inside the program.
pub(super) const BUILT_IN: &str = "booth-mini";
/// What a model's file ends in.
const END: &str = "gguf";

/// Where models are kept and what is known of their use.
pub(super) struct Place<'a> {
    pub(super) config: &'a Config,
    pub(super) directory: PathBuf,
    /// What a running daemon says.
    pub(super) writing: Option<Writing>,
    /// What was chosen.
    pub(super) choice: Option<Choice>,
}

impl<'a> Place<'a> {
    pub(super) fn of(config: &'a Config) -> anyhow::Result<Self> {
        let directory = place::model_directory(config)?;
        let read = || -> io::Result<_> {
            let writing: Option<Writing> = choice::read(&choice::writing_file(&directory))?;
            Ok((writing.filter(Writing::is_current), choice::standing(config, &directory)?))
        };
        let (writing, choice) = read().with_context(|| {
            format!("what is in use cannot be read in {}; hint: check who may read it", directory.display())
        })?;
        Ok(Self { config, directory, writing, choice })
    }

    /// What a name or a path means: the built-in model, a file as it is, a model of the directory.
    pub(super) fn find(&self, text: &str) -> anyhow::Result<Named> {
        if text == BUILT_IN {
            return Ok(Named::BuiltIn);
        }
        let given = Path::new(text);
        let kept = self.kept(text);
        if let Some(path) = kept {
            return Ok(Named::File(path));
        }
        if given.exists() {
            // Not resolved: a link that is pointed elsewhere later is another model then, and is meant to be.
            let whole = std::path::absolute(given).with_context(|| format!("{text} cannot be reached"))?;
            return Ok(Named::File(whole));
        }
        if text.contains('/') {
            bail!("there is no file {text}; hint: check the path");
        }
        bail!(
            "there is no model '{text}' in {}; hint: `vachak model list` shows those that are there",
            self.directory.display()
        )
    }

    /// The file of a model of the directory, by its name with or without its ending. Never anything outside.
    pub(super) fn kept(&self, name: &str) -> Option<PathBuf> {
        if name.is_empty() || name.contains(['/', '\0']) || name == ".." || name == "." {
            return None;
        }
        let file = name.strip_suffix(".gguf").unwrap_or(name);
        let path = self.directory.join(format!("{file}.{END}"));
        fs::symlink_metadata(&path).is_ok().then_some(path)
    }

    /// The models of the directory, by name, without the built-in one's own copy; of a model in several files the first
    /// that is there.
    pub(super) fn all(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == END) && !self.is_own(path))
            .collect();
        files.sort();
        let mut split = HashSet::new();
        files.retain(|path| PartName::of(path).is_none_or(|part| split.insert(part.path(1))));
        Ok(files)
    }

    /// Whether a file is the copy of the built-in model that llama.cpp reads.
    fn is_own(&self, path: &Path) -> bool {
        #[cfg(feature = "llama")]
        return crate::booth::own_model::place(&self.directory) == path;
        #[cfg(not(feature = "llama"))]
        return path.parent() == Some(&self.directory) && name(path) == BUILT_IN;
    }

    /// What writes, or will at the daemon's next start: the built-in model, a file, or neither.
    pub(super) fn in_use(&self) -> Option<Named> {
        let named = |path: &Path| if self.is_own(path) { Named::BuiltIn } else { Named::File(path.to_owned()) };
        if let Some(writing) = &self.writing {
            return writing.path.as_deref().map(named);
        }
        let model = choice::applied(self.config, self.choice.as_ref()).model;
        match (model.backend, model.path) {
            (ModelBackend::Embedded, Some(path)) => Some(Named::File(path)),
            (ModelBackend::Embedded, None) => Some(Named::BuiltIn),
            _ => None,
        }
    }
}

/// Whether two paths lead to one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    one == other || real(one) == real(other)
}

/// A file's name without its ending.
pub(super) fn name(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
