//! Whole real matches as moments. The match files stand beside the repository, in `../shared`; `VACHAK_SHARED` names
//! another place.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by several test programs; a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use commentary::{Moment, NoArchive};
use cricket::{cricsheet, score::Match};

/// The sample files, in order; empty, with the reason printed, where they are absent.
pub(crate) fn samples() -> Vec<PathBuf> {
    let shared = std::env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().map(|folder| folder.join("../shared")).find(|shared| shared.join("data/samples").is_dir())
    });
    let Some(folder) = shared.map(|shared| shared.join("data/samples")).filter(|folder| folder.is_dir()) else {
        eprintln!("skipped: no match files; expected ../shared/data/samples beside the repository, or VACHAK_SHARED");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// Every moment of a match file, in order.
pub(crate) fn moments(file: &Path) -> Vec<Moment> {
    let id = file.file_stem().unwrap().to_str().unwrap();
    let read = cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
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
