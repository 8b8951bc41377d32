//! Who is meant by a name.

use std::collections::{BTreeMap, BTreeSet};

use cricket::player::PersonId;
use serde::Serialize;

use crate::{
    archive::{Archive, ArchiveError},
    class::{Class, Scope},
    day::Day,
};

/// A person as the archive knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Id, as in the match files.
    pub id: PersonId,
    /// The name of the latest match.
    pub name: String,
    /// All names, the latest included, by the alphabet.
    pub names: Vec<String>,
    /// Sides played for, by the alphabet.
    pub sides: Vec<String>,
    /// Years of the first and the last match; `None` of one who was in super overs only.
    pub years: Option<(u16, u16)>,
    /// Matches batted or bowled in, by kind of cricket.
    pub matches: Vec<PersonMatches>,
}

/// A person's matches of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PersonMatches {
    /// The kind.
    pub scope: Scope,
    /// Matches.
    pub matches: u32,
}

/// People told at most.
const LIMIT: u32 = 100;

impl Archive {
    /// People of an id or a name, at most a hundred of them, by their names: of that id; else of that very name, letter
    /// case aside; else with the text in a name; else, for `Asha Rao`, with the initial and the last name, such as `A Rao`
    /// and `AB Rao`.
    ///
    /// # Errors
    /// The store failed.
    pub fn people(&self, text: &str) -> Result<Vec<Person>, ArchiveError> {
        self.answer(|| {
            let text = text.trim();
            if text.is_empty() {
                return Ok(Vec::new());
            }
            let escaped = |text: &str| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let initial = match (text.chars().next(), text.rsplit_once(' ')) {
                (Some(first), Some((_, last))) => format!("{}% {}", escaped(&first.to_string()), escaped(last)),
                _ => escaped(text),
            };
            for (condition, pattern) in [
                ("p.id = ?1", text.to_owned()),
                ("a.name = ?1 COLLATE NOCASE", text.to_owned()),
                ("a.name LIKE ?1 ESCAPE '\\'", format!("%{}%", escaped(text))),
                ("a.name LIKE ?1 ESCAPE '\\'", initial),
            ] {
                let sql = format!(
                    "SELECT DISTINCT p.no, p.id, p.name FROM person p JOIN alias a ON a.person = p.no
                     WHERE {condition} ORDER BY p.name, p.id LIMIT {LIMIT}"
                );
                let found = self
                    .store
                    .prepare_cached(&sql)?
                    .query_map([pattern], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect::<rusqlite::Result<Vec<(i64, String, String)>>>()?;
                if !found.is_empty() {
                    return found.into_iter().map(|(no, id, name)| self.known(no, id, name)).collect();
                }
            }
            Ok(Vec::new())
        })
    }

    fn known(&self, no: i64, id: String, name: String) -> rusqlite::Result<Person> {
        let names = self
            .store
            .prepare_cached("SELECT name FROM alias WHERE person = ?1 ORDER BY name")?
            .query_map([no], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut sides = BTreeSet::new();
        let mut played: BTreeMap<u8, BTreeSet<i64>> = BTreeMap::new();
        let mut days: Option<(u32, u32)> = None;
        for sql in [
            "SELECT b.class, b.match, b.day, s.name FROM batting b JOIN side s ON s.no = b.side WHERE b.person = ?1",
            "SELECT b.class, b.match, b.day, s.name FROM bowling b JOIN side s ON s.no = b.side WHERE b.person = ?1",
        ] {
            let mut query = self.store.prepare_cached(sql)?;
            let mut rows = query.query([no])?;
            while let Some(row) = rows.next()? {
                played.entry(row.get(0)?).or_default().insert(row.get(1)?);
                let day: u32 = row.get(2)?;
                days = Some(days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
                sides.insert(row.get::<_, String>(3)?);
            }
        }
        let matches = played.into_iter().filter_map(|(class, matches)| {
            let scope = Scope::of(Class::from_code(class)?);
            Some(PersonMatches { scope, matches: matches.len() as u32 })
        });
        let year = |day| Day::from_number(day).year();
        Ok(Person {
            id: PersonId(id.into()),
            name,
            names,
            sides: sides.into_iter().collect(),
            years: days.map(|(first, last)| (year(first), year(last))),
            matches: matches.collect(),
        })
    }
}
