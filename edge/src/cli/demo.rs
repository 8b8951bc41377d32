//! `vachak demo`: a match on this terminal, with nothing set up.
//!
//! Everything is real and on loopback: a broker, the daemon with a journal of its own, a feed that publishes the match,
//! and this terminal as a listener that subscribes to the commentary like any other.

mod stage;

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use commentary::{Layout, Personas};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    event::Event,
    scorecard,
};
use tokio_util::sync::CancellationToken;

use crate::{
    broker::EmbeddedBroker,
    replay::{BrokerUrl, Plan, Publisher, Settings, Speed, source, tempo},
    run,
    terminal::{
        broadcast::Broadcast,
        client::Client,
        palette::{self, paint},
        panel::{self, Header},
    },
};

/// The invented match: `vachak simulate` made it, see `data/README.md`.
const BUNDLED: &[u8] = include_bytes!("../../data/demo-match.json");
/// How long the demo takes when no speed is asked for.
const LENGTH: Duration = Duration::from_secs(210);
/// No pause of the demo is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const PLAIN_WIDTH: usize = 100;

/// Arguments of `vachak demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How fast: 1 is the tempo at the ground, max without pauses [default: such that it takes about four minutes].
    #[arg(long)]
    speed: Option<Speed>,
    /// Who speaks, joined by commas.
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', default_value = "benaud,greig")]
    personas: Vec<String>,
    /// A GGUF model to write the lines, embedded; without it the program's own does.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// No model: the phrasebook speaks.
    #[arg(long, conflicts_with = "model")]
    phrasebook: bool,
    /// How prompts are laid out for the model: chatml, llama3, gemma, mistral, compact or slots [default: as its file
    /// says, else chatml].
    #[arg(long, value_name = "LAYOUT", requires = "model")]
    layout: Option<Layout>,
    /// A Cricsheet JSON file to play instead of the bundled match.
    #[arg(long = "match", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Port of the page; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_value_t = 8787)]
    port: u16,
    /// Port of the broker; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    broker_port: u16,
}

