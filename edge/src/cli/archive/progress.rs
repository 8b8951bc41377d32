//! How far the work is, on stderr, and the files that were passed over.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use stats::{BadFile, Progress};

use crate::terminal::clean::clean;

/// Bad files listed on stderr at most; all are counted.
const LISTED_BAD_FILES: usize = 20;

/// Progress on stderr: a bar on a terminal, a line now and then elsewhere.
pub(super) struct Shown {
    started: Instant,
    bar: Option<ProgressBar>,
    /// When the next line is due, without a terminal.
    next_line: Duration,
}

/// Time between lines without a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

impl Shown {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            // A template that does not parse leaves the plain bar.
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        Self { started: Instant::now(), bar, next_line: LINE_EVERY }
    }

    /// Time since the beginning.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn update(&mut self, progress: &Progress) {
        let took = self.started.elapsed();
        let said = || {
            let rate = progress.deliveries as f64 / took.as_secs_f64().max(0.001);
            format!("{} matches, {rate:.0} balls/s", progress.files)
        };
        match &self.bar {
            Some(bar) => {
                bar.set_length(progress.total);
                bar.set_position(progress.done);
                bar.set_message(said());
            }
            None if took >= self.next_line => {
                self.next_line = took + LINE_EVERY;
                let percent = progress.done * 100 / progress.total.max(1);
                // With stderr gone there is nobody left to tell.
                let _ = writeln!(anstream::stderr(), "{percent} %: {}", said());
            }
            None => {}
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Lists bad files on stderr; of many the first and how many more.
pub(super) fn list_bad(bad: &[BadFile], count: u64) -> std::io::Result<()> {
    let mut out = anstream::stderr();
    for file in bad.iter().take(LISTED_BAD_FILES) {
        // Names and reasons hold text of the files.
        let reason: Vec<String> = file.reason.lines().map(clean).collect();
        writeln!(out, "  {}: {}", clean(&file.name), reason.join("\n    "))?;
    }
    let rest = count.saturating_sub(LISTED_BAD_FILES as u64);
    if rest > 0 {
        writeln!(out, "  … and {rest} more")?;
    }
    Ok(())
}
