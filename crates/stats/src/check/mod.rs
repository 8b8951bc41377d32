//! Whether the archive is sound: the file itself, and every figure against the deliveries it was made from.
//!
//! The store is made again from its own packed deliveries, by the same hands that added the matches, in a scratch store
//! that goes when the check ends; then all rows of both are compared. No table is named here but those that deliveries
//! are read from: what is added to the figures is checked with the rest.

mod compare;
mod names;
mod rebuild;

use rusqlite::Connection;
use serde::Serialize;

use crate::{
    archive::{Archive, ArchiveError},
    source::Progress,
};

/// Faults named at most; all are counted.
const NAMED: usize = 1000;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Check {
    /// Matches looked at; 0 where the file itself is damaged.
    pub matches: u64,
    /// Their deliveries.
    pub deliveries: u64,
    /// Whether the file itself is damaged, so that nothing in it can be trusted.
    pub damaged: bool,
    /// Faults found.
    pub faults: u64,
    /// The first thousand of them.
    pub named: Vec<Fault>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The match it belongs to, where it belongs to one.
    #[serde(rename = "match")]
    pub match_id: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl Check {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults == 0
    }

    fn fault(&mut self, match_id: Option<&str>, what: String) {
        self.faults += 1;
        if self.named.len() < NAMED {
            self.named.push(Fault { match_id: match_id.map(str::to_owned), what });
        }
    }
}

impl Archive {
    /// Checks the whole archive. It needs room for a second one in the folder for temporary files.
    ///
    /// # Errors
    /// The store failed; damage that can be described is no error but a fault.
    pub fn check(&self, progress: &mut dyn FnMut(&Progress)) -> Result<Check, ArchiveError> {
        self.checked(progress).map_err(|source| self.failed(source))
    }

    fn checked(&self, progress: &mut dyn FnMut(&Progress)) -> rusqlite::Result<Check> {
        let mut check = Check::default();
        // One state of the store throughout, whoever adds to it meanwhile.
        let store = self.store.unchecked_transaction()?;
        whole(&store, &mut check)?;
        if check.damaged {
            return Ok(check);
        }
        let names = names::Names::read(&store)?;
        let again = rebuild::rebuild(&store, &mut check, progress)?;
        for table in compare::tables(&store)? {
            compare::compare(&table, (&store, &again), &names, &mut check)?;
        }
        Ok(check)
    }
}

/// SQLite's own view of the file.
fn whole(store: &Connection, check: &mut Check) -> rusqlite::Result<()> {
    let looked = store.prepare("PRAGMA integrity_check").and_then(|mut query| {
        query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()
    });
    let faults = looked.unwrap_or_else(|error| vec![error.to_string()]);
    for fault in faults.into_iter().filter(|fault| fault != "ok") {
        check.damaged = true;
        check.fault(None, fault);
    }
    if check.damaged {
        return Ok(());
    }
    let mut query = store.prepare("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent, count): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        check.fault(None, format!("{count} rows of {table} belong to nothing in {parent}"));
    }
    Ok(())
}
