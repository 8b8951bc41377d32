//! What a GGUF file says of itself: texts under keys.

use std::{collections::BTreeMap, path::Path};

use llama_cpp_2::gguf::GgufContext;
use serde_json::{Map, Value};

use super::{QuantizeError, check, llama};

/// GGUF's number for a text.
const TEXT: u32 = 8;

/// The file's texts that we write: `general.name`, `general.description`, and all under `vachak.`.
///
/// # Errors
/// When it is no whole GGUF file.
pub fn metadata(path: &Path) -> Result<BTreeMap<String, String>, QuantizeError> {
    check(path)?;
    llama()?;
    let file = GgufContext::from_file(path).ok_or_else(|| QuantizeError::Refused {
        path: path.to_owned(),
        reason: "its description cannot be read".to_owned(),
        hint: "make it anew with `--force`".to_owned(),
    })?;
    let ours = |key: &str| key.starts_with("vachak.") || ["general.name", "general.description"].contains(&key);
    let texts = (0..file.n_kv()).filter_map(|index| {
        let key = file.key_at(index).filter(|key| ours(key))?;
        // Asked for the text of anything else, llama.cpp would end the process.
        (file.kv_type(index) == TEXT).then(|| file.val_str(index).map(|value| (key.to_owned(), value.to_owned())))?
    });
    Ok(texts.collect())
}

/// That the file says all this of itself.
///
/// # Errors
/// The first key that it lacks, or that says something else.
pub fn has_metadata(path: &Path, wanted: &Map<String, Value>) -> Result<(), QuantizeError> {
    let found = metadata(path)?;
    for (key, wanted) in wanted.iter().filter_map(|(key, value)| Some((key, value.as_str()?))) {
        hold(path, key, wanted, &found)?;
    }
    Ok(())
}

/// That what was made from a file says the same of itself.
pub(super) fn same(source: &Path, made: &Path) -> Result<(), QuantizeError> {
    let found = metadata(made)?;
    metadata(source)?.iter().try_for_each(|(key, wanted)| hold(made, key, wanted, &found))
}

fn hold(path: &Path, key: &str, wanted: &str, found: &BTreeMap<String, String>) -> Result<(), QuantizeError> {
    if found.get(key).is_some_and(|value| value == wanted) {
        return Ok(());
    }
    let found = found.get(key).map_or_else(|| "nothing".to_owned(), |value| format!("'{value}'"));
    Err(QuantizeError::Metadata { path: path.to_owned(), key: key.to_owned(), wanted: wanted.to_owned(), found })
}
