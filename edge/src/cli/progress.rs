//! How far some work is, on stderr: a bar on a terminal, a line now and then elsewhere.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between lines without a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Work in progress.
pub(super) struct Shown {
    started: Instant,
    bar: Option<ProgressBar>,
    /// When the next line is due, without a terminal.
    next_line: Duration,
}

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

    /// So much of so much is done; `said` is asked for more words when they are shown.
    pub(super) fn update(&mut self, done: u64, total: u64, said: impl FnOnce() -> String) {
        let took = self.started.elapsed();
        match &self.bar {
            Some(bar) => {
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(said());
            }
            None if took >= self.next_line => {
                self.next_line = took + LINE_EVERY;
                let percent = done * 100 / total.max(1);
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
