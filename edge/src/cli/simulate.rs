//! `vachak simulate`: an invented match, printed in Cricsheet's format.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use clap::ValueEnum;
use cricket::{
    cricsheet,
    simulate::{self, SimulationSettings, TeamSheet},
};

/// Arguments of `vachak simulate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Everything random follows from it: the same seed gives the same match.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The game.
    #[arg(long, value_enum, default_value_t = Format::T20)]
    format: Format,
    /// Whose cricket the frequencies of outcomes come from.
    #[arg(long, value_enum, default_value_t = Gender::Male)]
    gender: Gender,
    /// Names of the two sides.
    #[arg(long, value_name = "A,B", value_parser = two_names)]
    teams: Option<[String; 2]>,
    /// What finish is wanted.
    #[arg(long, value_enum, default_value_t = Finish::Any)]
    finish: Finish,
    /// Day of play as the match states it, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Twenty overs a side.
    T20,
    /// Fifty overs a side.
    Odi,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Gender {
    /// Women's cricket.
    Female,
    /// Men's cricket.
    Male,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Finish {
    /// Whatever comes.
    Any,
    /// A chase decided on one of the last three balls.
    LastOver,
}

/// Plays a match and prints it on stdout.
///
/// # Errors
/// When the sides cannot be told apart, the wanted finish does not come, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let settings = args.settings();
    let events = simulate::simulate_events(&settings)?;
    let record = cricsheet::from_events(&events);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", cricsheet::write(&record))?;
    out.flush().context("cannot write the match")?;
    Ok(ExitCode::SUCCESS)
}

impl Args {
    fn settings(&self) -> SimulationSettings {
        let mut settings = SimulationSettings::new(self.seed);
        settings.format = match self.format {
            Format::T20 => simulate::Format::T20,
            Format::Odi => simulate::Format::Odi,
        };
        settings.gender = match self.gender {
            Gender::Female => simulate::Gender::Female,
            Gender::Male => simulate::Gender::Male,
        };
        settings.finish = match self.finish {
            Finish::Any => simulate::Finish::Any,
            Finish::LastOver => simulate::Finish::LastOver,
        };
        if let Some([first, second]) = &self.teams {
            settings.teams =
                [TeamSheet::herons().renamed(first.as_str()), TeamSheet::lancers().renamed(second.as_str())];
        }
        if let Some(date) = &self.date {
            settings.date.clone_from(date);
        }
        settings
    }
}

fn two_names(text: &str) -> Result<[String; 2], String> {
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    match names.as_slice() {
        [first, second] if !first.is_empty() && !second.is_empty() && first != second => {
            Ok([(*first).to_owned(), (*second).to_owned()])
        }
        _ => Err("two different names joined by a comma, such as Herons,Lancers".to_owned()),
    }
}

fn day(text: &str) -> Result<String, String> {
    let date: jiff::civil::Date = text.parse().map_err(|_| "a day such as 2026-01-17".to_owned())?;
    Ok(date.to_string())
}
