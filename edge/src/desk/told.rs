//! What was said, what of it fell with a correction, and whether somebody else has said it.

use std::{sync::Arc, time::Instant};

use commentary::{
    Archive, CheckedLine, Line, LineKind, Moment, NoArchive,
    standing::{self, Changed, Told},
};
use cricket::{event::Key, score::Applied};

use super::game::Game;
use crate::booth::Voices;

/// A line that was said about an event.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) line_id: String,
    pub(super) persona: Arc<str>,
    pub(super) kind: LineKind,
    /// Its number among the persona's lines.
    seq: u64,
    /// The words; none where a line was only taken back.
    pub(super) text: Box<str>,
    /// Its claims, as [`standing::claim`] has them.
    pub(super) claims: Box<[u64]>,
    /// Whether a later line has replaced it or taken it back.
    pub(super) gone: bool,
}

impl Said {
    pub(super) fn of(line: &Line) -> Self {
        Self {
            line_id: line.line_id.clone(),
            persona: line.persona.as_str().into(),
            kind: line.kind,
            seq: line.seq,
            text: line.text.as_str().into(),
            claims: line.facts.iter().map(standing::claim).collect(),
            // What only takes back can itself not be taken back.
            gone: line.text.is_empty(),
        }
    }
}

/// A line that holds no longer.
#[derive(Debug, Clone)]
pub(super) struct Fallen {
    pub(super) key: Key,
    pub(super) line_id: String,
    pub(super) persona: Arc<str>,
}

impl Game {
    /// Finds the lines that the rebuilt score no longer bears out, and notes them as gone; see [`standing::fallen`].
    pub(super) fn find_fallen(&mut self, applied: &Applied, voices: &Voices) {
        let before = applied.was.as_deref();
        let changed = Changed::of(&applied.withdrawn, &applied.happenings, before, self.score.state());
        let mut lines: Vec<(&Key, &Said)> = Vec::new();
        for (key, said) in &self.said {
            lines.extend(said.iter().filter(|said| !said.gone).map(|said| (key, said)));
        }
        // In the order of saying, so that the newest are the last.
        lines.sort_unstable_by_key(|(_, said)| said.seq);
        let speaker = |id: &str| voices.personas.iter().find(|persona| persona.id == id).or(voices.personas.first());
        let told: Vec<Told<'_>> = lines
            .iter()
            .filter_map(|(key, said)| {
                let persona = speaker(&said.persona)?;
                Some(Told { key, kind: said.kind, persona, text: &said.text, claims: &said.claims })
            })
            .collect();
        let past: &dyn Archive = self.past.as_deref().map_or(&NoArchive, |past| past);
        let verdicts = standing::fallen(&self.score, &changed, &told, past);
        let fallen: Vec<Fallen> = lines
            .into_iter()
            .zip(verdicts)
            .filter(|(_, fallen)| *fallen)
            .map(|((key, said), _)| Fallen {
                key: key.clone(),
                line_id: said.line_id.clone(),
                persona: said.persona.clone(),
            })
            .collect();
        for line in &fallen {
            let said = self.said.get_mut(&line.key).into_iter().flatten();
            said.filter(|said| said.line_id == line.line_id).for_each(|said| said.gone = true);
        }
        self.fallen.extend(fallen);
    }

    /// The fallen line that a persona's correction replaces: one about the corrected event itself, else the last.
    pub(super) fn take_fallen(&mut self, persona: &str, key: &Key) -> Option<Fallen> {
        let own = |line: &Fallen| *line.persona == *persona;
        let at = self
            .fallen
            .iter()
            .rposition(|line| own(line) && line.key == *key)
            .or_else(|| self.fallen.iter().rposition(own))?;
        Some(self.fallen.remove(at))
    }

    /// Whether a line says something that the caller has not, and can be said before the next ball.
    pub(super) fn is_an_answer(&self, moment: &Moment, caller: &str, line: &CheckedLine, at: Instant) -> bool {
        let said = self.said.get(&moment.key).into_iter().flatten().filter(|said| *said.persona == *caller);
        let claims: Vec<u64> = said.flat_map(|said| said.claims.iter().copied()).collect();
        let again = !line.facts().is_empty() && line.facts().iter().all(|fact| claims.contains(&standing::claim(fact)));
        !again && self.tempo.has_room(line.text(), at)
    }
}
