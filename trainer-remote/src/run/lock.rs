//! One process a run: two in one folder would destroy each other's work.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use super::RunFolder;

/// A run's folder, held until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// Why a run's folder cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum Locked {
    /// Somebody else works in it.
    #[error("{folder} is in use by {by}; hint: wait for it, or stop it, then run the same command")]
    Busy {
        /// The run's folder.
        folder: PathBuf,
        /// The other process, as it described itself.
        by: String,
    },
    /// It cannot be written.
    #[error("{path} cannot be written: {source}; hint: check its owner, or name another folder with --runs")]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl RunLock {
    /// Takes the run's folder, which is made if it is not there.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be written.
    pub fn take(run: &RunFolder) -> Result<Self, Locked> {
        let path = run.join("lock");
        let failed = |source| Locked::Io { path: path.clone(), source };
        fs::create_dir_all(run.path()).map_err(failed)?;
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Locked::Busy { folder: run.path().to_owned(), by: holder(&path) });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let said: Vec<String> = std::env::args().skip(1).collect();
        let now = jiff::Timestamp::now().strftime("%F %H:%M UTC");
        let me = format!("process {} (trainer-remote {}, since {now})\n", std::process::id(), said.join(" "));
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        file.write_all(me.as_bytes()).map_err(failed)?;
        Ok(Self { _file: file })
    }

    /// Who holds a run's folder, as they described themselves; `None` when nobody does.
    pub fn held_by(run: &RunFolder) -> Option<String> {
        let path = run.join("lock");
        let file = File::open(&path).ok()?;
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then(|| holder(&path))
    }
}

fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(1000).read_to_string(&mut text));
    let text = text.trim();
    if read.is_ok() && !text.is_empty() { text.to_owned() } else { "another process".to_owned() }
}
