//! `.tar.zst` archives, as one stream.

use std::{
    cell::Cell,
    fs::File,
    io::{self, Read},
    path::Path,
    rc::Rc,
};

use ::tar::EntryType;

use super::{
    MatchFile, Member, NESTED, SourceError,
    limits::{Bounded, Counted, LONGEST_FILE, read_whole, too_long},
};

/// The zstd window that packed archives may need, as a power of two (128 MiB).
const ZSTD_WINDOW_LOG: u32 = 27;

/// Bytes of a long name, or of the headers that hold one.
const LONGEST_NAME: u64 = 64 << 10;

/// Visits the matches of an archive of `total` bytes.
pub(super) fn visit<E: From<SourceError>>(
    path: &Path,
    total: u64,
    visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let failed = Rc::new(Cell::new(None));
    let damaged = |source| match failed.get() {
        Some(reason) => SourceError::TooMuch { path: path.to_owned(), reason },
        None => SourceError::Damaged { path: path.to_owned(), source },
    };
    let file = File::open(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let done = Rc::new(Cell::new(0));
    let packed = Counted { inner: file, done: Rc::clone(&done) };
    let mut unpacked = zstd::stream::read::Decoder::new(packed).map_err(damaged)?;
    unpacked.window_log_max(ZSTD_WINDOW_LOG).map_err(damaged)?;
    let bounded = Bounded { inner: unpacked, unpacked: 0, packed: Rc::clone(&done), failed: Rc::clone(&failed) };
    let mut archive = ::tar::Archive::new(bounded);
    let (mut bytes, mut long_name) = (Vec::new(), None);
    // Raw: the crate would read long names into memory whatever their length.
    for entry in archive.entries().map_err(damaged)?.raw(true) {
        let mut entry = entry.map_err(damaged)?;
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let name = read_name(&mut entry).map_err(damaged)?;
                long_name = Some(name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
            }
            EntryType::XHeader => {
                let header = read_name(&mut entry).map_err(damaged)?;
                long_name = pax_path(&header).or(long_name);
            }
            kind => {
                let name = long_name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
                if !kind.is_file() {
                    continue;
                }
                let name = String::from_utf8_lossy(&name);
                let content = match Member::of(&name) {
                    Member::Other => continue,
                    Member::Nested => Err(NESTED.to_owned()),
                    Member::Match if entry.size() > LONGEST_FILE => Err(too_long()),
                    // What fails here is the archive, not one file of it.
                    Member::Match => read_whole(entry, &mut bytes).map_err(damaged)?,
                };
                visit(MatchFile { name: &name, content: content.map(|()| bytes.as_slice()), done: done.get(), total })?;
            }
        }
    }
    Ok(())
}

fn read_name(entry: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut name = Vec::new();
    entry.take(LONGEST_NAME).read_to_end(&mut name)?;
    Ok(name)
}

/// The name in a POSIX header: records of `LENGTH KEY=VALUE\n`.
fn pax_path(header: &[u8]) -> Option<Vec<u8>> {
    ::tar::PaxExtensions::new(header)
        .filter_map(Result::ok)
        .find(|record| record.key_bytes() == b"path")
        .map(|record| record.value_bytes().to_vec())
}
