//! Characters from tokens: a character of Devanagari, say, is often split across two or three tokens.

/// Joins bytes into whole characters; one decoder a reply. Bytes that can never become a character are replaced by
/// U+FFFD, so that the text stays valid and the fault stays visible.
#[derive(Default, Clone)]
pub(crate) struct Utf8Joiner {
    tail: Vec<u8>,
}

impl Utf8Joiner {
    /// Takes the next bytes; gives the characters that are complete now. Bytes still waiting when a reply ends, at most
    /// three, are the beginning of a character that the model did not finish and are dropped with the joiner.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.tail.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.tail) {
                Ok(whole) => {
                    text.push_str(whole);
                    self.tail.clear();
                    return text;
                }
                Err(error) => {
                    let good = error.valid_up_to();
                    text.push_str(&String::from_utf8_lossy(&self.tail[..good]));
                    let Some(bad) = error.error_len() else {
                        self.tail.drain(..good);
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.tail.drain(..good + bad);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_unfinished_character_is_not_let_out() {
        let mut joiner = Utf8Joiner::default();
        assert_eq!(joiner.push(&"छक्का".as_bytes()[..4]), "छ");
    }

    #[test]
    fn a_byte_that_cannot_be_is_shown_as_such() {
        let mut joiner = Utf8Joiner::default();
        assert_eq!(joiner.push(b"si\xFFx"), "si\u{FFFD}x");
    }

    proptest! {
        #[test]
        fn byte_by_byte_gives_the_text_back(text in ".{0,40}") {
            let mut joiner = Utf8Joiner::default();
            let out: String = text.as_bytes().iter().map(|byte| joiner.push(&[*byte])).collect();
            prop_assert_eq!(out, text);
        }

        #[test]
        fn any_bytes_at_all_give_valid_text(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut joiner = Utf8Joiner::default();
            let out = joiner.push(&bytes);
            prop_assert!(String::from_utf8_lossy(&bytes).starts_with(&out));
        }
    }
}
