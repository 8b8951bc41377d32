//! `vachak bench`: how fast models write on this machine.
//!
//! Every model is asked for the same lines of the same invented matches, by the prompts that the daemon would make
//! (`balls`); `subject` opens the models, `measure` takes the times, `figures` sums them up, `device` reads what
//! the machine tells of itself, `show` and `picture` present it.

mod balls;
mod device;
mod figures;
mod measure;
mod picture;
mod show;
mod subject;

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use commentary::Layout;
use llm::{
    WriteError,
    bandwidth::{self, Bandwidth},
};
use tokio_util::sync::CancellationToken;

use self::{
    device::{Device, Throttling},
    figures::{Measured, Memory, Report, milliseconds},
    measure::Plan,
    subject::{Setup, Source, Subject, told},
};
use super::{exit, progress::Shown, run::Sourced, stop_on_signal};
use crate::config;

/// Tokens of a line of random weights, which never ends by itself: what a line of commentary has, roughly.
const RANDOM_LINE: u32 = 24;
/// Lines of which nothing was computed before, and balls for each number of lines at once, at most.
const MOST_COLD: usize = 5;
const MOST_REPEATS: usize = 3;

/// Arguments of `vachak bench`.
///
/// Without a model the configured one is measured, else the program's own; several are measured one after another, on the
/// same prompts.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A GGUF file, in this process; may be given several times, as the others.
    #[arg(long, value_name = "FILE")]
    embedded: Vec<PathBuf>,
    /// Random weights in a real model's shape, as fast as that one: qwen2.5-0.5b or qwen2.5-1.5b; Q4_K_M, Q4_0 or Q8_0.
    #[arg(long, value_name = "NAME[:QUANTISATION]")]
    synthetic: Vec<String>,
    /// A model of an Ollama server.
    #[arg(long, value_name = "MODEL")]
    ollama: Vec<String>,
    /// A model of a server that speaks OpenAI's /v1/completions.
    #[arg(long, value_name = "MODEL")]
    openai: Vec<String>,
    /// The server's address; Ollama's is OLLAMA_HOST, else port 11434 of this machine, when absent.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Ollama's address, where --url is the other server's.
    #[arg(long, value_name = "URL")]
    ollama_url: Option<String>,
    /// Balls in a row.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=5000))]
    balls: u16,
    /// Lines of one ball at once, from one to so many; 0 leaves that out.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(0..=balls::MOST_LINES as i64))]
    at_once: u8,
    /// The most tokens of a line [default: as the prompt says; 24 of random weights, whose lines never end by themselves].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1024))]
    tokens: Option<u32>,
    /// Threads of models in this process [default: as configured, else one a core, four at most].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=64))]
    threads: Option<u64>,
    /// How prompts are laid out: chatml, llama3, gemma, mistral, compact or slots [default: as the model's file says, else
    /// chatml].
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,
    /// Where models of random weights are kept [default: the user's cache directory].
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Draw it.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sourced: Sourced,
}

/// Measures one model after another and prints the figures.
///
/// # Errors
/// A wrong name or address, no model at all that could be measured, output that cannot be written.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = config::load(&args.sourced.sources())?;
    let threads = args.threads.or(config.model.threads.map(config::Bounded::get));
    let sources = args.sources()?;
    let directory = args.directory.clone().or_else(cache_directory).unwrap_or_else(std::env::temp_dir);
    let setup = Setup { config, layout: args.layout, threads, directory };
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));

    let readers = threads.map_or_else(usual_threads, |threads| threads as usize);
    let memory = tokio::task::spawn_blocking(move || bandwidth::measure(readers)).await?;
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION"),
        device: Device::here(),
        memory: Memory {
            bytes_per_second: memory.bytes_per_second,
            threads: memory.threads,
            cache_bytes: (memory.caches > 0).then_some(memory.caches as u64),
        },
        balls: args.balls.into(),
        cast: balls::CAST.to_vec(),
        models: Vec::new(),
        stopped: false,
    };
    for source in &sources {
        if stop.is_cancelled() {
            break;
        }
        report.models.push(one(source, &setup, &args, &memory, &stop).await?);
    }
    report.stopped = stop.is_cancelled();
    let errors: Vec<&str> = report.models.iter().filter_map(|model| model.error.as_deref()).collect();
    let is_empty = report.models.iter().all(|model| model.cold.is_none() && model.warm.is_none());
    if is_empty && !errors.is_empty() && !args.json {
        bail!("{}", errors.join("\n"));
    }
    args.present(&report)?;
    if !report.stopped && report.models.iter().any(|model| model.error.is_some()) {
        return Ok(ExitCode::from(exit::USER));
    }
    Ok(ExitCode::SUCCESS)
}

/// One model's figures. What goes wrong with it is among them, so that the others are measured all the same.
async fn one(
    source: &Source,
    setup: &Setup,
    args: &Args,
    memory: &Bandwidth,
    stop: &CancellationToken,
) -> anyhow::Result<Measured> {
    let mut measured = Measured { name: source.name(), ..Measured::default() };
    device::forget_peak();
    let before = Throttling::read();
    match opened(source, setup, stop).await {
        Ok(Some(subject)) => {
            if let Err(error) = all(&subject, args, memory, stop, &mut measured).await? {
                measured.error = Some(told(&error).to_string());
            }
        }
        Ok(None) => {}
        Err(error) => measured.error = Some(format!("{error:#}")),
    }
    measured.throttling = before.zip(Throttling::read()).map(|(before, after)| after.since(&before));
    Ok(measured)
}

