//! Clearing the desk: nothing half-said, nothing half-sent, nothing half-written.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::Desk;
use crate::feed::FromBroker;

/// How long lines and states are given to leave.
const FLUSH: Duration = Duration::from_secs(3);

impl Desk {
    /// Stops taking messages, has what is pending leave, says `stopped`, and closes the journal.
    pub(super) async fn clear(mut self) {
        for game in self.games.values_mut() {
            if let Some(asked) = game.asked.take() {
                asked.cancel.cancel();
            }
        }
        self.settle().await;
        let deadline = Instant::now() + FLUSH;
        self.flush_until(deadline).await;
        self.outbox.set_state(self.tools.topics.state(), "stopped");
        self.flush_until(deadline + FLUSH / 3).await;
        self.pending.transaction.marks.extend(self.outbox.take_marks());
        self.settle().await;
        if let Err(error) = self.tools.journal.close().await {
            tracing::warn!("the journal was not closed cleanly, it will be checked at the next start: {error}");
        }
    }

    /// Goes on sending, and hearing of what arrived, until all has left or time is up. Messages are not taken any more:
    /// unacknowledged they stay with the broker.
    async fn flush_until(&mut self, deadline: Instant) {
        self.outbox.pump(&self.tools.out);
        while !self.outbox.is_flushed() {
            match timeout_at(deadline, self.tools.inbox.recv()).await {
                Ok(Some(FromBroker::Published(token))) => self.outbox.published(token),
                Ok(Some(FromBroker::Lost)) => self.outbox.lost(),
                Ok(Some(FromBroker::Message(_) | FromBroker::Connected)) => {}
                Ok(None) | Err(_) => return,
            }
            self.outbox.pump(&self.tools.out);
        }
    }
}
