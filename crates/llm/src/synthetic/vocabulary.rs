//! A vocabulary of the size and kind of Qwen2.5's: byte-level, 151,936 tokens, its special tokens at their places.

use std::collections::{BTreeSet, HashSet};

use super::bpe;

/// A token is text.
const NORMAL: i32 = 1;
/// A token is a mark that is read as such and is no text.
const CONTROL: i32 = 3;
/// A token is a mark that is text.
const USER_DEFINED: i32 = 4;
/// A token that nothing uses.
const UNUSED: i32 = 5;

/// Qwen2.5's special tokens, the first of them the end of a document. Source: `tokenizer_config.json` of
/// Qwen/Qwen2.5-0.5B-Instruct; the last eight are not "special" there and so user-defined in a GGUF.
const SPECIAL: [&str; 22] = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
];
/// How many of [`SPECIAL`] are marks and no text.
const CONTROLS: usize = 14;
/// Where they begin in a vocabulary of the full size, and how many tokens stand behind them there.
const FULL: u32 = 151_936;
const FULL_SPECIAL: u32 = 151_643;

/// Signs, and signs together, that are single tokens in any English vocabulary.
const SIGNS: [&str; 19] = [
    " |", " (", "),", ").", "):", " \"", "\":", "\",", ".\"", "!\"", "\"\n", ".\n", ":\n", ",\n", ")\n", "\n\n", " -",
    " /", "...",
];

/// What a tokenizer of the kind `gpt2` is made of.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Every token's text, in the byte alphabet of [`letter`].
    pub(super) tokens: Vec<String>,
    /// Every token's type.
    pub(super) types: Vec<i32>,
    /// Two tokens a merge, separated by a space; earlier merges come first when a text is encoded.
    pub(super) merges: Vec<String>,
    /// The token that ends a document.
    pub(super) end_of_text: u32,
}

impl Vocabulary {
    /// A vocabulary of `size` tokens (at least 600) in which the words of `texts` are single tokens: in lower case and
    /// with a capital, behind a space and without one; so are everyday [signs](SIGNS).
    pub(super) fn learn<'a>(texts: impl IntoIterator<Item = &'a str>, size: u32) -> Self {
        let end_of_text = size - (FULL - FULL_SPECIAL);
        let alphabet: Vec<String> = bytes_in_order().map(|byte| letter(byte).to_string()).collect();
        let mut place = [0; 256];
        for (id, byte) in (0..).zip(bytes_in_order()) {
            place[usize::from(byte)] = id;
        }
        let mut words = BTreeSet::new();
        for text in texts.into_iter().chain(SIGNS) {
            for piece in pieces(text) {
                for form in forms(piece) {
                    words.insert(form.bytes().map(|byte| place[usize::from(byte)]).collect());
                }
            }
        }
        let learnt = bpe::learn(alphabet, &words, end_of_text as usize);
        let spelt = |id: u32| learnt.symbols[id as usize].as_str();
        let merges = learnt.pairs.iter().map(|(left, right)| format!("{} {}", spelt(*left), spelt(*right))).collect();
        let mut tokens = learnt.symbols;
        fill(&mut tokens, end_of_text as usize);
        let mut types = vec![NORMAL; tokens.len()];
        tokens.extend(SPECIAL.map(str::to_owned));
        types.extend([CONTROL; CONTROLS]);
        types.extend([USER_DEFINED; SPECIAL.len() - CONTROLS]);
        tokens.extend((tokens.len()..size as usize).map(|id| format!("[PAD{id}]")));
        types.resize(tokens.len(), UNUSED);
        Self { tokens, types, merges, end_of_text }
    }

    /// Whether the model must never write this token: the marks, what nothing uses, and whatever breaks a line. A line
    /// of random words would otherwise end where chance has it.
    pub(super) fn never_written(&self, token: u32) -> bool {
        let at = token as usize;
        self.types[at] != NORMAL || self.tokens[at].contains([letter(b'\n'), letter(b'\r')])
    }
}

/// Tokens that no merge leads to, up to `size`: made-up words, so that what the model writes is text.
fn fill(tokens: &mut Vec<String>, size: usize) {
    const SYLLABLES: [&str; 32] = [
        "ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "ze", "bri", "cla", "dre", "flo", "gru",
        "kna", "plo", "sti", "tra", "wen", "yor", "han", "mir", "sel", "tol", "ful", "gan", "pel", "rud", "nix",
    ];
    let taken: HashSet<String> = tokens.iter().cloned().collect();
    let mut number = 0;
    while tokens.len() < size {
        let mut word = String::from(letter(b' '));
        let mut rest = number;
        for _ in 0..4 {
            word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
            rest /= SYLLABLES.len();
        }
        if !taken.contains(&word) {
            tokens.push(word);
        }
        number += 1;
    }
}