/// Plays the match.
///
/// # Errors
/// When the match or the model cannot be read, or a port is taken.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(model) = args.model.as_deref().filter(|model| !model.is_file()) {
        bail!(
            "{}: there is no such model file; hint: give a GGUF file, or leave --model out and hear the one that comes with the program",
            model.display()
        );
    }
    stage::start_log();
    let (match_id, record) = read_match(args.file.as_deref())?;
    let events = cricsheet::to_events(match_id.as_str(), &record);
    let voices = voices(&args.personas)?;
    let speed = args.speed.unwrap_or_else(|| comfortable(&events));
    let port = args.broker_port;
    let broker = tokio::task::spawn_blocking(move || EmbeddedBroker::start(port)).await??;
    let url = BrokerUrl::local(broker.address().port());

    let journal = tempfile::tempdir().context("no room for the demo's journal in the temporary directory")?;
    let daemon = run::start(stage::config(&args, broker.address(), journal.path())).await?;
    let stop = CancellationToken::new();
    tokio::spawn(super::stop_on_signal(stop.clone()));
    let shown = async {
        stage::until_online(&url, &stop).await?;
        let header = Header {
            title: title(&record),
            page: daemon.page.map(|page| format!("http://{page}/")),
            broker: url.to_string(),
            voices: voices.iter().map(|(_, name)| name.clone()).collect(),
        };
        broadcast(&header, url.clone(), Plan::new(match_id.as_str(), events, None, None, 1), voices, speed, &stop).await
    }
    .await;
    // Whatever happened to the terminal, the daemon is stopped in order and its journal is removed.
    let orderly = daemon.shutdown().await;
    shown?;
    if !orderly {
        bail!(
            "the daemon did not stop in time; hint: start the demo again with RUST_BACKTRACE=1 and report what it says"
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn broadcast(
    header: &Header,
    url: BrokerUrl,
    plan: Plan,
    voices: Vec<(String, String)>,
    speed: Speed,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let (terminal, width) = screen();
    // Locked for each write only: the daemon's log shares the terminal.
    let mut out = anstream::stdout();
    write!(out, "{}", panel::header(header, width))?;
    let screen = Broadcast::new(plan.match_id.clone(), width, voices);
    let client = Client::connect(url.clone(), "cricket", &plan.match_id, screen, terminal).await?;
    let settings = Settings {
        broker: url,
        base_topic: "cricket".to_owned(),
        speed,
        longest_pause: LONGEST_PAUSE,
        listener: Some(client.scored()),
    };
    let publisher = Publisher::connect(settings, plan).await?;
    let (feed, screen) = (stop.child_token(), stop.child_token());
    let played = async {
        let played = publisher.play(&feed, |_| {}).await;
        // A match without a result in its file: the screen would wait for one.
        screen.cancel();
        played
    };
    let shown = async {
        let shown = client.show(&mut out, &screen).await;
        // The reader has gone, or the last word is said: the feed need not wait for anybody.
        feed.cancel();
        shown
    };
    let (played, shown) = tokio::join!(played, shown);
    let heard = shown?;
    played?;
    if stop.is_cancelled() {
        writeln!(out, "\n  stopped")?;
    } else {
        write!(out, "\n{}\n", super::score::coloured(&scorecard::text(heard.state(), super::score::width())))?;
        write!(out, "{}", what_next())?;
    }
    out.flush()?;
    Ok(())
}

fn what_next() -> String {
    let hints = [
        ("vachak demo --personas doshi,greig", "other voices"),
        ("vachak demo --model FILE.gguf", "lines written by a language model of yours"),
        ("vachak demo --phrasebook", "no model at all"),
        ("vachak replay FILE --speed 60", "a real match from cricsheet.org through your own broker"),
        ("vachak score FILE", "its scorecard"),
        ("vachak run --config FILE", "the daemon, here or on a Raspberry Pi"),
    ];
    let hints = hints.map(|(command, words)| format!("    {command:36} {}\n", paint(palette::QUIET, words)));
    [format!("  {}\n", paint(palette::SCORE, "What next")), hints.concat()].concat()
}

fn read_match(file: Option<&Path>) -> anyhow::Result<(String, CricsheetMatch)> {
    match file {
        Some(file) => Ok((source::match_id(file), source::read(file)?)),
        None => Ok(("demo".to_owned(), cricsheet::read(BUNDLED).context("the bundled match cannot be read")?)),
    }
}

/// Ids and names of the personas.
fn voices(wanted: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let known = Personas::house();
    wanted
        .iter()
        .map(|id| {
            if let Some(persona) = known.get(id.trim()) {
                return Ok((persona.id.clone(), persona.name.clone()));
            }
            let ids: Vec<&str> = known.iter().map(|persona| persona.id.as_str()).collect();
            bail!("nobody here is called '{id}'; hint: --personas takes {}", ids.join(", "))
        })
        .collect()
}

fn title(record: &CricsheetMatch) -> String {
    let info = &record.info;
    let sides: Vec<&str> = info.teams.iter().map(AsRef::as_ref).collect();
    let place = info.venue.as_deref().map(|venue| format!(", {venue}")).unwrap_or_default();
    format!("{}  {}{place}", sides.join(" v "), info.match_type)
}

/// The speed at which the match takes [`LENGTH`].
fn comfortable(events: &[Event]) -> Speed {
    let pauses: Vec<Duration> = events
        .iter()
        .scan(None, |previous, event| {
            let pause = tempo::pause_before(*previous, event);
            *previous = Some(event);
            Some(pause)
        })
        .collect();
    let total: Duration = pauses.iter().sum();
    Speed::Times((total.as_secs_f64() / LENGTH.as_secs_f64()).max(1.0))
}

/// Whether there is a terminal, and how wide it is.
fn screen() -> (bool, usize) {
    let terminal = std::io::stdout().is_terminal();
    let width = terminal_size::terminal_size().map_or(0, |(terminal_size::Width(width), _)| usize::from(width));
    (terminal, if terminal && width > 0 { width } else { PLAIN_WIDTH })
}
