//! The evaluation, from the settings to the report.

use std::{path::Path, sync::Arc, time::Duration};

use commentary::{Persona, Personas};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::{
    EvalError, Evaluation, Figures, Length, Repetition, Speed, System,
    baseline::{self, Book, Same, Shuffled},
    compare::{compare, conclude},
    examples::Examples,
    gate,
    moments::Script,
    report::{Asked, Report, SystemReport},
    round::{ModelVoice, Outcome, Voice, play},
    safety::Probes,
    speed,
    style::Critic,
    system::Ready,
};
use crate::{data::replay::Played, progress::Progress};

/// Where the matches come from, which of them are asked about, and what is done to them first.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// A match file, a folder of them, or a packed archive of them.
    pub path: &'a Path,
    /// Whether a match, by its id (its file's name without ending), may be asked about.
    pub is_test: &'a dyn Fn(&str) -> bool,
    /// Whether a match may teach the classifier of personas. Matches that are asked about are left out in any case, if
    /// there are others.
    pub is_train: &'a dyn Fn(&str) -> bool,
    /// What is done to every match before it is replayed, such as giving everybody a name that no model has seen.
    pub reform: &'a dyn Fn(Played) -> Played,
}

impl<'a> Source<'a> {
    /// All matches of a path, as they are.
    pub fn all(path: &'a Path) -> Self {
        Self { path, is_test: &|_| true, is_train: &|_| true, reform: &|played| played }
    }
}

/// What is counted on the way; the resamples of the parts need fewer draws than the whole.
struct Counting {
    matches: usize,
    resamples: usize,
    seed: u64,
}

/// Evaluates systems beside the baselines and writes `report.json`, `report.md` and `report.html` into `out`, each under
/// a temporary name first. The first system is the one that is held to the gates: [`Report::passed`] says whether it meets
/// them all. The same settings, source and seed ask the same questions.
///
/// Blocks, and starts a runtime of its own: call it outside of any, or through `spawn_blocking`.
///
/// # Errors
/// [`EvalError`]: settings out of range, too few matches, a system that cannot be loaded or never answers, a full disk, a
/// cancel; nothing is written then.
pub fn run(
    settings: &Evaluation,
    systems: &[System],
    source: &Source<'_>,
    out: &Path,
    seed: u64,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Report, EvalError> {
    settings.validate()?;
    check_names(systems)?;
    let mut script = Script::write(settings, source, personas(settings), seed, progress, cancel)?;
    let critic = Critic::taught(&mut script, settings)?;
    let probes = Probes::write(&script, seed)?;
    let asked = Asked::of(&script, critic.lines, seed);
    progress
        .total((asked.lines + probes.script.turns.len() as u64) * (systems.len() + 3) as u64 + asked.lines, "lines");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| EvalError::Internal(format!("no runtime could be started: {error}")))?;
    let counting = Counting { matches: script.matches.len(), resamples: settings.resamples, seed };
    let mut round = Round { settings, script: &script, critic: &critic, probes: &probes, counting, progress, cancel };
    let mut reports = Vec::new();
    let mut outcomes: Vec<(String, Vec<Outcome<'_>>)> = Vec::new();
    for system in systems {
        let ready = system.ready()?;
        let (mut report, played) = round.model(&ready, &runtime)?;
        report.examples = Some(Examples::of(&played, &script, seed));
        reports.push(report);
        outcomes.push((system.name.clone(), played));
        if outcomes.len() == 1 {
            let (_, own) = &outcomes[0];
            let mut shuffled = Shuffled::of(own, ready.layout, seed);
            reports.push(round.baseline(baseline::SHUFFLED, &mut shuffled, false)?.0);
        }
    }
    reports.push(round.baseline(baseline::CONSTANT, &mut Same::constant(), true)?.0);
    reports.push(round.baseline(baseline::EMPTY, &mut Same::empty(), true)?.0);
    let (book, played) = round.baseline(baseline::PHRASEBOOK, &mut Book, true)?;
    reports.push(book);
    outcomes.push((baseline::PHRASEBOOK.to_owned(), played));
    reports.sort_by_key(|report| baseline::ALL.iter().position(|name| *name == report.name).map_or(0, |at| at + 1));
    let mut comparisons = Vec::new();
    for (at, (first, firsts)) in outcomes.iter().enumerate() {
        for (second, seconds) in outcomes.iter().skip(at + 1) {
            let pair = (first.as_str(), firsts.as_slice());
            let other = (second.as_str(), seconds.as_slice());
            comparisons.push(compare(other, pair, script.matches.len(), settings.resamples, seed));
        }
    }
    conclude(&mut comparisons);
    let gates = reports.first().map(|report| gate::judge(&settings.gates, report)).unwrap_or_default();
    let report = Report::new(asked, reports, comparisons, gates);
    report.write(out)?;
    Ok(report)
}

/// Systems need names of their own: reports and comparisons go by them.
fn check_names(systems: &[System]) -> Result<(), EvalError> {
    for (at, system) in systems.iter().enumerate() {
        let taken = baseline::ALL.contains(&system.name.as_str());
        if taken || system.name.is_empty() || systems[..at].iter().any(|other| other.name == system.name) {
            return Err(EvalError::Setting {
                key: "a system's name",
                value: format!("'{}'", system.name),
                allowed: format!("give each system another name, and none of {}", baseline::ALL.join(", ")),
            });
        }
    }
    if systems.is_empty() {
        return Err(EvalError::Setting {
            key: "the list of systems",
            value: "empty".to_owned(),
            allowed: "name at least one model".to_owned(),
        });
    }
    Ok(())
}

fn personas(settings: &Evaluation) -> Vec<Arc<Persona>> {
    let all = Personas::builtin();
    let wanted = |persona: &&Persona| settings.personas.is_empty() || settings.personas.contains(&persona.id);
    all.iter().filter(wanted).cloned().map(Arc::new).collect()
}

/// What every system of an evaluation goes through.
struct Round<'a> {
    settings: &'a Evaluation,
    script: &'a Script,
    critic: &'a Critic,
    probes: &'a Probes,
    counting: Counting,
    progress: &'a dyn Progress,
    cancel: &'a CancellationToken,
}

