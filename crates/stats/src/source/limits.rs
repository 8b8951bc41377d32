//! Bounds on what is read, far above anything that cricket needs.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// A match file is at most this long, in bytes; the longest of Cricsheet has 1.2 million.
pub(super) const LONGEST_FILE: u64 = 64 << 20;

/// Bytes that any archive may unpack to, however short it is.
const FREE: u64 = 256 << 20;

/// Beyond that, bytes unpacked for each packed one. Match files unpack to some 15 in a zip and 70 in a `.tar.zst`.
const MOST_EACH: u64 = 500;

/// Bytes unpacked from one archive; all of Cricsheet has 3.5 thousand million.
const MOST_UNPACKED: u64 = 64 << 30;

/// Files in one zip; all of Cricsheet has 20 thousand.
pub(super) const MOST_ENTRIES: u64 = 1_000_000;

/// More than an archive of matches unpacks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// In all.
    #[error("it unpacks to more than {} GiB", MOST_UNPACKED >> 30)]
    InAll,
    /// For its own length.
    #[error("it unpacks to more than {MOST_EACH} times its length")]
    ForItsLength,
}

impl TooMuch {
    /// Whether so many bytes unpacked from so many packed ones are too much.
    pub(super) fn check(unpacked: u64, packed: u64) -> Result<(), Self> {
        if unpacked > MOST_UNPACKED {
            Err(Self::InAll)
        } else if unpacked > FREE.saturating_add(packed.saturating_mul(MOST_EACH)) {
            Err(Self::ForItsLength)
        } else {
            Ok(())
        }
    }
}

/// Why a file is not read to its end.
pub(super) fn too_long() -> String {
    format!("longer than {} MiB, no match file is; hint: take the file away", LONGEST_FILE >> 20)
}

/// Reads a file of bounded length; the inner error is the reason to pass the file over.
pub(super) fn read_whole(file: impl Read, into: &mut Vec<u8>) -> io::Result<Result<(), String>> {
    into.clear();
    let read = file.take(LONGEST_FILE + 1).read_to_end(into)? as u64;
    Ok(if read > LONGEST_FILE { Err(too_long()) } else { Ok(()) })
}

/// Counts the bytes read.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) done: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.done.set(self.done.get().saturating_add(read as u64));
        Ok(read)
    }
}

/// Fails when too much comes out for what went in.
pub(super) struct Bounded<R> {
    pub(super) inner: R,
    pub(super) unpacked: u64,
    pub(super) packed: Rc<Cell<u64>>,
    /// Set before it fails: readers around this one may wrap the error.
    pub(super) failed: Rc<Cell<Option<TooMuch>>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.unpacked = self.unpacked.saturating_add(read as u64);
        TooMuch::check(self.unpacked, self.packed.get()).map_err(|reason| {
            self.failed.set(Some(reason));
            io::Error::other(reason)
        })?;
        Ok(read)
    }
}
