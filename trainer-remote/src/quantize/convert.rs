//! One file made from another.

use std::{fs, path::Path};

use super::{QuantizeError, about, check, finish, llama, matrix::Matrix, native, partial};
use crate::training::WeightType;

/// Makes `path` from `source`, which was looked over. The result is looked over too before it gets its name: llama.cpp
/// does not notice every write that fails.
pub(super) fn convert(
    source: &Path,
    path: &Path,
    kind: WeightType,
    matrix: Option<&Matrix>,
) -> Result<(), QuantizeError> {
    llama()?;
    let unfinished = partial(path);
    let made = make(source, &unfinished, kind, matrix).and_then(|()| {
        check(&unfinished)?;
        about::same(source, &unfinished)
    });
    if let Err(error) = made {
        // What is not whole helps nobody.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    finish(&unfinished, path)
}

fn make(source: &Path, to: &Path, kind: WeightType, matrix: Option<&Matrix>) -> Result<(), QuantizeError> {
    if kind == WeightType::F16 {
        return fs::copy(source, to).map(drop).map_err(QuantizeError::io(to));
    }
    let refused = |reason: &str| QuantizeError::Refused {
        path: to.to_owned(),
        reason: reason.to_owned(),
        hint: "check the space on the disk; if there is enough, make the f16 file anew with `gguf --force`".to_owned(),
    };
    native::quantize(source, to, kind, matrix).map_err(refused)
}