/// The model, ready; `None` when the user stopped it meanwhile.
async fn opened(source: &Source, setup: &Setup, stop: &CancellationToken) -> anyhow::Result<Option<Subject>> {
    let (name, source, setup) = (source.name(), source.clone(), setup.clone());
    let opening = tokio::task::spawn_blocking(move || {
        let mut shown = Shown::new();
        let opened = source.open(&setup, |done, all| {
            shown.update(done, all, || format!("writing {name}: {} of {} MB", done / 1_000_000, all / 1_000_000));
        });
        shown.end();
        opened
    });
    tokio::select! {
        opened = opening => opened?.map(Some),
        () = stop.cancelled() => Ok(None),
    }
}

/// Everything that can be measured of a model; the inner error is the model's.
async fn all(
    subject: &Subject,
    args: &Args,
    memory: &Bandwidth,
    stop: &CancellationToken,
    measured: &mut Measured,
) -> anyhow::Result<Result<(), WriteError>> {
    let plan = args.plan(subject.is_random);
    let balls = balls::play(plan.all_balls(), subject.model.layout)?;
    measured.name.clone_from(&subject.name);
    measured.is_random = subject.is_random;
    measured.tokens_per_line = plan.tokens;
    measured.file_bytes = subject.file.as_ref().map(|file| file.bytes);
    measured.load_ms = subject.load.map(milliseconds);
    let mut shown = Shown::new();
    let mut done = 0;
    let mut tick = |what: &str| {
        done += 1;
        shown.update(done, plan.steps() as u64, || format!("{}: {what}", subject.name));
    };
    let outcome = measure::measure(subject, &balls, plan, stop, measured, &mut tick).await;
    shown.end();
    if let Some(file) = &subject.file {
        measured.peak_memory_bytes = device::peak_memory();
        measured.against(memory, file.bytes_per_token);
    }
    // Being stopped by the user is no fault of the model's.
    Ok(outcome.or_else(|error| if error == WriteError::Cancelled { Ok(()) } else { Err(error) }))
}

impl Args {
    /// What is to be measured, in the order of the options' list.
    fn sources(&self) -> anyhow::Result<Vec<Source>> {
        if self.url.is_some() && !self.ollama.is_empty() && !self.openai.is_empty() && self.ollama_url.is_none() {
            bail!("--url could be either server's; hint: give Ollama's as --ollama-url");
        }
        let mut sources: Vec<Source> = self.embedded.iter().cloned().map(Source::Embedded).collect();
        for name in &self.synthetic {
            sources.push(synthetic(name)?);
        }
        let for_ollama = if self.openai.is_empty() { self.url.clone() } else { None };
        let ollama = self.ollama_url.clone().or(for_ollama);
        sources.extend(self.ollama.iter().map(|model| Source::Ollama(model.clone(), ollama.clone())));
        for model in &self.openai {
            let url =
                self.url.clone().context("--openai needs its server's address; hint: add --url http://HOST:PORT")?;
            sources.push(Source::OpenAi(model.clone(), url));
        }
        if sources.is_empty() {
            sources.push(Source::Configured);
        }
        Ok(sources)
    }

    fn plan(&self, is_random: bool) -> Plan {
        let balls = usize::from(self.balls);
        Plan {
            cold: balls.min(MOST_COLD),
            balls,
            at_once: self.at_once.into(),
            repeats: balls.div_ceil(40).min(MOST_REPEATS),
            tokens: self.tokens.or(is_random.then_some(RANDOM_LINE)),
        }
    }

    /// Draws and prints.
    fn present(&self, report: &Report) -> anyhow::Result<()> {
        if let Some(file) = &self.svg {
            std::fs::write(file, picture::svg(report)).with_context(|| {
                format!("{} cannot be written; hint: check the folder and the disk", file.display())
            })?;
        }
        let mut out = anstream::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string_pretty(report)?)?;
        } else {
            write!(out, "{}", show::table(report))?;
        }
        out.flush()?;
        Ok(())
    }
}

#[cfg(feature = "llama")]
fn synthetic(name: &str) -> anyhow::Result<Source> {
    let model = name
        .parse()
        .map_err(|error: llm::synthetic::SyntheticError| anyhow::anyhow!("{error}; hint: {}", error.hint()));
    model.map(Source::Synthetic)
}

#[cfg(not(feature = "llama"))]
fn synthetic(_: &str) -> anyhow::Result<Source> {
    bail!("this build has no embedded model; hint: use --ollama or --openai, or a build with the feature `llama`")
}

#[cfg(feature = "llama")]
fn usual_threads() -> usize {
    llm::embedded::usual_threads()
}

#[cfg(not(feature = "llama"))]
fn usual_threads() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// Where this user's programs keep what they can make again.
fn cache_directory() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = from("XDG_CACHE_HOME").or_else(|| Some(from("HOME")?.join(".cache")))?;
    Some(cache.join("vachak/models"))
}
