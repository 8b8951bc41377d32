//! A look at a model file before llama.cpp gets it: is it a GGUF, is it whole, can it write, what does it say of itself?
//!
//! The format (little-endian): magic `GGUF`, version, count of tensors, count of key-value pairs; the pairs; for each
//! tensor its name, shape, type and offset; then, from the next multiple of `general.alignment` on, the tensors' data.
//! Source: llama.cpp's `docs/gguf.md` of the ggml project, versions 2 and 3.
//!
//! `read` reads that, `weights` adds up the tensors, `parts` finds the files of a model that lies in several.

mod parts;
mod read;
mod types;
mod weights;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use crate::error::WriteError;
use read::{Fault, Header};

pub use parts::{PartName, files_of};
pub use read::{MARKERS, Shape};
pub(crate) use types::block as block_size;

/// Architectures that do not continue a text: they read it, or translate it, or are no language models. Asked for the
/// next token, llama.cpp would have none to give.
const NO_WRITERS: [&str; 14] = [
    "bert",
    "clip",
    "eurobert",
    "gemma-embedding",
    "jina-bert-v2",
    "jina-bert-v3",
    "llama-embed",
    "modern-bert",
    "neo-bert",
    "nomic-bert",
    "nomic-bert-moe",
    "t5",
    "t5encoder",
    "wavtokenizer-dec",
];

/// What a GGUF file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// The file; of a model in several, the first.
    pub path: PathBuf,
    /// All files that it lies in, in order: this one alone, unless it was split.
    pub parts: Vec<PathBuf>,
    /// Its length in bytes, all files together.
    pub bytes: u64,
    /// What it is called in its own words.
    pub name: Option<String>,
    /// `model`, `adapter` and others; older files do not say.
    pub kind: Option<String>,
    /// The architecture, such as `llama` or `qwen2`.
    pub architecture: Option<String>,
    /// The licence, as SPDX names it.
    pub license: Option<String>,
    /// How prompts are laid out for a model that was made for this (`vachak.layout`).
    pub layout: Option<String>,
    /// The chat template, a program in Jinja.
    pub chat_template: Option<String>,
    /// The kind of tokenizer and how it splits words, such as `gpt2` and `qwen2`.
    pub tokenizer: Option<String>,
    /// Tokens in the vocabulary.
    pub vocabulary: u64,
    /// Those of [`MARKERS`] that the vocabulary has as tokens of their own.
    pub markers: Vec<&'static str>,
    /// The model's shape.
    pub shape: Shape,
    /// Numbers that were trained.
    pub parameters: u64,
    /// Bytes of weights that are read for each token written: all but the embeddings where these are not the output as
    /// well. Of a mixture of experts, more than that.
    pub bytes_per_token: u64,
    /// How the weights were quantised, such as `Q4_K_M`.
    pub quantisation: Option<&'static str>,
    /// The type that holds most weights, such as `Q5_0`.
    pub mostly: Option<&'static str>,
    /// The kind of adapter, `lora` for one, where the file is one.
    pub adapter: Option<String>,
    tensors: u64,
}

impl ModelFile {
    /// Reads what a file says of itself, and makes sure that the file is whole; of a model in several files, that all of
    /// them are there and whole.
    ///
    /// # Errors
    /// [`WriteError::Model`]: what is wrong with which file, and what to do.
    pub fn read(path: &Path) -> Result<Self, WriteError> {
        let (mut header, length) = described(path)?;
        let (parts, bytes) = match header.split.count {
            0 | 1 => (vec![path.to_owned()], length),
            _ => parts::gather(path, length, &mut header)?,
        };
        Ok(Self::of(path, parts, bytes, header))
    }

    fn of(path: &Path, parts: Vec<PathBuf>, bytes: u64, header: Header) -> Self {
        let tokenizer = match header.tokenizer {
            (Some(model), Some(pre)) => Some(format!("{model} ({pre})")),
            (model, pre) => model.or(pre),
        };
        Self {
            path: path.to_owned(),
            parts,
            bytes,
            name: header.name,
            kind: header.kind,
            architecture: header.architecture,
            license: header.license,
            layout: header.layout,
            chat_template: header.chat_template,
            tokenizer,
            vocabulary: header.vocabulary,
            markers: header.markers,
            shape: header.shape,
            parameters: header.weights.parameters,
            bytes_per_token: header.weights.per_token(),
            quantisation: header.file_type.and_then(types::mixture),
            mostly: header.weights.mostly().and_then(types::name),
            adapter: header.adapter,
            tensors: header.weights.tensors,
        }
    }

