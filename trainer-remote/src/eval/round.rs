//! One system, asked for every line of the script: what it replied, and what went on the air.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use commentary::{
    Grounds, Layout, Memory, Persona, Phrasebook, Rejection, Reply as Verdict,
    prompt::render_among,
    reply::{TRIES, judge},
};
use llm::{Allow, Guard, Part, Sampling, WriteError, WriteRequest, collect};
use tokio::{runtime::Runtime, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    EvalError,
    booth::Spoken,
    judgement::{self, Judgement},
    moments::{Script, Turn},
    repetition::Heard,
    system::Ready,
};
use crate::progress::Progress;

/// If a system answers none of its first so many requests, it is given up.
const PATIENCE: usize = 20;

/// What a system replied.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reply {
    /// The text as it came; empty where none came.
    pub(super) text: String,
    /// Why none came: the error's label.
    pub(super) failed: Option<&'static str>,
    /// From the request to the first piece of text, in milliseconds.
    pub(super) first_ms: Option<f64>,
    /// From the request to the end of the line, in milliseconds.
    pub(super) total_ms: f64,
    /// Tokens written; 0 where the writer does not tell.
    pub(super) tokens: u32,
}

impl Reply {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// What became of one turn.
pub(super) struct Outcome<'a> {
    pub(super) turn: &'a Turn,
    /// The first reply.
    pub(super) reply: Reply,
    /// What it is worth.
    pub(super) judged: Judgement,
    /// What the first reply repeats, as if every first reply had been said; `None` where there are no words.
    pub(super) repeats: Option<Heard>,
    /// What went on the air.
    pub(super) spoken: Spoken,
    /// What the spoken line repeats; `None` for silence.
    pub(super) spoken_repeats: Option<Heard>,
    /// Whether the spoken line passed the checker a second time; `None` for silence.
    pub(super) still_passes: Option<bool>,
    /// Whether the classifier takes the first reply for its persona's; set by [`style`](super::style).
    pub(super) is_recognised: bool,
}

/// Something that replies.
pub(super) trait Voice {
    /// How its prompts are laid out, and so how its replies are read.
    fn layout(&self) -> Layout;

    /// A reply. `attempt` counts from 0; `refused` is what was wrong with the one before, where it was refused.
    fn reply(
        &mut self,
        at: usize,
        turn: &Turn,
        persona: &Persona,
        attempt: u32,
        refused: Option<&Rejection>,
    ) -> Result<Reply, EvalError>;

    /// Whether it is the phrasebook itself, which speaks with its own memory of what was said.
    fn is_phrasebook(&self) -> bool {
        false
    }
}

/// Asks a voice for every turn of the script.
pub(super) fn play<'a>(
    script: &'a Script,
    voice: &mut dyn Voice,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Vec<Outcome<'a>>, EvalError> {
    let book = Phrasebook::builtin();
    let mut aired: BTreeMap<(usize, usize), Memory> = BTreeMap::new();
    let mut raw = aired.clone();
    let mut outcomes = Vec::new();
    for turn in &script.turns {
        if cancel.is_cancelled() {
            return Err(EvalError::Cancelled);
        }
        let Some(persona) = script.personas.get(turn.persona) else { continue };
        let memory = aired.entry((turn.place, turn.persona)).or_default();
        if !turn.asked {
            book.line_on_air(turn.kind, &turn.moment, persona, memory);
            continue;
        }
        let outcome = if voice.is_phrasebook() {
            from_book(&book, turn, persona, memory, raw.entry((turn.place, turn.persona)).or_default())
        } else {
            let raw = raw.entry((turn.place, turn.persona)).or_default();
            ask(outcomes.len(), turn, persona, voice, &book, memory, raw)?
        };
        outcomes.push(outcome);
        progress.advance(1);
        give_up_on_the_silent(&outcomes)?;
    }
    Ok(outcomes)
}

fn give_up_on_the_silent(outcomes: &[Outcome<'_>]) -> Result<(), EvalError> {
    if outcomes.len() != PATIENCE || outcomes.iter().any(|outcome| outcome.reply.failed.is_none()) {
        return Ok(());
    }
    let reason = outcomes.last().and_then(|outcome| outcome.reply.failed).unwrap_or_default();
    Err(EvalError::Silent { system: String::new(), asked: PATIENCE, reason: reason.replace('_', " ") })
}

fn ask<'a>(
    at: usize,
    turn: &'a Turn,
    persona: &Persona,
    voice: &mut dyn Voice,
    book: &Phrasebook,
    memory: &mut Memory,
    raw: &mut Memory,
) -> Result<Outcome<'a>, EvalError> {
    let layout = voice.layout();
    let first = voice.reply(at, turn, persona, 0, None)?;
    let judged = Judgement::of(&first.text, turn, persona, layout);
    let repeats = judged.text.as_deref().map(|text| Heard::note(raw, &turn.moment, text));
    let mut spoken = Spoken::Silence;
    let mut reply = first.clone();
    for attempt in 0..TRIES {
        let refused = match judge(&reply.text, turn.kind, &turn.moment, persona, layout, memory) {
            Verdict::Line(line) => {
                spoken = Spoken::Own(attempt, line);
                break;
            }
            Verdict::Repeat(_) => None,
            Verdict::Refused(rejection) => Some(rejection),
        };
        if attempt + 1 < TRIES {
            reply = voice.reply(at, turn, persona, attempt + 1, refused.as_ref())?;
        }
    }
    let mut spoken_repeats = None;
    if let Spoken::Own(_, line) = &spoken {
        spoken_repeats = Some(Heard::note(memory, &turn.moment, line.text()));
    } else {
        let before = memory.clone();
        if let Some(line) = book.line_on_air(turn.kind, &turn.moment, persona, memory) {
            spoken_repeats = Some(Heard::of(&before, &turn.moment, line.text()));
            spoken = Spoken::Phrasebook(line);
        }
    }
    Ok(Outcome::new(turn, persona, first, judged, repeats, spoken, spoken_repeats))
}

