//! For instruction-tuned models. What never changes comes first, so that it is computed once: the rules, then the voices
//! of all who speak in this box. Then the moment in a line, which they share; last, and short, whose line is wanted.

use std::fmt::Write as _;

use super::{ChatTemplate, Prompt, moment_line};
use crate::{checker::Rejection, line::LineKind, moment::Moment, persona::Persona};

/// The rules. They name no player, no side and no persona.
const SYSTEM: &str = "You are a cricket commentator on air. You are given voices, then one moment of a live match as facts, \
then who speaks and in how many words. Say one line in that voice.\n\
Use only the names, numbers and events in the facts. Never mention the shot, the fielder's position, the line, length, \
speed or kind of delivery, the crowd, the weather, records or careers unless the facts hold them. Four and six mean \
boundaries. Names as given. No quotation marks, no emoji, no markup. One line only.";

/// Renders for a chat template; `cast` are all whose voices the fixed part describes, `refused` is the line before and
/// what was wrong with it.
pub(super) fn render(
    cast: &[&Persona],
    moment: &Moment,
    persona: &Persona,
    kind: LineKind,
    template: ChatTemplate,
    refused: Option<&Rejection>,
) -> Prompt {
    let mut fixed = SYSTEM.to_owned();
    // Whoever is asked for has a voice there, whatever the caller says.
    let missing = (!cast.iter().any(|voice| voice.id == persona.id)).then_some(persona);
    for voice in cast.iter().copied().chain(missing) {
        describe(&mut fixed, voice);
    }
    let mut text = template.open(&fixed);
    text.push_str("Facts:");
    let fixed_len = text.len();
    let _ = write!(text, " {}", moment_line::of(moment, kind));
    if let Some(refused) = refused {
        let _ = write!(text, "\nNot allowed last time: {}", refused.in_brief());
    }
    // What was called already is not to be called again.
    let what = match kind {
        LineKind::Colour => ", one thought that follows the call",
        LineKind::Over => ", the over in one line",
        _ => "",
    };
    let [least, most] = persona.length.of_kind(kind, moment);
    let _ = write!(text, "\n{}{what}, {}-{most} words:", persona.id, least.max(1));
    text.push_str(template.close());
    Prompt { kind, text, fixed_len, stop: template.stop(), max_tokens: u32::from(most) * 2 + 12 }
}

/// A voice, and what it has said.
fn describe(text: &mut String, persona: &Persona) {
    let _ = write!(text, "\n\nVoice {}: {}", persona.id, persona.style.trim());
    for exemplar in persona.exemplars.iter().take(3) {
        let _ = write!(text, "\nFor \"{}\" it says: {}", exemplar.moment, exemplar.line);
    }
    if !persona.words.prefer.is_empty() {
        let _ = write!(text, "\nIt likes: {}", persona.words.prefer.join(", "));
    }
    if !persona.words.avoid.is_empty() {
        let _ = write!(text, "\nIt never says: {}", persona.words.avoid.join(", "));
    }
}
