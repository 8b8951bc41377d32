//! For small models trained on this layout: ChatML's marks, a fact a line, the line after the assistant's mark.

use std::fmt::Write as _;

use super::Prompt;
use crate::{line::LineKind, moment::Moment, name, persona::Persona};

/// Renders. A fact that is not known leaves its line out.
pub(super) fn render(moment: &Moment, persona: &Persona, kind: LineKind) -> Prompt {
    let scene = &moment.scene;
    let mut text = format!("<|im_start|>user\nstyle: {}\n", persona.id);
    if let [first, second] = scene.teams.as_slice() {
        let _ =
            writeln!(text, "match: {} v {} {}", name::clean(first), name::clean(second), name::clean(&scene.format));
    }
    if scene.innings > 0 {
        let _ = writeln!(text, "over: {} score: {}", scene.overs, scene.score());
    }
    if let Some(needed) = scene.runs_needed.filter(|needed| *needed > 0) {
        let _ = match scene.balls_left {
            Some(left) => writeln!(text, "need: {needed} off {left}"),
            None => writeln!(text, "need: {needed}"),
        };
    }
    if let Some(bowler) = &scene.bowler {
        let said = name::spoken(&bowler.player, "the bowler");
        let _ = writeln!(text, "bowler: {said} {}/{}", bowler.wickets, bowler.runs);
    }
    if let Some(batter) = &scene.batter {
        let said = name::spoken(&batter.player, "the batter");
        let _ = writeln!(text, "batter: {said} {} ({})", batter.runs, batter.balls);
    }
    let _ = writeln!(text, "ball: {}<|im_end|>", crate::moment::in_words(moment));
    text.push_str("<|im_start|>assistant\n");
    let most = persona.length.of(moment)[1];
    let stop = vec!["<|im_end|>".to_owned(), "\n".to_owned()];
    Prompt { kind, text, fixed_len: 0, stop, max_tokens: u32::from(most) * 3 + 12 }
}
