//! Invented matches in folders, and where the real ones are.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by tests, each of which takes its part"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use cricket::{
    cricsheet,
    event::{EventName, Ext, TextOrNumber},
    simulate::{Format, SimulationSettings, simulate},
};

/// Writes an invented match of a series and year; returns its file.
pub(crate) fn invent(folder: &Path, id: &str, seed: u64, series: &str, year: u16) -> PathBuf {
    let format = if seed % 4 == 3 { Format::Odi } else { Format::T20 };
    let date = format!("{year}-06-{:02}", 1 + seed % 28);
    let mut game = simulate(&SimulationSettings { format, date, ..SimulationSettings::new(seed) }).unwrap();
    game.info.season = Some(TextOrNumber::Number(i64::from(year)));
    game.info.event = (!series.is_empty()).then(|| EventName {
        name: series.to_owned(),
        match_number: None,
        group: None,
        stage: None,
        ext: Ext::new(),
    });
    let path = folder.join(format!("{id}.json"));
    fs::write(&path, cricsheet::write(&game)).unwrap();
    path
}

/// A folder of invented matches: `per_year` in each of four years, two series a year.
pub(crate) fn invented(folder: &Path, per_year: u64) -> PathBuf {
    let source = folder.join("matches");
    fs::create_dir_all(&source).unwrap();
    for year in 0..4 {
        for number in 0..per_year {
            let seed = year * 100 + number;
            let series = if number % 2 == 0 { "Harbour Cup" } else { "Valley League" };
            invent(&source, &format!("m{seed:04}"), seed, series, 2021 + year as u16);
        }
    }
    source
}

/// The folder of real samples, or a reason to skip.
pub(crate) fn samples() -> Option<PathBuf> {
    let root = std::env::var_os("VACHAK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let samples = root.join("data/samples");
    if !samples.is_dir() {
        eprintln!("skipped: no match data at {}", samples.display());
        return None;
    }
    Some(samples)
}
