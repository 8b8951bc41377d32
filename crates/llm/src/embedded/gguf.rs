//! A look at a model file before llama.cpp gets it: is it a GGUF, is it whole, can it write?
//!
//! The format (little-endian): magic `GGUF`, version, count of tensors, count of key-value pairs; the pairs; for each
//! tensor its name, shape, type and offset; then, from the next multiple of `general.alignment` on, the tensors' data.
//! Source: llama.cpp's `docs/gguf.md` of the ggml project, versions 2 and 3.

mod read;
mod types;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::error::WriteError;
use read::{Fault, Header};
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

/// Whether the file can be handed to llama.cpp; how it says that prompts are laid out for it (`vachak.layout`), if it does.
///
/// # Errors
/// [`WriteError::Model`]: what is wrong with the file, and what to do.
pub fn check(path: &Path) -> Result<Option<String>, WriteError> {
    let model = |reason: String, hint: &str| WriteError::Model { path: path.to_owned(), reason, hint: hint.to_owned() };
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
    // The first part of a split model may hold nothing but the description.
    if header.tensors == 0 && !header.is_split {
        return Err(model("it holds no weights, only a vocabulary".to_owned(), "name the GGUF of a whole model"));
    }
    if header.needed > length {
        return Err(model(
            format!("it is cut short: {length} bytes of at least {}", header.needed),
            "copy or download it again and compare its checksum",
        ));
    }
    if header.kind.as_deref() == Some("adapter") {
        return Err(model(
            "it is an adapter (LoRA), which is nothing without its model".to_owned(),
            "merge it into its model and name the GGUF that results",
        ));
    }
    if let Some(architecture) = header.architecture
        && NO_WRITERS.contains(&architecture.as_str())
    {
        return Err(model(
            format!("a model of the kind `{architecture}` does not continue a text"),
            "name the GGUF of a text-generating model",
        ));
    }
    Ok(header.layout)
}

#[cfg(test)]
mod tests;
