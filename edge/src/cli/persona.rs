//! `vachak persona`: who can speak, and making a voice of one's own: copy one with `show`, change it, `check` it, hear
//! it with `try`.

mod check;
mod hear;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use commentary::{Persona, Personas, Phrasebook};

use crate::{
    booth::voices::{self, PHRASEBOOK_END},
    cli::run::Sourced,
    config::{self, Config},
    terminal::palette::{self, paint},
};

/// Arguments of `vachak persona`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say who can speak: the built-in personas, and those of the configured directory.
    List {
        #[command(flatten)]
        sourced: Sourced,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a built-in persona's file, to copy and change.
    Show {
        /// Whose.
        id: String,
        /// Its phrasebook instead.
        #[arg(long)]
        phrasebook: bool,
    },
    /// Say what is wrong with a persona's file and the phrasebook beside it (NAME.phrasebook.toml).
    Check {
        /// The persona's file, NAME.toml; or the id of a built-in one.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Speak a stretch of a match in a persona's voice.
    Try(hear::Args),
}

/// Lists, shows, checks or tries personas.
///
/// # Errors
/// When a persona or match cannot be read, or stdout cannot be written.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List { sourced, json } => list(&config::load(&sourced.sources())?, json),
        Command::Show { id, phrasebook } => show(&id, phrasebook),
        Command::Check { file, json } => check::run(&file, json),
        Command::Try(args) => hear::run(args),
    }
}

fn list(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let (personas, _) = voices::known(config)?;
    let mut out = anstream::stdout().lock();
    if json {
        let all: Vec<_> = personas.iter().map(described).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
    } else {
        for persona in personas.iter() {
            let (id, language) = (paint(palette::SCORE, format!("{:12}", persona.id)), &persona.language);
            writeln!(out, "{id} {language:3} {}", persona.style)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn described(persona: &Persona) -> serde_json::Value {
    serde_json::json!({
        "id": persona.id, "name": persona.name, "language": persona.language, "style": persona.style,
        "phrasebook": persona.phrasebook_id(), "builtin": Personas::builtin_text(&persona.id).is_some(),
    })
}

fn show(id: &str, phrasebook: bool) -> anyhow::Result<ExitCode> {
    let text = if phrasebook { Phrasebook::builtin_text(id) } else { Personas::builtin_text(id) };
    let Some(text) = text else { return Err(nobody(id)) };
    let mut out = anstream::stdout().lock();
    write!(out, "{text}")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn nobody(id: &str) -> anyhow::Error {
    let all: Vec<String> = Personas::house().iter().map(|persona| persona.id.clone()).collect();
    anyhow::anyhow!("no built-in persona is called '{id}'; hint: there are {}", all.join(", "))
}

/// A persona's files, as texts.
struct Files {
    /// The persona's file, or its built-in name.
    name: String,
    text: String,
    /// The phrasebook beside it.
    phrasebook: Option<(String, String)>,
}

impl Files {
    /// Reads a persona's file and the phrasebook beside it; a word that is no file may be a built-in persona.
    fn read(file: &Path) -> anyhow::Result<Self> {
        let name = file.display().to_string();
        if !file.exists()
            && let Some(text) = Personas::builtin_text(&name)
        {
            return Ok(Self { name, text: text.to_owned(), phrasebook: None });
        }
        if name.ends_with(PHRASEBOOK_END) {
            bail!("{name} is a phrasebook; hint: give the persona's file, which finds the phrasebook beside it");
        }
        let read = |file: &Path| {
            let name = file.display();
            std::fs::read_to_string(file).with_context(|| {
                format!("{name} cannot be read; hint: check the path, or start with `vachak persona show benaud > mine.toml`")
            })
        };
        let text = read(file)?;
        let beside = PathBuf::from(format!("{}{PHRASEBOOK_END}", name.strip_suffix(".toml").unwrap_or(&name)));
        let phrasebook = if beside.exists() { Some((beside.display().to_string(), read(&beside)?)) } else { None };
        Ok(Self { name, text, phrasebook })
    }

    /// The persona, and all phrasebooks with its own.
    fn parse(&self) -> anyhow::Result<(Persona, Phrasebook)> {
        let persona = Persona::from_toml(&self.text, &self.name)?;
        let mut books = Phrasebook::builtin();
        if let Some((name, text)) = &self.phrasebook {
            books.add_toml(text, name)?;
        }
        Ok((persona, books))
    }
}
