//! Cricsheet bytes to events to a full scorecard, on one core.
#![allow(clippy::expect_used, reason = "the sample matches are known to be readable")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use benches::{data, figures::Figure};
use cricket::{cricsheet, score::Match};
use criterion::{Criterion, Throughput};

/// Reads and scores a match; gives its deliveries.
fn score(id: &str, bytes: &[u8]) -> u64 {
    let read = cricsheet::read(bytes).expect("a sample match");
    let balls = read.deliveries().count() as u64;
    let mut scored = Match::new(id);
    for event in cricsheet::into_events(id, read) {
        black_box(scored.apply(event));
    }
    balls
}

fn main() {
    let samples = data::samples();
    if samples.is_empty() {
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("score");
    for (id, bytes) in samples.iter().filter(|(id, _)| ["1359534", "1384429", "1187017"].contains(&id.as_str())) {
        group.throughput(Throughput::Elements(score(id, bytes)));
        group.bench_function(format!("read/{id}"), |bencher| bencher.iter(|| cricsheet::read(black_box(bytes))));
        group.bench_function(format!("read_and_score/{id}"), |bencher| bencher.iter(|| score(id, black_box(bytes))));
    }
    group.finish();
    let (started, mut balls) = (Instant::now(), 0);
    while started.elapsed() < Duration::from_secs(2) {
        balls += samples.iter().map(|(id, bytes)| score(id, bytes)).sum::<u64>();
    }
    Figure {
        what: "parse and score, all samples",
        measured: balls as f64 / started.elapsed().as_secs_f64(),
        unit: "balls/s on one core",
        goal: ">= 500000",
        peer: Some("43066 (Python, with context)"),
    }
    .print();
}
