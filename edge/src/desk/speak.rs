//! From a moment to lines.

use std::{sync::Arc, time::Instant};

use commentary::{
    Archive, CheckedLine, Line, LineKind, Moment, NoArchive, Occasion, Origin, line::LINE_VERSION, notes,
};
use cricket::{
    event::{Event, Key},
    score::Applied,
};
use tokio_util::sync::CancellationToken;

use super::{
    Desk,
    game::{Asked, line_id},
    told::Said,
};
use crate::{
    booth::{
        Job, Pace, Plan, Wanted, Written,
        exchange::INSTANT,
        news::{self, Told, is_weighty},
    },
    clock,
    journal::{LineRecord, LineState},
    telemetry::metrics::ByOrigin,
};

/// Who wrote a line, and when: nobody is the phrasebook.
type WrittenBy<'a> = Option<(&'a llm::WriterInfo, Origin)>;

impl Desk {
    /// Has an event spoken about that was just applied; `undecided` says whether the umpires were looking at what stood
    /// of it before. True when a ball was told in full, by all who have something to say of it.
    pub(super) fn speak_of(
        &mut self,
        match_id: &Arc<str>,
        event: &Event,
        applied: &Applied,
        undecided: bool,
        at: Instant,
    ) -> bool {
        let Some(game) = self.games.get_mut(match_id) else { return false };
        let told = Told { stands: game.is_told_of(&event.key), fell: !game.fallen.is_empty(), undecided };
        let past: &dyn Archive = game.past.as_deref().map_or(&NoArchive, |past| past);
        let Some(moment) = news::moment(&mut game.score, event, applied, told, past) else { return false };
        self.answer_for_model(match_id);
        let is_ball = matches!(moment.occasion, Occasion::Ball(_));
        self.speak(match_id, Arc::new(moment), at);
        is_ball
    }

    fn speak(&mut self, match_id: &Arc<str>, moment: Arc<Moment>, at: Instant) {
        let pace = self.tools.scribe.as_ref().and_then(crate::booth::Scribe::pace);
        let (mut open, mut answers) = (Vec::new(), Vec::new());
        let is_correction = matches!(moment.occasion, Occasion::Correction(_));
        for place in self.tools.voices.in_order() {
            let Some(persona) = self.tools.voices.personas.get(place).cloned() else { continue };
            let Some(game) = self.games.get(match_id) else { continue };
            let Some(memory) = game.memories.get(place) else { continue };
            // Who said nothing that fell has nothing to correct, unless it is a wicket or a boundary; and of these notes for
            // a commentator say nothing.
            let is_concerned = || game.fallen.iter().any(|line| *line.persona == *persona.id);
            let must_hear = persona.notes == 0 && is_weighty(&moment);
            if is_correction && !must_hear && !is_concerned() {
                continue;
            }
            let kinds = self.tools.voices.kinds(place, &moment, memory);
            let caller = self.tools.voices.caller_of(place);
            if let Some(caller) = caller.filter(|_| !is_correction) {
                let is_written = open.iter().any(|(place, _)| *place == caller);
                for kind in kinds {
                    if is_written {
                        answers.push((place, kind));
                    } else {
                        self.say_from_phrasebook(match_id, &moment, place, kind, at);
                    }
                }
                continue;
            }
            let mut ready = self.take_ready(&moment, place, &kinds);
            let lying: Vec<LineKind> = ready.keys().copied().collect();
            let plan = Plan::of(&kinds, &moment, pace, &lying);
            for kind in plan.now {
                match ready.remove(&kind) {
                    Some((line, writer)) if self.is_fresh(&moment, place, line.text()) => {
                        self.say_written(match_id, &moment, place, kind, line, (&writer, Origin::Ready), at);
                    }
                    _ => self.say_from_phrasebook(match_id, &moment, place, kind, at),
                }
            }
            open.extend(plan.asks.into_iter().map(|ask| (place, ask)));
        }
        self.ask_model(match_id, moment, open, answers, pace, at);
    }

    fn ask_model(
        &mut self,
        match_id: &Arc<str>,
        moment: Arc<Moment>,
        open: Vec<(usize, crate::booth::Ask)>,
        answers: Vec<(usize, LineKind)>,
        pace: Option<Pace>,
        at: Instant,
    ) {
        let (Some(scribe), Some(game)) = (&self.tools.scribe, self.games.get_mut(match_id)) else { return };
        if open.is_empty() {
            return;
        }
        self.next_job += 1;
        // What is asked of an instant model is not heard otherwise: if it is not instant this time, nobody waits for it.
        let patience = match pace {
            Some(Pace::Instant) => self.rules.model_deadline.min(INSTANT * open.len() as u32),
            _ => self.rules.model_deadline,
        };
        let cancel = CancellationToken::new();
        let voices = &self.tools.voices.personas;
        let wanted = open.iter().filter_map(|(place, ask)| {
            let (memory, persona) = (game.memories.get(*place)?.clone(), voices.get(*place)?.clone());
            let ahead = self.tools.ahead.as_ref();
            let begun = ahead.and_then(|ahead| ahead.take_begun(&moment, *place, &persona, ask.kind));
            Some(Wanted { place: *place, persona, kind: ask.kind, memory, begun })
        });
        scribe.ask(Job {
            id: self.next_job,
            moment: moment.clone(),
            wanted: wanted.collect(),
            deadline: tokio::time::Instant::from_std(at + patience),
            cancel: cancel.clone(),
        });
        game.asked = Some(Asked { job: self.next_job, moment, at, cancel, open, answers });
    }

