//! Running sums: a row for each person, class and day of play, with all sums up to and including that day.
//!
//! In the order of days a match appends a row. A match that comes late adds its sums to the rows after it as well; one
//! that goes has the rows from its day on made again from the innings that are left.

use std::{collections::HashMap, fmt::Write as _, sync::LazyLock};

use rusqlite::{CachedStatement, Connection, OptionalExtension, params_from_iter};

use crate::figures::{BattingTally, BowlingTally};

/// A table of running sums and what it is made from.
pub(super) struct Kind<const N: usize> {
    table: &'static str,
    /// All add up, but the last, which is the greatest of all.
    pub(super) columns: [&'static str; N],
    from: &'static str,
    /// The sums of one row of `from`, but for the first column, `matches`.
    own: &'static str,
}

pub(super) const BATTING: Kind<24> = Kind {
    table: "batting_so_far",
    columns: [
        "matches", "innings", "runs", "balls", "fours", "sixes", "dots", "outs", "credited", "fifties", "hundreds",
        "early_balls", "early_runs", "early_dots", "early_fours", "early_sixes", "early_outs", "late_balls", "late_runs",
        "late_dots", "late_fours", "late_sixes", "late_outs", "highest",
    ],
    from: "batting",
    own: "1, runs, balls, fours, sixes, dots, out, credited, runs BETWEEN 50 AND 99, runs >= 100, early_balls, early_runs,
          early_dots, early_fours, early_sixes, early_outs, late_balls, late_runs, late_dots, late_fours, late_sixes,
          late_outs, 2 * runs + 1 - out",
};

pub(super) const BOWLING: Kind<19> = Kind {
    table: "bowling_so_far",
    columns: [
        "matches",
        "innings",
        "balls",
        "runs",
        "wickets",
        "dots",
        "faced",
        "bat",
        "four_fors",
        "five_fors",
        "early_balls",
        "early_runs",
        "early_wickets",
        "early_dots",
        "late_balls",
        "late_runs",
        "late_wickets",
        "late_dots",
        "best",
    ],
    from: "bowling",
    own: "1, balls, runs, wickets, dots, faced, bat, wickets = 4, wickets >= 5, early_balls, early_runs, early_wickets,
          early_dots, late_balls, late_runs, late_wickets, late_dots, 10000 * wickets + 9999 - runs",
};

/// The sums of one innings, in the columns of [`BATTING`]; it counts as a match.
pub(super) fn batting(innings: &BattingTally) -> [u32; 24] {
    let runs = innings.sum(|part| part.runs);
    let [early, _, late] = &innings.parts;
    [
        1,
        1,
        runs,
        innings.sum(|part| part.balls),
        innings.sum(|part| part.fours),
        innings.sum(|part| part.sixes),
        innings.sum(|part| part.dots),
        u32::from(innings.out),
        u32::from(innings.credited),
        u32::from((50..100).contains(&runs)),
        u32::from(runs >= 100),
        early.balls,
        early.runs,
        early.dots,
        early.fours,
        early.sixes,
        early.outs,
        late.balls,
        late.runs,
        late.dots,
        late.fours,
        late.sixes,
        late.outs,
        2 * runs + u32::from(!innings.out),
    ]
}

/// The sums of one innings, in the columns of [`BOWLING`]; it counts as a match.
pub(super) fn bowling(innings: &BowlingTally) -> [u32; 19] {
    let (runs, wickets) = (innings.sum(|part| part.runs), innings.sum(|part| part.wickets));
    let [early, _, late] = &innings.parts;
    [
        1,
        1,
        innings.sum(|part| part.balls),
        runs,
        wickets,
        innings.sum(|part| part.dots),
        innings.faced,
        innings.bat,
        u32::from(wickets == 4),
        u32::from(wickets >= 5),
        early.balls,
        early.runs,
        early.wickets,
        early.dots,
        late.balls,
        late.runs,
        late.wickets,
        late.dots,
        (10_000 * wickets + 9999).saturating_sub(runs),
    ]
}

/// Adds sums of more innings; of the last column, the greater stays.
fn add<const N: usize>(sums: &mut [u32; N], more: &[u32; N]) {
    for (at, (sum, more)) in sums.iter_mut().zip(more).enumerate() {
        *sum = if at + 1 == N { (*sum).max(*more) } else { *sum + more };
    }
}

/// As [`add`], of another innings of the same match.
pub(super) fn add_innings<const N: usize>(sums: &mut [u32; N], more: &[u32; N]) {
    let matches = sums[0].max(more[0]);
    add(sums, more);
    sums[0] = matches;
}

/// The statements of a table of running sums.
pub(super) struct Sql {
    until: String,
    insert: String,
    later: String,
    clear: String,
    again: String,
}

pub(super) static BATTING_SQL: LazyLock<Sql> = LazyLock::new(|| Sql::of(&BATTING));
pub(super) static BOWLING_SQL: LazyLock<Sql> = LazyLock::new(|| Sql::of(&BOWLING));

impl Sql {
    fn of<const N: usize>(kind: &Kind<N>) -> Self {
        let Kind { table, columns, from, own } = kind;
        let places: String =
            (1..=N + 3).map(|place| if place == 1 { "?".to_owned() } else { ", ?".to_owned() }).collect();
        let mut sets = String::new();
        for (at, column) in columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let place = at + 4;
            // Writing to a string cannot fail.
            let _ = if at + 1 == N {
                write!(sets, "{comma}{column} = max({column}, ?{place})")
            } else {
                write!(sets, "{comma}{column} = {column} + ?{place}")
            };
        }
        let key = "WHERE person = ?1 AND class = ?2";
        Self {
            until: format!(
                "SELECT day, {} FROM {table} {key} AND day <= ?3 ORDER BY day DESC LIMIT 1",
                columns.join(", ")
            ),
            insert: format!("INSERT OR REPLACE INTO {table} VALUES ({places})"),
            later: format!("UPDATE {table} SET {sets} {key} AND day >= ?3"),
            clear: format!("DELETE FROM {table} {key} AND day >= ?3"),
            again: format!("SELECT day, match, {own} FROM {from} {key} AND day >= ?3 ORDER BY day, match, innings"),
        }
    }

