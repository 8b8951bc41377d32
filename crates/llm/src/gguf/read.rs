//! Reading the description at the head of a GGUF file.
//!
//! Nothing in the file is believed: every count is held against the bytes that are left before anything is read or
//! allocated for it, so a damaged file costs neither memory nor time.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, Read};

use super::parts::Split;
use super::types::block;
use super::weights::Weights;

/// The fewest bytes a key-value pair or a tensor's description can take.
const SMALLEST_PAIR: u64 = 8 + 4 + 1;
const SMALLEST_TENSOR: u64 = 8 + 4 + 4 + 8;
/// Names and keys are short.
const LONGEST_TEXT: u64 = 64 * 1024;
/// A chat template is a program; the longest seen have 20 KB.
const LONGEST_TEMPLATE: u64 = 256 * 1024;
/// Tensors in ggml have at most so many dimensions.
const MOST_DIMENSIONS: u32 = 4;

/// llama.cpp's own bound; it ends the process beyond it.
const MOST_LAYERS: u32 = 512;
/// Type numbers of values.
const U16: u32 = 2;
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const TEXT: u32 = 8;
const ARRAY: u32 = 9;
const U64: u32 = 10;

/// Tokens by which the known chat templates mark turns and ends.
pub const MARKERS: [&str; 12] = [
    "<|im_start|>",
    "<|im_end|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "[INST]",
    "[/INST]",
    "</s>",
    "<|endoftext|>",
    "<|end|>",
];

/// What matters of a file's description.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// `general.architecture`, such as `llama`.
    pub(super) architecture: Option<String>,
    /// `general.type`: `model`, `adapter` and others; older files have none.
    pub(super) kind: Option<String>,
    /// `general.name`.
    pub(super) name: Option<String>,
    /// `general.license`, as SPDX names it.
    pub(super) license: Option<String>,
    /// `vachak.layout`: how prompts are laid out for a model that was made for this.
    pub(super) layout: Option<String>,
    /// `tokenizer.chat_template`, unless it is longer than any that makes sense.
    pub(super) chat_template: Option<String>,
    /// `tokenizer.ggml.model` and `tokenizer.ggml.pre`.
    pub(super) tokenizer: (Option<String>, Option<String>),
    /// `adapter.type`: `lora` and others.
    pub(super) adapter: Option<String>,
    /// `general.file_type`: how the file was quantised, by llama.cpp's number.
    pub(super) file_type: Option<u64>,
    /// Tokens in the vocabulary.
    pub(super) vocabulary: u64,
    /// Those of [`MARKERS`] that the vocabulary has as tokens.
    pub(super) markers: Vec<&'static str>,
    /// The model's shape.
    pub(super) shape: Shape,
    /// The weights it describes.
    pub(super) weights: Weights,
    /// What it says of the files that the model lies in.
    pub(super) split: Split,
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
        let mut header = Self::default();
        let mut alignment = 32;
        // A number for every layer, or a list of one each.
        let mut kept_heads = None;
        for _ in 0..pairs {
            let key = input.text()?;
            let kind = input.u32()?;
            match (key.as_str(), kind) {
                ("general.architecture", TEXT) => header.architecture = Some(input.text()?),
                ("general.type", TEXT) => header.kind = Some(input.text()?),
                ("general.name", TEXT) => header.name = Some(input.text()?),
                ("general.license", TEXT) => header.license = Some(input.text()?),
                ("vachak.layout", TEXT) => header.layout = Some(input.text()?),
                ("adapter.type", TEXT) => header.adapter = Some(input.text()?),
                ("tokenizer.ggml.model", TEXT) => header.tokenizer.0 = Some(input.text()?),
                ("tokenizer.ggml.pre", TEXT) => header.tokenizer.1 = Some(input.text()?),
                ("tokenizer.chat_template", TEXT) => header.chat_template = input.long_text()?,
                ("general.file_type", U32) => header.file_type = Some(u64::from(input.u32()?)),
                ("general.alignment", U32) => alignment = u64::from(input.u32()?),
                ("split.no", U16) => header.split.number = Some(u16::from_le_bytes(input.array()?)),
                ("split.count", U16) => header.split.count = u16::from_le_bytes(input.array()?),
                ("split.tensors.count", I32) => header.split.tensors = Some(input.number(kind)?),
                ("tokenizer.ggml.tokens", ARRAY) => (header.vocabulary, header.markers) = input.vocabulary()?,
                (key, U32) if key.ends_with(".block_count") => {
                    let layers = input.u32()?;
                    if !(1..=MOST_LAYERS).contains(&layers) {
                        return Err(Fault::Nonsense("its count of layers"));
                    }
                    header.shape.layers = u64::from(layers);
                }
                (key, F32) if key.ends_with("_epsilon") => {
                    let epsilon = f32::from_le_bytes(input.array()?);
                    if !(0.0..1.0).contains(&epsilon) {
                        return Err(Fault::Nonsense("its epsilon"));
                    }
                }
                (key, _) if key.ends_with(".attention.head_count_kv") => {
                    kept_heads = Some((input.numbers(kind)?, kind == ARRAY));
                }
                (key, _) => match header.shape.field(key) {
                    Some(field) => *field = input.numbers(kind)?,
                    None => input.pass_value(kind)?,
                },
            }
        }
        let layers = header.shape.layers;
        header.shape.kept_heads = match kept_heads {
            Some((heads, true)) => heads,
            Some((heads, false)) => heads.saturating_mul(layers),
            None => header.shape.heads.saturating_mul(layers),
        };
        if alignment == 0 || !alignment.is_power_of_two() {
            return Err(Fault::Nonsense("alignment"));
        }
        input.expect(tensors, SMALLEST_TENSOR)?;
        let mut data = 0;
        for _ in 0..tensors {
            let Tensor { name, kind, elements, size, end } = input.tensor()?;
            data = data.max(end);
            header.weights.count(&name, kind, elements, size);
        }
        // Without data there need be no padding up to it.
        let data_start = if tensors == 0 { input.at } else { input.at.next_multiple_of(alignment) };
        header.needed = data_start.saturating_add(data);
        Ok(header)
    }
}

