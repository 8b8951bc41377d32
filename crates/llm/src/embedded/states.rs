//! States of the model on disk, so that a restart is warm.
//!
//! A file is named `KEY-SUM.state`: the key says what it is the state of (model, build of llama.cpp, settings, tokens), the
//! sum is the SHA-256 of its content. It is written under another name, brought to the disk and renamed, so that it is
//! whole or absent; and it is read through before llama.cpp gets it, which would take the process down over a damaged one.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use llama_cpp_2::token::LlamaToken;
use sha2::{Digest, Sha256};

/// States are only good for the llama.cpp that wrote them.
const BUILD: &str = "llama-cpp-2 0.1.160";
/// The most files that are kept, and the most bytes; a state takes 9 to 21 KB a token for models of 0.5 to 1.5 billion
/// parameters.
const MOST_FILES: usize = 16;
const MOST_BYTES: u64 = 256 << 20;
/// A file that has been half-written for this long will never be finished.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// A model is told from another by samples of its file: reading all of it would take as long as loading it.
const SAMPLES: u64 = 64;
const SAMPLE: usize = 4096;
const HEAD: usize = 1 << 16;

/// A folder of states of one model.
pub(super) struct States {
    folder: PathBuf,
    /// Of model, build and settings.
    owner: [u8; 32],
    limits: Limits,
    /// Finishes the file written last.
    finishing: Option<JoinHandle<()>>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    files: usize,
    bytes: u64,
}

impl States {
    /// The states of the model that `files` make up (the model, and adapters if any) with these settings. `None`, and a
    /// line in the log, where the folder cannot be used: it is not worth failing for.
    pub(super) fn open(folder: &Path, files: &[&Path], settings: &str) -> Option<Self> {
        let opened = || -> io::Result<Self> {
            fs::create_dir_all(folder)?;
            remove_forgotten(folder)?;
            let mut hash = Sha256::new();
            hash.update(BUILD);
            hash.update([0]);
            hash.update(std::env::consts::ARCH);
            hash.update([0]);
            hash.update(settings);
            for file in files {
                sample(file, &mut hash)?;
            }
            let limits = Limits { files: MOST_FILES, bytes: MOST_BYTES };
            Ok(Self { folder: folder.to_owned(), owner: hash.finalize().into(), limits, finishing: None })
        };
        opened()
            .inspect_err(|error| {
                tracing::warn!(folder = %folder.display(), "nothing is kept for the next start: {error}; hint: check the folder and its rights");
            })
            .ok()
    }

    /// The file with the state after these tokens, if there is one and it is what it was when it was written.
    pub(super) fn find(&self, tokens: &[LlamaToken]) -> Option<PathBuf> {
        let key = self.key(tokens);
        let files = fs::read_dir(&self.folder).ok()?;
        for path in files.flatten().map(|entry| entry.path()) {
            let Some((its_key, its_sum)) = parts(&path) else { continue };
            if its_key != key {
                continue;
            }
            match sum(&path) {
                Ok(sum) if sum == its_sum => {
                    // The oldest go first when there are too many, and this one was of use. A folder that cannot be
                    // written only makes the order worse.
                    let _ =
                        File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
                    return Some(path);
                }
                Ok(_) => Self::discard(&path, "it is damaged"),
                Err(error) => Self::discard(&path, &error.to_string()),
            }
        }
        None
    }

    /// Removes a file that is of no use.
    pub(super) fn discard(file: &Path, why: &str) {
        tracing::warn!(file = %file.display(), "a kept state is not used and will be written anew: {why}");
        let _ = fs::remove_file(file);
    }

    /// Keeps the state after these tokens: `write` writes it into the file it is given. Bringing it to the disk, which may
    /// take a while, is done aside.
    pub(super) fn keep(&mut self, tokens: &[LlamaToken], write: impl FnOnce(&Path) -> Result<(), String>) {
        self.finish();
        let key = self.key(tokens);
        let half = self.folder.join(format!("{key}-{}.half", std::process::id()));
        if let Err(error) = write(&half) {
            tracing::warn!(folder = %self.folder.display(), "a state could not be kept for the next start: {error}; hint: check the folder and the space on its disk");
            let _ = fs::remove_file(&half);
            return;
        }
        let (folder, limits) = (self.folder.clone(), self.limits);
        let finished = std::thread::Builder::new().name("llama-states".to_owned()).spawn(move || {
            if let Err(error) = complete(&folder, &key, &half).and_then(|()| prune(&folder, limits)) {
                tracing::warn!(folder = %folder.display(), "a state could not be kept for the next start: {error}");
                let _ = fs::remove_file(&half);
            }
        });
        self.finishing = finished.ok();
    }

    /// Waits until what was kept last is on the disk.
    fn finish(&mut self) {
        if let Some(thread) = self.finishing.take()
            && thread.join().is_err()
        {
            tracing::error!("keeping a state for the next start panicked");
        }
    }

    fn key(&self, tokens: &[LlamaToken]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.owner);
        for token in tokens {
            hash.update(token.0.to_le_bytes());
        }
        format!("{:x}", hash.finalize())
    }
}

impl Drop for States {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Key and sum in a file's name; `None` for a file of another kind.
fn parts(path: &Path) -> Option<(&str, &str)> {
    path.file_name()?.to_str()?.strip_suffix(".state")?.split_once('-')
}

fn sum(file: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hash)?;
    Ok(format!("{:x}", hash.finalize()))
}

/// Gives a file that is written its name, in place of others of the same key.
fn complete(folder: &Path, key: &str, half: &Path) -> io::Result<()> {
    File::options().append(true).open(half)?.sync_all()?;
    let whole = folder.join(format!("{key}-{}.state", sum(half)?));
    fs::rename(half, &whole)?;
    for path in fs::read_dir(folder)?.flatten().map(|entry| entry.path()) {
        if path != whole && parts(&path).is_some_and(|(other, _)| other == key) {
            fs::remove_file(path)?;
        }
    }
    // The name is on the disk when the folder is.
    File::open(folder)?.sync_all()
}

