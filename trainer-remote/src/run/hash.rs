//! SHA-256 of files, and of folders file by file.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read as _},
    path::Path,
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A file as it was when it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// SHA-256, in hex.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
    /// Time of the last change, ns since 1970; only to spare the hashing of what did not change.
    pub changed: u64,
}

impl Stamp {
    /// Hashes a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let (bytes, changed) = look(path)?;
        Ok(Self { sha256: of_file(path)?, bytes, changed })
    }

    /// Whether the file is there and holds what it held. Hashes it again only if its time has changed.
    pub fn still_holds(&self, path: &Path) -> bool {
        match look(path) {
            Ok((bytes, _)) if bytes != self.bytes => false,
            Ok((_, changed)) if changed == self.changed => true,
            Ok(_) => of_file(path).is_ok_and(|hash| hash == self.sha256),
            Err(_) => false,
        }
    }
}

fn look(path: &Path) -> io::Result<(u64, u64)> {
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let changed = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok((meta.len(), u64::try_from(changed.as_nanos()).unwrap_or(u64::MAX)))
}

/// The hash of some bytes, in hex.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of a file, or of a folder: of the names and hashes of its files, in order.
///
/// # Errors
/// When it cannot be read.
pub fn of_path(path: &Path) -> io::Result<String> {
    if !path.is_dir() {
        return of_file(path);
    }
    let mut all = Sha256::new();
    for name in files_below(path)? {
        all.update(format!("{name}\0{}\n", of_file(&path.join(&name))?));
    }
    Ok(hex(&all.finalize()))
}

/// The files below a folder, relative to it, in order; hidden and unfinished ones do not count.
pub(super) fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.ends_with(".partial") {
                continue;
            }
            let name = if below.is_empty() { name } else { format!("{below}/{name}") };
            if fs::metadata(entry.path())?.is_dir() { open.push(name) } else { found.push(name) }
        }
    }
    found.sort();
    Ok(found)
}

fn of_file(path: &Path) -> io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    let (mut all, mut buffer) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&all.finalize())),
            read => all.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |text, byte| text + &format!("{byte:02x}"))
}
