//! For small models of our own that write slots: who speaks and what kind of line, what happened, the most telling
//! first, and what holds. No name and no number goes in, and none comes out: the reply's slots are filled from the
//! moment, so such a model can neither misspell a name nor miscount.

use super::Prompt;
use crate::{
    facts::EventWord,
    line::LineKind,
    moment::Moment,
    persona::Persona,
    phrasebook::{holding, telling},
};

/// Renders. An empty list leaves its line out.
pub(super) fn render(moment: &Moment, persona: &Persona, kind: LineKind) -> Prompt {
    let most = persona.length.of_kind(kind, moment)[1];
    let mut text = format!("<|im_start|>user\n{} {} {most}\n", persona.id, kind.name());
    list(&mut text, "event", telling(moment).map(EventWord::id));
    list(&mut text, "scene", holding(moment));
    text.truncate(text.trim_end().len());
    text.push_str("<|im_end|>\n<|im_start|>assistant\n");
    let stop = vec!["<|im_end|>".to_owned(), "\n".to_owned()];
    Prompt { kind, text, fixed_len: 0, stop, max_tokens: u32::from(most) * 4 + 16 }
}

/// Adds a line of words; those of several parts are read as plain words.
fn list<'a>(text: &mut String, title: &str, words: impl Iterator<Item = &'a str>) {
    let mut mark = title;
    for word in words {
        text.push_str(mark);
        text.push(' ');
        text.extend(word.chars().map(|c| if c == '_' { ' ' } else { c }));
        mark = ",";
    }
    if mark != title {
        text.push('\n');
    }
}
