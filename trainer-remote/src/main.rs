//! `trainer-remote`: the laptop's tool. It makes training rows with the daemon's own code, so that a model learns from
//! exactly what it meets on air.

mod prompt;

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// The user can fix it.
const USER: u8 = 1;
/// Wrong usage of the command line.
const USAGE: u8 = 64;

/// Data, training and deployment of commentary models.
#[derive(Debug, Parser)]
#[command(name = "trainer-remote", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the prompts of a match as the daemon would give them to a model, one JSON object a line.
    Prompt(prompt::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // With stdout or stderr gone there is nobody left to tell.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let done = match cli.command {
        Command::Prompt(args) => prompt::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of our output has gone, as in `trainer-remote prompt FILE | head`: that is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {}", format!("{error:#}").replace("; hint: ", "\nhint: "));
            ExitCode::from(USER)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == ErrorKind::BrokenPipe)
}
