//! `vachak read`: how a match went, as a picture and in words.

mod course;
mod picture;
mod words;

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use commentary::reading::{self, Model};

use crate::replay::source;

use course::Course;

/// Arguments of `vachak read`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A match in Cricsheet's JSON format; `-` is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Draw it: win probability, leverage and difficulty over the balls, with wickets and turning points.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
    /// The model to read by, a file of `trainer-remote reading fit`; else the built-in one.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

/// Reads a match ball by ball and shows how it went.
///
/// # Errors
/// When the file is no match, the model cannot be used, or the output cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(file) = &args.model {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read; hint: check the path and who may read it", file.display()))?;
        let model = Model::parse(&text).with_context(|| format!("{} cannot be used", file.display()))?;
        reading::install(model)?;
    }
    let record = source::read(&args.file)?;
    let course = Course::of(&source::match_id(&args.file), record);
    if let Some(file) = &args.svg {
        std::fs::write(file, picture::svg(&course))
            .with_context(|| format!("{} cannot be written; hint: check the folder and the disk", file.display()))?;
    }
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&course)?)?;
    } else {
        write!(out, "{}", words::tell(&course))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
