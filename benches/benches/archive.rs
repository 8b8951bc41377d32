//! Adding matches to the archive, and asking it.
#![allow(clippy::expect_used, reason = "the archive is the bench's own and the sample is known to be readable")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use benches::{data, figures::Figure};
use cricket::simulate::{SimulationSettings, simulate};
use criterion::Criterion;
use stats::{Archive, Day, Format, Gender, Scope};

/// Matches in the archive that is asked: a career of a few hundred innings for everybody.
const MATCHES: u64 = 300;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    for seed in 0..MATCHES {
        let played = simulate(&SimulationSettings::new(seed)).expect("an invented match");
        let file = folder.path().join(format!("{seed}.json"));
        std::fs::write(file, cricket::cricsheet::write(&played)).expect("room for an invented match");
    }
    let mut archive = Archive::open(&folder.path().join("archive.db")).expect("a new archive");
    let started = Instant::now();
    let report = archive.add(folder.path(), &mut |_| {}).expect("invented matches are sound");
    let took = started.elapsed().as_secs_f64();
    let mut criterion = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let scope = Scope { format: Format::T20, gender: Gender::Male, level: None };
    let played = simulate(&SimulationSettings::new(0)).expect("an invented match");
    let ball = played.deliveries().next().expect("a ball").clone();
    let (batter, bowler) = (ball.batter.id, ball.bowler.id);
    criterion.bench_function("archive/batter_v_bowler", |bencher| {
        bencher.iter(|| black_box(archive.batter_v_bowler(&batter, &bowler, scope, Day::END)));
    });
    criterion.bench_function("archive/batter_record_300_innings", |bencher| {
        bencher.iter(|| black_box(archive.batter_record(&batter, scope, Day::END)));
    });
    criterion.bench_function("archive/bowler_record_300_innings", |bencher| {
        bencher.iter(|| black_box(archive.bowler_record(&bowler, scope, Day::END)));
    });
    Figure {
        what: "adding invented matches",
        measured: report.deliveries as f64 / took,
        unit: "balls/s",
        goal: ">= 250000",
        peer: Some("about 20000 (aggregates only)"),
    }
    .print();
    let Some(packed) = data::shared().map(|data| data.join("cricsheet-dev.tar.zst")) else { return };
    if std::env::var_os("VACHAK_SLOW").is_none() {
        benches::figures::say("skipped: adding all 14,107 real matches (set VACHAK_SLOW=1)");
        return;
    }
    let mut archive = Archive::open(&folder.path().join("all.db")).expect("a new archive");
    let started = Instant::now();
    let report = archive.add(&packed, &mut |_| {}).expect("the real archive is sound");
    let took = started.elapsed().as_secs_f64();
    let info = archive.info().expect("an archive just made");
    for (what, measured, unit, goal) in [
        ("adding all real matches", report.deliveries as f64 / took, "balls/s", ">= 250000"),
        ("store", info.bytes as f64 / info.deliveries as f64, "bytes a delivery", "<= 60"),
    ] {
        Figure { what, measured, unit, goal, peer: None }.print();
    }
}