impl<'a> Round<'a> {
    fn model(&mut self, ready: &Ready, runtime: &Runtime) -> Result<(SystemReport, Vec<Outcome<'a>>), EvalError> {
        let mut voice = ModelVoice {
            ready,
            runtime,
            sampling: self.settings.sampling,
            deadline: Duration::from_millis(self.settings.deadline_ms),
            cancel: self.cancel,
        };
        voice.warm_up(self.script)?;
        let (mut report, outcomes) = self.ask(&ready.name, &mut voice, true)?;
        report.speed = Some(Speed::of(&outcomes, ready, speed::bytes_now()));
        let info = ready.writer.info();
        report.model = Some(info.model);
        report.backend = Some(info.backend.to_string());
        report.layout = Some(ready.layout.name());
        report.prompt_version = Some(ready.layout.version());
        report.perplexity = ready.perplexity;
        Ok((report, outcomes))
    }

    fn baseline(
        &mut self,
        name: &str,
        voice: &mut dyn Voice,
        probed: bool,
    ) -> Result<(SystemReport, Vec<Outcome<'a>>), EvalError> {
        let (mut report, outcomes) = self.ask(name, voice, probed)?;
        report.is_baseline = true;
        Ok((report, outcomes))
    }

    fn ask(
        &mut self,
        name: &str,
        voice: &mut dyn Voice,
        probed: bool,
    ) -> Result<(SystemReport, Vec<Outcome<'a>>), EvalError> {
        let named = |error| match error {
            EvalError::Silent { asked, reason, .. } => EvalError::Silent { system: name.to_owned(), asked, reason },
            other => other,
        };
        self.progress.note(&format!("{name} is asked"));
        let mut outcomes = play(self.script, voice, self.progress, self.cancel).map_err(named)?;
        let style = self.critic.look(&mut outcomes, self.script);
        let mut report = self.count(name, &outcomes);
        report.style = style;
        if probed {
            let probed = play(&self.probes.script, voice, self.progress, self.cancel).map_err(named)?;
            report.safety = Some(self.probes.judge(&probed));
        }
        Ok((report, outcomes))
    }

    fn count(&self, name: &str, outcomes: &[Outcome<'_>]) -> SystemReport {
        let Counting { matches, resamples, seed } = self.counting;
        let all: Vec<&Outcome<'_>> = outcomes.iter().collect();
        // Parts are many and only orient: a tenth of the draws is enough for them.
        let part = |keep: &dyn Fn(&Outcome<'_>) -> bool| {
            let kept: Vec<&Outcome<'_>> = all.iter().copied().filter(|outcome| keep(outcome)).collect();
            Figures::of(&kept, matches, (resamples / 10).max(200), seed)
        };
        let personas = self.script.personas.iter().enumerate();
        let personas = personas.map(|(at, who)| (who.id.clone(), part(&|outcome| outcome.turn.persona == at)));
        let mut classes: Vec<_> = outcomes.iter().map(|outcome| outcome.turn.class).collect();
        classes.sort_unstable();
        classes.dedup();
        let events = classes.into_iter().map(|class| (class, part(&|outcome| outcome.turn.class == class)));
        SystemReport {
            name: name.to_owned(),
            all: Figures::of(&all, matches, resamples, seed),
            personas: personas.collect(),
            events: events.collect(),
            repetition: Repetition::of_replies(&all),
            repetition_aired: Repetition::of_speech(&all),
            lengths: Length::profile(outcomes, self.script, (resamples / 10).max(200), seed),
            ..SystemReport::default()
        }
    }
}
