//! Whether a line can be spoken at all: one line of plain words, not too long, without marks that mean something to a
//! page, a prompt or a terminal.

use super::{
    Findings, names, script,
    token::{Kind, Token},
};
use crate::{line::LineKind, moment::Moment, name, persona::Persona};

/// The longest line in characters, whatever its words: forty long words.
const MAX_CHARS: usize = 320;

/// Marks of prompts and of markup that are made of plain characters.
const MARKS: [&str; 8] = ["http:", "https:", "www.", "im_start", "im_end", "end_of_turn", "eot_id", "[inst"];

pub(super) fn check(text: &str, persona: &Persona, findings: &mut Findings) {
    if !text.chars().any(char::is_alphanumeric) {
        findings.unfit(showable(text), "there are no words");
        return;
    }
    if text.chars().count() > MAX_CHARS {
        findings.unfit(showable(text), "longer than can be spoken before the next ball");
        return;
    }
    if let Some(odd) = text.chars().find(|c| !is_speakable(*c)) {
        findings.unfit(odd.escape_unicode().to_string(), "a character that cannot be spoken");
    }
    if !is_whole(text) {
        findings.unfit(
            showable(text),
            "not a whole sentence: it starts with a mark, ends without one, or runs into the next",
        );
    }
    let lower = script::fold(&text.to_lowercase());
    if let Some(mark) = MARKS.iter().find(|mark| lower.contains(*mark)) {
        findings.unfit(*mark, "a mark of a prompt or a page");
    }
    for avoided in &persona.words.avoid {
        let avoided = script::fold(&avoided.to_lowercase());
        if !avoided.is_empty() && has_phrase(&lower, &avoided) {
            findings.unfit(avoided, format!("{} never says it", persona.name));
        }
    }
}

/// The words of a token: a quoted statistic has as many as it has.
fn length(token: &Token, moment: &Moment) -> usize {
    match token.kind {
        Kind::Mark(_) => 0,
        Kind::Place(index) if moment.facts.places.get(index).is_some_and(|(id, _)| names::is_quoted(id)) => {
            token.text.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count()
        }
        _ => 1,
    }
}

/// Holds a line to the persona's length; a name counts as one word, however long it is.
pub(super) fn check_length(
    tokens: &[Token],
    kind: LineKind,
    moment: &Moment,
    persona: &Persona,
    findings: &mut Findings,
) {
    let words: usize = tokens.iter().map(|token| length(token, moment)).sum();
    let [_, most] = persona.length.of_kind(kind, moment);
    if words > usize::from(most) {
        let name = &persona.name;
        findings.unfit(format!("{words} words"), format!("{name} says {most} at most here"));
    }
}

/// Whether a text starts as a sentence, ends as one, and has a space after each mark inside. A model that is cut off, or
/// stumbles, betrays itself here.
pub(super) fn is_whole(text: &str) -> bool {
    let starts = text
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '\u{2018}' | '\u{201c}' | '\u{2026}'));
    let ends = text
        .trim_end_matches(['"', '\'', '\u{2019}', '\u{201d}', ')'])
        .ends_with(['.', '!', '?', '\u{2026}', '\u{0964}']);
    let mut pairs = text.chars().zip(text.chars().skip(1));
    let runs_on = pairs.any(|(mark, next)| {
        (matches!(mark, '!' | '?' | ',' | ';' | '\u{0964}') && next.is_alphanumeric())
            || (mark.is_alphabetic() && next == '/')
    });
    starts && ends && !runs_on
}

pub(super) fn is_speakable(c: char) -> bool {
    if name::is_invisible(c) {
        return false;
    }
    c.is_alphanumeric()
        || name::clean(&format!("a{c}")).chars().count() == 2
        || matches!(
            c,
            ' ' | ','
                | '!'
                | '?'
                | ':'
                | ';'
                | '/'
                | '%'
                | '\u{2019}'
                | '\u{2013}'
                | '\u{2014}'
                | '\u{2026}'
                | '\u{0964}'
        )
}

fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(name::is_letter) && !after.is_some_and(name::is_letter)
    })
}

/// The line as it can be shown in a log: no control or direction characters, and not too long.
pub(crate) fn showable(text: &str) -> String {
    text.chars()
        .filter(|c| !name::is_invisible(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_CHARS)
        .collect()
}
