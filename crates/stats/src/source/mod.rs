//! Where matches come from: a file, a folder, a zip as Cricsheet offers it, or a `.tar.zst`. Packed archives are read as
//! streams and never unpacked to disk, so that the names in them can do no harm.
//!
//! Everything here may be hostile: archives that are cut short, that unpack to more than any disk holds, or whose files
//! overlap; files that are pipes. `limits` holds the bounds.

mod error;
mod folder;
mod limits;
mod tar;
mod zip;

pub use error::SourceError;
pub use limits::TooMuch;

use std::{fs, path::Path};

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Match files seen, bad ones included.
    pub files: u64,
    /// Deliveries read from them.
    pub deliveries: u64,
    /// Work done: files of a folder, bytes of a packed archive.
    pub done: u64,
    /// Work in all, in the same measure.
    pub total: u64,
}

/// A file that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFile {
    /// Its name, in its folder or archive.
    pub name: String,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

/// One match file.
#[derive(Debug)]
pub struct MatchFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it holds, or why that cannot be had.
    pub content: Result<&'a [u8], String>,
    /// Work done with it: files of a folder, bytes of a packed archive.
    pub done: u64,
    /// Work in all, in the same measure.
    pub total: u64,
}

/// Visits every match file of a path: the file itself; the `.json` files of a folder and its subfolders by name; those
/// of a `.zip` or `.tar.zst` as they come. Other files of an archive are passed over, archives in it with a reason.
///
/// # Errors
/// [`SourceError`], or whatever `visit` refuses with, which ends the visit.
pub fn each_match<E: From<SourceError>>(
    path: &Path,
    mut visit: impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let found = fs::metadata(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_one = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if found.is_dir() {
        folder::visit(path, &mut visit)
    } else if !found.is_file() {
        Err(SourceError::Special(path.to_owned()).into())
    } else if is_one(&[".json"]) {
        folder::visit_file(path, &mut visit)
    } else if is_one(&[".tar.zst", ".tzst"]) {
        tar::visit(path, found.len(), &mut visit)
    } else if is_one(&[".zip"]) {
        zip::visit(path, found.len(), &mut visit)
    } else {
        Err(SourceError::Kind(path.to_owned()).into())
    }
}

/// What a file in a packed archive is, by its name.
enum Member {
    /// A match.
    Match,
    /// An archive of its own; not looked into, since archives in archives can go on without end.
    Nested,
    /// Anything else.
    Other,
}

impl Member {
    fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let is_one = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if is_one(&[".json"]) {
            Self::Match
        } else if is_one(&[".zip", ".tar", ".tar.zst", ".tzst", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".7z"]) {
            Self::Nested
        } else {
            Self::Other
        }
    }
}

/// Why an archive in an archive is passed over.
const NESTED: &str = "an archive in an archive is not looked into; hint: take it out and name it by itself";
