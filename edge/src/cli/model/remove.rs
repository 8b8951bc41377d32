//! `vachak model remove`: deletes a model from the model directory, and nothing anywhere else.

use std::{fs, io::Write, process::ExitCode};

use anyhow::{Context, bail};
use llm::gguf::{self, PartName};

use super::{
    Named,
    place::{self, Place},
};
use crate::{booth::choice, config::Config};

pub(super) fn run(config: &Config, name: &str, force: bool) -> anyhow::Result<ExitCode> {
    let place = Place::of(config)?;
    if name == place::BUILT_IN {
        bail!("{name} is part of the program; hint: `vachak model use` has another one write");
    }
    if name.contains('/') {
        bail!("'{name}' is a path; hint: only models of {} are removed, by their names", place.directory.display());
    }
    let Some(path) = place.kept(name) else {
        bail!(
            "there is no model '{name}' in {}; hint: `vachak model list` shows those that are there",
            place.directory.display()
        );
    };
    if let Some(part) = PartName::of(&path).filter(|part| part.number > 1) {
        let first = part.path(1);
        if fs::symlink_metadata(&first).is_ok() {
            bail!(
                "{name} is part {} of the {} files of a model; hint: remove {}, and all of them go",
                part.number,
                part.count,
                place::name(&first)
            );
        }
    }
    let files = gguf::files_of(&path);
    let wanted = choice::applied(config, place.choice.as_ref()).model.path;
    let used = [place.in_use(), wanted.map(Named::File)].into_iter().flatten();
    let needed = used.into_iter().any(|used| matches!(used, Named::File(used) if place::is_same(&used, &path)));
    if needed && !force {
        bail!(
            "{name} is in use; hint: `vachak model use` another one first, or --force: a running daemon goes on from memory"
        );
    }
    // The first one last: as long as it is there, what is left can be named.
    for file in files.iter().rev() {
        fs::remove_file(file)
            .with_context(|| format!("{} cannot be removed; hint: check who may write there", file.display()))?;
        writeln!(anstream::stderr(), "{} is removed", file.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
