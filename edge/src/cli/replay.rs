//! `vachak replay`: publishes Cricsheet files as a live feed would, and tells how the booth did.

mod hearing;
mod page;
mod report;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::bail;
use cricket::{
    cricsheet,
    event::{Event, EventData},
    score::Match,
};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    config::bounded::is_topic_level,
    replay::{BrokerUrl, Plan, Publisher, Settings, Speed, Start, link::LinkState, publisher::previous_status, source},
    terminal::score_text,
};

use hearing::Hearing;

/// Seed of the mishaps when none is given; a fixed one, so that a run can be repeated.
const SEED: u64 = 1;

/// Arguments of `vachak replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Cricsheet JSON files, played one after the other; `-` is stdin.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The broker: mqtt://[USER:PASSWORD@]HOST[:PORT].
    #[arg(
        long,
        value_name = "URL",
        default_value = "mqtt://127.0.0.1:1883",
        env = "VACHAK_REPLAY_BROKER",
        hide_env_values = true
    )]
    broker: BrokerUrl,
    /// How fast: 1 is the tempo at the ground (38 s a ball), 60 a minute in a second, max without pauses.
    #[arg(long, default_value = "60")]
    speed: Speed,
    /// The match's id on the broker [default: the file's name].
    #[arg(long, value_name = "ID", value_parser = topic_level)]
    match_id: Option<String>,
    /// Begin at this ball, over.ball or innings:over.ball, overs from 0; what came before is told at once.
    #[arg(long, value_name = "OVER.BALL")]
    from: Option<Start>,
    /// Do what real feeds do: duplicates, disorder, late corrections, a ball that never was. The match ends as in the file.
    #[arg(long)]
    chaos: bool,
    /// Seed of the chaos.
    #[arg(long, value_name = "N", requires = "chaos", default_value_t = SEED)]
    seed: u64,
    /// Listen to the booth, and write here who wrote its lines, how soon they came and what they cost: a page, or JSON
    /// where the name ends in .json.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// First levels of the topics.
    #[arg(long, value_name = "TOPIC", default_value = "cricket", value_parser = base_topic)]
    base_topic: String,
}

