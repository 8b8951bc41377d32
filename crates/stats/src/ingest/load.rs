//! Loads of files on their way from the source through the threads that read them to the writer.

use std::{
    collections::HashMap,
    num::NonZero,
    path::Path,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use super::{
    Report,
    turns::Turns,
    writer::{Outcome, Turn, Writer},
};
use crate::{
    archive::{Archive, ArchiveError},
    reader::{self, ReadMatch},
    source::{Progress, SourceError, each_match},
    tally::tally,
};

/// A load is full with so many bytes, or so many files: enough to make waiting for turns rare, little to hold in memory.
const LOAD_BYTES: usize = 4 << 20;
const LOAD_FILES: usize = 64;

/// Threads that read matches, at most: one writer cannot keep up with more.
const MOST_THREADS: usize = 4;

/// Files on their way.
struct Load {
    place: u64,
    files: Vec<Packed>,
    bytes: usize,
}

/// A file as the source gave it.
struct Packed {
    name: String,
    content: Result<Vec<u8>, String>,
    done: u64,
    total: u64,
}

/// Why the source is not visited to its end.
enum End {
    Source(SourceError),
    /// The writer is at an end, or somebody wants to stop.
    Stopped,
}

impl From<SourceError> for End {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// Fingerprints of the matches held, by id.
type Known = HashMap<String, i64>;

/// Adds the matches of a path; see [`Archive::add_until`].
pub(super) fn add(
    archive: &mut Archive,
    path: &Path,
    stop: &(dyn Fn() -> bool + Sync),
    progress: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Report, ArchiveError> {
    let known = known(archive)?;
    let turns = Turns::new(Writer::begin(archive, progress)?);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    // None waits in between: what is on its way lies with a thread, and memory is bounded by their number.
    let (sender, receiver) = sync_channel(0);
    let receiver = Mutex::new(receiver);
    let read = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&receiver, &known, &turns, stop));
        }
        let read = gather(path, &sender, &|| stop() || turns.ended());
        // With nothing more to come the threads end.
        drop(sender);
        read
    });
    let mut writer = turns.into_inner();
    if matches!(read, Err(End::Stopped)) && stop() {
        writer.stopped();
    }
    let report = writer.end()?;
    match read {
        // A source that breaks off loses nothing that came before.
        Err(End::Source(error)) => Err(error.into()),
        Err(End::Stopped) | Ok(()) => Ok(report),
    }
}

fn known(archive: &Archive) -> Result<Known, ArchiveError> {
    let read = || -> rusqlite::Result<Known> {
        let mut query = archive.store.prepare("SELECT id, fingerprint FROM match")?;
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    read().map_err(|source| archive.failed(source))
}

/// Visits the source and sends its files on in loads.
fn gather(path: &Path, sender: &SyncSender<Load>, over: &dyn Fn() -> bool) -> Result<(), End> {
    let mut load = Load { place: 0, files: Vec::new(), bytes: 0 };
    let visited = each_match(path, |file| {
        if over() {
            return Err(End::Stopped);
        }
        let content = file.content.map(<[u8]>::to_vec);
        load.bytes += content.as_ref().map_or(0, Vec::len);
        load.files.push(Packed { name: file.name.to_owned(), content, done: file.done, total: file.total });
        if load.bytes < LOAD_BYTES && load.files.len() < LOAD_FILES {
            return Ok(());
        }
        let next = Load { place: load.place + 1, files: Vec::new(), bytes: 0 };
        sender.send(std::mem::replace(&mut load, next)).map_err(|_| End::Stopped)
    });
    match visited {
        Err(End::Stopped) => Err(End::Stopped),
        visited => sender.send(load).map_err(|_| End::Stopped).and(visited),
    }
}

/// Reads loads and writes each at its turn, until there are no more. After the end loads are still taken, unread, so that
/// the source never waits for nobody.
fn work(receiver: &Mutex<Receiver<Load>>, known: &Known, turns: &Turns<Writer<'_>>, stop: &(dyn Fn() -> bool + Sync)) {
    let _guard = turns.guard();
    loop {
        let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(load) = next else { return };
        if turns.ended() {
            continue;
        }
        let read: Vec<_> = load.files.iter().map(|file| (!stop()).then(|| read(file, known))).collect();
        let outcomes = load.files.iter().zip(&read).map_while(|(file, read)| {
            let outcome = match read.as_ref()? {
                Read::Unchanged => Outcome::Unchanged,
                Read::Refused(reason) => Outcome::Refused(reason.clone()),
                Read::Match(read, fingerprint) => match tally(&read.played) {
                    Ok(tally) => Outcome::Match { read, tally: Box::new(tally), fingerprint: *fingerprint },
                    Err(error) => Outcome::Refused(error.to_string()),
                },
            };
            Some(Turn { name: &file.name, done: file.done, total: file.total, outcome })
        });
        let outcomes = outcomes.collect();
        turns.take(load.place, |writer| writer.write(outcomes, stop));
    }
}

/// A file read.
enum Read {
    Match(Box<ReadMatch>, i64),
    Unchanged,
    Refused(String),
}

fn read(file: &Packed, known: &Known) -> Read {
    let bytes = match &file.content {
        Ok(bytes) => bytes,
        Err(reason) => return Read::Refused(reason.clone()),
    };
    let read = reader::match_id(&file.name).and_then(|id| {
        let fingerprint = fingerprint(bytes);
        if known.get(id) == Some(&fingerprint) {
            return Ok(Read::Unchanged);
        }
        Ok(Read::Match(Box::new(reader::read(id, bytes)?), fingerprint))
    });
    read.unwrap_or_else(|error| Read::Refused(error.to_string()))
}

/// Tells one content of a file from another (FNV-1a, 64 bits): a guard against needless work, not against malice.
fn fingerprint(bytes: &[u8]) -> i64 {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    i64::from_ne_bytes(hash.to_ne_bytes())
}
