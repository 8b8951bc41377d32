//! Models of a real one's exact shape and quantisation, with random weights.
//!
//! How fast a model computes depends on the shapes and types of its tensors, not on what is in them. So a file with
//! random weights measures a device as the real one would, without a download: [`Synthetic::ensure`] writes it, straight
//! as blocks, into a cache directory.
//!
//! What is the same as in the real file: each tensor's name, shape and type (those that llama.cpp's quantiser chooses, `quantization`),
//! and so its size to within the vocabulary's texts; the special tokens; the pre-tokenizer; ChatML as its template.
//!
//! What differs:
//! - The words are nonsense, and a line never ends by itself: the tokens that would end it are given weights of zero,
//!   which are never among the likeliest. A request's `max_tokens` is the exact length of its line.
//! - The vocabulary knows the words that the caller gives, each as one token, and spells all others out of what it learnt
//!   from those. The real one has merges for a whole language. With the words of commentary (`commentary::vocabulary`) our
//!   prompts have 0.99 times the tokens of the real vocabulary, and their part that is new at each ball, with its names,
//!   1.08 times.
//!
//! The same name, quantisation, seed and words give the same bytes.

mod bpe;
mod file;
mod quantization;
mod shape;
mod vocabulary;
mod weights;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use file::Plan;
pub use quantization::Quantization;
pub use shape::Shape;
use vocabulary::Vocabulary;

/// Raised whenever the bytes of any file change for the same input.
const VERSION: u32 = 1;
/// Names of the models that can be made.
const NAMES: [(&str, Shape); 2] = [("qwen2.5-0.5b", Shape::HALF_BILLION), ("qwen2.5-1.5b", Shape::ONE_AND_A_HALF)];
/// Left free on the disk beside the file, for everybody else.
const MARGIN: u64 = 64 << 20;

/// Which model to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synthetic {
    name: String,
    shape: Shape,
    quantization: Quantization,
    seed: u64,
}

/// Reads `NAME` or `NAME:QUANTISATION`, such as `qwen2.5-0.5b:Q4_0`; without a quantisation it is Q4_K_M.
impl FromStr for Synthetic {
    type Err = SyntheticError;

    fn from_str(text: &str) -> Result<Self, SyntheticError> {
        let (name, quantization) = match text.split_once(':') {
            Some((name, quantization)) => (name, quantization.parse()?),
            None => (text, Quantization::Q4KM),
        };
        let found = NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let (name, shape) = found.ok_or_else(|| SyntheticError::UnknownName(name.to_owned()))?;
        Ok(Self { name: name.to_owned(), shape, quantization, seed: 1 })
    }
}

impl std::fmt::Display for Synthetic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.name, self.quantization)
    }
}

impl Synthetic {
    /// The same model with other random numbers; 1 is the usual seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How the weights are stored.
    pub fn quantization(&self) -> Quantization {
        self.quantization
    }

    /// Bytes of all its weights: what computing a token has to read at least once.
    pub fn weight_bytes(&self) -> u64 {
        let vocabulary = Vocabulary::learn([], self.shape.vocabulary);
        Plan::of(self, &vocabulary).weight_bytes()
    }

