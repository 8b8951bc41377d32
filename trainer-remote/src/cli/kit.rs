//! `trainer-remote kit`: the Python environment of training.

use std::{io::Write as _, path::PathBuf};

use trainer_remote::{
    kit::{self, Checked, Environment, Wanted},
    run::{Screen, Stop, Teller, on_signals},
};

/// Commands about the environment.
#[derive(Debug, clap::Subcommand)]
pub(super) enum KitCommand {
    /// Set it up: about 5 GB in the cache folder, or in another.
    Setup {
        /// Where.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Say what it is: versions, GPUs, what is missing.
    Check {
        /// The Python, or the folder of its environment; else the one in the cache folder.
        #[arg(long, value_name = "PATH", env = "VACHAK_KIT")]
        python: Option<PathBuf>,
        /// JSON, for programs.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &KitCommand) -> anyhow::Result<()> {
    let programs = tempfile::tempdir()?;
    kit::write_to(programs.path())?;
    match command {
        KitCommand::Setup { folder } => {
            let stop = Stop::new();
            on_signals(stop.clone())?;
            let screen = Teller::new(Screen::Lines, None);
            let python = match Environment::find(&Wanted { python: None, folder: folder.clone() })? {
                Environment::Ready(python) => python,
                Environment::ToSetUp(folder) => kit::set_up(programs.path(), &folder, &screen, &stop)?,
            };
            say(&kit::check(programs.path(), &python)?, &python)
        }
        KitCommand::Check { python, json } => {
            let python = match Environment::find(&Wanted { python: python.clone(), folder: None })? {
                Environment::Ready(python) => python,
                Environment::ToSetUp(folder) => {
                    anyhow::bail!("there is none in {}; hint: run `trainer-remote kit setup`", folder.display())
                }
            };
            let checked = kit::check(programs.path(), &python)?;
            if *json {
                writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&checked)?)?;
                return Ok(());
            }
            say(&checked, &python)
        }
    }
}

fn say(checked: &Checked, python: &std::path::Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is Python {}", python.display(), checked.python)?;
    for (name, version) in &checked.packages {
        writeln!(out, "{name:<14} {}", version.as_deref().unwrap_or("missing"))?;
    }
    match checked.gpus.as_slice() {
        [] => writeln!(out, "no GPU: small models train on the processor")?,
        gpus => {
            for gpu in gpus {
                let name = gpu.get("name").and_then(serde_json::Value::as_str).unwrap_or("a GPU");
                writeln!(out, "{name}")?;
            }
        }
    }
    Ok(())
}
