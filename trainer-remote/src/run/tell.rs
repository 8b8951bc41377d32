//! Telling how far a run is: a bar on a terminal, plain lines elsewhere, events for programs.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::Events;
use crate::progress::Progress;

/// Between two events of progress.
const EVENT_EVERY: Duration = Duration::from_secs(2);
/// Between two plain lines of progress.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// How a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A bar that is drawn anew.
    Bar,
    /// A line now and then.
    Lines,
    /// Not at all.
    Silent,
}

impl Screen {
    /// A bar where stderr is a terminal, lines elsewhere.
    pub fn fitting() -> Self {
        if std::io::stderr().is_terminal() { Self::Bar } else { Self::Lines }
    }
}

/// Tells of one stage after another.
pub struct Teller {
    screen: Screen,
    state: Mutex<State>,
}

struct State {
    events: Option<Events>,
    stage: Option<String>,
    bar: ProgressBar,
    unit: String,
    of: u64,
    done: u64,
    began: Instant,
    told: Instant,
    printed: Instant,
}

impl Teller {
    /// Tells on this screen and into these events.
    pub fn new(screen: Screen, events: Option<Events>) -> Self {
        let now = Instant::now();
        let state = State {
            events,
            stage: None,
            bar: ProgressBar::hidden(),
            unit: String::new(),
            of: 0,
            done: 0,
            began: now,
            told: now,
            printed: now,
        };
        Self { screen, state: Mutex::new(state) }
    }

    /// A stage begins.
    pub fn begin(&self, stage: &str, why: &str) {
        let mut telling = self.telling();
        let now = Instant::now();
        (telling.began, telling.told, telling.printed) = (now, now, now);
        (telling.of, telling.done) = (0, 0);
        telling.unit.clear();
        telling.stage = Some(stage.to_owned());
        telling.event("started", &json!({"why": why}));
        telling.bar = match self.screen {
            Screen::Bar => {
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                bar.set_prefix(stage.to_owned());
                bar.set_style(style("{spinner} {prefix:<10} {elapsed_precise}  {msg}"));
                bar.enable_steady_tick(Duration::from_millis(200));
                bar
            }
            Screen::Lines | Screen::Silent => ProgressBar::hidden(),
        };
        if self.screen == Screen::Lines {
            say(&format!("{stage:<10} begins: {why}"));
        }
    }

    /// A stage ends; `how` is `done`, `skipped`, `failed` or `stopped`.
    pub fn end(&self, stage: &str, how: &str, what: &str, more: &Value) {
        let mut telling = self.telling();
        telling.bar.finish_and_clear();
        telling.stage = Some(stage.to_owned());
        let mut fields = json!({"what": what});
        if let (Some(fields), Some(more)) = (fields.as_object_mut(), more.as_object()) {
            fields.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        telling.event(how, &fields);
        // What failed is printed once, with its hint, by whoever called.
        if self.screen != Screen::Silent && how != "failed" {
            say(&format!("{stage:<10} {how}{}{what}", if what.is_empty() { "" } else { ": " }));
        }
    }

    /// All is done.
    pub fn finish(&self) {
        let mut telling = self.telling();
        telling.stage = None;
        telling.event("finished", &Value::Null);
    }

    fn telling(&self) -> std::sync::MutexGuard<'_, State> {
        // A teller that panicked has at worst told half a line.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Teller {
    fn total(&self, total: u64, unit: &str) {
        let mut telling = self.telling();
        telling.of = total;
        unit.clone_into(&mut telling.unit);
        telling.bar.set_length(total);
        telling.bar.set_message(unit.to_owned());
        telling.bar.set_style(style("{spinner} {prefix:<10} {wide_bar} {human_pos}/{human_len} {msg}, {eta} left"));
        telling.progress();
    }

    fn advance(&self, done: u64) {
        let mut telling = self.telling();
        telling.done += done;
        telling.bar.inc(done);
        if telling.told.elapsed() >= EVENT_EVERY {
            telling.progress();
        }
        if self.screen == Screen::Lines && telling.printed.elapsed() >= LINE_EVERY {
            telling.printed = Instant::now();
            let stage = telling.stage.as_deref().unwrap_or_default();
            say(&format!("{stage:<10} {}/{} {}", telling.done, telling.of, telling.unit));
        }
    }

    fn note(&self, text: &str) {
        let mut telling = self.telling();
        telling.event("note", &json!({"what": text}));
        let line = format!("{:<10} {text}", telling.stage.as_deref().unwrap_or_default());
        match self.screen {
            Screen::Bar => telling.bar.suspend(|| say(&line)),
            Screen::Lines => say(&line),
            Screen::Silent => {}
        }
    }
}

impl State {
    fn event(&mut self, event: &str, more: &Value) {
        if let Some(events) = &mut self.events {
            events.write(self.stage.as_deref(), event, more);
        }
    }

    fn progress(&mut self) {
        self.told = Instant::now();
        let seconds = self.began.elapsed().as_secs();
        let fields = json!({"done": self.done, "of": self.of, "unit": self.unit, "seconds": seconds});
        self.event("progress", &fields);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// With stderr gone there is nobody left to tell.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
