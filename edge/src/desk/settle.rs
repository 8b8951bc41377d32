//! Committing what a batch brought, then acknowledging and sending it.

use std::time::{Duration, Instant};

use super::Desk;
use crate::{clock, feed::ToBroker, journal::Transaction};

/// New states of lines are not worth a write of their own for so long: they go with the next event.
const MARKS_WAIT: Duration = Duration::from_secs(60);
/// Unless so many messages wait for them: a broker hands out few (mosquitto 20) before it wants them acknowledged.
const MOST_UNACKNOWLEDGED: usize = 8;
/// Pauses between attempts to commit.
const RETRY: Duration = Duration::from_secs(2);
/// Messages that are held unacknowledged while the journal refuses; beyond it they are let go and come again.
const MOST_RECEIPTS: usize = 4096;

impl Desk {
    /// Commits what is pending, and lets go what depended on it.
    pub(super) async fn settle(&mut self) {
        let now = Instant::now();
        if self.pending.retry.is_none_or(|retry| retry <= now) {
            self.commit(now).await;
        } else {
            // The journal refuses for now: what is new joins what will be tried again, and is said all the same.
            let lines = self.pending.lines.iter().map(|(line, _)| line.clone());
            self.pending.transaction.lines.extend(lines);
            self.release_lines();
        }
        self.publish_scores();
        self.look_ahead();
        self.publish_reports();
        self.outbox.pump(&self.tools.out);
        self.tools.metrics.expired.inc_by(self.outbox.take_expired());
    }

    async fn commit(&mut self, now: Instant) {
        let raised = self.outbox.raise(clock::now_ms(), &mut self.pending.transaction);
        for (line, _) in &mut self.pending.lines {
            self.outbox.raise_first(line);
        }
        // While echoes of the last session come in, the broker hands out the next only for these acknowledged.
        let marks_wanted = self.listening.is_some()
            || self.pending.receipts.len() >= MOST_UNACKNOWLEDGED
            || now.duration_since(self.report.last_marks) >= MARKS_WAIT;
        let marks_due = self.outbox.has_marks() && marks_wanted;
        if self.pending.transaction.is_empty() && self.pending.lines.is_empty() && !raised && !marks_due {
            // An echo acknowledged before its line's new state is on the disk would leave a crash not knowing of either.
            if !self.outbox.has_marks() {
                self.acknowledge();
            }
            return;
        }
        let mut transaction = std::mem::take(&mut self.pending.transaction);
        transaction.marks.extend(self.outbox.take_marks());
        transaction.lines.extend(self.pending.lines.iter().map(|(line, _)| line.clone()));
        self.report.last_marks = now;
        match self.tools.journal.commit(transaction.clone()).await {
            Ok(()) => {
                self.tools.metrics.commit_seconds.observe(now.elapsed().as_secs_f64());
                if self.pending.failures > 0 {
                    tracing::info!("the journal is written again; nothing was lost");
                }
                (self.pending.failures, self.pending.retry) = (0, None);
                if let Some((_, last)) = &mut self.listening {
                    *last = Instant::now();
                }
                self.acknowledge();
            }
            Err(error) => self.not_committed(transaction, &error),
        }
        self.release_lines();
    }

    /// The journal refuses. The match goes on and is spoken about; nothing is acknowledged, so the broker keeps what is
    /// not on our disk; and the same rows are tried again with what comes next.
    fn not_committed(&mut self, mut transaction: Transaction, error: &crate::journal::JournalError) {
        self.pending.failures += 1;
        self.pending.retry = Some(Instant::now() + RETRY);
        if self.repeats.say("journal").is_some() {
            tracing::error!("{error}; trying on, and the broker keeps what is not written");
        }
        // What came meanwhile goes behind what came before.
        let later = std::mem::take(&mut self.pending.transaction);
        transaction.events.extend(later.events);
        transaction.dropped.extend(later.dropped);
        transaction.lines.extend(later.lines);
        transaction.marks.extend(later.marks);
        transaction.quarantined.extend(later.quarantined);
        transaction.ended.extend(later.ended);
        transaction.quarantined.truncate(MOST_RECEIPTS);
        if self.pending.receipts.len() > MOST_RECEIPTS {
            self.pending.receipts.clear();
        }
        self.pending.transaction = transaction;
    }

    fn acknowledge(&mut self) {
        for receipt in std::mem::take(&mut self.pending.receipts) {
            self.send(ToBroker::Ack(Box::new(receipt)));
        }
    }

    fn release_lines(&mut self) {
        for (line, at) in std::mem::take(&mut self.pending.lines) {
            self.tools.metrics.line_seconds.observe(at.elapsed().as_secs_f64());
            tracing::debug!(r#match = %line.match_id, key = %line.key, persona = %line.persona, "{}", line.kind);
            self.tools.board.line(line.payload.as_str().into());
            self.outbox.add(line);
        }
    }

    fn publish_scores(&mut self) {
        let mut changed = std::mem::take(&mut self.pending.scores);
        changed.sort();
        changed.dedup();
        for match_id in changed {
            let Some(game) = self.games.get(&match_id) else { continue };
            let json: std::sync::Arc<str> = super::score::json(game).to_string().into();
            self.tools.board.score(&match_id, json.clone());
            self.outbox.keep(self.tools.topics.score(&match_id), json);
        }
    }
}
