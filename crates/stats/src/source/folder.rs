//! Single files, and folders of them.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::{
    MatchFile, SourceError,
    limits::{LONGEST_FILE, read_whole, too_long},
};

/// Visits one file.
pub(super) fn visit_file<E>(path: &Path, visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>) -> Result<(), E> {
    each(&[(path.to_owned(), None)], visit)
}

/// Visits the `.json` files under a folder, by path.
pub(super) fn visit<E: From<SourceError>>(
    path: &Path,
    visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    each(&list(path)?, visit)
}

/// A path, and what is already known to be wrong with it.
type Found = (PathBuf, Option<String>);

/// What lies under a folder. Links to folders are not followed: they can lead in a circle. A folder within it that cannot
/// be read is passed over with its reason, the folder itself is an error.
fn list(path: &Path) -> Result<Vec<Found>, SourceError> {
    let failed = |source| SourceError::Io { path: path.to_owned(), source };
    let mut found = Vec::new();
    let mut folders = vec![(path.to_owned(), fs::read_dir(path).map_err(failed)?)];
    while let Some((at, entries)) = folders.pop() {
        for entry in entries {
            let Ok((entry, kind)) = entry.and_then(|entry| entry.file_type().map(|kind| (entry.path(), kind))) else {
                found.push((at.clone(), Some("cannot be read to its end; hint: check the disk".to_owned())));
                break;
            };
            if kind.is_dir() {
                match fs::read_dir(&entry) {
                    Ok(inner) => folders.push((entry, inner)),
                    Err(error) => found.push((entry, Some(format!("{error}; hint: make the folder readable to you")))),
                }
            } else if entry.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
                found.push((entry, None));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn each<E>(paths: &[Found], visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>) -> Result<(), E> {
    let mut bytes = Vec::new();
    for (place, (path, known)) in paths.iter().enumerate() {
        let content = known.clone().map_or_else(|| read(path, &mut bytes), Err);
        visit(MatchFile {
            name: &path.to_string_lossy(),
            content: content.map(|()| bytes.as_slice()),
            done: place as u64 + 1,
            total: paths.len() as u64,
        })?;
    }
    Ok(())
}

/// Reads a file; pipes and devices are not opened, they may never end.
fn read(path: &Path, into: &mut Vec<u8>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{error}; hint: make the file readable to you, or check the disk");
    let found = fs::metadata(path).map_err(failed)?;
    if !found.is_file() {
        return Err("no regular file; hint: take it away, or write what it gives into a file".to_owned());
    }
    if found.len() > LONGEST_FILE {
        return Err(too_long());
    }
    File::open(path).and_then(|file| read_whole(file, into)).map_err(failed)?
}
