//! Row files: JSON Lines, plain (`.jsonl`) or packed (`.jsonl.zst`), by ending. A file gets its name when it is whole.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    marker::PhantomData,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{DataError, tally::print};
use crate::row::Row;

/// How hard files are packed: zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// A line is at most this long, in bytes; the longest prompts have some thousand.
const LONGEST_LINE: u64 = 1 << 20;

/// The identity of a row: the first 16 hex digits of the SHA-256 over match, key, persona, kind, layout and prompt, a zero
/// byte after each.
pub fn id(row: &Row) -> String {
    let parts = [&*row.match_id, &row.key, &row.persona, row.kind.name(), row.layout.name(), &row.prompt];
    format!("{:016x}", print(&parts))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Zstd,
}

fn packing(path: &Path) -> Result<Packing, DataError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".jsonl") {
        Ok(Packing::Plain)
    } else if name.ends_with(".jsonl.zst") {
        Ok(Packing::Zstd)
    } else {
        Err(DataError::Kind(path.to_owned()))
    }
}

/// Reads a file line by line.
pub struct Lines<T> {
    path: PathBuf,
    reader: Box<dyn BufRead>,
    line: u64,
    text: Vec<u8>,
    over: bool,
    what: PhantomData<T>,
}

/// Reads rows.
pub type RowReader = Lines<Row>;

impl<T: DeserializeOwned> Lines<T> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`DataError`] for a file that is missing or of another kind.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let packing = packing(path)?;
        let file = File::open(path).map_err(DataError::read(path))?;
        let reader: Box<dyn BufRead> = match packing {
            Packing::Plain => Box::new(BufReader::new(file)),
            Packing::Zstd => {
                Box::new(BufReader::new(zstd::stream::read::Decoder::new(file).map_err(DataError::read(path))?))
            }
        };
        Ok(Self { path: path.to_owned(), reader, line: 0, text: Vec::new(), over: false, what: PhantomData })
    }

    /// The number of the line read last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    fn wrong(&self, reason: String, hint: &'static str) -> DataError {
        DataError::Line { path: self.path.clone(), line: self.line, reason, hint }
    }

    fn read(&mut self) -> Result<Option<T>, DataError> {
        loop {
            self.text.clear();
            self.line += 1;
            let read = (&mut self.reader).take(LONGEST_LINE + 1).read_until(b'\n', &mut self.text);
            let read = read.map_err(|error| {
                self.wrong(
                    format!("the packed file is cut short or damaged ({error})"),
                    "the lines before are whole; make or copy the file again",
                )
            })?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 > LONGEST_LINE {
                let reason = format!("longer than {LONGEST_LINE} bytes");
                return Err(self.wrong(reason, "no row is; check that this is a row file"));
            }
            if self.text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return serde_json::from_slice(&self.text).map(Some).map_err(|error| {
                let cut = !self.text.ends_with(b"\n") && error.is_eof();
                let what = if cut { "the file is cut short within this line" } else { "not what is expected here" };
                self.wrong(
                    format!("{what}: {error}"),
                    "each line is one JSON object; make the file again or mend the line",
                )
            });
        }
    }
}

impl<T: DeserializeOwned> Iterator for Lines<T> {
    type Item = Result<T, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.read();
        self.over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

enum Sink {
    Plain(BufWriter<File>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<File>>>),
}

/// Writes a file of JSON Lines under a name of its own (`….part`), and gives it its name in [`Writer::finish`]; dropped
/// before, it leaves nothing.
pub struct Writer {
    path: PathBuf,
    part: PathBuf,
    sink: Option<Sink>,
    kept: &'static str,
}

impl Writer {
    /// Begins a file. `kept` says in a write error what stays usable.
    ///
    /// # Errors
    /// [`DataError`] for another kind of file, and where it cannot be written.
    pub fn create(path: &Path, kept: &'static str) -> Result<Self, DataError> {
        let packing = packing(path)?;
        let part = part_of(path);
        let file = BufWriter::new(File::create(&part).map_err(DataError::write(&part, kept))?);
        let sink = match packing {
            Packing::Plain => Sink::Plain(file),
            Packing::Zstd => {
                let mut encoder =
                    zstd::stream::write::Encoder::new(file, ZSTD_LEVEL).map_err(DataError::write(&part, kept))?;
                encoder.include_checksum(true).map_err(DataError::write(&part, kept))?;
                Sink::Zstd(Box::new(encoder))
            }
        };
        Ok(Self { path: path.to_owned(), part, sink: Some(sink), kept })
    }

    /// Adds an object as a line.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn add(&mut self, row: &impl Serialize) -> Result<(), DataError> {
        let mut line = serde_json::to_vec(row).map_err(|error| self.failed(error.into()))?;
        line.push(b'\n');
        self.add_lines(&line)
    }

    /// Adds lines that are already written out.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn add_lines(&mut self, lines: &[u8]) -> Result<(), DataError> {
        let written = match &mut self.sink {
            Some(Sink::Plain(file)) => file.write_all(lines),
            Some(Sink::Zstd(file)) => file.write_all(lines),
            None => Ok(()),
        };
        written.map_err(|error| self.failed(error))
    }

    /// Makes the file whole, still under its working name.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn close(&mut self) -> Result<(), DataError> {
        let closed = match self.sink.take() {
            Some(Sink::Plain(file)) => file.into_inner().map_err(io::IntoInnerError::into_error),
            Some(Sink::Zstd(file)) => {
                file.finish().and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error))
            }
            None => return Ok(()),
        };
        closed.and_then(|file| file.sync_all()).map_err(|error| self.failed(error))
    }

    /// Makes the file whole and gives it its name.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn finish(mut self) -> Result<(), DataError> {
        self.close()?;
        fs::rename(&self.part, &self.path).map_err(|error| self.failed(error))
    }

    fn failed(&self, source: io::Error) -> DataError {
        DataError::Write { path: self.path.clone(), source, kept: self.kept }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.part);
    }
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// Writes a whole file of text, under its name only when it is whole.
pub(super) fn write_whole(path: &Path, text: &[u8], kept: &'static str) -> Result<(), DataError> {
    let part = part_of(path);
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    written.map_err(|source| {
        let _ = fs::remove_file(&part);
        DataError::Write { path: path.to_owned(), source, kept }
    })
}

/// Writes a JSON document, under its name only when it is whole.
pub(super) fn write_json(path: &Path, value: &impl Serialize, kept: &'static str) -> Result<(), DataError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| DataError::write(path, kept)(error.into()))?;
    text.push(b'\n');
    write_whole(path, &text, kept)
}
