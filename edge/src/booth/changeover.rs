//! Takes up the model that is chosen while the daemon runs, without a restart and without a silent ball.
//!
//! The old model writes until the new one is loaded and has written a token; then they change places, and the old one goes
//! once its last line is finished. What cannot be loaded changes nothing and is said, in the log and in `writing.json`.
//! Looked at once a second is the state of two files, by their stamps: the choice, and the model's own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use llm::Backend;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    choice::{self, Choice, Stamp, Writing},
    exchange::{Exchange, Seat},
    writers::{self, Built, Model},
};
use crate::{
    clock,
    config::{Config, ConfigError, ModelBackend},
};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How long a model may take to write its first token: a large one on a slow machine reads its weights for it.
const FIRST_TOKEN: Duration = Duration::from_secs(120);
/// How long the last lines of the old model are waited for.
const LAST_LINES: Duration = Duration::from_secs(60);

/// The model to begin with, and what is to be said about it.
#[derive(Debug)]
pub struct Begun {
    /// The model, if there is one.
    pub model: Option<Model>,
    /// Who writes where that one cannot.
    pub second: Option<Model>,
    /// The state of the choice that was dealt with.
    seen: Option<Stamp>,
    /// Why it is not the wanted one.
    refused: Option<String>,
}

/// Builds the model to begin with, the chosen one, else the configured one, and the one that stands in for it. Loading takes
/// seconds and blocks.
///
/// # Errors
/// A configuration that can never work.
pub fn begin(config: &Config, directory: &Path) -> Result<Begun, ConfigError> {
    let (mut begun, missing) = begin_first(config, directory)?;
    let choice = begun.refused.is_none().then(|| choice::standing(config, directory).ok().flatten()).flatten();
    begun.second = stand_in(&choice::applied(config, choice.as_ref()))?;
    if let Some(words) = missing {
        if let Some(second) = &begun.second {
            let name = second.writer.info().model;
            tracing::error!("the configured model cannot be used, {name} writes in its place: {words}");
        } else {
            tracing::error!("there is no model, the phrasebook speaks: {words}");
        }
    }
    Ok(begun)
}

/// Loads the model that stands in for the wanted one, where there is to be one.
fn stand_in(wanted: &Config) -> Result<Option<Model>, ConfigError> {
    Ok(match writers::build_second(wanted)? {
        Built::None => None,
        Built::Model(second) => {
            tracing::info!("{} writes where the model cannot", second.writer.info().model);
            Some(second)
        }
        Built::Missing(error) => {
            tracing::warn!("no other model stands in for the first: {}", in_words(&error));
            None
        }
    })
}

/// The model to begin with; and why the configured one is not there, where it is wanted and missing.
fn begin_first(config: &Config, directory: &Path) -> Result<(Begun, Option<String>), ConfigError> {
    let seen = Stamp::of(&choice::choice_file(directory));
    let mut refused = None;
    if let Some(choice) = chosen(config, directory) {
        match writers::build(&choice::applied(config, Some(&choice)))? {
            Built::Missing(error) => {
                let words = in_words(&error);
                tracing::error!("the chosen model cannot be used, the configured one is taken: {words}");
                refused = Some(words);
            }
            Built::Model(model) => return Ok((Begun { model: Some(model), second: None, seen, refused }, None)),
            Built::None => {}
        }
    }
    let (model, missing) = match writers::build(config)? {
        Built::None => (None, None),
        Built::Model(model) => (Some(model), None),
        Built::Missing(error) => (None, Some(in_words(&error))),
    };
    let refused = refused.or_else(|| missing.clone());
    Ok((Begun { model, second: None, seen, refused }, missing))
}

/// The standing choice; one that cannot be read is as good as none, and said.
fn chosen(config: &Config, directory: &Path) -> Option<Choice> {
    choice::standing(config, directory).unwrap_or_else(|error| {
        tracing::error!("the choice of a model cannot be read, the configured one is taken: {error}; hint: `vachak model use` makes a new one");
        None
    })
}

