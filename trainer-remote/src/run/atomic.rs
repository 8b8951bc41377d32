//! Files and folders that a reader meets whole or not at all.

use std::{fs, io, io::Write as _, path::Path};

use serde::Serialize;

/// Writes a file under another name, then renames it.
///
/// # Errors
/// Whatever the disk says; the file that was there stays.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".partial-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    // Temporary files are their owner's alone; what becomes of them is not.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Writes a value as JSON for people to read too.
///
/// # Errors
/// Whatever the disk says.
pub fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    write(path, &text)
}

/// Gives a finished file or folder its final name, in place of what is there.
///
/// # Errors
/// Whatever the disk says.
pub fn swap_in(partial: &Path, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        fs::remove_dir_all(path)?;
    }
    fs::rename(partial, path)
}