    /// A newer ball is here: what the model has not written by now comes from the phrasebook.
    fn answer_for_model(&mut self, match_id: &Arc<str>) {
        let Some(asked) = self.games.get_mut(match_id).and_then(|game| game.asked.take()) else { return };
        asked.cancel.cancel();
        for (place, ask) in asked.open {
            if ask.instead {
                self.say_from_phrasebook(match_id, &asked.moment, place, ask.kind, asked.at);
            }
            for kind in ask.then {
                self.say_from_phrasebook(match_id, &asked.moment, place, kind, asked.at);
            }
        }
        // The next ball is here: nobody answers the last one any more.
    }

    /// The model has answered for one persona.
    pub(super) fn take_written(&mut self, written: Written) {
        let Some(asked) = self.games.get_mut(&written.match_id).and_then(|game| game.asked.as_mut()) else { return };
        let place = asked.open.iter().position(|(place, ask)| *place == written.persona && ask.kind == written.kind);
        let (Some(place), true) = (place, asked.job == written.job) else { return };
        let (persona, ask) = asked.open.remove(place);
        let (moment, at, done) = (asked.moment.clone(), asked.at, asked.open.is_empty());
        let match_id = written.match_id;
        match written.line {
            Some((line, writer)) if self.is_fresh(&moment, persona, line.text()) => {
                self.say_written(&match_id, &moment, persona, ask.kind, line, (&writer, Origin::Live), at);
            }
            _ if ask.instead => self.say_from_phrasebook(&match_id, &moment, persona, ask.kind, at),
            _ => {}
        }
        self.pending.looks.insert(match_id.clone());
        for kind in ask.then {
            self.say_from_phrasebook(&match_id, &moment, persona, kind, at);
        }
        if done && let Some(asked) = self.games.get_mut(&match_id).and_then(|game| game.asked.take()) {
            for (place, kind) in asked.answers {
                self.say_from_phrasebook(&match_id, &moment, place, kind, at);
            }
        }
    }

    /// Whether a persona did not say this a moment ago. Since a line was asked for, the phrasebook may have said the same;
    /// then the phrasebook knows better.
    fn is_fresh(&self, moment: &Moment, place: usize, text: &str) -> bool {
        let game = self.games.get(&moment.match_id);
        game.and_then(|game| game.memories.get(place)).is_some_and(|memory| !memory.said_lately(moment, text))
    }

    /// Says what a model wrote.
    #[expect(clippy::too_many_arguments, reason = "as below")]
    fn say_written(
        &mut self,
        match_id: &Arc<str>,
        moment: &Moment,
        place: usize,
        kind: LineKind,
        line: CheckedLine,
        writer: (&llm::WriterInfo, Origin),
        at: Instant,
    ) {
        if let Some(memory) = self.games.get_mut(match_id).and_then(|game| game.memories.get_mut(place)) {
            memory.remember(moment, line.text());
        }
        self.say(match_id, moment, place, kind, line, Some(writer), at);
    }

    pub(super) fn say_from_phrasebook(
        &mut self,
        match_id: &Arc<str>,
        moment: &Moment,
        place: usize,
        kind: LineKind,
        at: Instant,
    ) {
        let (Some(persona), Some(game)) = (self.tools.voices.personas.get(place), self.games.get_mut(match_id)) else {
            return;
        };
        if game.was_said(&moment.key, &line_id(moment, &persona.id, kind)) {
            return;
        }
        let Some(memory) = game.memories.get_mut(place) else { return };
        let line = if persona.notes > 0 && kind == LineKind::Over {
            let past: &dyn Archive = game.past.as_deref().map_or(&NoArchive, |past| past);
            notes::line(game.score.state(), moment, past, persona, memory)
        } else {
            self.tools.voices.phrasebook.line_on_air(kind, moment, persona, memory)
        };
        let answers = self.tools.voices.caller_of(place).and_then(|caller| self.tools.voices.personas.get(caller));
        let line = line.filter(|line| {
            matches!(moment.occasion, Occasion::Correction(_))
                || answers.is_none_or(|caller| game.is_an_answer(moment, &caller.id, line, at))
        });
        let Some(line) = line else {
            tracing::debug!(key = %moment.key, persona = %persona.id, "the phrasebook has no {} for this", kind.name());
            return;
        };
        self.say(match_id, moment, place, kind, line, None, at);
    }

