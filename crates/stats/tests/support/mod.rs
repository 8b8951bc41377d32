//! What the tests share: invented matches as files, and the real data where it lies.
#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::path::{Path, PathBuf};

use cricket::{
    cricsheet::{self, CricsheetMatch},
    simulate::{Format, Gender, SimulationSettings, simulate},
};

/// An invented match of a seed; every third is a women's match, every fifth has fifty overs, each has a day of its own.
pub(crate) fn invented(seed: u64) -> CricsheetMatch {
    simulate(&SimulationSettings {
        gender: if seed.is_multiple_of(3) { Gender::Female } else { Gender::Male },
        format: if seed.is_multiple_of(5) { Format::Odi } else { Format::T20 },
        date: format!("20{:02}-03-{:02}", 10 + seed % 12, 1 + seed % 28),
        ..SimulationSettings::new(seed)
    })
    .unwrap()
}

/// Writes invented matches of seeds below a number into a folder.
pub(crate) fn write_invented(folder: &Path, seeds: u64) {
    for seed in 0..seeds {
        write(folder, seed, &invented(seed));
    }
}

/// Writes one match as `<id>.json`.
pub(crate) fn write(folder: &Path, id: u64, played: &CricsheetMatch) {
    std::fs::write(folder.join(format!("{id}.json")), cricsheet::write(played)).unwrap();
}

/// The real data: `../shared/data` beside the repository, or where `VACHAK_SHARED` says. Says on stderr when it is not
/// there and the test is skipped.
pub(crate) fn shared_data() -> Option<PathBuf> {
    let shared = std::env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let room = Path::new(env!("CARGO_MANIFEST_DIR"));
        room.ancestors().map(|folder| folder.join("../shared")).find(|shared| shared.join("data").is_dir())
    });
    let data = shared.map(|shared| shared.join("data")).filter(|data| data.is_dir());
    if data.is_none() {
        eprintln!("skipped: no ../shared/data beside the repository (set VACHAK_SHARED)");
    }
    data
}
