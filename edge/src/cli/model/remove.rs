//! `vachak model remove`: deletes a model from the model directory, and nothing anywhere else.

use std::{fs, io::Write, process::ExitCode};

use anyhow::{Context, bail};

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
    let wanted = choice::applied(config, place.choice.as_ref()).model.path;
    let used = [place.in_use(), wanted.map(Named::File)].into_iter().flatten();
    let needed = used.into_iter().any(|used| matches!(used, Named::File(used) if place::is_same(&used, &path)));
    if needed && !force {
        bail!(
            "{name} is in use; hint: `vachak model use` another one first, or --force: a running daemon goes on from memory"
        );
    }
    fs::remove_file(&path)
        .with_context(|| format!("{} cannot be removed; hint: check who may write there", path.display()))?;
    writeln!(anstream::stderr(), "{} is removed", path.display())?;
    Ok(ExitCode::SUCCESS)
}
