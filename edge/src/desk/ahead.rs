//! What may come next: looked at by others, since the desk does not wait.

use std::{collections::HashMap, sync::Arc};

use commentary::{CheckedLine, LineKind, Moment};
use cricket::{event::Key, outlook::undecided};
use llm::WriterInfo;

use super::{Desk, game::Game};
use crate::booth::ahead::{Look, prospect::Undecided};

impl Desk {
    /// Has what may come next in matches thought about of which there is news.
    pub(super) fn look_ahead(&mut self) {
        let looks = std::mem::take(&mut self.pending.looks);
        let Some(ahead) = &self.tools.ahead else { return };
        for match_id in looks {
            let Some(game) = self.games.get(&match_id) else { continue };
            ahead.look(Look {
                score: game.score.lookahead(),
                announced: game.next_bowler.clone(),
                undecided: looked_at(game),
                past: game.past.clone(),
                memories: game.memories.iter().cloned().map(Arc::new).collect(),
                pause: game.tempo.pause(),
            });
        }
    }

    /// The lines of a persona that lie ready for a moment and hold, by kind.
    pub(super) fn take_ready(
        &self,
        moment: &Moment,
        place: usize,
        kinds: &[LineKind],
    ) -> HashMap<LineKind, (CheckedLine, WriterInfo)> {
        let mut found = HashMap::new();
        let voice = self.tools.voices.personas.get(place);
        let game = self.games.get(&moment.match_id);
        let (Some(ahead), Some(persona), Some(game)) = (&self.tools.ahead, voice, game) else { return found };
        let Some(mut memory) = game.memories.get(place).cloned() else { return found };
        let is_written_ahead = |kind: &LineKind| {
            matches!(kind, LineKind::Call | LineKind::Colour | LineKind::Correction | LineKind::Status)
        };
        for kind in kinds.iter().copied().filter(is_written_ahead) {
            if let Some((line, writer)) = ahead.take(moment, place, persona, kind, &memory) {
                // The next one must not say it again.
                memory.remember(moment, line.text());
                found.insert(kind, (line, writer));
            }
        }
        found
    }
}

/// What the umpires are looking at, with what was told of it.
fn looked_at(game: &Game) -> Option<Undecided> {
    let keys: Vec<Key> = undecided(&game.score).into_iter().map(|event| event.key.clone()).collect();
    (!keys.is_empty()).then(|| Undecided {
        score: game.score.clone(),
        told: keys.into_iter().filter(|key| game.is_told_of(key)).collect(),
    })
}
