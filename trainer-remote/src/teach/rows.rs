//! Files of rows: JSON Lines, packed with zstd, read one by one and written under their name only when whole.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::Error;
use crate::row::Row;

/// The splits, by their files' names without ending.
pub(super) const SPLITS: [&str; 3] = ["train", "valid", "test"];

/// A line is at most this long, in bytes: many times the longest prompt.
const LONGEST_LINE: u64 = 1 << 20;

/// The rows of a file, the next one always at hand.
pub(super) struct RowReader {
    pub(super) path: PathBuf,
    lines: BufReader<zstd::stream::read::Decoder<'static, BufReader<File>>>,
    line: u64,
    next: Option<Row>,
}

impl RowReader {
    /// Opens the file of a split.
    pub(super) fn open(folder: &Path, split: &str) -> Result<Self, Error> {
        let path = folder.join(format!("{split}.jsonl.zst"));
        let unpacked = File::open(&path).and_then(zstd::stream::read::Decoder::new);
        let lines = BufReader::new(unpacked.map_err(|error| Error::read(&path, error))?);
        let mut reader = Self { path, lines, line: 0, next: None };
        reader.advance()?;
        Ok(reader)
    }

    /// The match of the next row; `None` at the end.
    pub(super) fn match_id(&self) -> Option<&str> {
        self.next.as_ref().map(|row| row.match_id.as_str())
    }

    /// The rows that stand together for the next row's match.
    pub(super) fn take_match(&mut self) -> Result<Vec<Row>, Error> {
        let mut rows: Vec<Row> = Vec::new();
        while let Some(row) = self.next.take() {
            if rows.first().is_some_and(|first| first.match_id != row.match_id) {
                self.next = Some(row);
                break;
            }
            rows.push(row);
            self.advance()?;
        }
        Ok(rows)
    }

    fn advance(&mut self) -> Result<(), Error> {
        use std::io::Read as _;
        let mut text = String::new();
        let read = self.lines.by_ref().take(LONGEST_LINE).read_line(&mut text);
        let read = read.map_err(|error| Error::read(&self.path, error))?;
        self.line += 1;
        self.next = None;
        if read > 0 {
            let row = serde_json::from_str(&text).map_err(|error| Error::Row {
                path: self.path.clone(),
                line: self.line,
                reason: error.to_string(),
            })?;
            self.next = Some(row);
        }
        Ok(())
    }
}

/// A packed file of JSON Lines that gets its name when it is whole.
pub(super) struct LineWriter {
    path: PathBuf,
    part: PathBuf,
    packed: zstd::stream::write::Encoder<'static, BufWriter<File>>,
}

impl LineWriter {
    /// Begins the file `name` in a folder.
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let path = folder.join(name);
        let part = folder.join(format!("{name}.part"));
        let packed = fs::create_dir_all(folder)
            .and_then(|()| File::create(&part))
            .and_then(|file| zstd::stream::write::Encoder::new(BufWriter::new(file), 6))
            .map_err(|error| Error::write(&part, error))?;
        Ok(Self { path, part, packed })
    }

    /// Adds a line.
    pub(super) fn write(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let written = serde_json::to_writer(&mut self.packed, line).map_err(std::io::Error::from);
        written.and_then(|()| self.packed.write_all(b"\n")).map_err(|error| Error::write(&self.part, error))
    }

    /// Ends the file and gives it its name.
    pub(super) fn finish(self) -> Result<(), Error> {
        let Self { path, part, packed } = self;
        packed
            .finish()
            .and_then(|file| file.into_inner().map_err(std::io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&part, &path))
            .map_err(|error| Error::write(&path, error))
    }
}