/// The shape of a model, as far as its file tells: 0 where it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// Layers.
    pub layers: u64,
    /// Tokens of context it was trained on.
    pub context: u64,
    /// Numbers a token is made of between layers.
    pub embedding: u64,
    /// Numbers a token is made of inside a layer.
    pub feed_forward: u64,
    /// Heads of attention in a layer.
    pub heads: u64,
    /// Heads whose keys and values are kept, in all layers together.
    pub kept_heads: u64,
    /// Numbers in a key.
    pub key: u64,
    /// Numbers in a value.
    pub value: u64,
    /// Experts, of which only some work on a token.
    pub experts: u64,
}

impl Shape {
    /// Numbers that the context keeps for a token, in all layers together: of keys, and of values.
    pub fn kept_numbers(&self) -> [u64; 2] {
        let head = self.embedding.checked_div(self.heads).unwrap_or(0);
        let length = |told: u64| if told == 0 { head } else { told };
        [self.key, self.value].map(|told| self.kept_heads.saturating_mul(length(told)))
    }

    /// The field that a key of the file names, whatever the architecture before it is called.
    fn field(&mut self, key: &str) -> Option<&mut u64> {
        let (_, name) = key.split_once('.')?;
        Some(match name {
            "context_length" => &mut self.context,
            "embedding_length" => &mut self.embedding,
            "feed_forward_length" => &mut self.feed_forward,
            "attention.head_count" => &mut self.heads,
            "attention.key_length" => &mut self.key,
            "attention.value_length" => &mut self.value,
            "expert_count" => &mut self.experts,
            _ => return None,
        })
    }
}

/// What the description says of a tensor.
struct Tensor {
    name: String,
    /// Its type, by ggml's number.
    kind: u32,
    elements: u64,
    /// Bytes of its data.
    size: u64,
    /// Where its data ends, counted from the beginning of all data.
    end: u64,
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

    /// A text that may be long; `None`, passed over, when it is longer than makes sense or not text.
    fn long_text(&mut self) -> Result<Option<String>, Fault> {
        let length = self.u64()?;
        if length > LONGEST_TEMPLATE {
            self.pass(length)?;
            return Ok(None);
        }
        self.expect(length, 1)?;
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Fault::CutShort)?];
        self.source.read_exact(&mut bytes)?;
        self.at += length;
        Ok(String::from_utf8(bytes).ok())
    }

    /// A whole number, or the sum of an array of them; 0 for anything else.
    fn numbers(&mut self, kind: u32) -> Result<u64, Fault> {
        if kind != ARRAY {
            return self.number(kind);
        }
        let element = self.u32()?;
        let count = self.u64()?;
        let Some(size) = scalar(element) else { return Err(Fault::Nonsense("a list of no numbers in its shape")) };
        self.expect(count, size)?;
        (0..count).try_fold(0_u64, |sum, _| Ok(sum.saturating_add(self.number(element)?)))
    }

    fn number(&mut self, kind: u32) -> Result<u64, Fault> {
        match kind {
            U16 => Ok(u64::from(u16::from_le_bytes(self.array()?))),
            U32 => Ok(u64::from(self.u32()?)),
            I32 => Ok(u64::try_from(i32::from_le_bytes(self.array()?)).unwrap_or(0)),
            U64 => self.u64(),
            _ => self.pass_value(kind).map(|()| 0),
        }
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

    /// How many tokens there are and which [`MARKERS`] are among them. All must differ: a single damaged byte can make two of them the same, and llama.cpp
    /// ends the process then. Empty ones do not count, it gives each a name of its own.
    fn vocabulary(&mut self) -> Result<(u64, Vec<&'static str>), Fault> {
        if self.u32()? != TEXT {
            return Err(Fault::Nonsense("a vocabulary that is not text"));
        }
        let count = self.u64()?;
        self.expect(count, 8)?;
        // Only hashes are kept, a megabyte or two; among the largest vocabularies, of 260,000 tokens, two different ones
        // meet once in 500 million files.
        let hasher = RandomState::new();
        let mut seen = HashSet::new();
        let mut markers = Vec::new();
        for _ in 0..count {
            let token = self.bytes()?;
            markers.extend(MARKERS.iter().find(|marker| marker.as_bytes() == token));
            if !token.is_empty() && !seen.insert(hasher.hash_one(&token)) {
                return Err(Fault::Nonsense("a vocabulary that has a token twice"));
            }
        }
        Ok((count, markers))
    }

    /// The description of a tensor.
    fn tensor(&mut self) -> Result<Tensor, Fault> {
        let name = self.text()?;
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
        let bounds = size.and_then(|size| Some((size, offset.checked_add(size)?)));
        let (size, end) = bounds.ok_or(Fault::Nonsense("a tensor without bounds"))?;
        Ok(Tensor { name, kind, elements, size, end })
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
