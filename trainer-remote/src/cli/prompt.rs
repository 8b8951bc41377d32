//! `trainer-remote prompt`: the prompts of a match, by the daemon's own renderer.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use commentary::{Layout, Moment, NoArchive, Occasion, Persona, Personas, render};
use cricket::{cricsheet, event::Event, score::Match};
use serde::Serialize;

/// Arguments of `trainer-remote prompt`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A match in Cricsheet's JSON format.
    file: PathBuf,
    /// Who speaks: the id of a built-in persona, or a persona's TOML file.
    #[arg(long, value_name = "ID or FILE", default_value = "benaud")]
    persona: String,
    /// How prompts are laid out: chatml, llama3, gemma, mistral, compact or slots.
    #[arg(long, value_name = "NAME", default_value = "chatml")]
    layout: Layout,
    /// Stop after this many prompts.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// One row: what a model reads, and the line it should write, which is for somebody else to fill in.
#[derive(Debug, Serialize)]
struct Row<'a> {
    match_id: &'a str,
    key: &'a str,
    persona: &'a str,
    prompt_version: u32,
    prompt: &'a str,
    completion: &'a str,
}

/// Prints one row for each ball of the match, in order.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let persona = persona(&args.persona)?;
    let bytes = fs::read(&args.file)
        .with_context(|| format!("{} cannot be read; hint: check the path", args.file.display()))?;
    let played = cricsheet::read(&bytes).with_context(|| args.file.display().to_string())?;
    let match_id: Arc<str> = args.file.file_stem().unwrap_or_default().to_string_lossy().into();
    let mut score = Match::new(match_id.clone());
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut left = args.limit.unwrap_or(usize::MAX);
    for event in cricsheet::into_events(match_id.clone(), played) {
        if left == 0 {
            break;
        }
        let Some(moment) = ball(&mut score, &event) else { continue };
        let prompt = render(&moment, &persona, moment.kind(), args.layout);
        let row = Row {
            match_id: &match_id,
            key: moment.key.as_str(),
            persona: &persona.id,
            prompt_version: args.layout.version(),
            prompt: &prompt.text,
            completion: "",
        };
        serde_json::to_writer(&mut out, &row).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        left -= 1;
    }
    out.flush()?;
    Ok(())
}

/// Applies an event; the moment, if it was a ball. Without an archive, as a daemon without one.
fn ball(score: &mut Match, event: &Event) -> Option<Moment> {
    let applied = score.apply(event.clone());
    Moment::form(score.state(), event, &applied.happenings, &NoArchive)
        .filter(|moment| matches!(moment.occasion, Occasion::Ball(_)))
}

fn persona(name: &str) -> anyhow::Result<Persona> {
    let builtin = Personas::builtin();
    if let Some(persona) = builtin.get(name) {
        return Ok(persona.clone());
    }
    if !Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let known: Vec<_> = builtin.iter().map(|persona| persona.id.as_str()).collect();
        bail!("no persona is called '{name}'; hint: take {}, or name a .toml file", known.join(", "));
    }
    let text = fs::read_to_string(name).with_context(|| format!("{name} cannot be read; hint: check the path"))?;
    Ok(Persona::from_toml(&text, name)?)
}
