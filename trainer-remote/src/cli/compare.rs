//! `trainer-remote compare`: any models side by side, on any matches.

use std::{io::Write as _, path::PathBuf};

use commentary::Layout;
use llm::{OllamaConfig, OpenAiConfig, Secret};
use trainer_remote::{
    eval::{self, Evaluation, Source, System, system::Model},
    run::{Screen, Stop, Teller, on_signals},
};

/// Arguments of `trainer-remote compare`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A GGUF file, run in this process; may be given again.
    #[arg(long, value_name = "FILE")]
    gguf: Vec<PathBuf>,
    /// Each GGUF once more, held while it writes to the names, numbers and events of the moment.
    #[arg(long)]
    grounded: bool,
    /// A model on an Ollama server: NAME, or NAME@URL where it is not OLLAMA_HOST's; may be given again.
    #[arg(long, value_name = "NAME[@URL]")]
    ollama: Vec<String>,
    /// A model on a server that speaks OpenAI's completions; may be given again. OPENAI_API_KEY is sent where it is set.
    #[arg(long, value_name = "NAME@URL")]
    openai: Vec<String>,
    /// How prompts are laid out, for all of them [default: as a GGUF says of itself, else chatml].
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,
    /// The matches: a Cricsheet file, a folder, or a .tar.zst of them.
    #[arg(long, value_name = "PATH")]
    source: PathBuf,
    /// Balls that are asked about.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    balls: usize,
    /// Matches that they come from.
    #[arg(long, value_name = "N", default_value_t = 40)]
    matches: usize,
    /// Whose lines, joined by commas [default: every built-in persona's].
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    personas: Vec<String>,
    /// The same seed asks the same questions.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The folder for report.json, report.md and report.html.
    #[arg(long, value_name = "DIR", default_value = "comparison")]
    out: PathBuf,
    /// The report as JSON on stdout.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let systems = systems(args)?;
    let settings = Evaluation {
        balls: args.balls,
        matches: args.matches,
        personas: args.personas.clone(),
        ..Evaluation::default()
    };
    let stop = Stop::new();
    on_signals(stop.clone())?;
    let teller = Teller::new(if args.json { Screen::Silent } else { Screen::fitting() }, None);
    let report = eval::run(&settings, &systems, &Source::all(&args.source), &args.out, args.seed, &teller, &stop)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}\nThe whole report: {}", report.table(), args.out.join("report.html").display())?;
    }
    Ok(())
}

fn systems(args: &Args) -> anyhow::Result<Vec<System>> {
    let mut systems = Vec::new();
    for file in &args.gguf {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        systems.push(System { layout: args.layout, ..System::gguf(name.clone(), file) });
        if args.grounded {
            let name = format!("{name} grounded");
            systems.push(System { layout: args.layout, grounded: true, ..System::gguf(name, file) });
        }
    }
    let server = |name: &str, model| System {
        name: name.to_owned(),
        layout: args.layout,
        model,
        grounded: false,
        perplexity: None,
    };
    for text in &args.ollama {
        let (name, url) = text.split_once('@').map_or((text.as_str(), None), |(name, url)| (name, Some(url)));
        let config = OllamaConfig { url: url.map(str::to_owned), ..OllamaConfig::new(name) };
        systems.push(server(name, Model::Ollama(config)));
    }
    for text in &args.openai {
        let Some((name, url)) = text.split_once('@') else {
            anyhow::bail!("--openai {text} names no server; hint: write it as NAME@http://HOST:PORT");
        };
        let api_key = std::env::var("OPENAI_API_KEY").ok().filter(|key| !key.is_empty()).map(Secret::new);
        let config = OpenAiConfig { url: url.to_owned(), model: name.to_owned(), api_key };
        systems.push(server(name, Model::OpenAi(config)));
    }
    if systems.is_empty() {
        anyhow::bail!("no model is named; hint: give --gguf FILE, --ollama NAME or --openai NAME@URL");
    }
    Ok(systems)
}
