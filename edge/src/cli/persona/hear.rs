//! `vachak persona try`: a stretch of a match in a persona's voice, on the terminal.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::bail;
use commentary::{
    Archive, CheckedLine, LineKind, Memory, Moment, NoArchive, Persona, Phrasebook, Reply, decide, notes,
    prompt::render_among,
    render,
    reply::{TRIES, judge},
};
use cricket::{
    cricsheet,
    event::EventData,
    overs::OverBall,
    score::{Match, MatchState},
};
use llm::{WriteRequest, collect};
use serde_json::json;

use super::Files;
use crate::{
    booth::writers::{self, Built, Model},
    cli::run::Sourced,
    config::{self, Config},
    past::{Past, PastOf},
    replay::source,
    terminal::{
        clean::clean,
        palette::{self, paint},
    },
};

/// A line of a model is waited for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Arguments of `vachak persona try`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The persona's file, NAME.toml; or the id of a built-in one.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A match in Cricsheet's JSON format; `-` is stdin.
    #[arg(long = "match", value_name = "FILE")]
    game: PathBuf,
    /// From this innings, counted from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    innings: u8,
    /// From this ball, such as 12.1: after twelve overs, the first.
    #[arg(long, value_name = "OVER.BALL", default_value = "0.1")]
    from: OverBall,
    /// So many balls.
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..))]
    balls: u32,
    /// The configured model writes; the phrasebook stands in where it has nothing true to say.
    #[arg(long)]
    model: bool,
    /// Past matches, as `vachak archive add` keeps them, for what is said of records and history; the configured
    /// archive.path, where that is there, when absent.
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
    #[command(flatten)]
    sourced: Sourced,
    /// As JSON, a line each.
    #[arg(long)]
    json: bool,
}

/// A voice ready to speak.
struct Speaker {
    persona: Persona,
    books: Phrasebook,
    memory: Memory,
    model: Option<Model>,
    /// All past matches, and those before this one once its facts are known.
    past: Option<Past>,
    before: Option<PastOf>,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (persona, books) = Files::read(&args.file)?.parse()?;
    let config = config::load(&args.sourced.sources())?;
    let past = past(args.archive.as_deref(), &config)?;
    let model = if args.model { Some(model(&config)?) } else { None };
    let record = source::read(&args.game)?;
    let mut speaker = Speaker { persona, books, memory: Memory::new(), model, past, before: None };
    crate::cli::in_runtime(async move { speak(&args, &record, &mut speaker).await })
}

/// The archive that was named, else the configured one: one that is only configured may be missing, as for the daemon.
fn past(named: Option<&Path>, config: &Config) -> anyhow::Result<Option<Past>> {
    let configured = || config.archive.path.as_deref().filter(|path| path.exists());
    named.or_else(configured).map(Past::open).transpose().map_err(Into::into)
}

fn model(config: &Config) -> anyhow::Result<Model> {
    match writers::build(config)? {
        Built::Model(model) => Ok(model),
        Built::None => bail!("no model is configured; hint: set model.backend, or leave --model out"),
        Built::Missing(error) => Err(error.into()),
    }
}

async fn speak(args: &Args, record: &cricsheet::CricsheetMatch, speaker: &mut Speaker) -> anyhow::Result<ExitCode> {
    let id = source::match_id(&args.game);
    let mut game = Match::new(id.as_str());
    let mut out = anstream::stdout().lock();
    let (mut begun, mut heard) = (false, 0);
    for event in cricsheet::to_events(id.as_str(), record) {
        let applied = game.apply(event.clone());
        if let (EventData::MatchInfo(_), Some(info)) = (&event.data, &game.state().info) {
            speaker.before = speaker.past.as_ref().and_then(|past| past.of(info));
        }
        if let EventData::Delivery(ball) = &event.data {
            begun = begun || ball.innings == args.innings && (ball.over, ball.pos) >= (args.from.over, args.from.ball);
            heard += u32::from(begun);
            if heard > args.balls {
                break;
            }
        }
        if !begun {
            continue;
        }
        let formed = Moment::form(game.state(), &event, &applied.happenings, archive(speaker.before.as_ref()));
        let Some(moment) = formed else { continue };
        let kinds = decide(&moment, &speaker.persona, &speaker.memory).kinds;
        if kinds.is_empty() && !args.json {
            writeln!(out, "{}", paint(palette::QUIET, format!("{:10} (quiet)", moment.key)))?;
        }
        for kind in kinds {
            let line = speaker.line(kind, game.state(), &moment).await?;
            told(&mut out, args.json, &moment, kind, line.as_ref().map(|(line, by)| (line.text(), *by)))?;
        }
    }
    if !begun {
        bail!(
            "innings {} has no ball {}; hint: `vachak score FILE` shows how long each innings was",
            args.innings,
            args.from
        );
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn told(
    out: &mut impl Write,
    as_json: bool,
    moment: &Moment,
    kind: LineKind,
    line: Option<(&str, &str)>,
) -> anyhow::Result<()> {
    let (text, origin) = line.unzip();
    if as_json {
        let line = json!({"key": moment.key.as_str(), "kind": kind.name(), "text": text, "origin": origin});
        writeln!(out, "{line}")?;
    } else {
        let text = text.map_or_else(|| paint(palette::QUIET, "(no words)"), clean);
        let by = if origin == Some("model") { paint(palette::QUIET, " *") } else { String::new() };
        writeln!(out, "{:10} {:10} {text}{by}", moment.key, kind.name())?;
    }
    Ok(())
}

fn archive(before: Option<&PastOf>) -> &dyn Archive {
    before.map_or(&NoArchive, |before| before)
}

impl Speaker {
    /// A line and who wrote it.
    async fn line(
        &mut self,
        kind: LineKind,
        state: &MatchState,
        moment: &Moment,
    ) -> anyhow::Result<Option<(CheckedLine, &'static str)>> {
        if self.persona.notes > 0 && kind == LineKind::Over {
            let line = notes::line(state, moment, archive(self.before.as_ref()), &self.persona, &mut self.memory);
            return Ok(line.map(|line| (line, "notes")));
        }
        if matches!(kind, LineKind::Call | LineKind::Colour)
            && let Some(model) = &self.model
            && let Some(line) = self.written(model, kind, moment).await?
        {
            self.memory.remember(moment, line.text());
            return Ok(Some((line, "model")));
        }
        let line = self.books.line_on_air(kind, moment, &self.persona, &mut self.memory);
        Ok(line.map(|line| (line, "phrasebook")))
    }

    async fn written(&self, model: &Model, kind: LineKind, moment: &Moment) -> anyhow::Result<Option<CheckedLine>> {
        let (layout, mut sampling) = (model.layout, model.sampling);
        let mut prompt = render(moment, &self.persona, kind, layout);
        for _ in 0..TRIES {
            let until = tokio::time::Instant::now() + PATIENCE;
            let asked = model.request(&prompt, moment, &self.persona, &self.memory, until);
            let request = WriteRequest { sampling, ..asked };
            let text = collect(&*model.writer, request).await?.text;
            match judge(&text, kind, moment, &self.persona, layout, &self.memory) {
                Reply::Line(line) => return Ok(Some(line)),
                Reply::Repeat(_) => {}
                Reply::Refused(rejection) => {
                    prompt = render_among(&[&self.persona], moment, &self.persona, kind, layout, Some(&rejection));
                }
            }
            // The same seed and prompt would only bring the same line again.
            sampling.seed = sampling.seed.map(|seed| seed.wrapping_add(1));
        }
        Ok(None)
    }
}
