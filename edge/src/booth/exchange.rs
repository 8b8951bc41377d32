//! The model at the desk, which can be exchanged for another while it writes.
//!
//! Whoever has a line written takes the [`Seat`] for that one line and keeps the model alive as long; an exchange shows
//! itself from the next line on. What is known of a model by experience, how long its lines take and whether it fails,
//! sits with it, so that a new one is not judged by the old one's record.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{Duration, Instant},
};

use llm::WriterInfo;

use super::{breaker::Breaker, plan::Pace, writers::Model};

/// A line that is there so soon is heard with the moment itself.
pub(crate) const INSTANT: Duration = Duration::from_millis(150);

/// Beginnings of prompts that are rehearsed: a box has one, or one for each persona.
const REHEARSALS: usize = 8;

/// Who sits at the desk now, shared by all who have lines written.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    seats: Arc<RwLock<Seats>>,
}

#[derive(Debug, Default)]
struct Seats {
    first: Option<Arc<Seat>>,
    /// Who writes where the first cannot.
    second: Option<Arc<Seat>>,
}

impl Exchange {
    /// With a model, or with none yet.
    pub fn new(model: Option<Model>) -> Self {
        Self { seats: Arc::new(RwLock::new(Seats { first: model.map(Seat::of), second: None })) }
    }

    /// With somebody in a second seat, who writes where the first cannot, or has not in time.
    #[must_use]
    pub fn with_second(self, model: Option<Model>) -> Self {
        self.put_second(model);
        self
    }

    /// Who writes now: the first, or who stands in for one that is missing.
    pub fn seat(&self) -> Option<Arc<Seat>> {
        let seats = self.read();
        seats.first.as_ref().or(seats.second.as_ref()).cloned()
    }

    /// Who writes where the one who writes now cannot; nobody where that would be the very same model.
    pub fn second(&self) -> Option<Arc<Seat>> {
        let seats = self.read();
        let first = seats.first.as_ref()?;
        let file = |seat: &Seat| seat.model.file.as_ref().map(|(path, _)| path.clone());
        seats.second.clone().filter(|second| file(second).is_none() || file(second) != file(first))
    }

    /// Who sits in the first seat.
    pub fn first(&self) -> Option<Arc<Seat>> {
        self.read().first.clone()
    }

    /// Whether somebody sits in the second seat, needed or not.
    pub fn has_second(&self) -> bool {
        self.read().second.is_some()
    }

    /// Puts a model into the first seat and returns the one before. Lines that it has begun are finished by it: drop it
    /// where waiting for them does no harm.
    pub fn put(&self, model: Model) -> Option<Arc<Seat>> {
        self.write().first.replace(Seat::of(model))
    }

    /// Puts a model, or nobody, into the second seat and returns the one before, as [`Exchange::put`] does.
    pub fn put_second(&self, model: Option<Model>) -> Option<Arc<Seat>> {
        std::mem::replace(&mut self.write().second, model.map(Seat::of))
    }

    fn read(&self) -> RwLockReadGuard<'_, Seats> {
        self.seats.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Seats> {
        self.seats.write().unwrap_or_else(PoisonError::into_inner)
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
    /// Beginnings of prompts that it has rehearsed.
    rehearsed: Mutex<HashSet<String>>,
}

impl Seat {
    fn of(model: Model) -> Arc<Self> {
        let info = model.writer.info();
        let (breaker, takes, rehearsed) = (Mutex::default(), Mutex::default(), Mutex::default());
        Arc::new(Self { model, info, breaker, takes, rehearsed })
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

    /// Whether prompts that begin like this are to be rehearsed; true once for each beginning, as long as there are few.
    pub(super) fn is_to_rehearse(&self, beginning: &str) -> bool {
        let mut rehearsed = lock(&self.rehearsed);
        rehearsed.len() < REHEARSALS && rehearsed.insert(beginning.to_owned())
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
