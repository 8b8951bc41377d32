//! Real matches, from `../shared/data` beside the repository or where `VACHAK_SHARED` says.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The real data; `None`, and a line that says so, where it is not.
pub fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let room = Path::new(env!("CARGO_MANIFEST_DIR"));
        room.ancestors().map(|folder| folder.join("../shared")).find(|shared| shared.join("data").is_dir())
    });
    let data = shared.map(|shared| shared.join("data")).filter(|data| data.is_dir());
    if data.is_none() {
        crate::figures::say("skipped: no ../shared/data beside the repository (set VACHAK_SHARED)");
    }
    data
}

/// The sample matches: id and content, by id.
pub fn samples() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared().map(|data| data.join("samples")) else { return Vec::new() };
    let mut samples: Vec<_> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let id = path.file_stem()?.to_str()?.to_owned();
            Some((id, fs::read(&path).ok()?))
        })
        .collect();
    samples.sort();
    samples
}

/// One sample match, an IPL match of 2023.
pub fn ipl_match() -> Option<(String, Vec<u8>)> {
    samples().into_iter().find(|(id, _)| id == "1359534")
}