    /// Adds the sums of a match before the last that is held.
    fn add_late<const N: usize>(
        &self,
        store: &Connection,
        person: i64,
        class: u8,
        day: u32,
        own: &[u32; N],
    ) -> rusqlite::Result<()> {
        let before = self.until::<N>(store, person, class, day)?;
        if before.is_none_or(|(found, _)| found < day) {
            let sums = before.map_or([0; N], |(_, sums)| sums);
            bind(store.prepare_cached(&self.insert)?, person, class, day, &sums)?;
        }
        bind(store.prepare_cached(&self.later)?, person, class, day, own)
    }

    /// The last row of a day or before.
    fn until<const N: usize>(
        &self,
        store: &Connection,
        person: i64,
        class: u8,
        day: u32,
    ) -> rusqlite::Result<Option<(u32, [u32; N])>> {
        store
            .prepare_cached(&self.until)?
            .query_row((person, class, day), |row| {
                let mut sums = [0; N];
                for (at, sum) in sums.iter_mut().enumerate() {
                    *sum = row.get(at + 1)?;
                }
                Ok((row.get(0)?, sums))
            })
            .optional()
    }
}

/// The last row of each person and class met.
pub(super) struct LastRows<const N: usize>(HashMap<(i64, u8), (u32, [u32; N])>);

