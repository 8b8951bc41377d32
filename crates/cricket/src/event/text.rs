//! Text put together without asking for memory: every ball has a key and an id.

/// Bytes kept in place; longer text goes to the heap.
const IN_PLACE: usize = 96;

/// Short text in the making.
pub(super) struct ShortText {
    bytes: [u8; IN_PLACE],
    length: usize,
    /// All of it, once it is longer than [`IN_PLACE`].
    long: String,
}

impl Default for ShortText {
    fn default() -> Self {
        Self { bytes: [0; IN_PLACE], length: 0, long: String::new() }
    }
}

impl ShortText {
    pub(super) fn push(&mut self, text: &str) {
        if !self.long.is_empty() {
            self.long.push_str(text);
            return;
        }
        let end = self.length + text.len();
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(text.as_bytes());
            self.length = end;
        } else {
            self.long = [self.as_str(), text].concat();
        }
    }

    pub(super) fn push_number(&mut self, number: u32) {
        const MOST_DIGITS: usize = 10;
        let mut digits = [b'0'; MOST_DIGITS];
        let (mut rest, mut first) = (number, MOST_DIGITS);
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push(std::str::from_utf8(&digits[first..]).unwrap_or_default());
    }

    pub(super) fn as_str(&self) -> &str {
        if self.long.is_empty() {
            // Only whole texts were pushed, so that it always is text.
            std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
        } else {
            &self.long
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ShortText;

    #[test]
    fn long_text_is_whole_too() {
        let mut text = ShortText::default();
        for number in [0, 7, 10, 65_535, u32::MAX] {
            text.push_number(number);
            text.push("/é/");
        }
        assert_eq!(text.as_str(), "0/é/7/é/10/é/65535/é/4294967295/é/");
        text.push(&"x".repeat(200));
        text.push_number(5);
        assert_eq!(text.as_str().len(), 34 + 5 + 201);
        assert!(text.as_str().ends_with("xx5"));
    }
}
