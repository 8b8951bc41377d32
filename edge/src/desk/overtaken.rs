//! What a model was asked for and a correction has overtaken: nobody hears of a ball that was not so, and nobody misses
//! the ball that was.

use std::sync::Arc;

use commentary::{Archive, Moment, NoArchive};
use cricket::{
    event::{Event, EventData, Key},
    score::{Applied, Effect},
};

use super::{
    Desk,
    game::{Asked, Game},
};
use crate::booth::news;

impl Desk {
    /// Calls off what a model is asked for when the score was rebuilt and its moment is no longer as it was: the ball was
    /// corrected or taken back, or something before it that it was to be told with.
    pub(super) fn call_off(&mut self, match_id: &Arc<str>, applied: &Applied) -> Option<Asked> {
        let game = self.games.get_mut(match_id).filter(|_| applied.effect == Effect::Rebuilt)?;
        let asked = game.asked.take()?;
        if game.afresh(&asked.moment.key).is_some_and(|now| tells_the_same(&now, &asked.moment)) {
            game.asked = Some(asked);
            return None;
        }
        asked.cancel.cancel();
        Some(asked)
    }

    /// Has the ball told as it stands, if it still does, by those of whom a line was called off and who have said nothing
    /// of its correction.
    pub(super) fn tell_afresh(&mut self, match_id: &Arc<str>, event: &Event, asked: Asked) {
        let Some(now) = self.games.get_mut(match_id).and_then(|game| game.afresh(&asked.moment.key)) else { return };
        let is_of_this = event.key == asked.moment.key;
        for (place, ask) in asked.open {
            let Some(persona) = self.tools.voices.personas.get(place).cloned() else { continue };
            let spoke = is_of_this && self.games.get(match_id).is_some_and(|game| game.has_spoken(event, &persona.id));
            for kind in ask.instead.then_some(ask.kind).into_iter().filter(|_| !spoke).chain(ask.then) {
                self.say_from_phrasebook(match_id, &now, place, kind, asked.at);
            }
        }
    }
}

impl Game {
    /// The moment of an event as it stands now; `None` where it is gone, or a newer ball has come.
    fn afresh(&mut self, key: &Key) -> Option<Moment> {
        let event = {
            let mut since = self.score.live_events().skip_while(|live| live.key != *key);
            let event = since.next().cloned()?;
            if since.any(|live| matches!(live.data, EventData::Delivery(_))) {
                return None;
            }
            event
        };
        let past: &dyn Archive = self.past.as_deref().map_or(&NoArchive, |past| past);
        news::as_it_stands(&mut self.score, &event, |_| true, past)
    }

    /// Whether a persona has said something of this very revision of an event.
    fn has_spoken(&self, event: &Event, persona: &str) -> bool {
        let said = self.said.get(&event.key).into_iter().flatten();
        let of_this = format!("{}.{}.r{}.{persona}.", event.match_id, event.key, event.rev);
        said.filter(|said| !said.text.is_empty()).any(|said| said.line_id.starts_with(&of_this))
    }
}

/// Whether the same may be claimed of two moments.
fn tells_the_same(now: &Moment, asked: &Moment) -> bool {
    now.rev == asked.rev && now.provisional == asked.provisional && now.facts.list() == asked.facts.list()
}
