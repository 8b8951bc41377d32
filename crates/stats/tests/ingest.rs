//! What is added is held, once, whole or not at all.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, path::Path};

use cricket::cricsheet;
use stats::{Archive, ArchiveError, Report, SourceError};
use support::content;
use tempfile::TempDir;

fn add(archive: &mut Archive, path: &Path) -> Report {
    archive.add(path, &mut |_| {}).unwrap()
}

#[test]
fn adding_the_same_files_twice_changes_nothing() {
    let files = TempDir::new().unwrap();
    support::write_invented(files.path(), 12);
    let store = files.path().join("archive.db");
    let mut archive = Archive::open(&store).unwrap();
    let first = add(&mut archive, files.path());
    assert_eq!((first.new, first.unchanged, first.bad_files), (12, 0, 0));
    assert!(first.deliveries > 12 * 100);
    let held = content(&store);
    let second = add(&mut archive, files.path());
    assert_eq!((second.new, second.replaced, second.unchanged, second.deliveries), (0, 0, 12, 0));
    assert_eq!(content(&store), held);
}

#[test]
fn a_newer_revision_replaces_and_an_older_one_is_left_alone() {
    let files = TempDir::new().unwrap();
    let store = files.path().join("archive.db");
    let mut archive = Archive::open(&store).unwrap();
    support::write_invented(files.path(), 4);
    add(&mut archive, files.path());
    let before = content(&store);
    let first = support::invented(2);
    // The newer revision is another match altogether: nothing of the first may remain.
    let mut second = support::invented(7);
    second.meta["revision"] = 2.into();
    support::write(files.path(), 2, &second);
    assert_eq!(add(&mut archive, files.path()).replaced, 1);
    let after = content(&store);
    assert_ne!(after, before);
    let anew = files.path().join("anew.db");
    add(&mut Archive::open(&anew).unwrap(), files.path());
    assert_eq!(after, content(&anew), "as if the older had never been");
    support::write(files.path(), 2, &first);
    assert_eq!(add(&mut archive, files.path()).older, 1);
    assert_eq!(content(&store), after);
}

#[test]
fn a_bad_file_is_named_counted_and_passed_over() {
    let files = TempDir::new().unwrap();
    support::write_invented(files.path(), 3);
    let whole = cricsheet::write(&support::invented(1));
    fs::write(files.path().join("half.json"), &whole[..whole.len() / 2]).unwrap();
    fs::write(files.path().join("other.json"), "{\"hello\": 1}").unwrap();
    fs::write(files.path().join("empty.json"), "").unwrap();
    fs::write(files.path().join("sort.json"), whole.replace("\"male\"", "\"mixed\"")).unwrap();
    fs::write(files.path().join("notes.txt"), "not looked at").unwrap();
    let mut archive = Archive::open(&files.path().join("archive.db")).unwrap();
    let report = add(&mut archive, files.path());
    assert_eq!((report.new, report.bad_files), (3, 4));
    for (name, words) in
        [("half.json", "line"), ("other.json", "Cricsheet"), ("empty.json", "empty"), ("sort.json", "'mixed'")]
    {
        let bad = report.bad.iter().find(|bad| bad.name.ends_with(name)).unwrap();
        assert!(bad.reason.contains(words) && bad.reason.contains("hint:"), "{name}: {}", bad.reason);
    }
    assert_eq!(archive.info().unwrap().matches, 3);
}

/// Invented matches packed as the real archive is.
fn packed(matches: u64) -> Vec<u8> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    for seed in 0..matches {
        let text = cricsheet::write(&support::invented(seed));
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_cksum();
        tar.append_data(&mut header, format!("all/{seed}.json"), text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

#[test]
fn a_packed_archive_is_read_as_its_files_are() {
    let files = TempDir::new().unwrap();
    let (folder, tar) = (files.path().join("all"), files.path().join("all.tar.zst"));
    fs::create_dir(&folder).unwrap();
    support::write_invented(&folder, 6);
    fs::write(&tar, packed(6)).unwrap();
    let (one, two) = (files.path().join("one.db"), files.path().join("two.db"));
    add(&mut Archive::open(&one).unwrap(), &folder);
    let mut progress = Vec::new();
    Archive::open(&two).unwrap().add(&tar, &mut |now| progress.push(*now)).unwrap();
    assert_eq!(content(&one), content(&two));
    let last = progress.last().unwrap();
    assert_eq!((last.files, last.total), (6, fs::metadata(&tar).unwrap().len()));
    assert!(last.done <= last.total && last.deliveries > 0);
}

#[test]
fn of_a_packed_archive_cut_short_what_came_before_is_kept() {
    let files = TempDir::new().unwrap();
    let tar = files.path().join("all.tar.zst");
    let whole = packed(40);
    fs::write(&tar, &whole[..whole.len() * 2 / 3]).unwrap();
    let mut archive = Archive::open(&files.path().join("archive.db")).unwrap();
    let error = archive.add(&tar, &mut |_| {}).unwrap_err();
    assert!(matches!(error, ArchiveError::Source(SourceError::Damaged { .. })), "{error}");
    let held = archive.info().unwrap().matches;
    assert!((1..40).contains(&held), "{held} matches");
    fs::write(&tar, whole).unwrap();
    let report = add(&mut archive, &tar);
    assert_eq!((report.new, report.unchanged), (40 - held, held), "it goes on where it was");
}

#[test]
fn other_paths_and_stores_are_refused_with_a_remedy() {
    let files = TempDir::new().unwrap();
    let at = |name: &str| files.path().join(name);
    fs::write(at("matches.rar"), "Rar!").unwrap();
    fs::write(at("text.db"), "this is no store at all, only text that is long enough to look at".repeat(20)).unwrap();
    rusqlite::Connection::open(at("other.db")).unwrap().execute_batch("CREATE TABLE wine (year)").unwrap();
    let mut archive = Archive::open(&at("archive.db")).unwrap();
    let newer = rusqlite::Connection::open(at("newer.db")).unwrap();
    drop(Archive::open(&at("newer.db")).unwrap());
    newer.pragma_update(None, "user_version", 99).unwrap();
    let errors = [
        archive.add(&at("matches.rar"), &mut |_| {}).unwrap_err(),
        archive.add(&at("nowhere"), &mut |_| {}).unwrap_err(),
        Archive::open(&at("text.db")).unwrap_err(),
        Archive::open(&at("other.db")).unwrap_err(),
        Archive::open(&at("newer.db")).unwrap_err(),
        Archive::open_read_only(&at("none.db")).unwrap_err(),
    ];
    for (error, word) in
        errors.iter().zip(["matches.rar", "nowhere", "text.db", "something else", "version 99", "no archive"])
    {
        let text = error.to_string();
        assert!(text.contains(word) && text.contains("hint: "), "{text}");
    }
    let wine: String = rusqlite::Connection::open(at("other.db"))
        .unwrap()
        .query_row("SELECT name FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(wine, "wine", "the other store is left as it was");
}
