//! Finding a stop text in text that arrives in pieces.

/// Lets text through up to the first stop text, and holds back whatever might be the beginning of one. Where stop texts
/// overlap, the one that is complete first counts, so the result does not depend on where the pieces were cut.
pub(crate) struct StopScan {
    stops: Vec<String>,
    held: String,
}

impl StopScan {
    pub(crate) fn new(stops: Vec<String>) -> Self {
        let stops = stops.into_iter().filter(|stop| !stop.is_empty()).collect();
        Self { stops, held: String::new() }
    }

    /// Whether `text` is one of the stop texts.
    #[cfg(feature = "llama")]
    pub(crate) fn is_stop(&self, text: &str) -> bool {
        self.stops.iter().any(|stop| stop == text)
    }

    /// The beginning of a text up to the first of the stop texts; all of it where there is none.
    #[cfg(feature = "llama")]
    pub(crate) fn upto_stop<'a>(&self, text: &'a str) -> &'a str {
        &text[..first(&self.stops, text).unwrap_or(text.len())]
    }

    /// Takes the next piece; gives the text that is free to go out, and whether a stop text was met. After that nothing
    /// more is to be pushed.
    pub(crate) fn push(&mut self, piece: &str) -> (String, bool) {
        self.held.push_str(piece);
        if let Some(start) = first(&self.stops, &self.held) {
            self.held.truncate(start);
            return (std::mem::take(&mut self.held), true);
        }
        let kept = self.stops.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - kept);
        (std::mem::replace(&mut self.held, rest), false)
    }

    /// What was held back when the text ends without a stop text.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// Where the stop text begins that is complete first.
fn first(stops: &[String], text: &str) -> Option<usize> {
    let ends = stops.iter().filter_map(|stop| text.find(stop).map(|start| (start + stop.len(), start)));
    ends.min().map(|(_, start)| start)
}

/// Bytes of the longest end of `text` that is a beginning, but not the whole, of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    stop.char_indices().map(|(at, _)| at).rev().find(|&at| text.ends_with(&stop[..at])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through<'a>(stops: &[&str], pieces: impl IntoIterator<Item = &'a str>) -> (String, bool) {
        let mut scan = StopScan::new(stops.iter().map(|stop| (*stop).to_owned()).collect());
        let mut out = String::new();
        for piece in pieces {
            let (free, stopped) = scan.push(piece);
            out.push_str(&free);
            if stopped {
                return (out, true);
            }
        }
        out.push_str(&scan.finish());
        (out, false)
    }

    #[test]
    fn a_stop_text_across_pieces_is_found_and_left_out() {
        let met = through(&["<|im_end|>"], ["Out!", "<|im", "_end", "|>", "more"]);
        assert_eq!(met, ("Out!".to_owned(), true));
    }

    #[test]
    fn a_false_start_is_let_through() {
        let met = through(&["\n\n"], ["one\n", "two\n"]);
        assert_eq!(met, ("one\ntwo\n".to_owned(), false));
    }

    #[test]
    fn an_empty_stop_text_stops_nothing() {
        assert_eq!(through(&[""], ["Four."]), ("Four.".to_owned(), false));
    }

    proptest! {
        #[test]
        fn where_the_pieces_are_cut_makes_no_difference(
            text in "[ab<द]{0,24}",
            stops in prop::collection::vec("[ab<द]{1,4}", 0..3),
            cuts in prop::collection::vec(0usize..24, 0..6),
        ) {
            let stops: Vec<&str> = stops.iter().map(String::as_str).collect();
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|&at| text.is_char_boundary(at)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]);
            let letters = text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]);
            prop_assert_eq!(through(&stops, pieces), through(&stops, letters));
        }

        #[test]
        fn no_stop_text_is_ever_let_through(text in "[ab<]{0,24}", stop in "[ab<]{1,3}") {
            let (out, stopped) = through(&[&stop], [text.as_str()]);
            prop_assert!(!out.contains(&stop));
            prop_assert_eq!(stopped, text.contains(&stop));
            prop_assert!(text.starts_with(&out));
        }
    }
}
