//! The file: GGUF's header in memory, then the weights, streamed.

use std::io::{self, Write};

use super::quantization::Type;
use super::shape::Tensor;
use super::vocabulary::Vocabulary;
use super::{Synthetic, weights};

/// Where tensors begin: multiples of this, GGUF's default.
const ALIGNMENT: usize = 32;
/// Types of values. Source: `docs/gguf.md` of the ggml project.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const BOOL: u32 = 7;
const TEXT: u32 = 8;
const ARRAY: u32 = 9;

/// ChatML, as the real models' file states it, without tools.
const CHAT_TEMPLATE: &str = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + \
message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}\
{% endif %}";

/// Everything before the weights, and what they will be.
pub(super) struct Plan<'a> {
    header: Vec<u8>,
    tensors: Vec<(Tensor, Type)>,
    vocabulary: &'a Vocabulary,
    seed: u64,
}

impl<'a> Plan<'a> {
    pub(super) fn of(model: &Synthetic, vocabulary: &'a Vocabulary) -> Self {
        let shape = model.shape;
        let typed = |tensor: Tensor| {
            let kind = model.quantization.of(&tensor, &shape);
            (tensor, kind)
        };
        let tensors: Vec<_> = shape.tensors().into_iter().map(typed).collect();
        let header = header(model, vocabulary, &tensors);
        Self { header, tensors, vocabulary, seed: model.seed }
    }

    /// Bytes of the whole file.
    pub(super) fn length(&self) -> u64 {
        let weights = self.tensors.iter().map(|(tensor, kind)| padded(size(tensor, *kind)) as u64);
        self.header.len() as u64 + weights.sum::<u64>()
    }

    /// Bytes of all weights, each of which a token has to read: the embeddings are the output, too.
    pub(super) fn weight_bytes(&self) -> u64 {
        self.tensors.iter().map(|(tensor, kind)| size(tensor, *kind) as u64).sum()
    }

    /// Writes the file; `progress` learns how many bytes are written.
    pub(super) fn write(&self, to: &mut impl Write, mut progress: impl FnMut(u64)) -> io::Result<()> {
        to.write_all(&self.header)?;
        let mut done = self.header.len() as u64;
        for (number, (tensor, kind)) in (0..).zip(&self.tensors) {
            let is_embedding = number == 0;
            let silent = |row| is_embedding && self.vocabulary.never_written(row);
            weights::make(tensor, *kind, (self.seed, number), silent, |bytes| {
                to.write_all(bytes)?;
                done += bytes.len() as u64;
                progress(done);
                Ok::<_, io::Error>(())
            })?;
            let size = size(tensor, *kind);
            to.write_all(&[0; ALIGNMENT][..padded(size) - size])?;
            done += (padded(size) - size) as u64;
        }
        Ok(())
    }
}

fn size(tensor: &Tensor, kind: Type) -> usize {
    kind.row(tensor.columns) * tensor.rows as usize
}

fn padded(size: usize) -> usize {
    size.next_multiple_of(ALIGNMENT)
}

/// A GGUF header in the making.
#[derive(Default)]
struct Header {
    bytes: Vec<u8>,
    pairs: u64,
}

impl Header {
    fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn long(&mut self, number: u64) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn string(&mut self, text: &str) {
        self.long(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn key(&mut self, key: &str, kind: u32) {
        self.pairs += 1;
        self.string(key);
        self.number(kind);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.key(key, TEXT);
        self.string(text);
    }

    fn count(&mut self, key: &str, count: u32) {
        self.key(key, U32);
        self.number(count);
    }

    fn real(&mut self, key: &str, number: f32) {
        self.key(key, F32);
        self.bytes.extend(number.to_le_bytes());
    }

    fn texts(&mut self, key: &str, texts: &[String]) {
        self.key(key, ARRAY);
        self.number(TEXT);
        self.long(texts.len() as u64);
        for text in texts {
            self.string(text);
        }
    }
}

fn header(model: &Synthetic, vocabulary: &Vocabulary, tensors: &[(Tensor, Type)]) -> Vec<u8> {
    let shape = &model.shape;
    let mut pairs = Header::default();
    pairs.text("general.architecture", "qwen2");
    pairs.text("general.type", "model");
    pairs.text("general.name", &format!("{} with random weights", model.name));
    pairs
        .text("general.description", "Random weights in a real model's shape, for measuring speed; it writes nonsense");
    pairs.count("general.file_type", model.quantization.file_type());
    pairs.count("general.quantization_version", 2);
    pairs.count("qwen2.block_count", shape.layers);
    pairs.count("qwen2.context_length", 32_768);
    pairs.count("qwen2.embedding_length", shape.hidden);
    pairs.count("qwen2.feed_forward_length", shape.feed_forward);
    pairs.count("qwen2.attention.head_count", shape.heads);
    pairs.count("qwen2.attention.head_count_kv", shape.kv_heads);
    pairs.real("qwen2.rope.freq_base", 1e6);
    pairs.real("qwen2.attention.layer_norm_rms_epsilon", 1e-6);
    pairs.text("tokenizer.ggml.model", "gpt2");
    pairs.text("tokenizer.ggml.pre", "qwen2");
    pairs.texts("tokenizer.ggml.tokens", &vocabulary.tokens);
    pairs.key("tokenizer.ggml.token_type", ARRAY);
    pairs.number(I32);
    pairs.long(vocabulary.types.len() as u64);
    pairs.bytes.extend(vocabulary.types.iter().flat_map(|kind| kind.to_le_bytes()));
    pairs.texts("tokenizer.ggml.merges", &vocabulary.merges);
    // <|im_end|> ends a turn; a document's end pads and, never added, begins.
    pairs.count("tokenizer.ggml.eos_token_id", vocabulary.end_of_text + 2);
    pairs.count("tokenizer.ggml.padding_token_id", vocabulary.end_of_text);
    pairs.count("tokenizer.ggml.bos_token_id", vocabulary.end_of_text);
    pairs.key("tokenizer.ggml.add_bos_token", BOOL);
    pairs.bytes.push(0);
    pairs.text("tokenizer.chat_template", CHAT_TEMPLATE);

    let mut header = Header::default();
    header.bytes.extend(b"GGUF");
    header.number(3);
    header.long(tensors.len() as u64);
    header.long(pairs.pairs);
    header.bytes.extend(pairs.bytes);
    let mut offset = 0;
    for (tensor, kind) in tensors {
        header.string(&tensor.name);
        if tensor.rows == 1 {
            header.number(1);
            header.long(tensor.columns.into());
        } else {
            header.number(2);
            header.long(tensor.columns.into());
            header.long(tensor.rows.into());
        }
        header.number(*kind as u32);
        header.long(offset);
        offset += padded(size(tensor, *kind)) as u64;
    }
    let length = padded(header.bytes.len());
    header.bytes.resize(length, 0);
    header.bytes
}
