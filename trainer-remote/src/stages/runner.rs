//! Runs stages one after another, under the run's lock, and keeps the manifest.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Context, Decision, Plan, Stage, StageError,
    plan::{self, decide},
};
use crate::{
    kit::{Kit, Wanted},
    progress::{Progress as _, Quiet},
    run::{Events, Manifest, Record, RunFolder, RunLock, Screen, Stop, Teller},
    training::Training,
};

/// A run of a training.
pub struct Runner {
    settings: RunnerSettings,
    training: Training,
    run: RunFolder,
    source: PathBuf,
    manifest: Manifest,
    kit: Option<Kit>,
}

/// Where things are.
#[derive(Debug, Clone)]
pub struct RunnerSettings {
    /// The repository: where paths in the training start.
    pub root: PathBuf,
    /// The folder of all runs.
    pub runs: PathBuf,
    /// Matches to take in place of `data.source`.
    pub source: Option<PathBuf>,
    /// The Python for the kit.
    pub python: Wanted,
}

/// Which stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The first.
    pub from: Stage,
    /// The last.
    pub to: Stage,
    /// Whether they start afresh, whatever there is.
    pub force: bool,
}

impl Choice {
    /// The stages, in order.
    pub fn stages(self) -> Vec<Stage> {
        Stage::ALL.iter().copied().filter(|stage| (self.from..=self.to).contains(stage)).collect()
    }
}

impl Runner {
    /// A run of this training; nothing is written yet.
    ///
    /// # Errors
    /// When the run's manifest is there and cannot be used.
    pub fn open(training: Training, settings: RunnerSettings) -> Result<Self, StageError> {
        let run = RunFolder::new(&settings.runs, &training.name);
        let manifest = Manifest::read(&run, &training.name, training.seed).map_err(StageError::Manifest)?;
        let source = match &settings.source {
            Some(named) => std::path::absolute(named).map_err(StageError::io(named))?,
            None => settings.root.join(&training.data.source),
        };
        Ok(Self { settings, training, run, source, manifest, kit: None })
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        self.run.path()
    }

    /// The same, for those who read what is in it.
    pub fn run_folder(&self) -> &RunFolder {
        &self.run
    }

    /// The training.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// What was made so far that a person looks for: what it is, and where.
    pub fn made(&self) -> Vec<(&'static str, PathBuf)> {
        let name = &self.training.name;
        let ship = self.training.quantize.ship;
        let places = [
            ("rows", "report/index.html".to_owned()),
            ("contract", "contract.json".to_owned()),
            ("model", format!("quantize/{name}-{ship}.gguf")),
            ("sizes", "quantize/table.json".to_owned()),
            ("evaluation", "eval/report.html".to_owned()),
            ("manifest", "manifest.json".to_owned()),
        ];
        let paths = places.into_iter().map(|(what, place)| (what, self.run.join(&place)));
        paths.filter(|(_, path)| path.exists()).collect()
    }

    /// What is known of the run.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What would be done.
    ///
    /// # Errors
    /// When what a stage takes cannot be read, or is missing and no planned stage makes it.
    pub fn plan(&self, choice: Choice) -> Result<Plan, StageError> {
        plan::plan(&self.context(&Quiet, &Stop::new()), &choice.stages(), choice.force)
    }

    /// Runs the stages; returns those that did something.
    ///
    /// # Errors
    /// The first that does not end well. What was made before stays, and the same command goes on from there.
    pub fn run(&mut self, choice: Choice, screen: Screen, stop: &Stop) -> Result<Vec<Stage>, StageError> {
        let _lock = RunLock::take(&self.run)?;
        // Somebody may have worked in it since it was opened.
        self.manifest =
            Manifest::read(&self.run, &self.training.name, self.training.seed).map_err(StageError::Manifest)?;
        let events = Events::open(&self.run).map_err(StageError::io(self.run.join("events.jsonl")))?;
        let teller = Teller::new(screen, Some(events));
        let mut worked = Vec::new();
        for stage in choice.stages() {
            match self.one(stage, choice.force, &teller, stop) {
                Ok(true) => worked.push(stage),
                Ok(false) => {}
                Err(error) if error.is_stop() => {
                    let kept = error.kept().map(str::to_owned);
                    let what = kept.as_deref().map_or_else(String::new, |kept| format!("{kept} was kept"));
                    teller.end(stage.name(), "stopped", &what, &Value::Null);
                    return Err(StageError::Stopped { stage, kept, name: self.training.name.clone() });
                }
                Err(error) => {
                    teller.end(stage.name(), "failed", &error.to_string(), &Value::Null);
                    return Err(error);
                }
            }
        }
        teller.finish();
        Ok(worked)
    }

