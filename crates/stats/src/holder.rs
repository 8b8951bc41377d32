//! Who holds a store's lock.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

/// SQLite locks these bytes of a database file: pending, reserved and shared (its `os.h`).
const LOCKED_BYTES: std::ops::RangeInclusive<u64> = 0x4000_0000..=0x4000_01ff;

/// The program that writes to a store, as `vachak (process 1234)`; `None` where the system does not tell.
///
/// It is read from `/proc/locks` and never asked through a file handle: closing one would drop this process's own locks.
pub(crate) fn of(store: &Path) -> Option<String> {
    let inode = fs::metadata(store).ok()?.ino();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let process = locks.lines().find_map(|line| writer(line, inode))?;
    let name = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    Some(format!("{name} (process {process})"))
}

/// The process of a line such as `1: POSIX  ADVISORY  WRITE 1234 fd:01:5678 1073741825 1073741825`.
fn writer(line: &str, inode: u64) -> Option<u32> {
    let mut words = line.split_whitespace().skip_while(|word| *word != "WRITE").skip(1);
    let process = words.next()?.parse().ok()?;
    let file = words.next()?.rsplit(':').next()?;
    let first: u64 = words.next()?.parse().ok()?;
    (file.parse() == Ok(inode) && LOCKED_BYTES.contains(&first)).then_some(process)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_found_by_the_file_and_the_bytes_it_locks() {
        let line = "1: POSIX  ADVISORY  WRITE 1234 fd:01:5678 1073741825 1073741825";
        assert_eq!(writer(line, 5678), Some(1234));
        assert_eq!(writer(line, 5679), None, "another file");
        assert_eq!(writer(&line.replace("1073741825", "0"), 5678), None, "another program's bytes");
        assert_eq!(writer(&line.replace("WRITE", "READ"), 5678), None, "who reads keeps nobody from writing");
        for nonsense in ["", "WRITE", "WRITE x y z", "1: FLOCK ADVISORY WRITE 1 :: 3"] {
            assert_eq!(writer(nonsense, 5678), None, "{nonsense}");
        }
    }
}