/// Plays the files.
///
/// # Errors
/// When a file is no match, or the broker cannot be reached.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if args.match_id.is_some() && args.files.len() > 1 {
        bail!(
            "--match-id names one match, but {} files are given; hint: give one file, or leave --match-id out",
            args.files.len()
        );
    }
    if args.report.is_some() && args.files.len() > 1 {
        bail!("--report is of one match, but {} files are given; hint: give one file", args.files.len());
    }
    // All files are read before the first is played: a wrong one is found now and not in three hours.
    let matches = args.files.iter().map(|file| source::read(file)).collect::<Result<Vec<_>, _>>()?;
    let stop = CancellationToken::new();
    tokio::spawn(super::stop_on_signal(stop.clone()));
    let settings = Settings {
        broker: args.broker.clone(),
        base_topic: args.base_topic.clone(),
        speed: args.speed,
        longest_pause: Duration::MAX,
        listener: None,
    };
    for (file, record) in args.files.iter().zip(matches) {
        let (match_id, epoch) = place_on_broker(&settings, args.match_id.as_deref(), file).await?;
        let events = cricsheet::to_events(match_id.as_str(), &record);
        let plan = Plan::new(match_id.as_str(), events, args.from, args.chaos.then_some(args.seed), epoch);
        if plan.sends.is_empty() {
            bail!("{}: nothing to play from there; hint: choose an earlier --from", file.display());
        }
        play(&settings, plan, args.report.as_deref(), &stop).await?;
        if stop.is_cancelled() {
            say("stopped; the feed is marked offline on the broker");
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A match that the broker already knows by this name gets another, because a daemon says nothing about a ball it has
/// already spoken about. Named by the user, it is the same feed after a restart: the next epoch.
async fn place_on_broker(settings: &Settings, chosen: Option<&str>, file: &Path) -> anyhow::Result<(String, u32)> {
    if let Some(id) = chosen {
        let epoch = previous_status(settings, id).await?.map_or(1, |status| status.epoch + 1);
        return Ok((id.to_owned(), epoch));
    }
    let name = source::match_id(file);
    let mut id = name.clone();
    let mut number = 1;
    while previous_status(settings, &id).await?.is_some() {
        number += 1;
        id = format!("{name}-{number}");
    }
    if number > 1 {
        say(&format!("{name} was already published here, so this time it is {id} (--match-id sets the name)"));
    }
    Ok((id, 1))
}

async fn play(settings: &Settings, plan: Plan, report: Option<&Path>, stop: &CancellationToken) -> anyhow::Result<()> {
    let (id, total) = (plan.match_id.clone(), plan.known.len() + plan.sends.len());
    say(&format!("{total} events of {id} to {} on {}/{id}/events", settings.broker, settings.base_topic));
    let mut hearing = match report {
        Some(file) => Some(Hearing::begin(file, settings.broker.clone(), &settings.base_topic, &id).await?),
        None => None,
    };
    let mut progress = Progress::new(&plan);
    let publisher = Publisher::connect(settings.clone(), plan).await?;
    let watcher = tokio::spawn(report_losses(publisher.state(), settings.broker.clone()));
    let sent = |event: &Event| {
        progress.note(event);
        if let Some(hearing) = &mut hearing {
            hearing.sent(event);
        }
    };
    let played = publisher.play(stop, sent).await;
    watcher.abort();
    progress.finish();
    if let (Some(hearing), Some(file)) = (hearing, report) {
        let spoken = hearing.end().await?.all.spoken_balls;
        let heard = if spoken == 0 { "; nobody spoke: is a daemon on this broker?" } else { "" };
        say(&format!("the booth's report is in {}{heard}", file.display()));
    }
    Ok(played?)
}

/// A bar on a terminal, a line an over elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    score: Match,
}

impl Progress {
    fn new(plan: &Plan) -> Self {
        let mut score = Match::new(plan.match_id.clone());
        if plan.in_play {
            for event in &plan.known {
                score.apply(event.clone());
            }
        }
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(plan.sends.len() as u64).with_style(style)
        });
        Self { bar, score }
    }

    fn note(&mut self, event: &Event) {
        let over = matches!(event.data, EventData::OverEnd(_)) && event.rev == 0;
        self.score.apply(event.clone());
        match &self.bar {
            Some(bar) => {
                bar.inc(1);
                if let Some(innings) = self.score.state().current() {
                    bar.set_message(score_text::with_overs(innings));
                }
            }
            None if over => {
                if let Some(innings) = self.score.state().current() {
                    say(&score_text::with_overs(innings));
                }
            }
            None => {}
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        if let Some(result) = score_text::result(self.score.state()) {
            say(&result);
        }
    }
}

async fn report_losses(mut state: watch::Receiver<LinkState>, broker: BrokerUrl) {
    while state.changed().await.is_ok() {
        match &*state.borrow_and_update() {
            LinkState::Lost(reason) => {
                say(&format!("lost the broker at {broker} ({reason}); trying again, nothing is lost"));
            }
            LinkState::Up(_) => say(&format!("the broker at {broker} is back")),
        }
    }
}

/// Talk goes to stderr; with nobody there to hear it, it goes unsaid.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(anstream::stderr(), "{text}");
}

fn topic_level(text: &str) -> Result<String, String> {
    if is_topic_level(text) {
        Ok(text.to_owned())
    } else {
        Err("a match id is one topic level of at most 64 letters: no space, '/', '+', '#' or '$'".to_owned())
    }
}

fn base_topic(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    if text.is_empty() || text.starts_with('/') || text.contains(['+', '#']) || text.chars().any(char::is_control) {
        return Err("topic levels joined by '/', without '+' or '#', such as cricket".to_owned());
    }
    Ok(text.to_owned())
}