impl<const N: usize> Default for LastRows<N> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<const N: usize> LastRows<N> {
    /// Adds the sums of a match.
    pub(super) fn add(
        &mut self,
        store: &Connection,
        sql: &Sql,
        person: i64,
        class: u8,
        day: u32,
        own: &[u32; N],
    ) -> rusqlite::Result<()> {
        let last = match self.0.get(&(person, class)) {
            Some(last) => Some(*last),
            None => sql.until(store, person, class, u32::MAX)?,
        };
        if last.is_some_and(|(late, _)| late > day) {
            self.0.remove(&(person, class));
            return sql.add_late(store, person, class, day, own);
        }
        let mut sums = last.map_or([0; N], |(_, sums)| sums);
        add(&mut sums, own);
        bind(store.prepare_cached(&sql.insert)?, person, class, day, &sums)?;
        self.0.insert((person, class), (day, sums));
        Ok(())
    }

    /// Makes the rows of a day and later again from the innings held.
    pub(super) fn make_again(
        &mut self,
        store: &Connection,
        sql: &Sql,
        person: i64,
        class: u8,
        day: u32,
    ) -> rusqlite::Result<()> {
        self.0.remove(&(person, class));
        store.prepare_cached(&sql.clear)?.execute((person, class, day))?;
        let mut sums = sql.until(store, person, class, day)?.map_or([0; N], |(_, sums)| sums);
        let mut query = store.prepare_cached(&sql.again)?;
        let mut rows = query.query((person, class, day))?;
        let mut now: Option<(u32, i64)> = None;
        while let Some(row) = rows.next()? {
            let next: (u32, i64) = (row.get(0)?, row.get(1)?);
            if let Some((day, _)) = now.filter(|(day, _)| *day != next.0) {
                bind(store.prepare_cached(&sql.insert)?, person, class, day, &sums)?;
            }
            let mut own = [0; N];
            own[0] = u32::from(now != Some(next));
            for (at, sum) in own.iter_mut().enumerate().skip(1) {
                *sum = row.get(at + 1)?;
            }
            add(&mut sums, &own);
            now = Some(next);
        }
        if let Some((day, _)) = now {
            bind(store.prepare_cached(&sql.insert)?, person, class, day, &sums)?;
        }
        Ok(())
    }
}

/// What a person had before a day: the last row before it of each class, added up.
pub(crate) struct Before<const N: usize>(LazyLock<String>);

/// In the columns of [`BATTING`].
pub(crate) static BATTING_BEFORE: Before<{ BATTING.columns.len() }> = Before(LazyLock::new(|| before(&BATTING)));
/// In the columns of [`BOWLING`].
pub(crate) static BOWLING_BEFORE: Before<{ BOWLING.columns.len() }> = Before(LazyLock::new(|| before(&BOWLING)));

fn before<const N: usize>(kind: &Kind<N>) -> String {
    let (columns, table) = (kind.columns.join(", "), kind.table);
    format!("SELECT {columns} FROM {table} WHERE person = ?1 AND class = ?2 AND day < ?3 ORDER BY day DESC LIMIT 1")
}

impl<const N: usize> Before<N> {
    pub(crate) fn read(
        &self,
        store: &Connection,
        person: i64,
        classes: (u8, u8),
        day: u32,
    ) -> rusqlite::Result<Option<[u32; N]>> {
        let mut query = store.prepare_cached(&self.0)?;
        let mut all: Option<[u32; N]> = None;
        for class in classes.0..=classes.1 {
            let mut rows = query.query((person, class, day))?;
            let Some(row) = rows.next()? else { continue };
            let mut sums = [0; N];
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = row.get(at)?;
            }
            add(all.get_or_insert([0; N]), &sums);
        }
        Ok(all)
    }
}

fn bind<const N: usize>(
    mut statement: CachedStatement<'_>,
    person: i64,
    class: u8,
    day: u32,
    sums: &[u32; N],
) -> rusqlite::Result<()> {
    let key = [person, i64::from(class), i64::from(day)];
    statement.execute(params_from_iter(key.into_iter().chain(sums.iter().map(|sum| i64::from(*sum)))))?;
    Ok(())
}
