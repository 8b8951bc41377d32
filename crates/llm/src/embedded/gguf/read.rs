//! Reading the description at the head of a GGUF file.
//!
//! Nothing in the file is believed: every count is held against the bytes that are left before anything is read or
//! allocated for it, so a damaged file costs neither memory nor time.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, Read};

use super::types::block;

/// The fewest bytes a key-value pair or a tensor's description can take.
const SMALLEST_PAIR: u64 = 8 + 4 + 1;
const SMALLEST_TENSOR: u64 = 8 + 4 + 4 + 8;
/// Names and keys are short; values such as a chat template are not read but passed over.
const LONGEST_TEXT: u64 = 64 * 1024;
/// Tensors in ggml have at most so many dimensions.
const MOST_DIMENSIONS: u32 = 4;

/// llama.cpp's own bound; it ends the process beyond it.
const MOST_LAYERS: u32 = 512;
/// Type numbers of values.
const U16: u32 = 2;
const U32: u32 = 4;
const F32: u32 = 6;
const TEXT: u32 = 8;
const ARRAY: u32 = 9;

/// What matters of a file's description.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// How many tensors there are.
    pub(super) tensors: u64,
    /// `general.architecture`, such as `llama`.
    pub(super) architecture: Option<String>,
    /// `general.type`: `model`, `adapter` and others; older files have none.
    pub(super) kind: Option<String>,
    /// `vachak.layout`: how prompts are laid out for a model that was made for this.
    pub(super) layout: Option<String>,
    /// Whether the model lies in several files, of which this is one.
    pub(super) is_split: bool,
    /// The bytes the file must at least have for all of its tensors.
    pub(super) needed: u64,
}

