//! Lists the kit's Python programs for embedding: all of `kit` but its tests.

use std::{env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=kit");
    let kit = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("kit");
    let mut names = Vec::new();
    for entry in fs::read_dir(&kit).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = [".py", ".sh", ".lock", ".in", ".toml"].iter().any(|ending| name.ends_with(ending));
        if wanted && entry.file_type()?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    let mut list = String::from("[");
    for name in names {
        let path = kit.join(&name);
        let _ = writeln!(list, "({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("kit_files.rs"), list)
}
