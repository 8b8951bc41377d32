//! Smaller GGUF files of a finished one, by llama.cpp in this process: each beside its perplexity on rows held out of
//! training.
//!
//! `convert` one file; `matrix` which weights our own prompts use most; `perplexity`; `about` what files say of
//! themselves; `native` the only unsafe code, llama.cpp's own functions. C++ answers misuse with the end of the process,
//! so every file is looked over before it is handed on.

mod about;
mod convert;
mod matrix;
mod native;
mod perplexity;
mod rows;

use std::path::{Path, PathBuf};

use llm::WriteError;
use serde::{Deserialize, Serialize};

pub use about::{has_metadata, metadata};
pub use perplexity::{Perplexity, perplexity};

use crate::{
    progress::Progress,
    run::{self, Stop, write_json},
    training::{Quantize, WeightType},
};

/// The llama.cpp that does it, by its bindings' version.
pub const LLAMA: &str = "llama-cpp-sys-2 0.1.160";

/// The most rows that the importance matrix is gathered from.
const MATRIX_ROWS: usize = 400;

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The training, which names the files.
    pub name: &'a str,
    /// The file to start from, in 16 bits; one that is quantised already loses twice.
    pub source: &'a Path,
    /// Rows held out of training; none, and there is no perplexity.
    pub held_out: Option<&'a Path>,
    /// Which types.
    pub settings: &'a Quantize,
    /// The text that ends every completion.
    pub end_of_turn: &'a str,
    /// The folder they go to.
    pub out: &'a Path,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// A line a file, in the order of the settings.
    pub files: Vec<TableRow>,
    /// The perplexity of the file that all were made from.
    pub source: Option<Perplexity>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// How its weights are stored.
    pub r#type: WeightType,
    /// Its name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Whether the importance matrix was used.
    pub imatrix: bool,
    /// How well it foretells completions held out of training.
    pub perplexity: Option<Perplexity>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum QuantizeError {
    /// The file to start from, or one that was made, is no model that works.
    #[error("{error}; hint: {hint}")]
    Model {
        /// What is wrong with it.
        error: WriteError,
        /// What to do.
        hint: String,
    },
    /// llama.cpp refused.
    #[error("llama.cpp could not make {path}: {reason}; hint: {hint}")]
    Refused {
        /// What was to be made.
        path: PathBuf,
        /// What is known of the reason.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// What a file should say of itself is not in it.
    #[error("{path} does not say {key} = '{wanted}' but {found}; hint: make it anew with `--force`")]
    Metadata {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What it should say.
        wanted: String,
        /// What it says.
        found: String,
    },
    /// Rows cannot be read.
    #[error("{path}: {reason}; hint: make the rows anew with `teach --force`")]
    Rows {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}; hint: check the disk, then run the same command")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was asked to stop. Files that were whole stay.
    #[error("stopped; hint: run the same command to go on")]
    Stopped,
}

impl QuantizeError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

impl From<WriteError> for QuantizeError {
    fn from(error: WriteError) -> Self {
        let hint = error.hint().unwrap_or_else(|| "make it anew with `--force`".to_owned());
        Self::Model { error, hint }
    }
}

/// Makes the files and `table.json`. A file that a stopped run left is made again: it takes seconds.
///
/// # Errors
/// [`QuantizeError`]; no half file is left under a final name.
pub fn run(job: &Job, progress: &dyn Progress, stop: &Stop) -> Result<Table, QuantizeError> {
    check(job.source)?;
    std::fs::create_dir_all(job.out).map_err(QuantizeError::io(job.out))?;
    let wanted = job.settings.perplexity_rows as usize;
    let rows = match job.held_out {
        Some(path) if wanted > 0 || job.settings.imatrix => rows::read(path, wanted.max(MATRIX_ROWS), job.end_of_turn)?,
        _ => Vec::new(),
    };
    let measured = rows.get(..wanted.min(rows.len())).unwrap_or_default();
    let measure = |path: &Path| {
        if measured.is_empty() { Ok(None) } else { perplexity(path, measured, stop).map(Some) }
    };
    progress.total(job.settings.types.len() as u64 + 1, "files");
    let source = measure(job.source)?;
    progress.advance(1);
    let matrix = if job.settings.imatrix {
        let sample = rows.get(..MATRIX_ROWS.min(rows.len())).unwrap_or_default();
        let matrix = matrix::gather(job.source, sample, stop)?;
        progress.note(&format!("the importance matrix has {} tensors, from {} rows", matrix.len(), sample.len()));
        Some(matrix)
    } else {
        None
    };
    let mut table = Table { files: Vec::new(), source };
    for &kind in &job.settings.types {
        if stop.is_cancelled() {
            return Err(QuantizeError::Stopped);
        }
        let file = format!("{}-{kind}.gguf", job.name);
        let path = job.out.join(&file);
        convert::convert(job.source, &path, kind, matrix.as_ref())?;
        let bytes = path.metadata().map_err(QuantizeError::io(&path))?.len();
        let perplexity = measure(&path)?;
        let said = perplexity.map_or_else(String::new, |one| format!(", perplexity {:.4}", one.perplexity));
        progress.note(&format!("{file}: {:.1} MB{said}", bytes as f64 / 1e6));
        let imatrix = matrix.is_some() && kind != WeightType::F16;
        table.files.push(TableRow { r#type: kind, file, bytes, imatrix, perplexity });
        progress.advance(1);
    }
    let place = job.out.join("table.json");
    write_json(&place, &table).map_err(QuantizeError::io(&place))?;
    Ok(table)
}

/// Whether llama.cpp can be given the file.
pub(crate) fn check(path: &Path) -> Result<(), QuantizeError> {
    llm::gguf::check(path)?;
    Ok(())
}

/// llama.cpp, started.
pub(crate) fn llama() -> Result<&'static llama_cpp_2::llama_backend::LlamaBackend, QuantizeError> {
    let reason = || WriteError::Stopped { reason: "llama.cpp was started by another part of this process".to_owned() };
    llm::embedded::backend().ok_or_else(|| reason().into())
}

/// Threads for the computation.
fn threads() -> i32 {
    std::thread::available_parallelism().map_or(1, |count| i32::try_from(count.get()).unwrap_or(1).min(64))
}

/// A name beside the final one, for what is not whole yet.
fn partial(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".partial-{name}"))
}

/// Gives a finished file its name.
fn finish(partial: &Path, path: &Path) -> Result<(), QuantizeError> {
    run::swap_in(partial, path).map_err(QuantizeError::io(path))
}
