//! The store under other programs, bad disks and bad luck.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod support;

use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use cricket::player::PersonId;
use rusqlite::Connection;
use stats::{Archive, ArchiveError};
use support::{content, write_invented};
use tempfile::TempDir;

/// A folder of matches and a store that holds them.
fn filled(matches: u64) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("archive.db");
    write_invented(folder.path(), matches);
    Archive::open(&store).unwrap().add(folder.path(), &mut |_| {}).unwrap();
    (folder, store)
}

#[test]
fn stopped_and_run_again_it_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    write_invented(folder.path(), 30);
    let store = folder.path().join("archive.db");
    let mut archive = Archive::open(&store).unwrap();
    let put = AtomicU64::new(0);
    let stop = || put.load(Ordering::SeqCst) >= 7;
    let first = archive.add_until(folder.path(), &stop, &mut |now| put.store(now.files, Ordering::SeqCst)).unwrap();
    assert_eq!((first.new, first.stopped), (7, true), "the match in hand is finished, and no other begun");
    assert_eq!(archive.info().unwrap().matches, 7, "what was done is kept");
    let second = archive.add(folder.path(), &mut |_| {}).unwrap();
    assert_eq!((second.new, second.unchanged, second.stopped), (23, 7, false));
    let anew = folder.path().join("anew.db");
    Archive::open(&anew).unwrap().add(folder.path(), &mut |_| {}).unwrap();
    assert_eq!(content(&store), content(&anew));
}

#[test]
fn the_content_does_not_depend_on_which_thread_was_faster() {
    let folder = TempDir::new().unwrap();
    write_invented(folder.path(), 90);
    // Row numbers too: matches are put in in the order of the source.
    let numbers = |name: &str| {
        let store = folder.path().join(name);
        Archive::open(&store).unwrap().add(folder.path(), &mut |_| {}).unwrap();
        let store = Connection::open(store).unwrap();
        let mut query =
            store.prepare("SELECT no || ' ' || id FROM match UNION ALL SELECT no || ' ' || id FROM person").unwrap();
        query.query_map([], |row| row.get::<_, String>(0)).unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    let first = numbers("first.db");
    for again in ["second.db", "third.db"] {
        assert_eq!(numbers(again), first);
    }
}

#[test]
fn a_second_writer_waits_a_little_and_then_says_who_is_at_work() {
    let (folder, store) = filled(2);
    let before = content(&store);
    let other = Connection::open(&store).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = std::time::Instant::now();
    let error = Archive::open(&store).unwrap().add(folder.path(), &mut |_| {}).unwrap_err();
    assert!(started.elapsed() >= Duration::from_secs(4), "it waits");
    let text = error.to_string();
    assert!(
        matches!(error, ArchiveError::Busy { .. }) && text.contains("in use by") && text.contains("hint: "),
        "{text}"
    );
    if fs::metadata("/proc/locks").is_ok() {
        assert!(text.contains(&format!("(process {})", std::process::id())), "{text}");
    }
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(content(&store), before);
}

#[test]
fn two_writers_who_take_turns_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("archive.db");
    let folders: Vec<_> = (0..2).map(|half| folder.path().join(half.to_string())).collect();
    for (half, at) in (0..2).zip(&folders) {
        fs::create_dir(at).unwrap();
        for seed in (half..40).step_by(2) {
            support::write(at, seed, &support::invented(seed));
        }
    }
    drop(Archive::open(&store).unwrap());
    std::thread::scope(|scope| {
        for at in &folders {
            scope.spawn(|| Archive::open(&store).unwrap().add(at, &mut |_| {}).unwrap());
        }
    });
    assert_eq!(Archive::open_read_only(&store).unwrap().info().unwrap().matches, 40);
}

#[test]
fn a_reader_goes_on_reading_while_somebody_adds() {
    let (folder, store) = filled(3);
    let more = folder.path().join("more");
    fs::create_dir(&more).unwrap();
    // One transaction, and more than the two megabytes that SQLite's own cache would hold of it.
    let played = support::invented(5);
    for id in 1000..1240 {
        support::write(&more, id, &played);
    }
    let mut reader = Archive::open_read_only(&store).unwrap();
    let reading = &mut reader;
    // From within the transaction: a reader that had to wait for its end would wait for ever, and give up.
    let read = &mut move |_: &stats::Progress| {
        assert_eq!(reading.name(&PersonId("nobody".into())).unwrap(), None);
    };
    Archive::open(&store).unwrap().add(&more, read).unwrap();
    assert_eq!(reader.info().unwrap().matches, 243, "and sees what was added");
}

#[test]
fn what_a_killed_writer_had_begun_is_put_back_by_the_first_reader() {
    let (folder, store) = filled(3);
    let before = content(&store);
    let killed = folder.path().join("killed.db");
    let writer = Connection::open(&store).unwrap();
    // A small cache makes SQLite write into the file before the end of the transaction, as a large one does in time.
    writer.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE innings SET balls = zeroblob(length(balls)), runs = 0; UPDATE batting SET runs = 0").unwrap();
    // The files as a kill leaves them.
    fs::copy(&store, &killed).unwrap();
    fs::copy(store.with_extension("db-journal"), killed.with_extension("db-journal")).unwrap();
    writer.execute_batch("ROLLBACK").unwrap();
    assert_ne!(fs::read(&killed).unwrap(), fs::read(&store).unwrap(), "it had begun to write");
    assert_eq!(Archive::open_read_only(&killed).unwrap().info().unwrap().matches, 3);
    assert_eq!(content(&killed), before);
}

#[test]
fn an_archive_that_asks_cannot_change_anything() {
    let (_folder, store) = filled(1);
    let mut archive = Archive::open_read_only(&store).unwrap();
    let error = archive.remove("0").unwrap_err();
    assert!(error.to_string().contains("hint: "), "{error}");
    assert_eq!(archive.info().unwrap().matches, 1);
}

