//! Why a source cannot be read.

use std::{io, path::PathBuf};

use super::limits::{MOST_ENTRIES, TooMuch};

/// Why files cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file or folder itself.
    #[error("{} cannot be read: {source}; hint: check the path and who may read it", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A pipe, a device, a socket: it may never end.
    #[error("{} is neither a file nor a folder; hint: write what it gives into a .json file first", .0.display())]
    Special(PathBuf),
    /// A packed archive that breaks off or is damaged; what came before was read.
    #[error("{} is damaged or cut short: {source}; hint: fetch it again; the matches before the damage are kept", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A packed archive that unpacks to more than matches ever do; what came before was read.
    #[error("{}: {reason}; hint: this is no archive of matches, fetch it again from where matches come", path.display())]
    TooMuch {
        /// Which.
        path: PathBuf,
        /// What is too much.
        reason: TooMuch,
    },
    /// A zip of more files than matches were ever played.
    #[error("{} holds more than {MOST_ENTRIES} files; hint: this is no archive of matches, fetch it again from where matches come", .0.display())]
    TooMany(PathBuf),
    /// A zip whose files lie over one another, so that a few bytes unpack to very many.
    #[error("the files in {} overlap one another, as no honest zip's do; hint: fetch it again from where matches come", .0.display())]
    Overlapping(PathBuf),
    /// Neither of the kinds that are read.
    #[error("{} is neither a folder nor a .json, .zip or .tar.zst file; hint: unpack it and name the folder", .0.display())]
    Kind(PathBuf),
}
