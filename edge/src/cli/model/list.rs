//! `vachak model list`: the models there are, and which one writes.

use std::{fs, io::Write, path::Path, process::ExitCode};

use anyhow::Context;
use llm::{ModelFile, gguf, memory::Size};
use serde_json::{Value, json};

use super::{
    Named,
    place::{self, Place},
};
use crate::{
    booth::layout,
    config::Config,
    terminal::palette::{self, paint},
};

/// A model in the list.
struct Row {
    name: String,
    named: Named,
    /// All its files together.
    bytes: Option<u64>,
    files: usize,
    /// What it is, or what is wrong with it.
    what: String,
    usable: bool,
}

pub(super) fn run(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let place = Place::of(config)?;
    let in_use = place.in_use();
    let mut rows = Vec::new();
    #[cfg(feature = "llama")]
    rows.push(built_in());
    let mut files = place.all().with_context(|| format!("{} cannot be listed", place.directory.display()))?;
    let elsewhere = [config.model.path.as_ref(), in_use.as_ref().and_then(file)];
    for path in elsewhere.into_iter().flatten() {
        if !files.contains(path) {
            files.push(path.clone());
        }
    }
    rows.extend(files.iter().map(|path| row(path)));
    let mut out = anstream::stdout().lock();
    if as_json {
        let models: Vec<Value> = rows.iter().map(|row| json(row, in_use.as_ref())).collect();
        let told = json!({
            "directory": place.directory,
            "daemon_runs": place.writing.is_some(),
            "writes": place.writing.as_ref().and_then(|writing| writing.model.as_ref()),
            "refused": place.writing.as_ref().and_then(|writing| writing.refused.as_ref()),
            "models": models,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    for row in &rows {
        let mark = if in_use.as_ref() == Some(&row.named) { "*" } else { " " };
        let size = row.bytes.map_or_else(String::new, |bytes| Size(bytes).to_string());
        let what = if row.usable { row.what.clone() } else { paint(palette::QUIET, &row.what) };
        writeln!(out, "{mark} {:width$}  {size:>7}  {what}", row.name)?;
    }
    writeln!(out, "{}", paint(palette::QUIET, told(&place, in_use.as_ref())))?;
    Ok(ExitCode::SUCCESS)
}

/// Who writes, in a sentence.
fn told(place: &Place<'_>, in_use: Option<&Named>) -> String {
    let directory = place.directory.display();
    match (&place.writing, in_use) {
        (Some(writing), Some(_)) => format!("* writes since {}; others go into {directory}", writing.since),
        (Some(writing), None) => match (&writing.backend, &writing.model) {
            (Some(backend), Some(model)) => {
                format!("{model} writes, by {backend}; models of our own go into {directory}")
            }
            _ => format!("the phrasebook speaks; models go into {directory}"),
        },
        (None, Some(_)) => format!("no daemon runs here; * will write; others go into {directory}"),
        (None, None) => format!("no daemon runs here, and model.backend is not embedded; models go into {directory}"),
    }
}

fn file(named: &Named) -> Option<&std::path::PathBuf> {
    match named {
        Named::BuiltIn => None,
        Named::File(path) => Some(path),
    }
}

#[cfg(feature = "llama")]
fn built_in() -> Row {
    Row {
        name: place::BUILT_IN.to_owned(),
        named: Named::BuiltIn,
        bytes: Some(crate::booth::own_model::bytes()),
        files: 1,
        what: "built in".to_owned(),
        usable: true,
    }
}

fn row(path: &Path) -> Row {
    let mut files = gguf::files_of(path);
    let (what, usable) = match ModelFile::read(path).and_then(|file| file.writes().map(|()| file)) {
        Ok(file) => {
            let layout = layout::of(&file, None).map_or("no layout of its own", |laid| laid.layout.name());
            let kind = file.architecture.as_deref().unwrap_or("unknown");
            let split = if file.parts.len() > 1 { format!(", in {} files", file.parts.len()) } else { String::new() };
            files = file.parts;
            (format!("{kind} {}, {layout}{split}", file.quantisation.or(file.mostly).unwrap_or("")), true)
        }
        Err(llm::WriteError::Model { reason, .. }) => (reason, false),
        Err(error) => (error.to_string(), false),
    };
    Row {
        name: place::name(path),
        named: Named::File(path.to_owned()),
        bytes: files.iter().map(|file| fs::metadata(file).ok().map(|file| file.len())).sum(),
        files: files.len(),
        what,
        usable,
    }
}

fn json(row: &Row, in_use: Option<&Named>) -> Value {
    json!({
        "name": row.name,
        "path": file(&row.named),
        "bytes": row.bytes,
        "files": row.files,
        "what": row.what,
        "usable": row.usable,
        "in_use": in_use == Some(&row.named),
    })
}
