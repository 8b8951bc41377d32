//! Opening the file: is it sound, is it ours, is it of this version.
//!
//! A file that is not sound is kept beside with a name that says when, and the last good copy, if there is one, takes
//! its place; else a fresh file. Nothing is ever deleted here. The copy is made with `VACUUM INTO`, never by copying a
//! live file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode};

use super::{JournalError, schema};

/// The live file's name in the journal's directory.
pub const FILE: &str = "journal.db";
/// The last good copy's name.
pub const COPY: &str = "journal.good.db";
/// Oldest SQLite without the bug that corrupts a WAL on reset.
const OLDEST_SQLITE: i32 = 3_051_003;

/// An open journal, and what had to be done to open it.
#[derive(Debug)]
pub struct Opened {
    /// The one connection that writes.
    pub connection: Connection,
    /// Where the copy goes.
    pub directory: PathBuf,
    /// What a person should know: a file set aside, a copy restored. Empty when all was well.
    pub remarks: Vec<String>,
    /// Held as long as the journal is open, so that no second daemon writes to it.
    lock: fs::File,
}

impl Opened {
    /// The parts, the lock among them: it is given up when its file is dropped.
    pub(super) fn into_parts(self) -> (Connection, PathBuf, fs::File) {
        (self.connection, self.directory, self.lock)
    }
}

/// Opens, checks, mends and migrates the journal in `directory`, which is made if it is not there.
///
/// # Errors
/// When the directory cannot be written, another daemon has it open, the file is from a newer version, or not even a
/// fresh file can be made.
pub fn open(directory: &Path, now: &str) -> Result<Opened, JournalError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(JournalError::Version { found: rusqlite::version() });
    }
    fs::create_dir_all(directory).map_err(JournalError::file(directory))?;
    let lock = lock(directory)?;
    let (file, copy) = (directory.join(FILE), directory.join(COPY));
    let mut remarks = Vec::new();
    let mut connection = match examine(&file)? {
        Verdict::Sound(connection) => connection,
        Verdict::Damaged(reason) => {
            let kept = set_aside(&file, now)?;
            remarks.push(format!(
                "the journal {} was damaged ({reason}); it is kept as {}",
                file.display(),
                kept.display()
            ));
            if copy.exists() && matches!(examine(&copy), Ok(Verdict::Sound(_))) {
                fs::copy(&copy, &file).map_err(JournalError::file(&copy))?;
                remarks.push("the last good copy was restored; what came after it is asked for again".to_owned());
            } else {
                remarks.push("there is no good copy; a fresh journal begins".to_owned());
            }
            match examine(&file)? {
                Verdict::Sound(connection) => connection,
                Verdict::Damaged(reason) => {
                    let path = file.display().to_string();
                    return Err(JournalError::File { path, source: std::io::Error::other(reason) });
                }
            }
        }
    };
    let found = schema::version(&connection).map_err(JournalError::sqlite("be read"))?;
    if found > schema::VERSION {
        return Err(JournalError::Newer { path: file.display().to_string(), found, known: schema::VERSION });
    }
    if found > 0 && found < schema::VERSION {
        copy_to(&connection, &directory.join(format!("journal.v{found}.db")))?;
    }
    schema::migrate(&mut connection).map_err(JournalError::sqlite("be brought to this version's tables"))?;
    Ok(Opened { connection, directory: directory.to_owned(), remarks, lock })
}

/// Makes sure that nobody else has this journal open.
fn lock(directory: &Path) -> Result<fs::File, JournalError> {
    let path = directory.join("journal.lock");
    let file = fs::File::create(&path).map_err(JournalError::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(JournalError::InUse { directory: directory.display().to_string() }),
        Err(fs::TryLockError::Error(source)) => Err(JournalError::File { path: path.display().to_string(), source }),
    }
}

enum Verdict {
    Sound(Connection),
    Damaged(String),
}

/// Opens a file and sees whether it is a sound database. A file that cannot be read at all is an error, not a damage:
/// nothing is set aside for want of rights or space.
fn examine(file: &Path) -> Result<Verdict, JournalError> {
    let connection = Connection::open(file).map_err(JournalError::sqlite("be opened"))?;
    let check = || -> rusqlite::Result<String> {
        // WAL: a commit is one sequential write. FULL: it is on the disk before the message is acknowledged.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // A page cache of 512 KiB: the working set is the last few rows, and the daemon's memory is small.
        connection.pragma_update(None, "cache_size", -512)?;
        // The WAL is emptied into the file after 1,000 pages, and does not stay larger than that on the disk.
        connection.pragma_update(None, "journal_size_limit", 4 * 1024 * 1024)?;
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
    };
    match check() {
        Ok(verdict) if verdict == "ok" => Ok(Verdict::Sound(connection)),
        Ok(verdict) => Ok(Verdict::Damaged(verdict)),
        Err(error) if is_damage(&error) => Ok(Verdict::Damaged(error.to_string())),
        Err(source) => Err(JournalError::Sqlite { what: "be read", source }),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// Moves a damaged file and what belongs to it out of the way.
fn set_aside(file: &Path, now: &str) -> Result<PathBuf, JournalError> {
    let stamp: String = now.chars().filter(char::is_ascii_alphanumeric).collect();
    let kept = file.with_file_name(format!("journal.damaged-{stamp}.db"));
    fs::rename(file, &kept).map_err(JournalError::file(file))?;
    for end in ["-wal", "-shm"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        if beside(file).exists() {
            fs::rename(beside(file), beside(&kept)).map_err(JournalError::file(file))?;
        }
    }
    Ok(kept)
}

/// Writes a verified copy: beside first, then into place.
///
/// # Errors
/// When it cannot be written, or is not sound.
pub fn copy_to(connection: &Connection, copy: &Path) -> Result<(), JournalError> {
    let beside = copy.with_extension("new");
    if beside.exists() {
        fs::remove_file(&beside).map_err(JournalError::file(&beside))?;
    }
    let name = beside.display().to_string();
    connection.execute("VACUUM INTO ?1", [&name]).map_err(JournalError::sqlite("be copied"))?;
    let verdict = Connection::open(&beside)
        .and_then(|copy| copy.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)));
    match verdict {
        Ok(verdict) if verdict == "ok" => fs::rename(&beside, copy).map_err(JournalError::file(copy)),
        Ok(verdict) => Err(JournalError::File { path: name, source: std::io::Error::other(verdict) }),
        Err(source) => Err(JournalError::Sqlite { what: "be copied", source }),
    }
}
