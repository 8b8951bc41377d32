//! A model in several files, as llama.cpp's `gguf-split` makes them: `voice-00001-of-00003.gguf` and so on. The first
//! one describes the model, each holds some of its tensors, and llama.cpp finds the others by the name of the first.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::read::Header;
use super::{described, refused};
use crate::error::WriteError;

/// Digits of a part's number and of how many there are.
const DIGITS: usize = 5;
/// So many missing files are named.
const MOST_NAMED: usize = 3;

/// A file that is called as a part of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartName {
    /// Which it is, from 1 on.
    pub number: u16,
    /// How many there are.
    pub count: u16,
    path: PathBuf,
    start: String,
}

impl PartName {
    /// What a file's name says; `None` where it is not that of a part.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".gguf")?;
        let (front, count) = name.rsplit_once("-of-")?;
        let (start, number) = front.rsplit_once('-')?;
        let read = |digits: &str| {
            let is_number = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (number, count) = (read(number)?, read(count)?);
        (1..=count).contains(&number).then(|| Self { number, count, path: path.to_owned(), start: start.to_owned() })
    }

    /// The file of the part of this number, in the same folder.
    pub fn path(&self, number: u16) -> PathBuf {
        let Self { count, start, path, .. } = self;
        path.with_file_name(format!("{start}-{number:0DIGITS$}-of-{count:0DIGITS$}.gguf"))
    }

    /// The parts that are there, in order.
    pub fn there(&self) -> Vec<PathBuf> {
        let all = (1..=self.count).map(|number| self.path(number));
        all.filter(|path| fs::symlink_metadata(path).is_ok()).collect()
    }
}

/// The files that belong to a model's file by its name: itself, or the parts that are there.
pub fn files_of(path: &Path) -> Vec<PathBuf> {
    PartName::of(path).map_or_else(|| vec![path.to_owned()], |part| part.there())
}

/// What the description of a file says of the files that the model lies in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    /// `split.no`: which this is, from 0 on.
    pub(super) number: Option<u16>,
    /// `split.count`: how many there are; 0 and 1 where it is this one alone.
    pub(super) count: u16,
    /// `split.tensors.count`: tensors of all of them.
    pub(super) tensors: Option<u64>,
}

/// The other parts of the model that `first` describes, made sure that they are there, whole and the right ones; their
/// weights are added to the first's. Gives all files with their bytes together.
pub(super) fn gather(first: &Path, bytes: u64, header: &mut Header) -> Result<(Vec<PathBuf>, u64), WriteError> {
    let count = header.split.count;
    let name = PartName::of(first).filter(|name| name.count == count);
    if header.split.number != Some(0) {
        return Err(later(first, header.split.number, count, name.as_ref()));
    }
    let Some(name) = name.filter(|name| name.number == 1) else {
        let reason = format!("it is the first of the {count} files of a model, and not called so");
        let hint = format!(
            "call it as it was called, …-00001-of-{count:05}.gguf, with the others beside it: by their names llama.cpp finds them"
        );
        return Err(refused(first, reason, &hint));
    };
    let missing: Vec<PathBuf> = (2..=count).map(|part| name.path(part)).filter(|path| !path.is_file()).collect();
    if !missing.is_empty() {
        return Err(incomplete(first, count, &missing));
    }
    let (mut parts, mut bytes) = (vec![first.to_owned()], bytes);
    for number in 2..=count {
        let path = name.path(number);
        let (part, length) = described(&path)?;
        // A number of another type, or none, would end the process in llama.cpp.
        if part.split.number != Some(number - 1) || part.split.count != count {
            let reason = format!("by its own words it is not part {number} of {count} of a model");
            return Err(refused(&path, reason, "get all parts of the model anew, from one place"));
        }
        header.weights.add(&part.weights);
        bytes = bytes.saturating_add(length);
        parts.push(path);
    }
    let held = header.weights.tensors;
    if let Some(tensors) = header.split.tensors.filter(|tensors| *tensors != held) {
        let reason = format!("its {count} files hold {held} tensors instead of {tensors}");
        return Err(refused(first, reason, "get all parts of the model anew, from one place"));
    }
    Ok((parts, bytes))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned()
}

/// The error for a part that is not the first, which names the first.
fn later(path: &Path, number: Option<u16>, count: u16, name: Option<&PartName>) -> WriteError {
    let which = number.map_or_else(|| "a part".to_owned(), |number| format!("part {}", u32::from(number) + 1));
    let reason = format!("it is {which} of the {count} files of a model");
    let Some(first) = name.map(|name| name.path(1)) else {
        return refused(path, reason, &format!("name the first one, …-00001-of-{count:05}.gguf"));
    };
    if first.is_file() {
        return refused(path, reason, &format!("name the first one, {}", first.display()));
    }
    let hint = format!("put {} beside it, and name that one", file_name(&first));
    refused(path, format!("{reason}, and the first one is missing"), &hint)
}

/// The error for a model of which files are missing, which names them.
fn incomplete(first: &Path, count: u16, missing: &[PathBuf]) -> WriteError {
    let mut names: Vec<String> = missing.iter().take(MOST_NAMED).map(|path| file_name(path)).collect();
    if missing.len() > MOST_NAMED {
        names.push(format!("{} more", missing.len() - MOST_NAMED));
    }
    let names = match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.join(""),
    };
    let is = if missing.len() == 1 { "is" } else { "are" };
    let place = first.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let hint = format!("get it from where the first one is from, and put it into {}", place.display());
    let hint = if missing.len() == 1 { hint } else { hint.replace(" it ", " them ") };
    refused(first, format!("of the model's {count} files {names} {is} missing"), &hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parts_name_is_read_as_llama_cpp_reads_it() {
        let part = PartName::of(Path::new("/models/voice-of-7b-00002-of-00013.gguf"));
        let paths = part.as_ref().map(|part| (part.number, part.count, part.path(1)));
        assert_eq!(paths, Some((2, 13, PathBuf::from("/models/voice-of-7b-00001-of-00013.gguf"))));
        for name in [
            "voice.gguf",
            "voice-00002-of-00013.bin",
            "voice-2-of-3.gguf",
            "voice-000002-of-000003.gguf",
            "voice-00004-of-00003.gguf",
            "voice-00000-of-00003.gguf",
            "voice-+0002-of-00003.gguf",
            "voice-00002-of-99999.gguf",
        ] {
            assert_eq!(PartName::of(Path::new(name)), None, "{name}");
        }
    }
}