fn from_book<'a>(
    book: &Phrasebook,
    turn: &'a Turn,
    persona: &Persona,
    memory: &mut Memory,
    raw: &mut Memory,
) -> Outcome<'a> {
    let before = memory.clone();
    let line = book.line_on_air(turn.kind, &turn.moment, persona, memory);
    let reply = Reply::text(line.as_ref().map_or("", |line| line.text()));
    let judged = Judgement::of(&reply.text, turn, persona, Layout::Compact);
    let repeats = judged.text.as_deref().map(|text| Heard::note(raw, &turn.moment, text));
    let spoken_repeats = line.as_ref().map(|line| Heard::of(&before, &turn.moment, line.text()));
    let spoken = line.map_or(Spoken::Silence, |line| Spoken::Own(0, line));
    Outcome::new(turn, persona, reply, judged, repeats, spoken, spoken_repeats)
}

impl<'a> Outcome<'a> {
    fn new(
        turn: &'a Turn,
        persona: &Persona,
        reply: Reply,
        judged: Judgement,
        repeats: Option<Heard>,
        spoken: Spoken,
        spoken_repeats: Option<Heard>,
    ) -> Self {
        let still_passes = spoken.line().map(|line| judgement::still_passes(line, turn.kind, &turn.moment, persona));
        Self { turn, reply, judged, repeats, spoken, spoken_repeats, still_passes, is_recognised: false }
    }
}

/// A model behind a writer.
pub(super) struct ModelVoice<'a> {
    pub(super) ready: &'a Ready,
    pub(super) runtime: &'a Runtime,
    pub(super) sampling: Sampling,
    pub(super) deadline: Duration,
    pub(super) cancel: &'a CancellationToken,
}

impl ModelVoice<'_> {
    /// Has a line written and nothing done with it, so that the file is in memory and the fixed part of the prompt in the
    /// cache before anything is timed.
    pub(super) fn warm_up(&mut self, script: &Script) -> Result<(), EvalError> {
        for turn in script.asked().take(1) {
            if let Some(persona) = script.personas.get(turn.persona) {
                self.reply(0, turn, persona, 0, None)?;
            }
        }
        Ok(())
    }
}

impl Voice for ModelVoice<'_> {
    fn layout(&self) -> Layout {
        self.ready.layout
    }

    fn reply(
        &mut self,
        _at: usize,
        turn: &Turn,
        persona: &Persona,
        attempt: u32,
        refused: Option<&Rejection>,
    ) -> Result<Reply, EvalError> {
        let layout = self.ready.layout;
        let prompt = render_among(&[persona], &turn.moment, persona, turn.kind, layout, refused);
        let sampling = Sampling { seed: Some(turn.seed.wrapping_add(attempt)), ..self.sampling };
        // A line of slots is not yet in the words of the moment.
        let guard = (self.ready.grounded && layout != Layout::Slots).then(|| {
            let grounds = Grounds::of(&turn.moment, persona, turn.kind);
            let allow = Allow(move |text: &str, part| match part {
                Part::Beginning => grounds.allows_beginning(text),
                Part::Whole => grounds.allows_line(text),
            });
            Arc::new(allow) as Arc<dyn Guard>
        });
        let written = self.runtime.block_on(async {
            let request = WriteRequest {
                fixed_len: prompt.fixed_len,
                stop: prompt.stop,
                max_tokens: prompt.max_tokens,
                sampling,
                guard,
                cancel: self.cancel.clone(),
                ..WriteRequest::new(prompt.text, Instant::now() + self.deadline)
            };
            collect(&*self.ready.writer, request).await
        });
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        match written {
            Ok(written) => Ok(Reply {
                text: written.text,
                failed: None,
                first_ms: written.first_text.map(ms),
                total_ms: ms(written.total),
                tokens: written.usage.written_tokens.unwrap_or_default(),
            }),
            Err(WriteError::Cancelled) => Err(EvalError::Cancelled),
            // One line that does not come is a figure; a model that is gone or never was is the end.
            Err(error @ (WriteError::ModelMissing { .. } | WriteError::Stopped { .. })) => Err(EvalError::System {
                system: self.ready.name.clone(),
                reason: error.to_string(),
                hint: error.hint(),
            }),
            Err(error) => Ok(Reply { failed: Some(error.label()), ..Reply::default() }),
        }
    }
}
