//! The commands of `trainer-remote`.

mod compare;
mod exit;
mod kit;
mod list;
mod place;
mod plan;
mod prompt;
mod reading;
mod rows;
mod run;
mod show;
mod status;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use exit::USAGE;

/// Data, training and deployment of commentary models.
///
/// A training is a folder in `models` with a `training.toml`. Its run goes through the stages prepare, teach, report,
/// tokenizer, sft, merge, gguf, quantize and eval; what is up to date is not done again, and what was stopped goes on.
#[derive(Debug, Parser)]
#[command(name = "trainer-remote", version, propagate_version = false, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the trainings.
    List(list::Args),
    /// Print a training with every value, defaults filled in.
    Show(show::Args),
    /// Say which stages would run, and why.
    Plan(plan::Args),
    /// Run a training, from the first stage that is not up to date.
    Run(run::RunArgs),
    /// Say where a run stands, and where what it made lies.
    Status(status::Args),
    /// Rows from matches.
    Prepare(run::StageArgs),
    /// Lines for the rows, from a teacher.
    Teach(run::StageArgs),
    /// What the rows are like, as a page.
    Report(run::StageArgs),
    /// The tokenizer of a model from scratch.
    Tokenizer(run::StageArgs),
    /// Train.
    Sft(run::StageArgs),
    /// Put a trained adapter into its base.
    Merge(run::StageArgs),
    /// Convert the model to GGUF and hold it against the prompt contract.
    Gguf(run::StageArgs),
    /// Make smaller GGUF files.
    Quantize(run::StageArgs),
    /// Measure the file that is to be shipped.
    Eval(run::StageArgs),
    /// Measure any models side by side, on any matches.
    Compare(compare::Args),
    /// Make rows of examples with instruction, input and output.
    Import(rows::ImportArgs),
    /// Write rows as examples, or as prompts and completions alone.
    Export(rows::ExportArgs),
    /// The Python environment of training.
    #[command(subcommand)]
    Kit(kit::KitCommand),
    /// The model by which a match is read: chances, projections, leverage.
    #[command(subcommand)]
    Reading(reading::ReadingCommand),
    /// Print the prompts of a match as the daemon would give them to a model, one JSON object a line.
    Prompt(prompt::Args),
}

impl Cli {
    /// Does what was asked, and says how it ended.
    pub(crate) fn run(self) -> ExitCode {
        use trainer_remote::stages::Stage;
        let done = match self.command {
            Command::List(args) => list::run(&args),
            Command::Show(args) => show::run(&args),
            Command::Plan(args) => plan::run(&args),
            Command::Run(args) => run::run(&args),
            Command::Status(args) => status::run(&args),
            Command::Prepare(args) => run::one(Stage::Prepare, &args),
            Command::Teach(args) => run::one(Stage::Teach, &args),
            Command::Report(args) => run::one(Stage::Report, &args),
            Command::Tokenizer(args) => run::one(Stage::Tokenizer, &args),
            Command::Sft(args) => run::one(Stage::Sft, &args),
            Command::Merge(args) => run::one(Stage::Merge, &args),
            Command::Gguf(args) => run::one(Stage::Gguf, &args),
            Command::Quantize(args) => run::one(Stage::Quantize, &args),
            Command::Eval(args) => run::one(Stage::Eval, &args),
            Command::Compare(args) => compare::run(&args),
            Command::Import(args) => rows::import(&args),
            Command::Export(args) => rows::export(&args),
            Command::Kit(command) => kit::run(&command),
            Command::Reading(command) => reading::run(&command),
            Command::Prompt(args) => prompt::run(&args),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => exit::report(&error),
        }
    }
}
