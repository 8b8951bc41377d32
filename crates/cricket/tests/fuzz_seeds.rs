//! What the fuzz targets hold of any bytes, held of their seeds, of invented matches and of noise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

// The targets' own functions: they live outside the workspace, which does not build libFuzzer.
#[allow(unreachable_pub, reason = "public there, for the targets")]
#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;

use std::{fs, path::Path};

use cricket::{
    cricsheet,
    event::Event,
    simulate::{SimulationSettings, simulate, simulate_events},
};
use proptest::prelude::*;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn the_seeds_of_files_hold_and_read() {
    let seeds = seeds("cricsheet");
    assert!(seeds.len() >= 2);
    for seed in seeds {
        assert!(cricsheet::read(&seed).is_ok(), "a seed that does not read reaches nothing");
        fuzz::cricsheet(&seed);
    }
}

#[test]
fn the_seeds_of_events_hold() {
    let seeds = seeds("events");
    assert!(seeds.len() >= 4);
    for seed in seeds {
        fuzz::events(&seed);
    }
}

#[test]
fn an_invented_match_holds_as_a_file_and_as_events() {
    let settings = SimulationSettings::new(7);
    fuzz::cricsheet(cricsheet::write(&simulate(&settings).unwrap()).as_bytes());
    let lines: Vec<String> = simulate_events(&settings).unwrap().iter().take(60).map(line).collect();
    fuzz::events(lines.join("\n").as_bytes());
}

fn line(event: &Event) -> String {
    serde_json::to_string(&Event { match_id: "m".into(), ..event.clone() }).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { ..ProptestConfig::default() })]

    #[test]
    fn noise_holds(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        fuzz::events(&bytes);
        fuzz::cricsheet(&bytes);
    }
}
