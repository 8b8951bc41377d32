//! `vachak persona check`: everything that is wrong with a persona, at once.

use std::{io::Write, path::Path, process::ExitCode};

use commentary::{
    persona::{persona_keys, phrasebook_keys},
    phrasebook::{Finding, Weight},
};
use serde_json::json;

use super::Files;
use crate::{
    cli::exit,
    terminal::{
        clean::clean,
        palette::{self, paint},
    },
};

/// Reads the files and tries every phrasing on the rehearsal. Exit code 1 where something must be mended; remarks alone
/// are fine.
pub(super) fn run(file: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let files = Files::read(file)?;
    let mut findings: Vec<(String, Finding)> = Vec::new();
    let mut note = |name: &str, found: Vec<Finding>| {
        findings.extend(found.into_iter().map(|finding| (name.to_owned(), finding)));
    };
    note(&files.name, persona_keys(&files.text));
    if let Some((name, text)) = &files.phrasebook {
        note(name, phrasebook_keys(text));
    }
    if findings.is_empty() {
        let (persona, books) = files.parse()?;
        let name = files.phrasebook.as_ref().map_or(&files.name, |(name, _)| name);
        findings.extend(books.lint(&persona).into_iter().map(|finding| (name.clone(), finding)));
    }
    let faults = findings.iter().filter(|(_, finding)| finding.weight == Weight::Fault).count();
    let mut out = anstream::stdout().lock();
    if as_json {
        let all: Vec<_> = findings.iter().map(|(file, finding)| json!({"file": file, "finding": finding})).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&json!({"faults": faults, "findings": all}))?)?;
    } else {
        for (name, finding) in &findings {
            let (style, weight) = match finding.weight {
                Weight::Fault => (palette::WICKET, "fault"),
                Weight::Remark => (palette::QUIET, "remark"),
            };
            let phrasing = finding.phrasing.as_ref().map(|text| format!(" \"{text}\"")).unwrap_or_default();
            let told = clean(&format!("{name}: {}{phrasing}: {}; {}", finding.place, finding.what, finding.hint));
            writeln!(out, "{} {told}", paint(style, format!("{weight}:")))?;
        }
    }
    out.flush()?;
    let verdict = match (faults, findings.len()) {
        (0, 0) => "fine".to_owned(),
        (0, remarks) => format!("fine, with {remarks} remarks"),
        (1, _) => "1 fault".to_owned(),
        (faults, _) => format!("{faults} faults"),
    };
    writeln!(anstream::stderr(), "{}: {verdict}", files.name)?;
    Ok(ExitCode::from(if faults > 0 { exit::USER } else { 0 }))
}
