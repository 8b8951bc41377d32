//! The Python that runs the kit: named, or in the cache folder, where it is set up when it is first needed.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{KitError, program};
use crate::{progress::Progress, run::Stop};

/// What the environment takes on the disk, GB.
const GIGABYTES: u32 = 5;
/// What no program does without.
const NEEDED: [&str; 7] = ["torch", "transformers", "trl", "datasets", "tokenizers", "safetensors", "numpy"];

/// Which Python is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// This program, or the folder of an environment. From `--python`, else `VACHAK_KIT`.
    pub python: Option<PathBuf>,
    /// Where to set one up; the user's cache folder where none is given.
    pub folder: Option<PathBuf>,
}

/// Where a Python is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Environment {
    /// Here.
    Ready(PathBuf),
    /// Nowhere yet; this folder is to hold it.
    ToSetUp(PathBuf),
}

/// What `check.py` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Python's version.
    pub python: String,
    /// Packages and their versions.
    #[serde(default)]
    pub packages: BTreeMap<String, Option<String>>,
    /// GPUs, as torch describes them.
    #[serde(default)]
    pub gpus: Vec<Value>,
    /// What is wrong with the installation.
    #[serde(default)]
    pub problem: Option<String>,
}

impl Environment {
    /// Looks for it.
    ///
    /// # Errors
    /// When what was named is not there, or no cache folder is known.
    pub fn find(wanted: &Wanted) -> Result<Self, KitError> {
        if let Some(named) = &wanted.python {
            let inside = [named.join("venv/bin/python"), named.join("bin/python")];
            let found =
                if named.is_dir() { inside.into_iter().find(|path| path.exists()) } else { Some(named.clone()) };
            return found.map(Self::Ready).ok_or_else(|| KitError::NoPython {
                python: named.clone(),
                reason: "it is a folder without a Python environment".to_owned(),
                hint: "name the folder that `trainer-remote kit setup` made, or a Python program".to_owned(),
            });
        }
        let folder = wanted.folder.clone().or_else(cache_folder).ok_or_else(|| KitError::NoPython {
            python: "python".into(),
            reason: "neither XDG_CACHE_HOME nor HOME is set, so there is no folder for it".to_owned(),
            hint: "name one with --python".to_owned(),
        })?;
        let python = folder.join("venv/bin/python");
        // The marker is the last thing that a setup makes.
        let ready = fs::read_dir(&folder).into_iter().flatten().flatten();
        let ready = ready.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().starts_with("ready-"));
        Ok(if ready && python.exists() { Self::Ready(python) } else { Self::ToSetUp(folder) })
    }
}

fn cache_folder() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = from("XDG_CACHE_HOME").or_else(|| Some(from("HOME")?.join(".cache")))?;
    Some(cache.join("vachak/kit"))
}

/// Sets the environment up with the kit's own `setup.sh`; returns its Python.
///
/// # Errors
/// What the setup said.
pub fn set_up(programs: &Path, folder: &Path, progress: &dyn Progress, stop: &Stop) -> Result<PathBuf, KitError> {
    let script = programs.join("setup.sh");
    let failed = |reason: String, hint: &str| KitError::NoPython {
        python: folder.join("venv/bin/python"),
        reason,
        hint: hint.to_owned(),
    };
    progress.note(&format!(
        "setting up the Python environment in {}: about {GIGABYTES} GB, some minutes; it is kept for later runs",
        folder.display()
    ));
    let mut command = Command::new("bash");
    command.arg(&script).arg(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program::in_own_group(&mut command)
        .spawn()
        .map_err(|error| failed(format!("setup.sh cannot be started ({error})"), "install bash"))?;
    let talk = child.stderr.take().map(|stderr| {
        std::thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).collect::<Vec<_>>())
    });
    let said = child.stdout.take().map(|stdout| {
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        receive
    });
    let ended = loop {
        for line in said.iter().flat_map(std::sync::mpsc::Receiver::try_iter) {
            progress.note(&line);
        }
        if stop.is_cancelled() {
            program::tell(&child, rustix::process::Signal::TERM);
            let _ = child.wait();
            return Err(KitError::Stopped { task: "kit setup".to_owned(), kept: None });
        }
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(200)),
            Ok(Some(ended)) => break ended,
            Err(error) => return Err(failed(error.to_string(), "run the same command again")),
        }
    };
    if ended.success() {
        return Ok(folder.join("venv/bin/python"));
    }
    let talk = talk.and_then(|talk| talk.join().ok()).unwrap_or_default();
    let line = |mark: &str| talk.iter().rev().find_map(|line| line.strip_prefix(mark)).map(str::to_owned);
    let reason = line("error: ").or_else(|| talk.last().cloned()).unwrap_or_else(|| ended.to_string());
    Err(failed(reason, &line("hint: ").unwrap_or_else(|| "run `trainer-remote kit setup` again".to_owned())))
}

/// Runs `check.py`: whether this Python can run the kit, and with what.
///
/// # Errors
/// When it does not start, or lacks what no program does without.
pub fn check(programs: &Path, python: &Path) -> Result<Checked, KitError> {
    let hint = "name a Python made by `trainer-remote kit setup` with --python, or leave --python and VACHAK_KIT out";
    let started = Command::new(python).arg(programs.join("check.py")).stdin(Stdio::null()).output();
    let output = started.map_err(|error| KitError::NoPython {
        python: python.to_owned(),
        reason: error.to_string(),
        hint: hint.to_owned(),
    })?;
    let unfit = |reason: String| KitError::Unfit { python: python.to_owned(), reason, hint: hint.to_owned() };
    let checked: Checked = serde_json::from_slice(&output.stdout).map_err(|_| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        unfit(stderr.lines().last().unwrap_or("its check says nothing").to_owned())
    })?;
    if !output.status.success() {
        return Err(unfit(format!("its version is {}, and 3.11 or newer is needed", checked.python)));
    }
    if let Some(problem) = &checked.problem {
        return Err(unfit(problem.clone()));
    }
    let missing: Vec<&str> =
        NEEDED.into_iter().filter(|name| checked.packages.get(*name).is_none_or(Option::is_none)).collect();
    if !missing.is_empty() {
        return Err(unfit(format!("packages are missing: {}", missing.join(", "))));
    }
    Ok(checked)
}
