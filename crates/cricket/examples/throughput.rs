//! How fast Cricsheet bytes become a scored match.
//!
//! `throughput FILE...` takes a few files on one core, over and over for three seconds; `throughput --archive
//! FILE.tar.zst` takes every match of an archive once, on two threads, and counts the unpacking apart.
#![allow(clippy::print_stdout, reason = "a program's data goes to stdout")]

use std::{
    env,
    error::Error,
    fs,
    hint::black_box,
    io::{BufReader, Read},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use cricket::{cricsheet, score::Match};

type Failure = Box<dyn Error + Send + Sync>;

const THREADS: usize = 2;
/// Bytes unpacked before they are read and scored, so that memory stays small.
const BATCH: usize = 64 << 20;
/// The archive's window: 128 MiB.
const WINDOW_LOG: u32 = 27;

/// What reading and scoring some matches took.
#[derive(Debug, Default, Clone, Copy)]
struct Taken {
    matches: usize,
    balls: usize,
    bytes: usize,
    reading: Duration,
    scoring: Duration,
}

impl Taken {
    fn add(&mut self, other: Self) {
        self.matches += other.matches;
        self.balls += other.balls;
        self.bytes += other.bytes;
        self.reading += other.reading;
        self.scoring += other.scoring;
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let begun = Instant::now();
        let file = cricsheet::read(bytes)?;
        let balls = file.deliveries().count();
        let read = Instant::now();
        let mut game = Match::new("throughput");
        for event in cricsheet::into_events("throughput", file) {
            black_box(game.apply(event));
        }
        let (reading, scoring) = (read - begun, read.elapsed());
        self.add(Self { matches: 1, balls, bytes: bytes.len(), reading, scoring });
        Ok(())
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, archive] if flag == "--archive" => whole(archive),
        files => a_few(files),
    }
}

fn a_few(files: &[String]) -> Result<(), Failure> {
    let files: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_, _>>()?;
    let mut taken = Taken::default();
    let started = Instant::now();
    while started.elapsed().as_secs_f64() < 3.0 && !files.is_empty() {
        for bytes in &files {
            taken.take(bytes)?;
        }
    }
    let rate = |time: Duration| taken.balls as f64 / time.as_secs_f64();
    println!(
        "{} balls: {:.0} balls/s (reading {:.0}, scoring {:.0})",
        taken.balls,
        rate(taken.reading + taken.scoring),
        rate(taken.reading),
        rate(taken.scoring)
    );
    Ok(())
}

fn whole(archive: &str) -> Result<(), Failure> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(fs::File::open(archive)?))?;
    decoder.window_log_max(WINDOW_LOG)?;
    let mut archive = tar::Archive::new(decoder);
    let mut batch: Vec<Vec<u8>> = Vec::new();
    let (mut taken, mut scored, started) = (Taken::default(), Duration::ZERO, Instant::now());
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()?.extension().is_some_and(|extension| extension == "json") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            batch.push(bytes);
        }
        if batch.iter().map(Vec::len).sum::<usize>() >= BATCH {
            scored += score(&std::mem::take(&mut batch), &mut taken)?;
        }
    }
    scored += score(&batch, &mut taken)?;
    println!(
        "{} matches, {} balls read and scored in {:.1} s on {THREADS} threads (goal <= 20 s; peer 43066 balls/s, which \
         is {:.0} s); unpacking {:.1} s apart",
        taken.matches,
        taken.balls,
        scored.as_secs_f64(),
        taken.balls as f64 / 43_066.0,
        started.elapsed().saturating_sub(scored).as_secs_f64(),
    );
    println!(
        "of both threads' time reading took {:.1} s ({:.0} MB/s a thread), scoring {:.1} s",
        taken.reading.as_secs_f64(),
        taken.bytes as f64 / 1e6 / taken.reading.as_secs_f64(),
        taken.scoring.as_secs_f64()
    );
    Ok(())
}

/// Reads and scores a batch on all threads; how long that took on the clock.
fn score(batch: &[Vec<u8>], taken: &mut Taken) -> Result<Duration, Failure> {
    let (next, started) = (AtomicUsize::new(0), Instant::now());
    let work = || {
        let mut taken = Taken::default();
        while let Some(bytes) = batch.get(next.fetch_add(1, Ordering::Relaxed)) {
            taken.take(bytes)?;
        }
        Ok::<_, Failure>(taken)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            taken.add(worker.join().map_err(|_| "a thread gave way")??);
        }
        Ok(started.elapsed())
    })
}
