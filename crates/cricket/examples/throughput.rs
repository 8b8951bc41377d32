//! Balls a second from Cricsheet bytes to a scored match, on one core: `throughput FILE... [--repeat N]`.
#![allow(clippy::print_stdout, reason = "a program's data goes to stdout")]

use std::{env, error::Error, fs, hint::black_box, time::Instant};

use cricket::{cricsheet, score::Match};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<Vec<u8>> = env::args().skip(1).map(fs::read).collect::<Result<_, _>>()?;
    let (mut balls, mut parse, mut score) = (0_usize, 0.0, 0.0);
    let started = Instant::now();
    while started.elapsed().as_secs_f64() < 3.0 && !files.is_empty() {
        for bytes in &files {
            let begun = Instant::now();
            let file = cricsheet::read(bytes)?;
            balls += file.deliveries().count();
            let parsed = Instant::now();
            let mut game = Match::new("throughput");
            for event in cricsheet::into_events("throughput", file) {
                black_box(game.apply(event));
            }
            parse += (parsed - begun).as_secs_f64();
            score += parsed.elapsed().as_secs_f64();
        }
    }
    let rate = |seconds: f64| balls as f64 / seconds;
    println!(
        "{balls} balls: {:.0} balls/s (reading {:.0}, scoring {:.0})",
        rate(parse + score),
        rate(parse),
        rate(score)
    );
    Ok(())
}