    #[expect(clippy::too_many_arguments, reason = "a line's whole provenance comes together here, and only here")]
    fn say(
        &mut self,
        match_id: &Arc<str>,
        moment: &Moment,
        place: usize,
        kind: LineKind,
        checked: CheckedLine,
        writer: WrittenBy<'_>,
        at: Instant,
    ) {
        let (Some(persona), Some(game)) = (self.tools.voices.personas.get(place), self.games.get_mut(match_id)) else {
            return;
        };
        let id = line_id(moment, &persona.id, kind);
        let age = at.elapsed();
        if age >= self.rules.line_lasts || game.was_said(&moment.key, &id) {
            return;
        }
        let persona_id: Arc<str> = persona.id.as_str().into();
        let (text, facts) = checked.into_parts();
        let now = clock::now_ms();
        let lasts = i64::try_from(self.rules.line_lasts.saturating_sub(age).as_millis()).unwrap_or(i64::MAX);
        let mut line = Line {
            v: LINE_VERSION,
            line_id: id.clone(),
            match_id: match_id.to_string(),
            key: moment.key.to_string(),
            rev: moment.rev,
            persona: persona.id.clone(),
            lang: persona.language.clone(),
            kind,
            text,
            importance: moment.importance,
            leverage: moment.reading.leverage,
            facts,
            origin: writer.map_or(Origin::Phrasebook, |(_, origin)| origin),
            backend: writer.map(|(info, _)| info.backend.to_string()),
            model: writer.map(|(info, _)| info.model.clone()),
            checked: true,
            event_ts: moment.event_ts.clone(),
            published_at: Some(clock::text(now)),
            latency_ms: u64::try_from(age.as_millis()).ok(),
            expires_at: Some(clock::text(now.saturating_add(lasts))),
            supersedes: None,
            retracts: None,
            seq: game.next_number(&persona_id),
        };
        if let Occasion::Correction(change) = &moment.occasion
            && let Some(earlier) = game.take_fallen(&persona_id, &moment.key)
        {
            // A ball that never was leaves nothing to put in the line's place.
            let place = if change.now.is_some() { &mut line.supersedes } else { &mut line.retracts };
            *place = Some(earlier.line_id);
        }
        for place in self.tools.voices.answering(place) {
            if let Some(memory) = game.memories.get_mut(place) {
                // Who shares the box has heard it, too.
                memory.heard(moment, &line.text);
            }
        }
        self.tools.metrics.lines.get_or_create(&ByOrigin { origin: line.origin.name() }).inc();
        self.tools.accounts.said(match_id, &persona_id, line.origin);
        let line_gone_ms = now.saturating_add(lasts);
        self.put_out(match_id, &moment.key, &line, persona_id, line_gone_ms, at);
    }

    /// What fell with a correction and was not replaced is taken back, without further words.
    pub(super) fn take_back_fallen(&mut self, match_id: &Arc<str>, event: &Event, at: Instant) {
        let Some(game) = self.games.get_mut(match_id) else { return };
        let fallen = std::mem::take(&mut game.fallen);
        let now = clock::now_ms();
        let lasts = i64::try_from(self.rules.line_lasts.as_millis()).unwrap_or(i64::MAX);
        for (number, fallen) in fallen.into_iter().enumerate() {
            let Some(game) = self.games.get_mut(match_id) else { return };
            let persona = fallen.persona;
            let language = self.tools.voices.personas.iter().find(|voice| *voice.id == *persona);
            let line = Line {
                v: LINE_VERSION,
                line_id: format!("{match_id}.{}.r{}.{persona}.taken-back-{}", event.key, event.rev, number + 1),
                match_id: match_id.to_string(),
                key: event.key.to_string(),
                rev: event.rev,
                persona: persona.to_string(),
                lang: language.map_or_else(|| "en".to_owned(), |persona| persona.language.clone()),
                kind: LineKind::Correction,
                text: String::new(),
                importance: 0.0,
                leverage: 0.0,
                facts: Vec::new(),
                origin: Origin::Phrasebook,
                backend: None,
                model: None,
                checked: true,
                event_ts: event.ts.clone(),
                published_at: Some(clock::text(now)),
                latency_ms: u64::try_from(at.elapsed().as_millis()).ok(),
                expires_at: Some(clock::text(now.saturating_add(lasts))),
                supersedes: None,
                retracts: Some(fallen.line_id),
                seq: game.next_number(&persona),
            };
            self.put_out(match_id, &event.key, &line, persona, now.saturating_add(lasts), at);
        }
    }

    fn put_out(&mut self, match_id: &Arc<str>, key: &Key, line: &Line, persona: Arc<str>, gone_ms: i64, at: Instant) {
        let payload = match serde_json::to_string(line) {
            Ok(payload) => payload,
            Err(error) => {
                tracing::error!(line = %line.line_id, "a line cannot be written as JSON: {error}");
                return;
            }
        };
        if let Some(game) = self.games.get_mut(match_id) {
            game.note(key, Said::of(line));
        }
        let record = LineRecord {
            line_id: line.line_id.clone(),
            match_id: match_id.clone(),
            key: key.clone(),
            rev: line.rev,
            topic: self.tools.topics.line(match_id, &persona),
            persona,
            kind: line.kind.name(),
            seq: line.seq,
            payload,
            state: LineState::New,
            attempts: 0,
            expires_ms: gone_ms,
        };
        self.pending.lines.push((record, at));
    }
}
