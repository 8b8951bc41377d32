//! `vachak`: the commentary box's one program.

use std::process::ExitCode;

use clap::{Parser, Subcommand, error::ErrorKind};
use edge::cli::{self, exit};

/// Ball-by-ball events in, commentary out.
#[derive(Debug, Parser)]
#[command(name = "vachak", version, propagate_version = false, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon: listen to the broker, keep the score, speak.
    Run(cli::run::Args),
    /// Play a match on this terminal: broker, daemon and feed all inside, nothing to set up.
    Demo(cli::demo::Args),
    /// Print the scorecard of a match in Cricsheet's format.
    Score(cli::score::Args),
    /// Show how a match went: win probability, leverage, turning points; as a picture too.
    Read(cli::read::Args),
    /// Measure how fast models write here: side by side, against what this machine's memory allows.
    Bench(cli::bench::Args),
    /// Publish matches as a live feed would.
    Replay(cli::replay::Args),
    /// Play an invented match and print it in Cricsheet's format.
    Simulate(cli::simulate::Args),
    /// Add past matches to the archive, or say what it holds.
    Archive(cli::archive::Args),
    /// Show models, and have another one write.
    Model(cli::model::Args),
    /// Show, check and try personas.
    Persona(cli::persona::Args),
    /// Check a configuration and say what is wrong with it.
    CheckConfig(cli::check_config::Args),
    /// Prove the checker: what it catches, what it lets through, and whether it refuses what is true.
    CheckEval(cli::check_eval::Args),
    /// Print the configuration as it stands after file, environment and flags; secrets are not shown.
    ShowConfig(cli::show_config::Args),
    /// Print the version.
    Version,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let done = match cli.command {
        Command::Run(args) => cli::in_runtime(cli::run::run(args)),
        Command::Demo(args) => cli::in_runtime(cli::demo::run(args)),
        Command::Score(args) => cli::score::run(&args),
        Command::Read(args) => cli::read::run(&args),
        Command::Bench(args) => cli::in_runtime(cli::bench::run(args)),
        Command::Replay(args) => cli::in_runtime(cli::replay::run(args)),
        Command::Simulate(args) => cli::simulate::run(&args),
        Command::Archive(args) => cli::archive::run(&args),
        Command::Model(args) => cli::model::run(args),
        Command::Persona(args) => cli::persona::run(args),
        Command::CheckConfig(args) => cli::check_config::run(&args),
        Command::CheckEval(args) => cli::check_eval::run(&args),
        Command::ShowConfig(args) => cli::show_config::run(&args),
        Command::Version => cli::version(),
    };
    done.unwrap_or_else(|error| exit::report(&error))
}

/// Help and version are answers, everything else is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    // With stdout or stderr gone there is nobody left to tell.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(exit::USAGE),
    }
}