#[test]
fn a_match_taken_out_can_be_added_anew() {
    let (folder, store) = filled(4);
    let before = content(&store);
    let mut archive = Archive::open(&store).unwrap();
    assert!(archive.remove("2").unwrap());
    assert!(!archive.remove("2").unwrap());
    assert_ne!(content(&store), before);
    assert_eq!(archive.add(folder.path(), &mut |_| {}).unwrap().new, 1);
    assert_eq!(content(&store), before);
}

#[test]
fn a_store_cut_short_or_overwritten_is_refused_with_a_remedy() {
    let (folder, store) = filled(3);
    let whole = fs::read(&store).unwrap();
    let harmed = folder.path().join("harmed.db");
    let mut overwritten = whole.clone();
    overwritten[..100].fill(0x5a);
    let mut middle = whole.clone();
    let (from, to) = (whole.len() / 3, whole.len() / 2);
    middle[from..to].fill(0xa5);
    for bytes in [&whole[..whole.len() / 2], &whole[..1000], &overwritten, &middle] {
        fs::write(&harmed, bytes).unwrap();
        let added = Archive::open(&harmed).and_then(|mut archive| {
            let check = archive.check(&mut |_| {})?;
            assert!(check.damaged && !check.named.is_empty(), "{check:?}");
            archive.add(folder.path(), &mut |_| {})
        });
        match added {
            // Only what it touches can be known to be damaged; the check has said so.
            Ok(_) => {}
            Err(error) => assert!(error.to_string().contains("hint: "), "{error}"),
        }
    }
    for special in [folder.path(), Path::new("/dev/null")] {
        let error = Archive::open(special).unwrap_err();
        assert!(matches!(error, ArchiveError::NotAnArchive(_)), "{error}");
    }
}

#[test]
fn a_check_finds_every_kind_of_wrong_figure() {
    let (_folder, store) = filled(6);
    let sound = |expected: bool| {
        let check = Archive::open_read_only(&store).unwrap().check(&mut |_| {}).unwrap();
        assert_eq!(check.is_sound(), expected, "{:?}", check.named);
        check
    };
    let check = sound(true);
    assert_eq!(check.matches, 6);
    assert!(check.deliveries > 600);
    for (spoil, table, words) in [
        ("UPDATE innings SET wickets = wickets + 1 WHERE match = 3 AND number = 2", "innings", "wickets is"),
        ("UPDATE innings SET runs = runs - 1 WHERE match = 3 AND number = 1", "innings", "runs is"),
        ("UPDATE innings SET balls = zeroblob(length(balls)) WHERE match = 3 AND number = 1", "", "by the deliveries"),
        ("UPDATE innings SET balls = x'' WHERE match = 3 AND number = 1", "", "cannot be read back"),
        ("UPDATE batting SET runs = runs + 1 WHERE match = 3", "batting", "runs is"),
        ("DELETE FROM batting WHERE match = 3", "batting", "missing"),
        ("UPDATE bowling SET dots = dots + 1 WHERE match = 3", "bowling", "dots is"),
        ("UPDATE duel SET balls = balls + 1 WHERE match = 3", "duel", "balls is"),
        ("UPDATE match SET class = 15 - class WHERE no = 3", "", "class"),
    ] {
        let before = fs::read(&store).unwrap();
        Connection::open(&store).unwrap().execute_batch(spoil).unwrap();
        let check = sound(false);
        let named: Vec<_> = check.named.iter().filter(|fault| fault.what.starts_with(table)).collect();
        assert!(named.iter().any(|fault| fault.what.contains(words)), "{spoil}: {:?}", check.named.first());
        let id: String = Connection::open(&store)
            .unwrap()
            .query_row("SELECT id FROM match WHERE no = 3", [], |row| row.get(0))
            .unwrap();
        // Running sums of people and seasons are wrong with it, and belong to no one match.
        let elsewhere = check.named.iter().filter(|fault| fault.match_id.as_ref().is_some_and(|named| *named != id));
        assert_eq!(elsewhere.count(), 0, "{spoil}: {:?}", check.named);
        fs::write(&store, before).unwrap();
    }
    sound(true);
}

#[test]
fn a_check_is_not_misled_by_matches_that_were_replaced() {
    let (folder, store) = filled(6);
    let mut changed = support::invented(9);
    changed.meta["revision"] = 2.into();
    support::write(folder.path(), 2, &changed);
    let mut archive = Archive::open(&store).unwrap();
    assert_eq!(archive.add(folder.path(), &mut |_| {}).unwrap().replaced, 1);
    archive.remove("4").unwrap();
    let check = archive.check(&mut |_| {}).unwrap();
    assert!(check.is_sound() && check.matches == 5, "{:?}", check.named);
}

#[test]
fn bytes_flipped_anywhere_in_a_store_end_in_words() {
    let (folder, store) = filled(2);
    let length = fs::metadata(&store).unwrap().len();
    let harmed = folder.path().join("harmed.db");
    for step in 0..60 {
        fs::copy(&store, &harmed).unwrap();
        let mut file = fs::OpenOptions::new().read(true).write(true).open(&harmed).unwrap();
        let place = (length / 60) * step + step * 7 % 90;
        let mut byte = [0];
        file.seek(SeekFrom::Start(place)).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(SeekFrom::Start(place)).unwrap();
        file.write_all(&[byte[0] ^ 0xff]).unwrap();
        drop(file);
        if let Err(error) = Archive::open_read_only(&harmed).and_then(|archive| archive.check(&mut |_| {})) {
            assert!(error.to_string().contains("hint: "), "{place}: {error}");
        }
    }
}