    /// The model as a file in `directory`, which is made if need be: taken as it is where it lies there already, written
    /// where not. `words` are texts whose words become single tokens; `progress` learns how many bytes of how many are
    /// written, and is not called when nothing is.
    ///
    /// The file never has its name before it is whole, and is written by one process at a time; others wait for it. What
    /// an interrupted one leaves behind is used up by the next. Files of the same model made of other words are removed.
    ///
    /// # Errors
    /// [`SyntheticError::NoRoom`] before anything is written when the disk is too full; [`SyntheticError::Io`].
    pub fn ensure<'a>(
        &self,
        directory: &Path,
        words: impl IntoIterator<Item = &'a str>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<PathBuf, SyntheticError> {
        let vocabulary = Vocabulary::learn(words, self.shape.vocabulary);
        let plan = Plan::of(self, &vocabulary);
        let path = directory.join(self.file_name(&vocabulary));
        let length = plan.length();
        let is_there = || fs::metadata(&path).is_ok_and(|found| found.len() == length);
        if is_there() {
            return Ok(path);
        }
        let failed = |error: io::Error| SyntheticError::from_io(error, &path, length);
        fs::create_dir_all(directory).map_err(failed)?;
        let part = path.with_extension("gguf.part");
        let file = File::options().create(true).append(true).open(&part).map_err(failed)?;
        file.lock().map_err(failed)?;
        // Another process may have made it meanwhile, out of this very part.
        if is_there() {
            return Ok(path);
        }
        file.set_len(0).map_err(failed)?;
        self.remove_others(directory, &path, &part);
        room_for(length, directory)?;
        let mut out = BufWriter::new(&file);
        let written = plan
            .write(&mut out, |done| progress(done, length))
            .and_then(|()| out.flush())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&part, &path));
        if let Err(error) = written {
            // Half a model is of no use and takes room.
            let _ = fs::remove_file(&part);
            return Err(failed(error));
        }
        Ok(path)
    }

    /// Says what the bytes are of.
    fn file_name(&self, vocabulary: &Vocabulary) -> String {
        let mut digest = Sha256::new();
        digest.update(VERSION.to_le_bytes());
        digest.update(self.seed.to_le_bytes());
        for text in vocabulary.tokens.iter().chain(&vocabulary.merges) {
            digest.update(text);
            digest.update([0]);
        }
        format!("{}-{:.8}.gguf", self.stem(), format!("{:x}", digest.finalize()))
    }

    fn stem(&self) -> String {
        format!("{}-{}-random", self.name, self.quantization.name().to_ascii_lowercase())
    }

    /// Removes what else was made for this model, as far as it can be.
    fn remove_others(&self, directory: &Path, path: &Path, part: &Path) {
        let stem = self.stem();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let other = entry.path();
            let is_model = other.extension().is_some_and(|end| end == "gguf");
            let is_ours = other.file_stem().is_some_and(|name| name.to_string_lossy().starts_with(&stem));
            if is_model && is_ours && other != path && other != part && fs::remove_file(&other).is_ok() {
                tracing::info!(file = %other.display(), "a model of other words is removed");
            }
        }
    }
}

/// Whether so many bytes fit on the disk.
fn room_for(length: u64, directory: &Path) -> Result<(), SyntheticError> {
    // Where it cannot be told, writing will tell.
    let Ok(disk) = rustix::fs::statvfs(directory) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < length + MARGIN {
        return Err(SyntheticError::NoRoom { directory: directory.to_owned(), needed: length + MARGIN, free });
    }
    Ok(())
}

/// Why there is no model.
#[derive(Debug, Error)]
pub enum SyntheticError {
    /// No such model can be made.
    #[error("no model is called `{0}`")]
    UnknownName(String),
    /// No such quantisation can be made.
    #[error("no quantisation is called `{0}`")]
    UnknownQuantization(String),
    /// The disk is too full for it.
    #[error("{} MB are needed in {}, and {} MB are free", needed / 1_000_000, directory.display(), free / 1_000_000)]
    NoRoom {
        /// Where it was to be written.
        directory: PathBuf,
        /// Bytes of the file, and some to spare.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// It could not be written.
    #[error("{} cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
}

impl SyntheticError {
    fn from_io(source: io::Error, path: &Path, needed: u64) -> Self {
        // Others may have filled the disk since it was looked at.
        if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            let directory = path.parent().unwrap_or(path).to_owned();
            let free = rustix::fs::statvfs(&directory).map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
            return Self::NoRoom { directory, needed, free };
        }
        Self::Io { path: path.to_owned(), source }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownName(_) => format!("there are {}", NAMES.map(|(name, _)| name).join(", ")),
            Self::UnknownQuantization(_) => {
                format!("there are {}", Quantization::ALL.map(Quantization::name).join(", "))
            }
            Self::NoRoom { .. } => "make room, or name another directory".to_owned(),
            Self::Io { .. } => "check that the directory can be written, or name another".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
