//! A template: words and slots, as a phrasebook holds them and as a model that writes slots replies.

use super::slot::{self, Piece, Slot};
use crate::{language::Language, moment::Moment};

/// Words and slots, read once.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    /// Cuts a text into words and slots.
    ///
    /// # Errors
    /// What is wrong with it, in words: a slot that is not closed or does not exist.
    pub(crate) fn parse(text: &str, language: Language) -> Result<Self, String> {
        slot::parse(text, language).map(|pieces| Self { pieces })
    }

    /// Its slots, in order.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(Piece::slot)
    }

    /// The line for a moment; a slot that opens a sentence gets a capital.
    ///
    /// # Errors
    /// The name of the first slot that the moment does not fill.
    pub(crate) fn fill(&self, moment: &Moment) -> Result<String, &'static str> {
        let mut text = String::with_capacity(80);
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Slot(slot) => {
                    let value = slot.fill(moment).ok_or(slot.name())?;
                    let opens = text.trim_end().is_empty() || text.trim_end().ends_with(['.', '!', '?', '\u{0964}']);
                    if opens && let Some(first) = value.chars().next() {
                        text.extend(first.to_uppercase());
                        text.push_str(&value[first.len_utf8()..]);
                    } else {
                        text.push_str(&value);
                    }
                }
            }
        }
        Ok(text)
    }
}
