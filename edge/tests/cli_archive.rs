//! `vachak archive` with the real program: adding, asking what is held, counting frequencies.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cricket::{
    cricsheet,
    simulate::{Format, Frequencies, Gender, SimulationSettings, simulate},
};
use tempfile::TempDir;

fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
    command.arg("archive").args(args).env_remove("VACHAK_ARCHIVE_PATH").env("XDG_DATA_HOME", home);
    command
}

fn vachak(home: &Path, args: &[&str]) -> Output {
    command(home, args).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder of invented matches.
fn matches(home: &Path, count: u64) -> String {
    let folder = home.join("matches");
    fs::create_dir(&folder).unwrap();
    for seed in 0..count {
        let played = simulate(&SimulationSettings::new(seed)).unwrap();
        fs::write(folder.join(format!("{seed}.json")), cricsheet::write(&played)).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn matches_are_added_once_and_told_of() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 5);
    let added = vachak(home.path(), &["add", &folder]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    assert!(text(&added.stderr).contains("5 new matches"), "{}", text(&added.stderr));
    assert!(added.stdout.is_empty(), "talk goes to stderr");
    let again = vachak(home.path(), &["add", &folder]);
    assert!(text(&again.stderr).contains("0 new matches, 0 deliveries, 5 held already"), "{}", text(&again.stderr));
    let told = vachak(home.path(), &["info"]);
    assert!(text(&told.stdout).contains("5 matches") && text(&told.stdout).contains("men's league T20s"));
    assert!(text(&told.stdout).contains("Cricsheet"), "the source is named");
    let json: serde_json::Value = serde_json::from_slice(&vachak(home.path(), &["info", "--json"]).stdout).unwrap();
    assert_eq!((&json["matches"], &json["classes"][0]["gender"]), (&5.into(), &"male".into()));
}

#[test]
fn a_bad_file_is_named_and_the_exit_code_says_so() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 2);
    fs::write(Path::new(&folder).join("bad.json"), "{").unwrap();
    let added = vachak(home.path(), &["add", &folder]);
    assert_eq!(added.status.code(), Some(1));
    let said = text(&added.stderr);
    assert!(
        said.contains("2 new matches") && said.contains("1 bad files passed over") && said.contains("bad.json"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_done_is_explained() {
    let home = TempDir::new().unwrap();
    for (args, words) in [
        (vec!["info"], "there is no archive at"),
        (vec!["add", "nowhere"], "nowhere cannot be read"),
        (vec!["frequencies", "nowhere"], "nowhere cannot be read"),
    ] {
        let done = vachak(home.path(), &args);
        assert_eq!(done.status.code(), Some(1), "{args:?}");
        let said = text(&done.stderr);
        assert!(said.contains(words) && said.contains("\nhint: "), "{args:?}: {said}");
    }
}

#[test]
fn frequencies_are_printed_as_the_simulator_reads_them() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 3);
    let done = vachak(home.path(), &["frequencies", "--since", "2020", &folder]);
    assert_eq!(done.status.code(), Some(0));
    let table = Frequencies::from_toml(text(&done.stdout)).unwrap();
    assert_eq!(table.get(Format::T20, Gender::Male).unwrap().matches, 3);
    assert!(text(&done.stdout).contains("ODC-BY 1.0"));
    assert!(text(&done.stdout).contains("# Made by: vachak archive frequencies --since 2020 matches"));
}

#[test]
fn a_check_says_what_is_wrong_and_how_to_mend_it() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 3);
    assert_eq!(vachak(home.path(), &["add", &folder]).status.code(), Some(0));
    let sound = vachak(home.path(), &["check"]);
    assert_eq!(sound.status.code(), Some(0), "{}", text(&sound.stderr));
    assert!(text(&sound.stdout).contains("sound; 3 matches agree"), "{}", text(&sound.stdout));
    let store = rusqlite::Connection::open(home.path().join("vachak/archive.db")).unwrap();
    store
        .execute("UPDATE innings SET wickets = wickets + 1 WHERE match = (SELECT no FROM match WHERE id = '1')", [])
        .unwrap();
    let wrong = vachak(home.path(), &["check"]);
    let said = text(&wrong.stdout);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(said.contains("match 1: innings") && said.contains("wickets is") && said.contains("hint: "), "{said}");
    let json: serde_json::Value = serde_json::from_slice(&vachak(home.path(), &["check", "--json"]).stdout).unwrap();
    assert_eq!((&json["matches"], &json["named"][0]["match"]), (&3.into(), &"1".into()));
    // As the hint says.
    let removed = vachak(home.path(), &["remove", "1"]);
    assert_eq!(removed.status.code(), Some(0), "{}", text(&removed.stderr));
    assert!(text(&vachak(home.path(), &["add", &folder]).stderr).contains("1 new matches"));
    assert_eq!(vachak(home.path(), &["check"]).status.code(), Some(0));
    let again = vachak(home.path(), &["remove", "nobody"]);
    assert!(again.status.code() == Some(1) && text(&again.stderr).contains("hint: "));
}