/// Why there is no description.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotGguf,
    Version(u32),
    CutShort,
    Nonsense(&'static str),
    Io(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutShort,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl Header {
    /// Reads the description of a file of `length` bytes.
    pub(super) fn read(source: impl BufRead, length: u64) -> Result<Self, Fault> {
        let mut input = Input { source, at: 0, length };
        let magic = input.array::<4>().map_err(|fault| match fault {
            Fault::CutShort => Fault::NotGguf,
            other => other,
        })?;
        if magic != *b"GGUF" {
            return Err(Fault::NotGguf);
        }
        let version = input.u32()?;
        if !(2..=3).contains(&version) {
            return Err(Fault::Version(version));
        }
        let tensors = input.u64()?;
        let pairs = input.u64()?;
        input.expect(pairs, SMALLEST_PAIR)?;
        let mut header = Self { tensors, architecture: None, kind: None, layout: None, is_split: false, needed: 0 };
        let mut alignment = 32;
        for _ in 0..pairs {
            let key = input.text()?;
            let kind = input.u32()?;
            match (key.as_str(), kind) {
                ("general.architecture", TEXT) => header.architecture = Some(input.text()?),
                ("general.type", TEXT) => header.kind = Some(input.text()?),
                ("vachak.layout", TEXT) => header.layout = Some(input.text()?),
                ("general.alignment", U32) => alignment = u64::from(input.u32()?),
                ("split.count", U16) => header.is_split = u16::from_le_bytes(input.array()?) > 1,
                ("tokenizer.ggml.tokens", ARRAY) => input.pass_vocabulary()?,
                (key, U32) if key.ends_with(".block_count") => {
                    if !(1..=MOST_LAYERS).contains(&input.u32()?) {
                        return Err(Fault::Nonsense("its count of layers"));
                    }
                }
                (key, F32) if key.ends_with("_epsilon") => {
                    let epsilon = f32::from_le_bytes(input.array()?);
                    if !(0.0..1.0).contains(&epsilon) {
                        return Err(Fault::Nonsense("its epsilon"));
                    }
                }
                _ => input.pass_value(kind)?,
            }
        }
        if alignment == 0 || !alignment.is_power_of_two() {
            return Err(Fault::Nonsense("alignment"));
        }
        input.expect(tensors, SMALLEST_TENSOR)?;
        let mut data = 0;
        for _ in 0..tensors {
            data = data.max(input.tensor_end()?);
        }
        // Without data there need be no padding up to it.
        let data_start = if tensors == 0 { input.at } else { input.at.next_multiple_of(alignment) };
        header.needed = data_start.saturating_add(data);
        Ok(header)
    }
}

struct Input<R> {
    source: R,
    at: u64,
    length: u64,
}

impl<R: BufRead> Input<R> {
    /// That `count` things of at least `each` bytes can still follow.
    fn expect(&self, count: u64, each: u64) -> Result<(), Fault> {
        match count.checked_mul(each) {
            Some(bytes) if bytes <= self.length.saturating_sub(self.at) => Ok(()),
            _ => Err(Fault::CutShort),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_le_bytes)
    }

    fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        let length = self.u64()?;
        self.expect(length, 1)?;
        if length > LONGEST_TEXT {
            return Err(Fault::Nonsense("a name of more than 64 KB"));
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Fault::CutShort)?];
        self.source.read_exact(&mut bytes)?;
        self.at += length;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<String, Fault> {
        String::from_utf8(self.bytes()?).map_err(|_| Fault::Nonsense("a name that is not text"))
    }

    fn pass(&mut self, bytes: u64) -> Result<(), Fault> {
        self.expect(bytes, 1)?;
        let passed = io::copy(&mut self.source.by_ref().take(bytes), &mut io::sink())?;
        self.at += passed;
        if passed == bytes { Ok(()) } else { Err(Fault::CutShort) }
    }

    /// Passes over a value of a pair.
    fn pass_value(&mut self, kind: u32) -> Result<(), Fault> {
        match kind {
            TEXT => {
                let length = self.u64()?;
                self.pass(length)
            }
            ARRAY => {
                let element = self.u32()?;
                let count = self.u64()?;
                match scalar(element) {
                    Some(size) => self.pass(count.checked_mul(size).ok_or(Fault::CutShort)?),
                    // Arrays of arrays are allowed by the format and used by none.
                    None if element != TEXT => Err(Fault::Nonsense("an array of an unknown type")),
                    None => {
                        self.expect(count, 8)?;
                        for _ in 0..count {
                            let length = self.u64()?;
                            self.pass(length)?;
                        }
                        Ok(())
                    }
                }
            }
            _ => self.pass(scalar(kind).ok_or(Fault::Nonsense("a value of an unknown type"))?),
        }
    }

    /// Passes over the tokens, which must all differ: a single damaged byte can make two of them the same, and llama.cpp
    /// ends the process then. Empty ones do not count, it gives each a name of its own.
    fn pass_vocabulary(&mut self) -> Result<(), Fault> {
        if self.u32()? != TEXT {
            return Err(Fault::Nonsense("a vocabulary that is not text"));
        }
        let count = self.u64()?;
        self.expect(count, 8)?;
        // Only hashes are kept, a megabyte or two; among the largest vocabularies, of 260,000 tokens, two different ones
        // meet once in 500 million files.
        let hasher = RandomState::new();
        let mut seen = HashSet::new();
        for _ in 0..count {
            let token = self.bytes()?;
            if !token.is_empty() && !seen.insert(hasher.hash_one(&token)) {
                return Err(Fault::Nonsense("a vocabulary that has a token twice"));
            }
        }
        Ok(())
    }

    /// Where a tensor's data ends, counted from the beginning of all data.
    fn tensor_end(&mut self) -> Result<u64, Fault> {
        self.text()?;
        let dimensions = self.u32()?;
        if dimensions > MOST_DIMENSIONS {
            return Err(Fault::Nonsense("a tensor of more than 4 dimensions"));
        }
        let mut elements: u64 = 1;
        for _ in 0..dimensions {
            elements = elements.checked_mul(self.u64()?).ok_or(Fault::Nonsense("a tensor without bounds"))?;
        }
        let kind = self.u32()?;
        let offset = self.u64()?;
        // Of a type that is not known, at least its beginning must be there.
        let size = match block(kind) {
            Some((in_block, bytes)) => elements.div_ceil(in_block).checked_mul(bytes),
            None => Some(1),
        };
        size.and_then(|size| offset.checked_add(size)).ok_or(Fault::Nonsense("a tensor without bounds"))
    }
}

/// Bytes of a value of fixed size, by GGUF's type number.
fn scalar(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}
