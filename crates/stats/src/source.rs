//! Where matches come from: a file, a folder, or a packed archive as one stream.

use std::{
    cell::Cell,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    rc::Rc,
};

/// A match file is at most this long, in bytes; the longest of Cricsheet has 1.2 million.
const LONGEST_FILE: u64 = 64 << 20;

/// The zstd window that packed archives may need, as a power of two (128 MiB).
const ZSTD_WINDOW_LOG: u32 = 27;

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

/// Why files cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file or folder itself.
    #[error("{} cannot be read: {source}; hint: check the path and who may read it", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A packed archive that breaks off or is damaged; what came before was read.
    #[error("{} is damaged or cut short: {source}; hint: fetch it again; the matches before the damage are kept", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Neither of the kinds that are read.
    #[error("{} is neither a folder nor a .json or .tar.zst file; hint: unpack it and name the folder", .0.display())]
    Kind(PathBuf),
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

/// Visits every match file of a path: the file itself, the `.json` files of a folder and its subfolders by name, or
/// those of a `.tar.zst` as they come.
///
/// # Errors
/// [`SourceError`], or whatever `visit` refuses with, which ends the visit.
pub fn each_match<E: From<SourceError>>(
    path: &Path,
    mut visit: impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let found = fs::metadata(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let ends_in = |ending: &str| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.ends_with(ending)
    };
    if found.is_dir() {
        files(&folder(path)?, &mut visit)
    } else if ends_in(".json") {
        files(&[path.to_owned()], &mut visit)
    } else if ends_in(".tar.zst") || ends_in(".tzst") {
        packed(path, found.len(), &mut visit)
    } else {
        Err(SourceError::Kind(path.to_owned()).into())
    }
}

/// The `.json` files under a folder, by path. Links to folders are not followed: they can lead in a circle.
fn folder(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let failed = |at: &Path, source| SourceError::Io { path: at.to_owned(), source };
    let (mut folders, mut files) = (vec![path.to_owned()], Vec::new());
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).map_err(|source| failed(&at, source))? {
            let entry = entry.map_err(|source| failed(&at, source))?;
            let kind = entry.file_type().map_err(|source| failed(&entry.path(), source))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
                files.push(entry.path());
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn files<E>(paths: &[PathBuf], visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>) -> Result<(), E> {
    let mut bytes = Vec::new();
    for (place, path) in paths.iter().enumerate() {
        let name = path.to_string_lossy();
        let content = File::open(path).and_then(|file| read_whole(file, &mut bytes)).map_err(|error| error.to_string());
        visit(MatchFile {
            name: &name,
            content: content.map(|()| bytes.as_slice()),
            done: place as u64 + 1,
            total: paths.len() as u64,
        })?;
    }
    Ok(())
}

fn packed<E: From<SourceError>>(
    path: &Path,
    total: u64,
    visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let damaged = |source| SourceError::Damaged { path: path.to_owned(), source };
    let file = File::open(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let done = Rc::new(Cell::new(0));
    let mut unpacked =
        zstd::stream::read::Decoder::new(Counted { inner: file, done: Rc::clone(&done) }).map_err(damaged)?;
    unpacked.window_log_max(ZSTD_WINDOW_LOG).map_err(damaged)?;
    let mut archive = tar::Archive::new(unpacked);
    let mut bytes = Vec::new();
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !name.to_lowercase().ends_with(".json") {
            continue;
        }
        let content = if entry.size() > LONGEST_FILE {
            Err(too_long())
        } else {
            // What fails here is the archive, not one file of it.
            read_whole(entry, &mut bytes).map_err(damaged)?;
            Ok(bytes.as_slice())
        };
        visit(MatchFile {
            name: &name,
            content: content.map_err(|error: io::Error| error.to_string()),
            done: done.get(),
            total,
        })?;
    }
    Ok(())
}

fn too_long() -> io::Error {
    io::Error::other(format!("longer than {} MiB, no match file is; hint: take the file away", LONGEST_FILE >> 20))
}

fn read_whole(file: impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    let read = file.take(LONGEST_FILE + 1).read_to_end(into)? as u64;
    if read > LONGEST_FILE { Err(too_long()) } else { Ok(()) }
}

/// Counts the bytes read.
struct Counted<R> {
    inner: R,
    done: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.done.set(self.done.get() + read as u64);
        Ok(read)
    }
}
