//! `trainer-remote import` and `export`: rows in other people's forms.

use std::{io::Write as _, path::PathBuf};

use clap::ValueEnum;
use commentary::Layout;
use trainer_remote::data::exchange;

/// Arguments of `trainer-remote import`.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Examples with instruction, input and output: a JSON array (.json) or JSON Lines.
    from: PathBuf,
    /// Where the rows go: .jsonl, or .jsonl.zst packed.
    to: PathBuf,
    /// How the prompts of examples that this program exported are laid out; others become chat prompts.
    #[arg(long, value_name = "LAYOUT", default_value = "chatml")]
    layout: Layout,
}

/// Arguments of `trainer-remote export`.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// Rows, as a run's prepare or teach stage made them.
    from: PathBuf,
    /// Where they go: .json for an array, else JSON Lines.
    to: PathBuf,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Form::Examples)]
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Instruction, input (event, context, persona) and output.
    Examples,
    /// Prompt and completion, and nothing else.
    Pairs,
}

pub(super) fn import(args: &ImportArgs) -> anyhow::Result<()> {
    let rows = exchange::import_examples(&args.from, &args.to, args.layout)?;
    Ok(writeln!(std::io::stderr(), "{rows} rows in {}", args.to.display())?)
}

pub(super) fn export(args: &ExportArgs) -> anyhow::Result<()> {
    let rows = match args.form {
        Form::Examples => exchange::export_examples(&args.from, &args.to)?,
        Form::Pairs => exchange::export_pairs(&args.from, &args.to)?,
    };
    Ok(writeln!(std::io::stderr(), "{rows} rows in {}", args.to.display())?)
}
