//! Two stores row by row.

use std::cmp::Ordering;

use rusqlite::{Connection, Rows, types::Value};

use super::{Check, names::Names};

/// A table and how its rows are told apart.
pub(super) struct Table {
    name: String,
    /// Columns to compare, those of the key first and in its order.
    columns: Vec<String>,
    /// How many of them are the key.
    key: usize,
}

/// The tables whose rows are compared: all but those that only number names, which the scratch store copies.
pub(super) fn tables(store: &Connection) -> rusqlite::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for name in names(store)? {
        let columns = columns(store, &name)?;
        let mut key: Vec<_> = columns.iter().filter(|(_, place)| *place > 0).collect();
        key.sort_by_key(|(_, place)| *place);
        let rest = columns.iter().filter(|(_, place)| *place == 0);
        let (key, mut columns): (usize, Vec<String>) =
            (key.len(), key.iter().copied().chain(rest).map(|(column, _)| column.clone()).collect());
        if name == "innings" {
            // Its own number follows the order of adding; the match and the innings in it tell the rows apart.
            columns.retain(|column| column != "no");
            tables.push(Table { name, columns, key: 2 });
        } else if name == "match" || !is_numbered(&columns, key) {
            tables.push(Table { name, columns, key });
        }
    }
    Ok(tables)
}

/// Names of all tables.
fn names(store: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    store.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// Columns of a table, each with its place in the key, 0 for none.
fn columns(store: &Connection, table: &str) -> rusqlite::Result<Vec<(String, i64)>> {
    let mut query = store.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    query.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Whether a table gives numbers to names, such as `person`.
fn is_numbered(columns: &[String], key: usize) -> bool {
    key == 1 && columns.first().is_some_and(|column| column == "no")
}

/// Tables that give numbers to names, so that the same name has the same number in both stores.
pub(super) fn numbered(store: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = names(store)?;
    found.retain(|name| name != "match" && name != "innings");
    let mut numbered = Vec::new();
    for name in found {
        let columns = columns(store, &name)?;
        let key: Vec<_> = columns.iter().filter(|(_, place)| *place > 0).map(|(column, _)| column.clone()).collect();
        if is_numbered(&key, key.len()) {
            numbered.push(name);
        }
    }
    Ok(numbered)
}

/// Compares a table of the store with the same of the store made again.
pub(super) fn compare(
    table: &Table,
    (held, again): (&Connection, &Connection),
    names: &Names,
    check: &mut Check,
) -> rusqlite::Result<()> {
    let quoted: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
    let order: Vec<String> = (1..=table.key).map(|place| place.to_string()).collect();
    let sql = format!("SELECT {} FROM \"{}\" ORDER BY {}", quoted.join(", "), table.name, order.join(", "));
    let (mut held, mut again) = (held.prepare(&sql)?, again.prepare(&sql)?);
    let (mut held, mut again) = (held.query([])?, again.query([])?);
    let width = table.columns.len();
    let (mut left, mut right) = (next(&mut held, width)?, next(&mut again, width)?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => by_key(left, right, table.key),
        };
        let mut fault = |row: &Option<Vec<Value>>, what: &str| {
            let row = row.as_deref().unwrap_or_default();
            check.fault(table.match_of(row, names), format!("{}: {what}", table.told(row, names)));
        };
        match order {
            Ordering::Less => fault(&left, "held, but no delivery stands behind it"),
            Ordering::Greater => fault(&right, "missing"),
            Ordering::Equal if left != right => {
                let differences = table.differences(left.as_deref(), right.as_deref());
                fault(&left, &differences);
            }
            Ordering::Equal => {}
        }
        if order != Ordering::Greater {
            left = next(&mut held, width)?;
        }
        if order != Ordering::Less {
            right = next(&mut again, width)?;
        }
    }
}

fn next(rows: &mut Rows<'_>, width: usize) -> rusqlite::Result<Option<Vec<Value>>> {
    rows.next()?.map(|row| (0..width).map(|column| row.get(column)).collect()).transpose()
}

/// Keys in the order in which SQLite sorts them: NULL, numbers, text.
fn by_key(left: &[Value], right: &[Value], key: usize) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    let compared = left.iter().zip(right).take(key).map(|pair| match pair {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Value::Blob(left), Value::Blob(right)) => left.cmp(right),
        (Value::Real(left), Value::Real(right)) => left.total_cmp(right),
        (left, right) => rank(left).cmp(&rank(right)),
    });
    compared.fold(Ordering::Equal, Ordering::then)
}

impl Table {
    fn match_of<'a>(&self, row: &[Value], names: &'a Names) -> Option<&'a str> {
        let own = if self.name == "match" { "no" } else { "match" };
        let place = self.columns.iter().position(|column| column == own)?;
        match row.get(place) {
            Some(Value::Integer(no)) => names.match_id(*no),
            _ => None,
        }
    }

    /// The table and the row's key, without the match, which stands in front.
    fn told(&self, row: &[Value], names: &Names) -> String {
        let key = self.columns.iter().zip(row).take(self.key);
        let key = key.filter(|(column, _)| !matches!(column.as_str(), "match" | "class" | "day" | "no"));
        let key: Vec<String> = key.map(|(column, value)| names.told(column, value)).collect();
        if key.is_empty() { self.name.clone() } else { format!("{} of {}", self.name, key.join(", ")) }
    }

    fn differences(&self, held: Option<&[Value]>, again: Option<&[Value]>) -> String {
        let pairs = held.unwrap_or_default().iter().zip(again.unwrap_or_default());
        let differ: Vec<String> = self
            .columns
            .iter()
            .zip(pairs)
            .filter(|(_, (held, again))| held != again)
            .map(|(column, (held, again))| format!("{column} is {}, by the deliveries {}", value(held), value(again)))
            .collect();
        differ.join("; ")
    }
}

/// A value as it is told.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.chars().filter(|letter| !letter.is_control()).take(80).collect(),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
