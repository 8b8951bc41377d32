//! What the archive holds.

use serde::Serialize;

use crate::{
    archive::{Archive, ArchiveError},
    class::Class,
    day::Day,
    schema,
};

/// What the archive holds, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// Version of the tables.
    pub version: i32,
    /// Matches.
    pub matches: u64,
    /// Deliveries, super overs included.
    pub deliveries: u64,
    /// People who batted or bowled.
    pub people: u64,
    /// Size of the store, in bytes.
    pub bytes: u64,
    /// By kind of cricket; kinds without a match are left out.
    pub classes: Vec<ClassInfo>,
}

/// What is held of one kind of cricket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassInfo {
    /// The kind.
    #[serde(flatten)]
    pub class: Class,
    /// Matches.
    pub matches: u64,
    /// Deliveries, super overs included.
    pub deliveries: u64,
    /// Day of the first match, `YYYY-MM-DD`.
    pub first_day: String,
    /// Day of the last match, `YYYY-MM-DD`.
    pub last_day: String,
}

impl Archive {
    /// Counts what is held.
    ///
    /// # Errors
    /// The store failed.
    pub fn info(&self) -> Result<Info, ArchiveError> {
        let read = || -> rusqlite::Result<Info> {
            let one = |sql: &str| self.store.query_row(sql, [], |row| count(row, 0));
            let mut query = self.store.prepare_cached(
                "SELECT m.class, count(DISTINCT m.no), coalesce(sum(i.deliveries), 0), min(m.day), max(m.day)
                 FROM match m LEFT JOIN innings i ON i.match = m.no GROUP BY m.class ORDER BY m.class",
            )?;
            let rows = query.query_map([], |row| {
                let class = Class::from_code(row.get(0)?);
                let day = |column| row.get(column).map(|day| Day::from_number(day).to_string());
                Ok(class.map(|class| (class, count(row, 1), count(row, 2), day(3), day(4))))
            })?;
            let mut classes = Vec::new();
            for row in rows {
                if let Some((class, matches, deliveries, first_day, last_day)) = row? {
                    classes.push(ClassInfo {
                        class,
                        matches: matches?,
                        deliveries: deliveries?,
                        first_day: first_day?,
                        last_day: last_day?,
                    });
                }
            }
            Ok(Info {
                version: schema::VERSION,
                matches: one("SELECT count(*) FROM match")?,
                deliveries: one("SELECT coalesce(sum(deliveries), 0) FROM innings")?,
                people: one("SELECT count(*) FROM person")?,
                bytes: one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
                classes,
            })
        };
        read().map_err(|source| self.failed(source))
    }
}

/// A count, which SQLite keeps signed.
fn count(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}