    /// Whether most weights are of a type that llama.cpp lays out in blocks of several rows when it loads them, on every
    /// processor of today: products then take their columns in groups of four, and those left over one by one.
    pub(crate) fn is_packed(&self) -> bool {
        matches!(self.mostly, Some("Q4_0" | "Q4_K"))
    }

    /// Whether it is an adapter, which changes another model and writes nothing by itself.
    pub fn is_adapter(&self) -> bool {
        self.kind.as_deref() == Some("adapter") || self.adapter.is_some()
    }

    /// Whether an adapter was made for a model like this one, as far as the files tell: whether every part of it has its
    /// place, llama.cpp finds out.
    ///
    /// # Errors
    /// [`WriteError::Model`]: the adapter's file is none, or it is for another architecture.
    pub fn takes(&self, adapter: &Path) -> Result<(), WriteError> {
        let file = Self::read(adapter)?;
        let hint = "name the GGUF of a LoRA adapter as model.adapter, made for the same model";
        if !file.is_adapter() {
            return Err(refused(adapter, "it is no adapter but a model of its own".to_owned(), hint));
        }
        if let Some(kind) = file.adapter.filter(|kind| kind != "lora") {
            return Err(refused(adapter, format!("it is an adapter of the kind `{kind}`, not a LoRA"), hint));
        }
        if file.architecture != self.architecture {
            let name = |architecture: &Option<String>| architecture.clone().unwrap_or_else(|| "unknown".to_owned());
            let reason = format!(
                "it is for the architecture {}, and {} is {}",
                name(&file.architecture),
                self.path.display(),
                name(&self.architecture)
            );
            return Err(refused(adapter, reason, hint));
        }
        Ok(())
    }

    /// Whether llama.cpp can write with it.
    ///
    /// # Errors
    /// [`WriteError::Model`]: a vocabulary alone, an adapter, a model that does not continue a text.
    pub fn writes(&self) -> Result<(), WriteError> {
        if self.tensors == 0 {
            let reason = "it holds no weights, only a vocabulary".to_owned();
            return Err(refused(&self.path, reason, "name the GGUF of a whole model"));
        }
        if self.is_adapter() {
            return Err(refused(
                &self.path,
                "it is an adapter (LoRA), which is nothing without its model".to_owned(),
                "name its model, and the adapter as model.adapter",
            ));
        }
        if let Some(architecture) = &self.architecture
            && NO_WRITERS.contains(&architecture.as_str())
        {
            return Err(refused(
                &self.path,
                format!("a model of the kind `{architecture}` does not continue a text"),
                "name the GGUF of a text-generating model",
            ));
        }
        Ok(())
    }
}

/// What a file says of itself, if it can be handed to llama.cpp to write with.
///
/// # Errors
/// [`WriteError::Model`]: what is wrong with the file, and what to do.
pub fn check(path: &Path) -> Result<ModelFile, WriteError> {
    let file = ModelFile::read(path)?;
    file.writes()?;
    Ok(file)
}

/// What one file says, and its bytes: it is whole.
fn described(path: &Path) -> Result<(Header, u64), WriteError> {
    let model = |reason: String, hint: &str| refused(path, reason, hint);
    let file = File::open(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        };
        model(reason, "check the path of the model in the configuration")
    })?;
    let length = match file.metadata() {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(model("it is not a file".to_owned(), "name a GGUF file, not a directory")),
        Err(error) => return Err(model(error.to_string(), "check the disk")),
    };
    let header = Header::read(BufReader::new(file), length).map_err(|fault| match fault {
        Fault::NotGguf => model(
            "it is not a GGUF file".to_owned(),
            "name a model in llama.cpp's GGUF format; others must be converted first",
        ),
        Fault::Version(version) => {
            model(format!("its GGUF version is {version}; 2 and 3 are understood"), "get the model in a current GGUF")
        }
        Fault::CutShort => model(
            format!("it is cut short: its {length} bytes end inside its own description"),
            "copy or download it again and compare its checksum",
        ),
        Fault::Nonsense(what) => model(
            format!("its description makes no sense ({what})"),
            "copy or download it again and compare its checksum",
        ),
        Fault::Io(error) => model(error, "check the disk"),
    })?;
    if header.needed > length {
        return Err(model(
            format!("it is cut short: {length} bytes of at least {}", header.needed),
            "copy or download it again and compare its checksum",
        ));
    }
    Ok((header, length))
}

fn refused(path: &Path, reason: String, hint: &str) -> WriteError {
    WriteError::Model { path: path.to_owned(), reason, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::sample;
