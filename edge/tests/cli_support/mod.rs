//! What the tests of the newcomer's commands share: the real program run to its end, sample and invented matches.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "each test file uses its part of it; a test fails by panicking"
)]

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// The real program, without anything of the tester's environment that changes its output.
pub fn vachak() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "VACHAK_CONFIG",
        "VACHAK_REPLAY_BROKER",
        "JOURNAL_STREAM",
        "NOTIFY_SOCKET",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub fn run(args: &[&str]) -> Output {
    vachak().args(args).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The shared data beside the repository; `None`, and said so, where there is none.
pub fn sample(name: &str) -> Option<PathBuf> {
    let shared = env::var_os("VACHAK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = shared.join("data/samples").join(name);
    if file.is_file() {
        return Some(file);
    }
    eprintln!("skipped: {} is not there (VACHAK_SHARED names the shared folder)", file.display());
    None
}

/// An invented match in a file.
pub fn invented(directory: &Path, seed: u64) -> PathBuf {
    let output = run(&["simulate", "--seed", &seed.to_string()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let file = directory.join(format!("invented-{seed}.json"));
    fs::write(&file, &output.stdout).unwrap();
    file
}

/// Writes `input` to the program's stdin and runs it to its end.
pub fn run_with_stdin(args: &[&str], input: &[u8]) -> Output {
    let mut child =
        vachak().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = thread::spawn(move || {
        // The program may have seen enough and gone.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}
