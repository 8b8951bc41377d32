//! A table for the terminal: a caption, and columns as wide as they must be.

use std::fmt;

/// A table. Columns of words stand to the left, columns of numbers to the right.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) caption: String,
    /// A column whose name begins with `<` stands to the left. Where none has a name, the rows speak for themselves.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Lines below.
    pub(crate) notes: Vec<String>,
}

impl Table {
    /// A table of one row.
    pub(crate) fn of_one(caption: String, columns: Vec<&'static str>, row: Vec<String>, notes: Vec<String>) -> Self {
        Self { caption, columns, rows: vec![row], notes }
    }

    /// A table without a caption; nothing at all without a row.
    pub(crate) fn of_many(columns: Vec<&'static str>, rows: Vec<Vec<String>>) -> Self {
        Self { columns, rows, ..Self::default() }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(f, "{}", self.caption)?;
        let name = |column: &'static str| column.strip_prefix('<').unwrap_or(column);
        let width = |at: usize, column: &'static str| {
            let cells = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.chain([name(column).chars().count()]).max().unwrap_or_default()
        };
        let widths: Vec<_> = self.columns.iter().enumerate().map(|(at, column)| width(at, column)).collect();
        let mut line = |cells: &[&str]| {
            let mut text = String::new();
            for ((cell, width), column) in cells.iter().zip(&widths).zip(&self.columns) {
                let padded =
                    if column.starts_with('<') { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") };
                text.push_str(&padded);
            }
            writeln!(f, "{}", text.trim_end())
        };
        if self.columns.iter().any(|column| !name(column).is_empty()) {
            line(&self.columns.iter().map(|column| name(column)).collect::<Vec<_>>())?;
        }
        for row in &self.rows {
            line(&row.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let table = Table {
            caption: "Two".to_owned(),
            columns: vec!["<name", "runs"],
            rows: vec![vec!["Ö Long".to_owned(), "7".to_owned()], vec!["B".to_owned(), "12345".to_owned()]],
            notes: vec!["That is all.".to_owned()],
        };
        let expected = "Two\n  name     runs\n  Ö Long      7\n  B       12345\nThat is all.\n";
        assert_eq!(table.to_string(), expected);
        let nameless = Table { columns: vec!["<", ""], ..table };
        assert_eq!(nameless.to_string(), "Two\n  Ö Long      7\n  B       12345\nThat is all.\n");
    }
}
