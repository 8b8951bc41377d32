//! `.zip` archives, by their directory.

use std::{fs::File, io, path::Path};

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
};

use super::{
    MatchFile, Member, NESTED, SourceError,
    limits::{LONGEST_FILE, MOST_ENTRIES, TooMuch, read_whole, too_long},
};

/// Bytes of a file's own heading in a zip, without its name; its data comes after.
const LOCAL_HEADING: u64 = 30;

/// Visits the matches of a zip of `total` bytes, in the order of its directory.
pub(super) fn visit<E: From<SourceError>>(
    path: &Path,
    total: u64,
    visit: &mut impl FnMut(MatchFile<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let damaged =
        |error: rawzip::Error| SourceError::Damaged { path: path.to_owned(), source: io::Error::other(error) };
    let file = File::open(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(damaged)?;
    look_over(path, &archive, &mut buffer)?;
    let (mut bytes, mut unpacked, mut packed) = (Vec::new(), 0_u64, 0_u64);
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        packed = packed.saturating_add(entry.compressed_size_hint());
        if entry.is_dir() {
            continue;
        }
        let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let content = match Member::of(&name) {
            Member::Other => continue,
            Member::Nested => Err(NESTED.to_owned()),
            Member::Match => match refusal(&entry) {
                Some(reason) => Err(reason),
                None => read(&archive, entry.wayfinder(), entry.compression_method(), &mut bytes),
            },
        };
        unpacked = unpacked.saturating_add(bytes.len() as u64);
        TooMuch::check(unpacked, packed).map_err(|reason| SourceError::TooMuch { path: path.to_owned(), reason })?;
        let content = content.map(|()| bytes.as_slice());
        visit(MatchFile { name: &name, content, done: packed.min(total), total })?;
        bytes.clear();
    }
    Ok(())
}

/// Goes through the directory once before anything is unpacked: not too many files, none over another.
fn look_over(path: &Path, archive: &ZipArchive<FileReader>, buffer: &mut [u8]) -> Result<(), SourceError> {
    let damaged =
        |error: rawzip::Error| SourceError::Damaged { path: path.to_owned(), source: io::Error::other(error) };
    if archive.entries_hint() > MOST_ENTRIES {
        return Err(SourceError::TooMany(path.to_owned()));
    }
    let mut places = Vec::new();
    let mut entries = archive.entries(buffer);
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        if places.len() as u64 >= MOST_ENTRIES {
            return Err(SourceError::TooMany(path.to_owned()));
        }
        let start = entry.local_header_offset();
        places.push((start, start.saturating_add(LOCAL_HEADING).saturating_add(entry.compressed_size_hint())));
    }
    if (places.len() as u64) < archive.entries_hint() {
        let reason = format!("its directory names {} of {} files", places.len(), archive.entries_hint());
        return Err(SourceError::Damaged { path: path.to_owned(), source: io::Error::other(reason) });
    }
    places.sort_unstable();
    let over = |pair: &[(u64, u64)]| matches!(pair, [(_, end), (start, _)] if end > start);
    if places.windows(2).any(over) { Err(SourceError::Overlapping(path.to_owned())) } else { Ok(()) }
}

/// Why a file is not unpacked at all.
fn refusal(entry: &ZipFileHeaderRecord<'_>) -> Option<String> {
    let method = entry.compression_method();
    if entry.flags().is_encrypted() {
        Some("encrypted; hint: unpack it with its password and name the folder".to_owned())
    } else if ![CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
        Some(format!("packed by {method:?}, which is not read here; hint: unpack it and name the folder"))
    } else if entry.uncompressed_size_hint() > LONGEST_FILE {
        Some(too_long())
    } else {
        None
    }
}

/// Unpacks one file and checks its length and checksum.
fn read(
    archive: &ZipArchive<FileReader>,
    found: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    into: &mut Vec<u8>,
) -> Result<(), String> {
    let damaged = |reason: String| format!("damaged in the archive: {reason}; hint: fetch the archive again");
    let entry = archive.get_entry(found).map_err(|error| damaged(error.to_string()))?;
    let read = if method == CompressionMethod::STORE {
        read_whole(entry.verifying_reader(entry.reader()), into)
    } else {
        read_whole(entry.verifying_reader(DeflateDecoder::new(entry.reader())), into)
    };
    read.map_err(|error| damaged(error.to_string()))?
}
