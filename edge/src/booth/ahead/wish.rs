//! Which lines are worth writing before they are due: those that somebody would say, the most valuable first.

use std::{collections::HashMap, sync::Arc};

use super::prospect::{Foreseen, Prospect};
use crate::booth::{Seat, Voices};
use commentary::{LineKind, Memory, Moment, Occasion, Persona, Prompt, prompt::render_among};

/// Colour follows the call and can wait for it: it is worth so much of one.
const COLOUR: f64 = 0.5;
/// What is worth less is not written: a line that one ball in some hundreds would want.
const LEAST_WORTH: f64 = 0.001;
/// Lines wished for one ball at most.
const MOST: usize = 96;

/// A line that somebody may want to say.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The persona's place at the microphone.
    pub place: usize,
    /// Who would say it.
    pub persona: Arc<Persona>,
    /// Its kind: a call or colour; a correction, or the answer to a review.
    pub kind: LineKind,
    /// What the writer reads. Moments that read the same share one line.
    pub prompt: Prompt,
    /// What it would be said of.
    pub foreseen: Vec<Foreseen>,
    /// Chance times importance, over all of that.
    pub worth: f64,
    /// The likeliest of those moments, by which the line is judged when it is written.
    pub moment: Arc<Moment>,
    /// What the persona said before.
    pub memory: Arc<Memory>,
    /// Who is to write it.
    pub seat: Arc<Seat>,
}

/// What is wished for, the most valuable first. `memories` are by place at the microphone; `seat` is who
/// would write.
pub fn wishes(prospects: &[Prospect], voices: &Voices, memories: &[Arc<Memory>], seat: &Arc<Seat>) -> Vec<Wish> {
    let cast = voices.cast(&seat.model);
    let cast: Vec<&Persona> = cast.iter().map(|persona| &**persona).collect();
    let mut found: Vec<Wish> = Vec::new();
    let mut known: HashMap<(usize, LineKind, String), usize> = HashMap::new();
    for prospect in prospects {
        for (place, memory) in memories.iter().enumerate() {
            // Who answers a caller speaks from what the caller said.
            let is_correction = matches!(prospect.moment.occasion, Occasion::Correction(_));
            if voices.caller_of(place).is_some() && !is_correction {
                continue;
            }
            let Some(persona) = voices.personas.get(place) else { continue };
            for kind in voices.kinds(place, &prospect.moment, memory) {
                let weight = match kind {
                    LineKind::Call | LineKind::Correction | LineKind::Status => 1.0,
                    LineKind::Colour => COLOUR,
                    _ => continue,
                };
                let worth = prospect.chance * prospect.moment.importance * weight;
                let prompt = render_among(&cast, &prospect.moment, persona, kind, seat.model.layout, None);
                let next = found.len();
                let at = *known.entry((place, kind, prompt.text.clone())).or_insert(next);
                if let Some(wish) = found.get_mut(at) {
                    wish.worth += worth;
                    wish.foreseen.push(prospect.foreseen.clone());
                    continue;
                }
                found.push(Wish {
                    place,
                    persona: persona.clone(),
                    kind,
                    prompt,
                    foreseen: vec![prospect.foreseen.clone()],
                    worth,
                    moment: prospect.moment.clone(),
                    memory: memory.clone(),
                    seat: seat.clone(),
                });
            }
        }
    }
    found.retain(|wish| wish.worth >= LEAST_WORTH);
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    found.truncate(MOST);
    found
}
