//! An archive and the recount of the same files, side by side.

use cricket::player::PersonId;
use serde::Serialize;
use stats::{Archive, Class, Scope, SourceError, each_match};
use tempfile::TempDir;

use super::Match;
use crate::support;

/// An archive of match files, and the same files recounted.
pub(crate) struct Both {
    _folder: TempDir,
    pub(crate) archive: Archive,
    pub(crate) matches: Vec<Match>,
}

impl Both {
    pub(crate) fn of(files: &[Vec<u8>]) -> Self {
        let folder = TempDir::new().unwrap();
        for (id, json) in files.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{id:06}.json")), json).unwrap();
        }
        let mut archive = Archive::open(&folder.path().join("archive.db")).unwrap();
        let report = archive.add(folder.path(), &mut |_: &stats::Progress| {}).unwrap();
        assert_eq!((report.new, report.bad_files), (files.len() as u64, 0));
        Self { _folder: folder, archive, matches: files.iter().map(|json| Match::read(json)).collect() }
    }

    /// Matches of a kind before a day.
    pub(crate) fn before(&self, kind: &(String, String, String), day: &str) -> Vec<&Match> {
        self.matches.iter().filter(|other| other.kind == *kind && *other.day < *day).collect()
    }
}

/// The scope of a kind, by the names that its parts have in JSON.
pub(crate) fn scope(kind: &(String, String, String)) -> Scope {
    fn name(part: impl Serialize) -> String {
        serde_json::to_value(part).unwrap().as_str().unwrap().to_owned()
    }
    let is = |class: &Class| (name(class.format), name(class.gender), name(class.level)) == *kind;
    Scope::of(Class::all().find(is).unwrap())
}

pub(crate) fn id(person: &str) -> PersonId {
    PersonId(person.into())
}

pub(crate) fn invented(seeds: u64) -> Vec<Vec<u8>> {
    (0..seeds).map(|seed| cricket::cricsheet::write(&support::invented(seed)).into()).collect()
}

/// Real matches: the samples, all 247 T20s between countries without T20I status, and with `VACHAK_SLOW` every thirtieth
/// of the others.
pub(crate) fn real() -> Option<Vec<Vec<u8>>> {
    let data = support::shared_data()?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(data.join("samples")).unwrap() {
        files.push(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let slow = std::env::var_os("VACHAK_SLOW").is_some();
    let mut number = 0;
    let visited = each_match(&data.join("cricsheet-dev.tar.zst"), |file| -> Result<(), SourceError> {
        number += 1;
        if !slow && number > 247 {
            // Enough: the rest of the archive is not read.
            return Err(SourceError::Kind("enough".into()));
        }
        if number <= 247 || number % 30 == 0 {
            files.push(file.content.unwrap().to_vec());
        }
        Ok(())
    });
    assert!(slow == visited.is_ok());
    Some(files)
}
