//! The words of commentary, for whoever needs them as such: a tokenizer that is to know them.

use crate::{checker, language::Language, persona::Personas};

/// Texts that hold the words of English commentary: those that the checker knows, and those that describe the voices.
/// Together most of what stands in a prompt, but for the names.
pub fn english() -> Vec<&'static str> {
    let house = Personas::house();
    let english = house.iter().filter(|persona| Language::of(&persona.language) == Language::English);
    let voices = english.filter_map(|persona| Personas::builtin_text(&persona.id));
    std::iter::once(checker::ENGLISH_WORDS).chain(voices).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_checker_and_of_the_voices_are_there() {
        let all = english().concat();
        for word in ["wicket", "boundary", "Understatement", "innings"] {
            assert!(all.contains(word), "{word}");
        }
        assert!(!all.contains('क'), "only English");
    }
}
