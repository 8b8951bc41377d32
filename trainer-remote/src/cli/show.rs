//! `trainer-remote show`: a training with every value.

use std::io::Write as _;

use super::place::Place;

/// Arguments of `trainer-remote show`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The training.
    name: String,
    #[command(flatten)]
    place: Place,
    /// JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let training = args.place.models()?.read(&args.name)?;
    let text =
        if args.json { serde_json::to_string_pretty(&training)? + "\n" } else { toml::to_string_pretty(&training)? };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
