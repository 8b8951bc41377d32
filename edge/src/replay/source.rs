//! Reading a match file, and what to say when it cannot be read.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use cricket::cricsheet::{self, CricsheetError, CricsheetMatch};

/// The largest file read, in bytes; the largest match of the archive has a tenth of it.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Why a match file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("{}: {reason}; hint: {hint}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// The file is too large to be a match.
    #[error("{}: larger than {} MiB, which no match is; hint: give one match's JSON file, not an archive", path.display(), LARGEST / 1024 / 1024)]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// The file is not a Cricsheet match.
    #[error("{}: {reason}", path.display())]
    NotAMatch {
        /// Which file.
        path: PathBuf,
        /// Where and why, with its own hint.
        reason: CricsheetError,
    },
}

/// Reads a Cricsheet JSON file; `-` is stdin.
///
/// # Errors
/// [`SourceError`], naming the file, the place in it and the remedy.
pub fn read(path: &Path) -> Result<CricsheetMatch, SourceError> {
    let bytes = if path == Path::new("-") {
        read_all(std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(read_all)
    };
    let named = if path == Path::new("-") { PathBuf::from("stdin") } else { path.to_owned() };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(reason) => {
            let hint = match reason.kind() {
                std::io::ErrorKind::NotFound => {
                    "check the path; matches are to be had from cricsheet.org, or from `vachak simulate`"
                }
                std::io::ErrorKind::PermissionDenied => "make the file readable to you",
                std::io::ErrorKind::IsADirectory => "name the JSON file of one match in it",
                _ => "check the disk",
            };
            return Err(SourceError::Unreadable { path: named, reason, hint });
        }
    };
    if bytes.len() as u64 > LARGEST {
        return Err(SourceError::TooLarge { path: named });
    }
    cricsheet::read(&bytes).map_err(|reason| SourceError::NotAMatch { path: named, reason })
}

fn read_all(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The match id a file stands for: its name without the ending, with nothing in it that means something in a topic.
pub fn match_id(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id: String = stem
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') { letter } else { '-' })
        .take(64)
        .collect();
    if id.is_empty() || id == "-" { "match".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_id_is_one_topic_level() {
        assert_eq!(match_id(Path::new("/a/1359534.json")), "1359534");
        assert_eq!(match_id(Path::new("the final+#1.json")), "the-final--1");
        assert_eq!(match_id(Path::new("-")), "match");
    }
}