fn in_words(error: &llm::WriteError) -> String {
    let hint = error.hint().map(|hint| format!("; hint: {hint}")).unwrap_or_default();
    format!("{error}{hint}")
}

/// The watch over the choice and over the model's file.
#[derive(Debug)]
pub struct Changeover {
    config: Config,
    directory: PathBuf,
    exchange: Exchange,
    seen: Option<Stamp>,
    /// The state of the wanted file when it could not be loaded: once it is another, it is tried again.
    failed: Option<(PathBuf, Option<Stamp>)>,
    /// The state of that file at the last look.
    coming: Option<Stamp>,
    /// The last known state of the file of the model in use.
    file: Option<Stamp>,
}

impl Changeover {
    /// A watch that begins where `begun` left off. Writes down who writes.
    pub fn new(config: Config, directory: PathBuf, exchange: Exchange, begun: Begun) -> Self {
        let failed = (begun.refused.is_some() && config.model.backend == ModelBackend::Embedded)
            .then_some(config.model.path.clone())
            .flatten()
            .map(|path| (path.clone(), Stamp::of(&path)));
        let mut watch = Self { config, directory, exchange, seen: begun.seen, failed, coming: None, file: None };
        watch.note_file();
        watch.report(begun.refused);
        watch
    }

    /// Watches until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut clock = interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let watch = async {
            self.warm_up().await;
            loop {
                clock.tick().await;
                self.look().await;
            }
        };
        tokio::select! {
            () = watch => {}
            () = stop.cancelled() => {}
        }
    }

    /// Has a server load its model now rather than at the first ball, and says at once what is wrong with it. A model of
    /// our own has written its first token already.
    async fn warm_up(&self) {
        let Some(seat) = self.exchange.seat().filter(|seat| seat.info.backend != Backend::Embedded) else { return };
        let begun = Instant::now();
        let model = &seat.info.model;
        match seat.model.writer.probe(begun + FIRST_TOKEN).await {
            Ok(()) => tracing::info!(%model, "the model server writes, after {:.1} s", begun.elapsed().as_secs_f64()),
            Err(error) => tracing::warn!(%model, "the model server does not write yet: {}", in_words(&error)),
        }
    }

    async fn look(&mut self) {
        let choice = Stamp::of(&choice::choice_file(&self.directory));
        let is_new = choice != self.seen;
        let is_back = self.exchange.first().is_none() && self.has_come();
        if is_new || is_back {
            self.seen = choice;
            let refused = self.change(is_new).await.err();
            if let Some(words) = &refused {
                tracing::error!("the model is not changed: {words}");
            }
            self.report(refused);
        }
        self.look_at_file();
    }

    /// Whether the file that could not be loaded is another by now, and no longer being written.
    fn has_come(&mut self) -> bool {
        let Some((path, stamp)) = &self.failed else { return false };
        let now = Stamp::of(path);
        let rests = now == self.coming;
        self.coming.clone_from(&now);
        rests && now.is_some() && now != *stamp
    }

    /// Puts the wanted model in place of the present one.
    async fn change(&mut self, anew: bool) -> Result<(), String> {
        let choice = choice::standing(&self.config, &self.directory).map_err(|error| error.to_string())?;
        let wanted = choice::applied(&self.config, choice.as_ref());
        let file = wanted.model.path.clone().filter(|_| wanted.model.backend == ModelBackend::Embedded);
        let file = file.map(|path| (path.clone(), Stamp::of(&path)));
        if anew && file.is_some() && self.exchange.first().and_then(|seat| seat.model.file.clone()) == file {
            return Ok(());
        }
        self.failed.clone_from(&file);
        let begun = Instant::now();
        let (old, of) = (self.exchange.seat(), wanted.clone());
        let built = tokio::task::spawn_blocking(move || writers::build(&of)).await;
        let model = match built.map_err(|error| error.to_string())?.map_err(|error| error.to_string())? {
            Built::Model(model) => model,
            Built::Missing(error) => return Err(in_words(&error)),
            Built::None => return Err("no model is configured; hint: set model.backend".to_owned()),
        };
        model.writer.probe(Instant::now() + FIRST_TOKEN).await.map_err(|error| in_words(&error))?;
        let name = model.writer.info().model;
        self.failed = None;
        let before = old.map_or_else(|| "the phrasebook".to_owned(), |seat| seat.info.model.clone());
        let retired = self.exchange.put(model);
        self.note_file();
        tracing::info!("{name} writes now in place of {before}, ready after {:.1} s", begun.elapsed().as_secs_f64());
        let replaced = self.change_second(wanted).await;
        for old in [retired, replaced].into_iter().flatten() {
            tokio::spawn(retire(old));
        }
        Ok(())
    }

    /// Sees to the second seat now that the first has the wanted model: nobody stands in for the program's own, and it for
    /// any other. Gives who goes.
    async fn change_second(&self, wanted: Config) -> Option<Arc<Seat>> {
        let is_own = wanted.model.backend == ModelBackend::Embedded && wanted.model.path.is_none();
        if is_own {
            return self.exchange.put_second(None);
        }
        if self.exchange.has_second() {
            return None;
        }
        match tokio::task::spawn_blocking(move || stand_in(&wanted)).await {
            Ok(Ok(second)) => self.exchange.put_second(second),
            Ok(Err(error)) => {
                tracing::warn!("no other model stands in for the first: {error}");
                None
            }
            Err(error) => {
                tracing::error!("the model that stands in could not be loaded: {error}");
                None
            }
        }
    }

    /// Says so when the file of the model in use is no longer what was loaded. It does no harm: the model is in memory.
    fn look_at_file(&mut self) {
        let Some((path, loaded)) = self.exchange.seat().and_then(|seat| seat.model.file.clone()) else { return };
        let now = Stamp::of(&path);
        let is_news = now != self.file;
        self.file.clone_from(&now);
        if !is_news || now == loaded {
            return;
        }
        let (what, hint) = match &now {
            None => ("is gone", "put it back before the next start, or choose another with `vachak model use`"),
            Some(_) => ("was changed", "`vachak model use FILE` takes the new one up"),
        };
        tracing::warn!("the model's file {} {what}; the model goes on from memory; hint: {hint}", path.display());
    }

    /// Notes the file of the model in use as it was loaded.
    fn note_file(&mut self) {
        self.file = self.exchange.seat().and_then(|seat| seat.model.file.clone()).and_then(|(_, stamp)| stamp);
    }

    /// Writes down who writes, for `vachak model`.
    fn report(&self, refused: Option<String>) {
        let seat = self.exchange.seat();
        let writing = Writing {
            pid: std::process::id(),
            since: clock::text(clock::now_ms()),
            backend: seat.as_ref().map(|seat| seat.info.backend.to_string()),
            model: seat.as_ref().map(|seat| seat.info.model.clone()),
            path: seat.and_then(|seat| seat.model.file.clone()).map(|(path, _)| path),
            seen: self.seen.clone(),
            refused,
        };
        if let Err(error) = choice::write(&choice::writing_file(&self.directory), &writing) {
            tracing::debug!("who writes cannot be written down: {error}");
        }
    }
}

/// Drops a model once its last line is finished. That waits for its thread, so it is done where waiting does no harm.
async fn retire(old: Arc<Seat>) {
    let begun = Instant::now();
    while Arc::strong_count(&old) > 1 && begun.elapsed() < LAST_LINES {
        sleep(Duration::from_millis(20)).await;
    }
    let dropped = tokio::task::spawn_blocking(move || drop(old)).await;
    if dropped.is_err() {
        tracing::error!("the old model could not be dropped in order");
    }
}
