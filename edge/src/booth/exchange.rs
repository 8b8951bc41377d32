//! The model at the desk, which can be exchanged for another while it writes.
//!
//! Whoever has a line written takes the [`Seat`] for that one line and keeps the model alive as long; an exchange shows
//! itself from the next line on. What is known of a model by experience, how long its lines take and whether it fails,
//! sits with it, so that a new one is not judged by the old one's record.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::{Duration, Instant},
};

use llm::WriterInfo;

use super::{breaker::Breaker, plan::Pace, writers::Model};

/// A line that is there so soon is heard with the moment itself.
pub(crate) const INSTANT: Duration = Duration::from_millis(150);

/// Who sits at the desk now, shared by all who have lines written.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    first: Arc<RwLock<Option<Arc<Seat>>>>,
    /// Who writes where the first cannot.
    second: Option<Arc<Seat>>,
}

impl Exchange {
    /// With a model, or with none yet.
    pub fn new(model: Option<Model>) -> Self {
        let first = Arc::new(RwLock::new(model.map(|model| Arc::new(Seat::new(model)))));
        Self { first, second: None }
    }

    /// With somebody in a second seat, who writes where the first cannot, or has not in time.
    #[must_use]
    pub fn with_second(mut self, model: Option<Model>) -> Self {
        self.second = model.map(|model| Arc::new(Seat::new(model)));
        self
    }

    /// The second seat, unless the first has the very same model.
    pub fn second(&self) -> Option<Arc<Seat>> {
        let first = self.seat()?;
        let file = |seat: &Seat| seat.model.file.as_ref().map(|(path, _)| path.clone());
        self.second.clone().filter(|second| file(second).is_none() || file(second) != file(&first))
    }

    /// Who writes now.
    pub fn seat(&self) -> Option<Arc<Seat>> {
        self.first.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a model into the seat and returns the one before. Lines that it has begun are finished by it: drop it where
    /// waiting for them does no harm.
    pub fn put(&self, model: Model) -> Option<Arc<Seat>> {
        self.first.write().unwrap_or_else(PoisonError::into_inner).replace(Arc::new(Seat::new(model)))
    }
}

/// A model, and what is known of it by experience.
#[derive(Debug)]
pub struct Seat {
    /// The model.
    pub model: Model,
    /// Who it is.
    pub info: WriterInfo,
    breaker: Mutex<Breaker>,
    takes: Mutex<Option<Duration>>,
}

impl Seat {
    fn new(model: Model) -> Self {
        let info = model.writer.info();
        Self { model, info, breaker: Mutex::default(), takes: Mutex::default() }
    }

    /// How soon a line would be there if asked for now; `None` while it is not worth asking. Until the first line is
    /// written it is taken to be slow.
    pub fn pace(&self) -> Option<Pace> {
        if self.breaker().is_open(Instant::now()) {
            return None;
        }
        let takes = *lock(&self.takes);
        Some(if takes.is_some_and(|takes| takes <= INSTANT) { Pace::Instant } else { Pace::Later })
    }

    /// How long a line takes, where it is known.
    pub fn takes(&self) -> Option<Duration> {
        *lock(&self.takes)
    }

    /// Whether it is known how long a line takes.
    pub fn is_measured(&self) -> bool {
        lock(&self.takes).is_some()
    }

    /// Notes how long a line took: a slower one counts at once, faster ones little by little.
    pub fn took(&self, time: Duration) {
        let mut takes = lock(&self.takes);
        *takes = Some(takes.map_or(time, |before| time.max((before * 7 + time) / 8)));
    }

    /// Its breaker.
    pub fn breaker(&self) -> MutexGuard<'_, Breaker> {
        lock(&self.breaker)
    }
}

/// Each change under these locks is one call; a panic elsewhere cannot leave them half-made.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
