//! Lines from bytes that arrive cut anywhere, inside a line and inside a character too.

/// The longest line a server may send. Real ones are a few hundred bytes.
const LONGEST: usize = 1 << 20;

/// Gathers bytes and gives whole lines.
#[derive(Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    /// Where in `bytes` the next line begins. What lies before is cleared away once a push, not once a line.
    start: usize,
    /// Up to where `bytes` is known to hold no further line end, so that a long line is not searched again and again.
    searched: usize,
}

/// A line grew past the limit: whatever the server sends, it is not its protocol.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Lines {
    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self.bytes.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        if self.bytes.len() + bytes.len() > LONGEST {
            return Err(TooLong);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The next line, without its end (`\n` or `\r\n`). Once the bytes have `ended`, what is left without a line end
    /// counts as one too.
    pub(crate) fn next(&mut self, ended: bool) -> Option<&[u8]> {
        let found = self.bytes[self.searched..].iter().position(|&byte| byte == b'\n');
        let start = self.start;
        let end = match found {
            Some(at) => {
                let end = self.searched + at;
                self.start = end + 1;
                end
            }
            None if ended && start < self.bytes.len() => {
                self.start = self.bytes.len();
                self.bytes.len()
            }
            None => {
                self.searched = self.bytes.len();
                return None;
            }
        };
        self.searched = self.start;
        let line = &self.bytes[start..end];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use proptest::prelude::*;

    use super::*;

    fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
        let mut lines = Lines::default();
        let mut read = Vec::new();
        for piece in pieces {
            lines.push(piece).unwrap();
            while let Some(line) = lines.next(false) {
                read.push(line.to_vec());
            }
        }
        while let Some(line) = lines.next(true) {
            read.push(line.to_vec());
        }
        read
    }

    #[test]
    fn both_line_ends_are_understood_and_the_rest_is_kept() {
        assert_eq!(read([b"one\r\ntwo\n\nthr".as_slice(), b"ee"]), [b"one".as_slice(), b"two", b"", b"three"]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut lines = Lines::default();
        let block = vec![b'x'; LONGEST / 2];
        assert_eq!(lines.push(&block), Ok(()));
        assert_eq!(lines.push(&block), Ok(()));
        assert_eq!(lines.push(b"x"), Err(TooLong));
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_makes_no_difference(
            bytes in prop::collection::vec(prop::sample::select(b"ab\r\n\xE0".to_vec()), 0..60),
            size in 1usize..9,
        ) {
            prop_assert_eq!(read(bytes.chunks(size)), read([bytes.as_slice()]));
        }
    }
}