/// A piece as it stands; a word in lower case also as it begins a sentence, each behind a space and without one.
fn forms(piece: &str) -> Vec<String> {
    let word = piece.trim_start_matches(' ');
    let mut forms = vec![piece.to_owned()];
    if word.chars().all(|letter| letter.is_ascii_lowercase()) && !word.is_empty() {
        let capital = format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
        forms.extend([format!(" {word}"), word.to_owned(), format!(" {capital}"), capital]);
    }
    forms
}

/// Cuts a text where Qwen2's pre-tokenizer does, no merge reaching across: contractions, words with the sign before
/// them, single digits, other signs with the space before and the line breaks behind them, white space. Source:
/// `LLAMA_VOCAB_PRE_TYPE_QWEN2` in llama.cpp's `src/llama-vocab.cpp`.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(first_piece(rest).max(1));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn first_piece(text: &str) -> usize {
    let is_break = |c: char| c == '\n' || c == '\r';
    let run = |text: &str, of: &dyn Fn(char) -> bool| text.find(|c| !of(c)).unwrap_or(text.len());
    let letters = |text: &str| run(text, &char::is_alphabetic);
    for ending in ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"] {
        if text.get(..ending.len()).is_some_and(|start| start.eq_ignore_ascii_case(ending)) {
            return ending.len();
        }
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    if text.starts_with(char::is_alphabetic) {
        return letters(text);
    }
    if text.starts_with(char::is_numeric) {
        return first;
    }
    if !text.starts_with(is_break) && letters(&text[first..]) > 0 {
        return first + letters(&text[first..]);
    }
    let space = usize::from(text.starts_with(' '));
    let signs = run(&text[space..], &|c| !c.is_whitespace() && !c.is_alphabetic() && !c.is_numeric());
    if signs > 0 {
        return space + signs + run(&text[space + signs..], &is_break);
    }
    let white = run(text, &char::is_whitespace);
    match text[..white].rfind(is_break) {
        Some(last) => last + 1,
        // The last space belongs to what follows.
        None if white < text.len() && white > first => {
            white - text[..white].chars().next_back().map_or(0, char::len_utf8)
        }
        None => white,
    }
}

/// The bytes in the order of their tokens: first those that are letters of their own.
fn bytes_in_order() -> impl Iterator<Item = u8> {
    let own = |byte: &u8| is_own(*byte);
    (0..=255).filter(own).chain((0..=255).filter(move |byte| !own(byte)))
}

/// Whether a byte stands for itself. Source: `bytes_to_unicode` of OpenAI's GPT-2.
fn is_own(byte: u8) -> bool {
    matches!(byte, 33..=126 | 161..=172 | 174..=255)
}

/// The letter that stands for a byte.
fn letter(byte: u8) -> char {
    if is_own(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|byte| !is_own(*byte)).count() as u32;
    char::from_u32(256 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_as_the_pre_tokenizer_cuts_it() {
        assert_eq!(
            pieces("Four! It's 148/7,\n\nno-ball (wide)"),
            ["Four", "!", " It", "'s", " ", "1", "4", "8", "/", "7", ",\n\n", "no", "-ball", " (", "wide", ")"]
        );
        assert_eq!(pieces("a  b \n c | d"), ["a", " ", " b", " \n", " c", " |", " d"]);
        assert_eq!(pieces("é—छक्का").concat(), "é—छक्का");
        assert!(pieces("").is_empty());
    }

    #[test]
    fn the_alphabet_is_gpt2s() {
        assert_eq!(bytes_in_order().count(), 256);
        assert_eq!((letter(b'!'), letter(b' '), letter(b'\n'), letter(0), letter(173)), ('!', 'Ġ', 'Ċ', 'Ā', 'Ń'));
        // As in the real vocabulary, where a line break is token 198.
        assert_eq!(bytes_in_order().position(|byte| byte == b'\n'), Some(198));
    }

    #[test]
    fn the_vocabulary_has_its_size_no_token_twice_and_the_marks_at_their_places() {
        let vocabulary = Vocabulary::learn(["four wicket", "that's a maiden!\n"], FULL);
        assert_eq!(vocabulary.tokens.len(), FULL as usize);
        assert_eq!(vocabulary.types.len(), FULL as usize);
        let distinct: HashSet<&String> = vocabulary.tokens.iter().collect();
        assert_eq!(distinct.len(), vocabulary.tokens.len());
        assert_eq!(vocabulary.end_of_text, 151_643);
        assert_eq!(vocabulary.tokens[151_644], "<|im_start|>");
        assert_eq!(vocabulary.tokens[151_645], "<|im_end|>");
        assert_eq!(vocabulary.types[151_645], CONTROL);
        assert_eq!(vocabulary.tokens[151_664], "<|file_sep|>");
        for word in ["Ġfour", "Four", "Ġwicket", "'s"] {
            assert!(vocabulary.tokens.iter().any(|token| token == word), "{word}");
        }
        assert!(
            vocabulary.never_written(198) && vocabulary.never_written(151_645) && vocabulary.never_written(151_700)
        );
        assert!(!vocabulary.never_written(0) && !vocabulary.never_written(151_000));
    }
}
