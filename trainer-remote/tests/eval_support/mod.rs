//! Matches, models and scripted writers for the tests of the evaluation.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by several test programs; a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use futures_util::{StreamExt, future::BoxFuture, stream};
use llm::{Backend, Piece, TextStream, Usage, WriteError, WriteRequest, Writer, WriterInfo};
use tokio::time::Instant;
use trainer_remote::eval::{EvalError, Evaluation, Source, System, report::Report, run};

/// A file or folder of `../shared` beside the repository, or of `VACHAK_SHARED`; says on stderr when it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("VACHAK_SHARED").map(PathBuf::from);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = here.ancestors().map(|folder| folder.join("../shared"));
    let found = named.into_iter().chain(beside).map(|shared| shared.join(name)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: no {name}; expected in ../shared beside the repository, or in VACHAK_SHARED");
    }
    found
}

/// A small evaluation: quick, and with enough lines for differences to show; of the voices that say the scripts' short
/// English lines.
pub(crate) fn small() -> Evaluation {
    let personas = ["benaud", "greig", "doshi"].map(str::to_owned).to_vec();
    Evaluation { balls: 200, matches: 8, resamples: 1000, style_matches: 4, personas, ..Evaluation::default() }
}

/// Evaluates systems on the sample matches; `None` where they are absent.
pub(crate) fn evaluated(settings: &Evaluation, systems: &[System]) -> Option<(Report, tempfile::TempDir)> {
    let samples = shared("data/samples")?;
    let out = tempfile::tempdir().unwrap();
    let cancel = tokio_util::sync::CancellationToken::new();
    let quiet = trainer_remote::progress::Quiet;
    let report = run(settings, systems, &Source::all(&samples), out.path(), 7, &quiet, &cancel).unwrap();
    Some((report, out))
}

/// Why an evaluation on the sample matches comes to nothing; `None` where they are absent.
pub(crate) fn refused(settings: &Evaluation, systems: &[System]) -> Option<EvalError> {
    let samples = shared("data/samples")?;
    let out = tempfile::tempdir().unwrap();
    let cancel = tokio_util::sync::CancellationToken::new();
    let quiet = trainer_remote::progress::Quiet;
    Some(run(settings, systems, &Source::all(&samples), out.path(), 7, &quiet, &cancel).unwrap_err())
}

/// A writer that replies as a function of the prompt tells it to.
pub(crate) struct Scripted<F>(pub(crate) F);

impl<F: Fn(&WriteRequest) -> Result<String, WriteError> + Send + Sync> Writer for Scripted<F> {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::OpenAi, model: "scripted".to_owned() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        let pieces = match (self.0)(&request) {
            Ok(text) => vec![Ok(Piece::Text(text)), Ok(Piece::End(Usage::default()))],
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces).boxed()
    }

    fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }
}

/// What to say of an event, in four words at most and true whenever it stands.
const SAID: [(&str, &str); 24] = [
    ("hat trick", "Hat-trick!"),
    ("golden duck", "A golden duck."),
    ("duck", "Out for a duck."),
    ("bowled", "Bowled."),
    ("caught and bowled", "Caught and bowled."),
    ("caught", "Caught."),
    ("lbw", "LBW, out."),
    ("run out", "Run out."),
    ("stumped", "Stumped."),
    ("hit wicket", "Hit wicket."),
    ("win", "They win it."),
    ("big century", "A hundred."),
    ("century", "A hundred."),
    ("fifty", "Fifty."),
    ("no ball", "No-ball."),
    ("wide", "Wide."),
    ("six", "Six."),
    ("four", "Four."),
    ("three", "Three runs."),
    ("two", "Two runs."),
    ("single", "A single."),
    ("leg bye", "Leg byes."),
    ("bye", "Byes."),
    ("dot", "No run."),
];

/// A writer of slots that names the most telling event it has words for, and always speaks the truth.
pub(crate) fn oracle() -> Scripted<impl Fn(&WriteRequest) -> Result<String, WriteError> + Send + Sync> {
    Scripted(|request: &WriteRequest| {
        let line = |title: &str| request.prompt.lines().find_map(|line| line.strip_prefix(title)).unwrap_or_default();
        if request.prompt.contains(" colour ") {
            return Ok("{batter} on {batter_runs}.".to_owned());
        }
        let events = line("event ").split(", ").collect::<Vec<_>>();
        let said = SAID.iter().find(|(event, _)| events.contains(event)).map_or("{score}.", |(_, said)| *said);
        Ok(said.to_owned())
    })
}