/// Removes the oldest files beyond the limits.
fn prune(folder: &Path, limits: Limits) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if parts(&path).is_some() {
            let about = entry.metadata()?;
            files.push((about.modified()?, about.len(), path));
        }
    }
    files.sort();
    let (mut count, mut bytes) = (0, 0);
    for (_, length, path) in files.into_iter().rev() {
        if count == limits.files || bytes + length > limits.bytes {
            fs::remove_file(path)?;
        } else {
            count += 1;
            bytes += length;
        }
    }
    Ok(())
}

/// Removes what a power cut left half-written.
fn remove_forgotten(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "half")
            && entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > FORGOTTEN)
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Length, beginning and evenly spread pieces of a file: a model that was trained on differs in nearly every number.
fn sample(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    hash.update(length.to_le_bytes());
    let mut piece = vec![0; HEAD];
    for (at, size) in std::iter::once((0, HEAD)).chain((1..=SAMPLES).map(|n| (length / (SAMPLES + 1) * n, SAMPLE))) {
        file.seek(SeekFrom::Start(at))?;
        let mut read = 0;
        while read < size {
            match file.read(&mut piece[read..size])? {
                0 => break,
                more => read += more,
            }
        }
        hash.update(&piece[..read]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn tokens(ids: &[i32]) -> Vec<LlamaToken> {
        ids.iter().copied().map(LlamaToken::new).collect()
    }

    fn states(folder: &Path, model: &Path, settings: &str) -> States {
        States::open(folder, &[model], settings).unwrap()
    }

    fn keep(states: &mut States, ids: &[i32], content: &str) {
        states.keep(&tokens(ids), |file| fs::write(file, content).map_err(|error| error.to_string()));
        states.finish();
    }

    /// A folder for states, and a file to be their model.
    fn place() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let (folder, model) = (place.path().join("states"), place.path().join("model.gguf"));
        fs::write(&model, vec![7; 300_000]).unwrap();
        (place, folder, model)
    }

    #[test]
    fn a_state_is_found_by_model_settings_and_tokens() {
        let (_place, folder, model) = place();
        let mut mine = states(&folder, &model, "f16");
        keep(&mut mine, &[1, 2, 3], "one");
        assert_eq!(fs::read(mine.find(&tokens(&[1, 2, 3])).unwrap()).unwrap(), b"one");
        assert_eq!(mine.find(&tokens(&[1, 2])), None);
        assert!(states(&folder, &model, "f16").find(&tokens(&[1, 2, 3])).is_some());
        assert_eq!(states(&folder, &model, "f32").find(&tokens(&[1, 2, 3])), None);
        let mut bytes = fs::read(&model).unwrap();
        // As training would, all of them.
        bytes[70_000..].fill(8);
        fs::write(&model, bytes).unwrap();
        assert_eq!(states(&folder, &model, "f16").find(&tokens(&[1, 2, 3])), None);
    }

    #[test]
    fn a_damaged_file_is_not_used_and_can_be_replaced() {
        let (_place, folder, model) = place();
        let mut states = states(&folder, &model, "f16");
        for damage in ["", "on", "onE", "onee"] {
            keep(&mut states, &[1], "one");
            let file = states.find(&tokens(&[1])).unwrap();
            fs::write(&file, damage).unwrap();
            assert_eq!(states.find(&tokens(&[1])), None, "{damage:?}");
            assert!(!file.exists());
        }
        keep(&mut states, &[1], "one");
        keep(&mut states, &[1], "two");
        assert_eq!(fs::read(states.find(&tokens(&[1])).unwrap()).unwrap(), b"two");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn there_are_never_too_many_nor_too_large() {
        let (_place, folder, model) = place();
        let mut states = states(&folder, &model, "f16");
        states.limits = Limits { files: 3, bytes: 100 };
        let old = SystemTime::now() - Duration::from_secs(1000);
        for id in 0..5 {
            keep(&mut states, &[id], &id.to_string().repeat(10));
            let file = states.find(&tokens(&[id])).unwrap();
            let written = old + Duration::from_secs(id as u64);
            File::options().append(true).open(file).unwrap().set_modified(written).unwrap();
        }
        // By name, since looking for a file makes it the newest.
        let names = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let there = |states: &States, id| {
            let key = states.key(&tokens(&[id]));
            names().iter().any(|path| parts(path).unwrap().0 == key)
        };
        let found = |states: &States| (0..7).filter(|id| there(states, *id)).collect::<Vec<_>>();
        assert_eq!(found(&states), [2, 3, 4]);
        keep(&mut states, &[5], &"5".repeat(85));
        assert_eq!(found(&states), [4, 5]);
        keep(&mut states, &[6], &"6".repeat(101));
        assert_eq!(found(&states), [4, 5]);
    }

    #[test]
    fn a_folder_that_cannot_be_is_no_error() {
        let (_place, _, model) = place();
        assert!(States::open(&model, &[&model], "f16").is_none());
        let (_place, folder, model) = place();
        let mut states = states(&folder, &model, "f16");
        states.keep(&tokens(&[1]), |_| Err("the disk is full".to_owned()));
        assert_eq!(states.find(&tokens(&[1])), None);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn the_build_is_the_one_that_is_linked() {
        let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml")).unwrap();
        let version = BUILD.rsplit(' ').next().unwrap();
        assert!(manifest.contains(&format!("llama-cpp-2 = {{ version = \"={version}\"")), "{BUILD} is not it");
    }
}
