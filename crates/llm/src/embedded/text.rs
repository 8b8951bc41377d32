//! The text of one line as its tokens come.

use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use crate::guard::{Guard, Part};
use crate::stop::StopScan;
use crate::utf8::Utf8Joiner;

/// What a token does to a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The line goes on; this much of its text is free to go out.
    Free(String),
    /// The line has ended; this is the rest of it.
    Ended(String),
    /// The guard does not let the line go on like this; nothing has changed.
    Refused,
}

/// A line's text: whole characters, none of them for controlling a terminal, up to the first stop text.
pub(super) struct Text {
    characters: Utf8Joiner,
    scan: StopScan,
    /// All there is so far; kept only where a guard wants to see it.
    whole: String,
}

impl Text {
    pub(super) fn new(stop: Vec<String>) -> Self {
        Self { characters: Utf8Joiner::default(), scan: StopScan::new(stop), whole: String::new() }
    }

    /// Takes a token, unless `guard` objects.
    pub(super) fn take(&mut self, vocab: &LlamaVocab<'_>, token: LlamaToken, guard: Option<&dyn Guard>) -> Taken {
        if vocab.is_eog(token) {
            return self.end_if_allowed(guard);
        }
        if vocab.is_control(token) {
            // A marker is no text and never goes out, but it may be where the caller wants to stop.
            let marker = vocab.token_to_piece(token, true, None);
            return if self.scan.is_stop(&String::from_utf8_lossy(&marker)) {
                self.end_if_allowed(guard)
            } else {
                Taken::Free(String::new())
            };
        }
        self.push(&vocab.token_to_piece(token, false, None), guard)
    }

    fn end_if_allowed(&mut self, guard: Option<&dyn Guard>) -> Taken {
        if guard.is_some_and(|guard| !guard.allows(&self.whole, Part::Whole)) { Taken::Refused } else { self.end() }
    }

    /// The line is over; gives the rest of it.
    pub(super) fn end(&mut self) -> Taken {
        Taken::Ended(self.scan.finish())
    }

    fn push(&mut self, bytes: &[u8], guard: Option<&dyn Guard>) -> Taken {
        let mut characters = self.characters.clone();
        let piece: String = characters.push(bytes).chars().filter(|&character| is_text(character)).collect();
        if let Some(guard) = guard {
            let before = self.whole.len();
            self.whole.push_str(&piece);
            let upto = self.scan.upto_stop(&self.whole).len();
            let ends = upto < self.whole.len();
            // Half a character changes nothing that anybody will read.
            let part = if ends { Part::Whole } else { Part::Beginning };
            if (ends || upto > before) && !guard.allows(&self.whole[..upto], part) {
                self.whole.truncate(before);
                return Taken::Refused;
            }
        }
        self.characters = characters;
        let (free, stopped) = self.scan.push(&piece);
        if stopped { Taken::Ended(free) } else { Taken::Free(free) }
    }
}

/// Whether a character is one to read: a line break and a tab are, an escape sequence is not.
fn is_text(character: char) -> bool {
    !character.is_control() || matches!(character, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets nothing pass that holds this.
    #[derive(Debug)]
    struct Without(&'static str);

    impl Guard for Without {
        fn allows(&self, text: &str, part: Part) -> bool {
            !text.contains(self.0) && (part == Part::Beginning || text.ends_with("ess"))
        }
    }

    fn text(stop: &str) -> Text {
        Text::new(vec![stop.to_owned()])
    }

    #[test]
    fn a_refused_piece_leaves_no_trace() {
        let mut text = text("\n");
        let guard = Without("six");
        assert_eq!(text.push(b"That is s", Some(&guard)), Taken::Free("That is s".to_owned()));
        assert_eq!(text.push(b"ix", Some(&guard)), Taken::Refused);
        assert_eq!(text.push(b"ucc", Some(&guard)), Taken::Free("ucc".to_owned()));
        assert_eq!(text.push(b"\n", Some(&guard)), Taken::Refused, "no end of a line");
        assert_eq!(text.end_if_allowed(Some(&guard)), Taken::Refused);
        assert_eq!(text.push(b"ess\nsix", Some(&guard)), Taken::Ended("ess".to_owned()));
    }

    #[test]
    fn half_a_character_is_no_text_to_ask_about() {
        let mut text = text("\n");
        let guard = Without("छ");
        let bytes = "छ".as_bytes();
        assert_eq!(text.push(&bytes[..2], Some(&guard)), Taken::Free(String::new()));
        assert_eq!(text.push(&bytes[2..], Some(&guard)), Taken::Refused);
    }

    #[test]
    fn what_controls_a_terminal_does_not_go_out() {
        let mut text = text("");
        assert_eq!(text.push(b"\x1b[2JFour\0!\tYes\n", None), Taken::Free("[2JFour!\tYes\n".to_owned()));
    }
}
