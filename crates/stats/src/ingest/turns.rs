//! Many threads, one after the other: each waits until its place in the order has come.

use std::sync::{Condvar, Mutex, PoisonError};

/// Something that threads use in the order of their places, from 0, until one of them ends it.
pub(super) struct Turns<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    next: u64,
    ended: bool,
    inner: T,
}

impl<T> Turns<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { state: Mutex::new(State { next: 0, ended: false, inner }), changed: Condvar::new() }
    }

    /// Whether no turn comes any more.
    pub(super) fn ended(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended
    }

    /// Waits for the turn of a place and takes it; nothing is done after the end. `turn` says whether to go on.
    pub(super) fn take(&self, place: u64, turn: impl FnOnce(&mut T) -> bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.next != place && !state.ended {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.ended {
            state.ended = !turn(&mut state.inner);
            state.next += 1;
        }
        self.changed.notify_all();
    }

    /// Ends it for everybody: for a thread that cannot take its turn.
    fn end(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.changed.notify_all();
    }

    /// What the turns were about.
    pub(super) fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).inner
    }

    /// A guard for a thread with a place: should the thread be unwound, the others do not wait for it for ever.
    pub(super) fn guard(&self) -> Guard<'_, T> {
        Guard(self)
    }
}

/// See [`Turns::guard`].
pub(super) struct Guard<'a, T>(&'a Turns<T>);

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_in_order_and_none_after_the_end() {
        let turns = Turns::new(Vec::new());
        std::thread::scope(|scope| {
            for place in (0..20).rev() {
                let turns = &turns;
                scope.spawn(move || {
                    turns.take(place, |seen| {
                        seen.push(place);
                        place < 12
                    });
                });
            }
        });
        assert!(turns.ended());
        assert_eq!(turns.into_inner(), (0..=12).collect::<Vec<_>>());
    }

    #[test]
    fn a_thread_that_is_unwound_keeps_nobody_waiting() {
        let turns = Turns::new(0);
        std::thread::scope(|scope| {
            let broken = scope.spawn(|| {
                let _guard = turns.guard();
                assert!(turns.ended(), "on purpose");
            });
            scope.spawn(|| turns.take(1, |_| true));
            assert!(broken.join().is_err());
        });
        assert!(turns.ended());
    }
}
