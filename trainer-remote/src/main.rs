//! `trainer-remote`: the laptop's tool. It makes training rows with the daemon's own code, so that a model learns from
//! exactly what it meets on air; has them taught, trains on them, and measures what came of it.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => cli.run(),
        Err(error) => {
            // With stdout or stderr gone there is nobody left to tell.
            let _ = error.print();
            if error.use_stderr() { ExitCode::from(cli::USAGE) } else { ExitCode::SUCCESS }
        }
    }
}
