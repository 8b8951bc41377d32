//! One run of one program: started in a group of its own, so that Ctrl-C reaches it through us alone; followed through
//! its events; its ending turned into words.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom},
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{Event, Finished, KitError, events::Follower, settings::Settings};
use crate::{
    progress::Progress,
    run::{Stop, write_json},
};

/// Between two looks at a program.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A program's exit codes.
const USER: i32 = 1;
const STOPPED: i32 = 75;

/// Runs `python programs/TASK.py settings` to its end.
pub(super) fn run(
    python: &Path,
    programs: &Path,
    file: &Path,
    settings: &Settings,
    progress: &dyn Progress,
    stop: &Stop,
) -> Result<Finished, KitError> {
    let task = settings.task();
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KitError::Io { path, source }
    };
    write_json(file, settings).map_err(io(file))?;
    fs::create_dir_all(&settings.out).map_err(io(&settings.out))?;
    let log_path = settings.out.join(format!("{task}.log"));
    let log = OpenOptions::new().create(true).append(true).open(&log_path).map_err(io(&log_path))?;
    let log_start = log.metadata().map_or(0, |meta| meta.len());
    let out = log.try_clone().map_err(io(&log_path))?;
    let mut watch = Watch { follower: Follower::from_here(&settings.events), ..Watch::new(progress) };
    let mut command = Command::new(python);
    command.arg(programs.join(format!("{task}.py"))).arg(file);
    command.env("PYTHONUNBUFFERED", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command.stdin(Stdio::null()).stdout(out).stderr(log);
    let mut child = in_own_group(&mut command).spawn().map_err(|error| KitError::NoPython {
        python: python.to_owned(),
        reason: error.to_string(),
        hint: "name another with --python, or leave it out to have one set up".to_owned(),
    })?;
    let mut told = false;
    let ended = loop {
        watch.look();
        if stop.is_cancelled() && !told {
            progress.note(&format!("{task} saves its work and stops; again to end at once"));
            tell(&child, Signal::TERM);
            told = true;
        }
        match child.try_wait() {
            Ok(Some(ended)) => break ended,
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Err(source) => return Err(KitError::Io { path: log_path, source }),
        }
    };
    watch.look();
    let said = || last_words(&log_path, log_start);
    watch.ending(task, ended, told, said, &log_path)
}

/// In a process group of its own.
pub(super) fn in_own_group(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// Sends a signal to the program and whatever it started.
pub(super) fn tell(child: &Child, signal: Signal) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended meanwhile.
        let _ = kill_process_group(group, signal);
    }
}

/// What was heard of a program.
struct Watch<'a> {
    progress: &'a dyn Progress,
    follower: Follower,
    step: Option<u64>,
    loss: Option<f64>,
    checkpoint: Option<String>,
    last: Option<Event>,
}

impl<'a> Watch<'a> {
    fn new(progress: &'a dyn Progress) -> Self {
        let follower = Follower::from_here(Path::new(""));
        Self { progress, follower, step: None, loss: None, checkpoint: None, last: None }
    }

    /// Passes on what was said since the last look.
    fn look(&mut self) {
        // What cannot be read now may be readable at the next look.
        for event in self.follower.read().unwrap_or_default() {
            match &event {
                Event::Progress { step, of, loss, .. } => {
                    if self.step.is_none() {
                        self.progress.total(*of, "steps");
                    }
                    self.progress.advance(step.saturating_sub(self.step.unwrap_or(0)));
                    self.step = Some(*step);
                    self.loss = loss.or(self.loss);
                }
                Event::Checkpoint { step, path } => {
                    let name = path.as_ref().and_then(|path| path.file_name());
                    let name = name.map_or_else(|| format!("checkpoint {step}"), |name| name.to_string_lossy().into());
                    let loss = self.loss.map_or_else(String::new, |loss| format!(", loss {loss:.4}"));
                    self.progress.note(&format!("{name} is saved{loss}"));
                    self.checkpoint = Some(name);
                }
                Event::Warning { what } => self.progress.note(what),
                Event::Started {} | Event::Done(_) | Event::Failed { .. } => {}
            }
            self.last = Some(event);
        }
    }

    /// The program's ending in words: its last event, its exit code, its last words on stderr.
    fn ending(
        self,
        task: &str,
        ended: ExitStatus,
        told: bool,
        said: impl Fn() -> String,
        log: &Path,
    ) -> Result<Finished, KitError> {
        let nonsense = self.follower.nonsense;
        let kept = self.checkpoint;
        let failed = |what: String, kept: Option<String>, hint: String, ours: bool| {
            Err(KitError::Failed { task: task.to_owned(), what, kept, hint, ours })
        };
        let log_hint = format!("{} has the program's own words", log.display());
        match (self.last, ended.code()) {
            (Some(Event::Done(done)), Some(0)) => Ok(done),
            (Some(Event::Failed { kept: saved, .. }), Some(STOPPED)) => {
                Err(KitError::Stopped { task: task.to_owned(), kept: saved.or(kept) })
            }
            (_, Some(STOPPED)) => Err(KitError::Stopped { task: task.to_owned(), kept }),
            (Some(Event::Failed { what, kept: saved, hint }), code) => {
                failed(what, saved.or(kept), hint.unwrap_or(log_hint), code != Some(USER))
            }
            (_, Some(0)) => {
                let lines =
                    if nonsense == 0 { String::new() } else { format!("; {nonsense} of its lines are no events") };
                failed(format!("it ended without saying what it made{lines}"), kept, log_hint, true)
            }
            (_, Some(code)) => {
                let what = said();
                let package = what.strip_prefix("ModuleNotFoundError: No module named ");
                if let Some(package) = package {
                    let hint = "run `trainer-remote kit setup`, or name a complete Python with --python".to_owned();
                    return failed(format!("the Python package {package} is missing"), kept, hint, false);
                }
                let what = if what.is_empty() { format!("it ended with code {code}") } else { what };
                failed(what, kept, log_hint, true)
            }
            (_, None) if told => Err(KitError::Stopped { task: task.to_owned(), kept }),
            (_, None) => {
                let signal = ended.signal().unwrap_or_default();
                let (what, hint) = if signal == Signal::KILL.as_raw() {
                    let what = "it was killed, as Linux does when memory runs out".to_owned();
                    (what, "free memory, or halve sft.batch and double sft.accumulate; then run the same command")
                } else {
                    (format!("it was ended by signal {signal}"), "run the same command to go on")
                };
                failed(what, kept, hint.to_owned(), false)
            }
        }
    }
}

/// The last line of what the program wrote since it started: of a traceback, the error itself.
fn last_words(log: &Path, start: u64) -> String {
    const ENOUGH: u64 = 64 * 1024;
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(start.max(length.saturating_sub(ENOUGH))))?;
        file.read_to_end(&mut bytes)
    });
    let text = String::from_utf8_lossy(&bytes);
    let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if read.is_ok() { last.to_owned() } else { String::new() }
}
