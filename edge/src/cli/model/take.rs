//! `vachak model use`: chooses a model, and waits until a running daemon has taken it up.

use std::{
    fs,
    io::Write,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use commentary::Layout;
use llm::{
    gguf,
    memory::{self, Plan},
};

use super::{
    Named, info,
    place::{self, Place},
};
use crate::{
    booth::{
        choice::{self, Choice, Stamp, Writing},
        layout, writers,
    },
    config::{Config, ModelBackend},
};

/// How often a running daemon is looked at.
const EVERY: Duration = Duration::from_millis(100);

/// `text` names the model; `None`: the configured one.
pub(super) fn run(
    config: &Config,
    text: Option<&str>,
    layout: Option<Layout>,
    wait: Duration,
) -> anyhow::Result<ExitCode> {
    let place = Place::of(config)?;
    if config.model.backend == ModelBackend::None {
        bail!("the configuration wants no model; hint: set model.backend = \"embedded\"");
    }
    if cfg!(not(feature = "llama")) {
        bail!("this build has no embedded model; hint: model.name in the configuration names the server's");
    }
    let choice = text.map(|text| choose(&place, text, layout)).transpose()?.flatten();
    let file = choice::choice_file(&place.directory);
    let before: Option<Choice> = choice::read(&file).unwrap_or_default();
    let name = match &choice {
        Some(Choice { path: Some(path), .. }) => place::name(path),
        Some(_) => place::BUILT_IN.to_owned(),
        None => format!("the configured model ({})", choice::configured(config)),
    };
    put(&file, choice.as_ref())?;
    let mut out = anstream::stderr();
    if place.writing.is_none() {
        writeln!(out, "{name} will write: no daemon runs here, the next one to start takes it")?;
        return Ok(ExitCode::SUCCESS);
    }
    match answer(&place.directory, &file, wait)? {
        None if wait.is_zero() => writeln!(out, "{name} is chosen; the daemon takes it up within a second or two")?,
        None => bail!(
            "the daemon has not taken {name} up within {} s; hint: its log says what it does; `vachak model list` shows who writes",
            wait.as_secs()
        ),
        Some(Writing { refused: Some(why), model, .. }) => {
            // What did not work now would not work at the next start.
            put(&file, before.as_ref())?;
            let stays = model.unwrap_or_else(|| "the phrasebook".to_owned());
            let (why, hint) = why.split_once("; hint: ").unwrap_or((&why, "the daemon's log has more"));
            bail!("the daemon could not take {name} up, {stays} goes on: {why}; hint: {hint}");
        }
        Some(_) => writeln!(out, "{name} writes now")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The choice of a model that was looked over; `None` where it is what the configuration says anyway.
fn choose(place: &Place<'_>, text: &str, layout: Option<Layout>) -> anyhow::Result<Option<Choice>> {
    let config = place.config;
    let named = place.find(text)?;
    let file = gguf::check(&info::path(config, &named)?)?;
    layout::of(&file, layout)?;
    Plan::of(&file, writers::wish(config), memory::available()).check(&file.path)?;
    let path = match named {
        Named::BuiltIn => None,
        Named::File(path) => Some(path),
    };
    let is_configured = config.model.backend == ModelBackend::Embedded && config.model.path == path && layout.is_none();
    Ok((!is_configured).then(|| Choice { path, layout, instead_of: choice::configured(config) }))
}

/// Writes the choice down, or takes it back.
fn put(file: &Path, choice: Option<&Choice>) -> anyhow::Result<()> {
    let done = match choice {
        Some(choice) => choice::write(file, choice),
        None => match fs::remove_file(file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            other => other,
        },
    };
    done.with_context(|| format!("the choice cannot be kept in {}; hint: check who may write there", file.display()))
}

/// What the daemon says once it has dealt with the choice as it is now; `None` where it has not by then.
fn answer(directory: &Path, file: &Path, wait: Duration) -> anyhow::Result<Option<Writing>> {
    let (asked, begun) = (Stamp::of(file), Instant::now());
    loop {
        let writing: Option<Writing> = choice::read(&choice::writing_file(directory))?;
        if let Some(writing) = writing.filter(|writing| writing.seen == asked) {
            return Ok(Some(writing));
        }
        if begun.elapsed() >= wait {
            return Ok(None);
        }
        std::thread::sleep(EVERY);
    }
}
