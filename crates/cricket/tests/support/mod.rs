//! Shared match data for tests: the samples and the archive beside the repository, or where `VACHAK_SHARED` says.
//!
//! Each test target uses part of it.
#![allow(dead_code, clippy::print_stderr, reason = "shared by several test targets; a skipped check says so on stderr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on shall fail")]

use std::{
    env, fs,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// The shared data folder; says on stderr that a check is skipped where there is none.
pub(crate) fn data() -> Option<PathBuf> {
    let found = env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().find(|dir| dir.join("Cargo.lock").is_file())?.parent().map(|parent| parent.join("shared"))
    });
    let found = found.map(|shared| shared.join("data")).filter(|data| data.is_dir());
    if found.is_none() {
        eprintln!("skipped: no ../shared/data beside the repository (or set VACHAK_SHARED)");
    }
    found
}

/// Whether the long checks are wanted (`VACHAK_SLOW=1`).
pub(crate) fn slow() -> bool {
    env::var_os("VACHAK_SLOW").is_some_and(|value| value == "1")
}

/// The sample matches by id, in order; empty where there is no data.
pub(crate) fn samples() -> Vec<(String, Vec<u8>)> {
    let Some(data) = data() else { return Vec::new() };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(data.join("samples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| (stem(path), fs::read(path).unwrap())).collect()
}

/// One sample; `None` where there is no data.
pub(crate) fn sample(id: &str) -> Option<Vec<u8>> {
    let path = data()?.join("samples").join(format!("{id}.json"));
    Some(fs::read(path).unwrap())
}

/// Streams the archive's matches in file order through `each`, with the running number; nothing is unpacked to disk.
pub(crate) fn stream_archive(mut each: impl FnMut(usize, String, Vec<u8>)) -> bool {
    let Some(data) = data() else { return false };
    let file = fs::File::open(data.join("cricsheet-dev.tar.zst")).expect("the archive beside the samples");
    let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(file)).unwrap();
    decoder.window_log_max(27).unwrap();
    let mut archive = tar::Archive::new(decoder);
    let mut number = 0;
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        if path.extension().is_some_and(|extension| extension == "json") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            each(number, stem(&path), bytes);
            number += 1;
        }
    }
    true
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}
