//! Whether to speak at all: what a moment deserves against what a persona likes to say.

use crate::{line::LineKind, memory::Memory, moment::Moment, persona::Persona};

/// What a persona says of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The kinds of line to say, in order; empty is silence.
    pub kinds: Vec<LineKind>,
}

impl Decision {
    /// Whether nothing is said.
    pub fn is_silence(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// Whether a persona goes on, after the call of a ball, to sum up an over, an innings or the match.
pub(crate) fn sums_up(moment: &Moment, persona: &Persona) -> bool {
    let kinds = moment.kinds();
    kinds.contains(&LineKind::Innings) || (persona.talk.overs && kinds.contains(&LineKind::Over))
}

/// Decides what is said. Corrections, status lines, innings and results are always said. A ball is called when its
/// importance reaches the persona's threshold, which falls the longer the persona has been quiet, unless an over is summed
/// up with it; it also gets colour when its importance reaches the persona's mark for that.
pub fn decide(moment: &Moment, persona: &Persona, memory: &Memory) -> Decision {
    let mut kinds = Vec::new();
    if persona.notes > 0 {
        // Notes are for between the overs, and nobody calls a ball with them; what they told wrongly is put right.
        let wanted = |kind: &LineKind| matches!(kind, LineKind::Over | LineKind::Correction);
        kinds.extend(moment.kinds().into_iter().filter(wanted));
        return Decision { kinds };
    }
    for kind in moment.kinds() {
        let said = match kind {
            LineKind::Call => {
                // Silence that the sum of the over is about to break is no reason to call a dull ball.
                let quiet = if sums_up(moment, persona) { Some(0) } else { memory.balls_since_last(moment) };
                moment.importance >= persona.talk.threshold_after(quiet)
            }
            LineKind::Colour => moment.importance >= persona.talk.colour,
            LineKind::Over => persona.talk.overs,
            LineKind::Stat => persona.talk.statistics,
            LineKind::Innings | LineKind::Status | LineKind::Correction => true,
        };
        if said {
            kinds.push(kind);
        }
    }
    Decision { kinds }
}
