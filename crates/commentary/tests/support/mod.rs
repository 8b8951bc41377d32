//! Whole real matches as moments. The match files stand beside the repository, in `../shared`; `VACHAK_SHARED` names
//! another place.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by several test programs; a test fails by panicking"
)]

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use commentary::{Moment, NoArchive};
use cricket::{cricsheet, score::Match};

fn shared() -> Option<PathBuf> {
    std::env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().map(|folder| folder.join("../shared")).find(|shared| shared.join("data/samples").is_dir())
    })
}

/// The sample files, in order; empty, with the reason printed, where they are absent.
pub(crate) fn samples() -> Vec<PathBuf> {
    let Some(folder) = shared().map(|shared| shared.join("data/samples")).filter(|folder| folder.is_dir()) else {
        eprintln!("skipped: no match files; expected ../shared/data/samples beside the repository, or VACHAK_SHARED");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// Matches of the packed archive that `pick` wants, by their paths and contents; empty, with the reason printed, where
/// the archive is absent.
fn picked(mut pick: impl FnMut(&str, &[u8]) -> bool) -> Vec<(String, Vec<u8>)> {
    let Some(file) = shared().map(|shared| shared.join("data/cricsheet-dev.tar.zst")).filter(|file| file.is_file())
    else {
        eprintln!(
            "skipped: no ../shared/data/cricsheet-dev.tar.zst beside the repository, nor where VACHAK_SHARED says"
        );
        return Vec::new();
    };
    let mut unpacked = zstd::stream::read::Decoder::new(File::open(file).unwrap()).unwrap();
    unpacked.window_log_max(27).unwrap();
    let mut archive = tar::Archive::new(unpacked);
    let mut matches = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if pick(&path.to_string_lossy(), &bytes) {
            matches.push((path.file_stem().unwrap().to_string_lossy().into_owned(), bytes));
        }
    }
    matches
}

/// Matches of the archive: of each kind, such as `T20_male`, every so-many-th up to a number; of those with five balls
/// an over the first, up to a number.
pub(crate) fn from_archive(kinds: &[(&str, usize, usize)], hundreds: usize) -> Vec<(String, Vec<u8>)> {
    let five = b"\"balls_per_over\": 5";
    let mut seen = vec![0usize; kinds.len()];
    let mut found = 0;
    picked(|path, bytes| {
        if found < hundreds && bytes.windows(five.len()).take(1_000).any(|bytes| bytes == five) {
            found += 1;
            return true;
        }
        let Some(at) = kinds.iter().position(|(kind, _, _)| path.contains(&format!("/{kind}/"))) else { return false };
        let (_, every, most) = kinds[at];
        seen[at] += 1;
        seen[at].is_multiple_of(every) && seen[at] <= every * most
    })
}

/// Every so-many-th match of the archive whose file has a text in it.
pub(crate) fn from_archive_with(text: &[u8], every: usize) -> Vec<(String, Vec<u8>)> {
    let mut seen = 0;
    picked(|_, bytes| {
        let has = bytes.windows(text.len()).any(|part| part == text);
        seen += usize::from(has);
        has && seen.is_multiple_of(every)
    })
}

/// Every moment of a match file, in order.
pub(crate) fn moments(file: &Path) -> Vec<Moment> {
    moments_of(file.file_stem().unwrap().to_str().unwrap(), &std::fs::read(file).unwrap())
}

/// Every moment of a match, in order, from the text of its file.
pub(crate) fn moments_of(id: &str, bytes: &[u8]) -> Vec<Moment> {
    let read = cricsheet::read(bytes).unwrap();
    let mut game = Match::new(id);
    let mut moments = Vec::new();
    for event in cricsheet::to_events(id, &read) {
        let applied = game.apply(event.clone());
        moments.extend(Moment::form(game.state(), &event, &applied.happenings, &NoArchive));
    }
    moments
}

/// The moments of one sample; empty where it is absent.
pub(crate) fn sample(id: &str) -> Vec<Moment> {
    samples()
        .iter()
        .find(|file| file.file_stem().is_some_and(|stem| stem == id))
        .map(|file| moments(file))
        .unwrap_or_default()
}
