//! Taking messages: into the journal, into the stream, into the score.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cricket::{
    event::{Event, EventData},
    score::{AnomalyKind, Effect, Happening},
};

use super::{
    Desk,
    game::{Game, Missing},
};
use crate::{
    clock,
    feed::{Received, intake},
    journal::{EventRecord, Quarantined, RecoveredMatch},
};

/// Matches at the desk at once. A forgotten one comes back from the journal at the next start.
const MOST_MATCHES: usize = 16;
/// A match that is over, or quiet for so long, makes room for another.
const QUIET: Duration = Duration::from_secs(3600);
/// An event that was sent longer ago than a line lasts is not spoken about; beyond this it is no delay but a replay of
/// an old match, or a clock that is wrong, and is spoken about like any other.
const NO_DELAY: Duration = Duration::from_secs(6 * 3600);

impl Desk {
    /// Goes on with a match of an earlier run.
    pub(super) fn carry_on(&mut self, found: RecoveredMatch) {
        for reason in &found.unreadable {
            tracing::error!(r#match = %found.match_id, "an event of the journal cannot be read: {reason}");
        }
        let personas = self.tools.voices.personas.len();
        let mut game = Game::restored(&found.match_id, found.events, &found.lines, personas);
        game.past = self.past_of(&game);
        tracing::info!(r#match = %found.match_id, position = ?game.score.position(), "match carried on from the journal");
        self.outbox.restore(found.lines);
        self.games.insert(found.match_id.clone(), game);
        self.pending.scores.push(found.match_id);
    }

    fn past_of(&self, game: &Game) -> Option<Arc<crate::past::PastOf>> {
        self.tools.past.as_ref()?.of(game.score.state().info.as_ref()?).map(Arc::new)
    }

    pub(super) fn take_message(&mut self, message: Received) {
        self.tools.metrics.messages.inc();
        let taken = intake::read(&self.tools.topics, &message.topic, &message.payload);
        for reason in taken.refused {
            self.quarantine(&message, reason);
        }
        if let Some(match_id) = taken.match_id {
            let match_id: Arc<str> = match_id.into();
            if let Some(status) = taken.status {
                self.hear_status(&match_id, status);
            }
            for event in taken.events {
                if !self.make_room(&match_id) {
                    self.quarantine(
                        &message,
                        format!(
                            "{MOST_MATCHES} matches are going on already; hint: end one of them with a match_end event"
                        ),
                    );
                    break;
                }
                self.take_event(&match_id, event, message.at);
            }
        }
        self.pending.receipts.push(message.receipt);
    }

    fn hear_status(&mut self, match_id: &Arc<str>, status: intake::FeedStatus) {
        let Some(game) = self.games.get_mut(match_id) else { return };
        if game.heard_status(status) {
            let ended = game.ended;
            self.pending.scores.push(match_id.clone());
            if status.online || ended {
                // A feed that leaves after the match has done its work.
                let what = if status.online { "the feed is back" } else { "the feed has left after the match" };
                tracing::info!(r#match = %match_id, "{what}");
            } else {
                tracing::warn!(r#match = %match_id, "the feed is gone; the score stands until it is back; hint: check the scorer's machine");
            }
        }
    }

    fn quarantine(&mut self, message: &Received, reason: String) {
        self.tools.metrics.quarantined.inc();
        if let Some(unsaid) = self.repeats.say(&format!("{} {reason}", message.topic)) {
            let again = if unsaid > 0 { format!(" ({unsaid} more since)") } else { String::new() };
            let topic: String = message.topic.chars().filter(|c| !c.is_control()).take(200).collect();
            tracing::warn!("message on {topic} refused, kept in quarantine: {reason}{again}");
        }
        self.pending.transaction.quarantined.push(Quarantined {
            topic: message.topic.clone(),
            payload: message.payload.iter().copied().take(intake::KEPT_PREFIX).collect(),
            bytes: message.payload.len(),
            reason,
            at_ms: clock::now_ms(),
        });
    }

    /// Whether there is a place for this match; a match that is over or long quiet gives up its own.
    fn make_room(&mut self, match_id: &Arc<str>) -> bool {
        if self.games.contains_key(match_id) {
            return true;
        }
        if self.games.len() >= MOST_MATCHES {
            let idle = |game: &Game| game.ended || game.touched.elapsed() >= QUIET;
            let oldest = self.games.iter().filter(|(_, game)| idle(game)).min_by_key(|(_, game)| game.touched);
            let Some(id) = oldest.map(|(id, _)| id.clone()) else { return false };
            self.games.remove(&id);
            self.tools.board.forget(&id);
            self.tools.accounts.forget(&id);
            if let Some(ahead) = &self.tools.ahead {
                ahead.forget(&id);
            }
            // The topics of a match all begin like its score's.
            let score = self.tools.topics.score(&id);
            self.outbox.forget(score.trim_end_matches("score"));
        }
        tracing::info!(r#match = %match_id, "a new match");
        self.games.insert(match_id.clone(), Game::new(match_id, self.tools.voices.personas.len()));
        true
    }

    fn take_event(&mut self, match_id: &Arc<str>, event: Event, at: Instant) {
        match &event.data {
            // A sign of life every few seconds is not worth a write.
            EventData::Heartbeat(_) => {}
            EventData::Snapshot(snapshot) => {
                for event in &snapshot.events {
                    self.record(event);
                }
            }
            EventData::Unknown { kind, .. } => {
                if self.repeats.say(&format!("type {kind}")).is_some() {
                    let kind: String = kind.chars().filter(|c| !c.is_control()).take(64).collect();
                    tracing::warn!(
                        r#match = %match_id, key = %event.key,
                        "an event of unknown type {kind:?} on {match_id} is kept and skipped; hint: update Vachak, or check the type against the event contract"
                    );
                }
                self.record(&event);
            }
            _ => self.record(&event),
        }
        let Some(game) = self.games.get_mut(match_id) else { return };
        let (due, skipped) = game.push(event);
        for due in due {
            self.apply(match_id, due, at, !skipped);
        }
    }

    fn record(&mut self, event: &Event) {
        match serde_json::to_string(event) {
            Ok(payload) => self.pending.transaction.events.push(EventRecord {
                match_id: event.match_id.clone(),
                key: event.key.clone(),
                rev: event.rev,
                epoch: event.epoch,
                seq: event.seq,
                at_ms: clock::now_ms(),
                payload,
            }),
            Err(error) => tracing::error!(key = %event.key, "an event cannot be written to the journal: {error}"),
        }
    }

    /// Brings an event into the score, and has it spoken about when that is wanted and it is news.
    fn apply(&mut self, match_id: &Arc<str>, event: Event, at: Instant, speak: bool) {
        let Some(game) = self.games.get_mut(match_id) else { return };
        let told = event.clone();
        let undecided = event.rev > 0 && game.is_undecided(&event.key);
        let (applied, dropped) = game.apply(event);
        match &applied.effect {
            Effect::Duplicate | Effect::Stale => {
                self.tools.metrics.duplicates.inc();
                return;
            }
            Effect::Kept => {
                if let EventData::BowlerChange(change) = &told.data {
                    game.next_bowler = Some(change.player.clone());
                    self.pending.looks.insert(match_id.clone());
                }
                return;
            }
            Effect::Refused(refusal) => {
                tracing::warn!(r#match = %match_id, key = %told.key, "event refused: {refusal}");
                return;
            }
            Effect::Applied | Effect::Rebuilt => self.tools.metrics.events.inc(),
        };
        if applied.effect == Effect::Rebuilt {
            game.find_fallen(&applied, &self.tools.voices);
        } else if matches!(told.data, EventData::Delivery(_)) {
            game.tempo.ball(at);
            game.next_bowler = None;
        }
        if let (EventData::MatchInfo(_) | EventData::Snapshot(_), Some(past), Some(info)) =
            (&told.data, &self.tools.past, &game.score.state().info)
        {
            game.past = past.of(info).map(Arc::new);
        }
        let over = game.score.state().is_over();
        if std::mem::replace(&mut game.ended, over) != over {
            self.pending.transaction.ended.push((match_id.clone(), over));
        }
        self.pending.transaction.dropped.extend(dropped.into_iter().map(|key| (match_id.clone(), key)));
        self.pending.scores.push(match_id.clone());
        self.pending.looks.insert(match_id.clone());
        if applied.happenings.iter().any(ends_a_part) {
            self.pending.reports.insert(match_id.clone());
        }
        self.look_for_mismatch(match_id, &told, &applied.happenings);
        let whole = matches!(told.data, EventData::Snapshot(_));
        let overtaken = self.call_off(match_id, &applied);
        let is_told = speak && !whole && self.is_news(&told) && self.speak_of(match_id, &told, &applied, undecided, at);
        if let Some(asked) = overtaken.filter(|_| !is_told) {
            self.tell_afresh(match_id, &told, asked);
        }
        self.take_back_fallen(match_id, &told, at);
    }

    /// When the scorer's total is not ours, or a ball comes whose forerunners never came (as when we listen in to a match
    /// that is under way), one of us has missed something: everything is asked for again.
    fn look_for_mismatch(&mut self, match_id: &Arc<str>, event: &Event, happenings: &[Happening]) {
        let joined = self.games.get(match_id).is_some_and(|game| game.score.state().info.is_none());
        for happening in happenings {
            let Happening::Anomaly(anomaly) = happening else { continue };
            let reason = match anomaly.kind {
                AnomalyKind::ScoreMismatch { .. } => "score",
                // A hole further on is the sequencer's to ask about.
                AnomalyKind::Gap if joined => "gap",
                _ => {
                    tracing::debug!(r#match = %match_id, "{anomaly}");
                    continue;
                }
            };
            if self.repeats.say(&format!("{reason} {match_id}")).is_some() {
                self.tools.metrics.resyncs.inc();
                tracing::warn!(
                    r#match = %match_id,
                    "{anomaly}; no total of an innings with missing balls is spoken, and the feed is asked for all its events; hint: the feed should answer resync requests, or keep a snapshot"
                );
                let ask = serde_json::json!({"from": {"epoch": event.epoch, "seq": 1}, "reason": reason});
                self.outbox.publish(self.tools.topics.resync(match_id), ask.to_string());
            }
        }
    }

    /// Whether an event is fresh enough to be spoken about: not one that waited somewhere for longer than a line lasts.
    fn is_news(&self, event: &Event) -> bool {
        let Some(sent) = event.sent_at.as_deref().and_then(|text| text.parse::<jiff::Timestamp>().ok()) else {
            return true;
        };
        let age = clock::now_ms().saturating_sub(sent.as_millisecond());
        let age = Duration::from_millis(u64::try_from(age).unwrap_or_default());
        age < self.rules.line_lasts || age > NO_DELAY
    }

    /// Asks for what is missing, and goes on without it when that takes too long. Nothing is said about what was held
    /// behind it: it is late, and something before it is not known.
    pub(super) fn heal_gaps(&mut self, now: Instant) {
        let ids: Vec<Arc<str>> = self.games.keys().cloned().collect();
        for match_id in ids {
            let Some(game) = self.games.get_mut(&match_id) else { continue };
            match game.missing(now) {
                Missing::Nothing => {}
                Missing::Ask((epoch, seq)) => {
                    self.tools.metrics.resyncs.inc();
                    tracing::warn!(r#match = %match_id, "events are missing from epoch {epoch}, seq {seq}; the feed is asked for them");
                    let ask = serde_json::json!({"from": {"epoch": epoch, "seq": seq}, "reason": "gap"});
                    self.outbox.publish(self.tools.topics.resync(&match_id), ask.to_string());
                }
                Missing::GiveUp((epoch, seq)) => {
                    let late = game.give_up_waiting();
                    if !late.is_empty() {
                        tracing::error!(
                            r#match = %match_id,
                            "events from epoch {epoch}, seq {seq} did not come; going on without them; hint: the feed should answer resync requests, or publish a snapshot"
                        );
                    }
                    for event in late {
                        self.apply(&match_id, event, now, false);
                    }
                }
            }
        }
    }
}

/// Whether something ended after which it is told what the writing cost and brought.
fn ends_a_part(happening: &Happening) -> bool {
    use Happening::{InningsEnded, MatchEnded, OverCompleted};
    matches!(happening, OverCompleted { .. } | InningsEnded { .. } | MatchEnded { .. })
}