    /// Runs a stage if it has to; says whether it did.
    fn one(&mut self, stage: Stage, force: bool, teller: &Teller, stop: &Stop) -> Result<bool, StageError> {
        let context = self.context(teller, stop);
        context.check(stage)?;
        let why = match decide(&context, stage, force)? {
            Decision::Run(why) => why,
            Decision::Follows(before) => format!("{before} has run"),
            Decision::Fresh => {
                teller.end(stage.name(), "skipped", "up to date", &Value::Null);
                return Ok(false);
            }
            Decision::NotNeeded(why) => {
                teller.end(stage.name(), "skipped", why, &Value::Null);
                return Ok(false);
            }
        };
        let inputs = stage.inputs(&context)?;
        let inputs_sha256 = inputs.sha256();
        teller.begin(stage.name(), &why);
        let attempt = self.manifest.attempts.get(&stage).map(|attempt| &attempt.inputs_sha256);
        let record = self.manifest.stages.get(&stage).map(|record| &record.inputs_sha256);
        if force || attempt.or(record).is_some_and(|before| *before != inputs_sha256) {
            self.start_afresh(stage, teller)?;
        }
        let attempt = self.manifest.attempts.entry(stage).or_default();
        attempt.inputs_sha256.clone_from(&inputs_sha256);
        self.keep()?;
        if needs_kit(stage) && self.kit.is_none() {
            let (kit, checked) = Kit::prepare(&self.run.join("kit"), &self.settings.python, teller, stop)?;
            self.kit = Some(kit);
            self.manifest.tools.insert("python".to_owned(), checked.python);
            let packages = checked.packages.into_iter().filter_map(|(name, version)| Some((name, version?)));
            self.manifest.tools.extend(packages);
        }
        let (began, clock) = (Timestamp::now(), Instant::now());
        let ended = stage.run(&self.context(teller, stop));
        let attempt = self.manifest.attempts.entry(stage).or_default();
        attempt.seconds += clock.elapsed().as_secs_f64();
        let seconds = attempt.seconds;
        let done = match ended {
            Ok(done) => done,
            Err(error) => {
                self.keep()?;
                return Err(error);
            }
        };
        // Hashed anew: what an older record says of these places is not theirs any more.
        self.manifest.stages.remove(&stage);
        let mut outputs = std::collections::BTreeMap::new();
        for place in &done.outputs {
            let stamps = self.manifest.stamps(&self.run, place).map_err(StageError::io(self.run.join(place)))?;
            let missing = || StageError::Ours { stage, what: format!("it made {place}, and it is not there") };
            outputs.extend(stamps.ok_or_else(missing)?);
        }
        let figures = done.figures.clone();
        let record = Record { inputs, inputs_sha256, outputs, figures: done.figures, began, seconds };
        self.manifest.stages.insert(stage, record);
        self.manifest.attempts.remove(&stage);
        self.manifest.tools.insert("trainer-remote".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        self.keep()?;
        let what = format!("{seconds:.1} s");
        teller.end(stage.name(), "done", &what, &json!({"seconds": seconds, "figures": figures}));
        Ok(true)
    }

    fn context<'a>(&'a self, progress: &'a dyn crate::progress::Progress, stop: &'a Stop) -> Context<'a> {
        Context {
            training: &self.training,
            root: &self.settings.root,
            source: &self.source,
            run: &self.run,
            manifest: &self.manifest,
            progress,
            stop,
            kit: self.kit.as_ref(),
        }
    }

    fn keep(&self) -> Result<(), StageError> {
        self.manifest.write(&self.run).map_err(StageError::io(self.run.join("manifest.json")))
    }

    /// Clears away what a stage made of other inputs. A trained model is set aside, for it cost hours; what a teacher wrote
    /// stays, for it may have cost money, and the teacher finds it by its prompts.
    fn start_afresh(&self, stage: Stage, teller: &Teller) -> Result<(), StageError> {
        let folder = self.run.join(stage.name());
        if stage == Stage::Teach || !folder.exists() {
            return Ok(());
        }
        let failed = StageError::io(&folder);
        if stage != Stage::Sft {
            return fs::remove_dir_all(&folder).map_err(failed);
        }
        let aside = self.run.join("sft.before");
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(StageError::io(&aside))?;
        }
        teller.note(&format!("what was trained before is now in {}", aside.display()));
        fs::rename(&folder, &aside).map_err(failed)
    }
}

fn needs_kit(stage: Stage) -> bool {
    matches!(stage, Stage::Tokenizer | Stage::Sft | Stage::Merge | Stage::Gguf)
}
