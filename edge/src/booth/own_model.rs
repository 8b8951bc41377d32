//! The model that comes inside the program, so that a fresh install speaks with one of its own, without a download.
//!
//! llama.cpp reads a file, so it is unpacked once into the state directory, under a name that says what it holds.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Its name in published lines and in logs.
pub const NAME: &str = "booth-mini";
/// Made by `trainer-remote run booth-mini`; its card lies beside it.
const GGUF: &[u8] = include_bytes!("../../../models/booth-mini/booth-mini.gguf");

/// How many bytes it has.
pub fn bytes() -> u64 {
    GGUF.len() as u64
}

/// Where the model lies in `directory`, once it is unpacked.
pub fn place(directory: &Path) -> PathBuf {
    let digest = Sha256::digest(GGUF);
    let short = &format!("{digest:x}")[..12];
    directory.join(format!("{NAME}-{short}.gguf"))
}

/// The model as a file in `directory`, which is made if need be. A file that is there and whole is taken as it is; one
/// that is not is replaced.
///
/// # Errors
/// When it cannot be written: a full disk, a directory that is read-only.
pub fn unpack(directory: &Path) -> io::Result<PathBuf> {
    let path = place(directory);
    if fs::read(&path).is_ok_and(|found| found == GGUF) {
        return Ok(path);
    }
    fs::create_dir_all(directory)?;
    // Never half a model under its own name, even if the power goes.
    let mut whole = tempfile::NamedTempFile::new_in(directory)?;
    whole.write_all(GGUF)?;
    whole.as_file().sync_all()?;
    whole.persist(&path)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn it_is_unpacked_once_and_a_damaged_copy_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("models");
        let path = unpack(&models).unwrap();
        let written = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(fs::read(&path).unwrap(), GGUF);
        assert_eq!(unpack(&models).unwrap(), path);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written, "it was left as it was");
        fs::write(&path, &GGUF[..GGUF.len() / 2]).unwrap();
        unpack(&models).unwrap();
        assert_eq!(fs::read(&path).unwrap(), GGUF);
        assert_eq!(fs::read_dir(&models).unwrap().count(), 1, "nothing else is left behind");
    }

    #[test]
    fn where_it_cannot_be_written_the_error_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "in the way").unwrap();
        assert!(unpack(&file.join("models")).is_err());
    }
}
