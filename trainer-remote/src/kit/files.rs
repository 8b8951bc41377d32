//! The Python programs, as they were when this program was built.

use std::{fmt::Write as _, fs, path::Path};

use super::KitError;
use crate::run;

/// Names and contents.
pub static FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/kit_files.rs"));

/// The hash of all of them, the lock of their packages among them.
pub fn hash() -> String {
    let mut all = String::new();
    for (name, text) in FILES {
        let _ = writeln!(all, "{name}\0{}", run::of_bytes(text.as_bytes()));
    }
    run::of_bytes(all.as_bytes())
}

/// Writes them into a folder; what is there already stays as it is.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_to(folder: &Path) -> Result<(), KitError> {
    for (name, text) in FILES {
        let path = folder.join(name);
        let failed = |source| KitError::Io { path: path.clone(), source };
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        run::write_atomic(&path, text.as_bytes()).map_err(failed)?;
        #[cfg(unix)]
        if Path::new(name).extension().is_some_and(|ending| ending == "sh") {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    Ok(())
}