#[test]
fn one_bad_source_does_not_keep_the_others_out() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 2);
    let bad = home.path().join("bad.zip");
    fs::write(&bad, "no zip").unwrap();
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let added = vachak(home.path(), &["add", bad.to_str().unwrap(), empty.to_str().unwrap(), &folder]);
    let said = text(&added.stderr);
    assert_eq!(added.status.code(), Some(1), "{said}");
    assert!(said.contains("bad.zip is damaged") && said.contains("2 new matches"), "{said}");
    assert!(said.contains("no match file is in it") && said.matches("\nhint: ").count() == 2, "{said}");
}

#[test]
fn names_of_bad_files_do_nothing_to_the_terminal() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 1);
    fs::write(Path::new(&folder).join("\u{1b}[2J\u{202e}.json"), "{").unwrap();
    let added = vachak(home.path(), &["add", &folder]);
    let said = text(&added.stderr);
    assert!(added.status.code() == Some(1) && said.contains("1 bad files"), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{said:?}");
}

#[test]
fn stopped_by_a_signal_it_says_how_far_it_came_and_goes_on_the_next_time() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("matches");
    fs::create_dir(&folder).unwrap();
    let written = cricsheet::write(&simulate(&SimulationSettings::new(1)).unwrap());
    for number in 0..1500 {
        fs::write(folder.join(format!("{number:04}.json")), &written).unwrap();
    }
    let folder = folder.to_str().unwrap();
    let child = command(home.path(), &["add", folder]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let store = home.path().join("vachak/archive.db");
    // At work as soon as the store is there and has been written to.
    for _ in 0..2000 {
        if fs::metadata(&store).is_ok_and(|found| found.len() > 200_000) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let term = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(term.success());
    let stopped = child.wait_with_output().unwrap();
    let said = text(&stopped.stderr);
    assert_eq!(stopped.status.code(), Some(1), "{said}");
    assert!(said.contains("stopped; all of this is kept\nhint: run the same again"), "{said}");
    let before: u64 = said.split(" new matches").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!((1..1500).contains(&before), "{said}");
    let again = vachak(home.path(), &["add", folder]);
    let told = format!("{} new matches", 1500 - before);
    assert!(text(&again.stderr).contains(&told), "{said} then {}", text(&again.stderr));
    assert_eq!(vachak(home.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn killed_at_any_moment_it_loses_a_batch_at_most() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 40);
    for wait in [5, 15, 30, 45, 60, 80, 100, 120] {
        let mut child = command(home.path(), &["add", &folder]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        if home.path().join("vachak/archive.db").exists() {
            let check = vachak(home.path(), &["check"]);
            let empty = text(&check.stderr).contains("older version 0");
            assert!(check.status.code() == Some(0) || empty, "{} {}", text(&check.stdout), text(&check.stderr));
        }
    }
    let added = vachak(home.path(), &["add", &folder]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    assert!(text(&vachak(home.path(), &["info"]).stdout).contains("40 matches"));
}

#[test]
fn a_full_disk_is_said_and_what_was_held_stays() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 60);
    let small = home.path().join("small");
    fs::create_dir(&small).unwrap();
    // A disk of 400 KB of its own, in a namespace of its own: nothing of the system is touched.
    let script = "mount -t tmpfs -o size=400k none \"$2\" || exit 99
        \"$1\" archive add --store \"$2/archive.db\" \"$3/1.json\" || exit 98
        \"$1\" archive info --store \"$2/archive.db\" > \"$4/before\"
        \"$1\" archive add --store \"$2/archive.db\" \"$3\" 2> \"$4/said\"; code=$?
        \"$1\" archive info --store \"$2/archive.db\" > \"$4/after\"
        \"$1\" archive check --store \"$2/archive.db\" || exit 97
        exit $code";
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_vachak")])
        .args([small.to_str().unwrap(), &folder, home.path().to_str().unwrap()])
        .output();
    let code = done.as_ref().ok().and_then(|done| done.status.code());
    if !matches!(code, Some(1 | 2 | 97 | 98)) || !home.path().join("said").exists() {
        eprintln!("skipped: a disk of its own cannot be mounted here ({done:?})");
        return;
    }
    let said = fs::read_to_string(home.path().join("said")).unwrap();
    assert_eq!(code, Some(1), "{said} {done:?}");
    assert!(said.contains("full") && said.contains("hint: make room on the disk"), "{said}");
    let read = |name| fs::read_to_string(home.path().join(name)).unwrap();
    assert!(read("before").contains("1 matches"));
    assert_eq!(read("before"), read("after"), "the batch that did not fit is taken back whole");
}

#[test]
fn a_store_that_may_only_be_read_is_read_and_not_written() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 2);
    assert_eq!(vachak(home.path(), &["add", &folder]).status.code(), Some(0));
    let script = "mount --bind \"$2\" \"$2\" && mount -o remount,bind,ro \"$2\" || exit 99
        \"$1\" archive info --store \"$2/archive.db\" || exit 98
        \"$1\" archive check --store \"$2/archive.db\" || exit 97
        \"$1\" archive add --store \"$2/archive.db\" \"$3\"";
    let held = home.path().join("vachak");
    fs::write(Path::new(&folder).join("more.json"), fs::read(Path::new(&folder).join("0.json")).unwrap()).unwrap();
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_vachak")])
        .args([held.to_str().unwrap(), &folder])
        .output()
        .unwrap();
    let said = text(&done.stderr);
    if done.status.code() == Some(99) || said.starts_with("unshare") {
        eprintln!("skipped: a folder cannot be mounted read-only here ({said})");
        return;
    }
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("hint: make the file and its folder writable to you"), "{said}");
    assert!(text(&done.stdout).contains("2 matches"), "{}", text(&done.stdout));
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 2);
    let locked = Path::new(&folder).join("locked");
    fs::create_dir(&locked).unwrap();
    fs::write(locked.join("7.json"), "{}").unwrap();
    for (path, mode) in [(home.path(), 0o777), (Path::new(&folder), 0o755), (locked.as_path(), 0o000)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let run = |path: &str| {
        let mut command = command(home.path(), &["add", path]);
        if fs::read_dir(&locked).is_ok() {
            // Nothing is locked to root: go as somebody else.
            command.uid(65_534);
        }
        command.output()
    };
    let (Ok(whole), Ok(inner)) = (run(&folder), run(locked.to_str().unwrap())) else {
        eprintln!("skipped: the program cannot be started as somebody else here");
        return;
    };
    let said = text(&whole.stderr);
    assert!(said.contains("2 new matches") && said.contains("locked: Permission denied"), "{said}");
    assert_eq!(whole.status.code(), Some(1));
    let said = text(&inner.stderr);
    assert!(inner.status.code() == Some(1) && said.contains("cannot be read") && said.contains("\nhint: "), "{said}");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}
