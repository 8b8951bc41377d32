//! Everybody's sums in a season of a competition, packed in 26 bytes each, in the order of their numbers: the person's
//! number (four bytes), then eleven sums of two bytes each, all little-endian: batting innings, runs, balls faced, fours,
//! sixes, dismissals; bowling innings, legal balls, runs conceded, wickets; matches.
//!
//! A season's sums stay far below 65,535; a sum beyond it stays there.

use rusqlite::{Connection, OptionalExtension};

use crate::figures::Figures;

/// Bytes of one person.
const BYTES: usize = 26;

/// A season's sums of everybody, ordered by number.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Standing(pub(crate) Vec<Standings>);

/// One person's sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standings {
    pub(crate) person: u32,
    sums: [u16; 11],
}

impl Standings {
    pub(crate) fn batting_innings(&self) -> u32 {
        self.sum(0)
    }

    pub(crate) fn runs(&self) -> u32 {
        self.sum(1)
    }

    pub(crate) fn faced(&self) -> u32 {
        self.sum(2)
    }

    pub(crate) fn fours(&self) -> u32 {
        self.sum(3)
    }

    pub(crate) fn sixes(&self) -> u32 {
        self.sum(4)
    }

    pub(crate) fn dismissals(&self) -> u32 {
        self.sum(5)
    }

    pub(crate) fn bowling_innings(&self) -> u32 {
        self.sum(6)
    }

    pub(crate) fn balls(&self) -> u32 {
        self.sum(7)
    }

    pub(crate) fn conceded(&self) -> u32 {
        self.sum(8)
    }

    pub(crate) fn wickets(&self) -> u32 {
        self.sum(9)
    }

    pub(crate) fn matches(&self) -> u32 {
        self.sum(10)
    }

    fn sum(&self, at: usize) -> u32 {
        self.sums.get(at).copied().map_or(0, u32::from)
    }

    fn is_empty(&self) -> bool {
        self.batting_innings() == 0 && self.bowling_innings() == 0
    }

    /// Reads all people of a row.
    pub(crate) fn all(bytes: &[u8]) -> impl Iterator<Item = Self> + '_ {
        bytes.chunks_exact(BYTES).map(|record| {
            let mut sums = [0; 11];
            for (sum, two) in sums.iter_mut().zip(record[4..].chunks_exact(2)) {
                *sum = u16::from_le_bytes([two[0], two[1]]);
            }
            Self { person: u32::from_le_bytes([record[0], record[1], record[2], record[3]]), sums }
        })
    }
}

impl Standing {
    /// A match's own sums.
    pub(super) fn of(figures: &Figures, people: &[i64]) -> Self {
        let mut own = Self::default();
        let person = |place: &u8| people.get(usize::from(*place)).and_then(|no| u32::try_from(*no).ok());
        for ((place, _), innings) in &figures.batting {
            let batting = [
                1,
                innings.sum(|part| part.runs),
                innings.sum(|part| part.balls),
                innings.sum(|part| part.fours),
                innings.sum(|part| part.sixes),
                u32::from(innings.out),
            ];
            own.0.extend(person(place).map(|person| Standings::new(person, 0, &batting)));
        }
        for ((place, _), innings) in &figures.bowling {
            let bowling =
                [1, innings.sum(|part| part.balls), innings.sum(|part| part.runs), innings.sum(|part| part.wickets)];
            own.0.extend(person(place).map(|person| Standings::new(person, 6, &bowling)));
        }
        own.settle();
        own
    }

    /// Adds a match's own sums to the row of its day, made if new, and to all later rows of the season.
    pub(super) fn add_to(&self, store: &Connection, contest: i64, class: u8, day: u32) -> rusqlite::Result<()> {
        let before: Option<(u32, u32, Vec<u8>)> = store
            .prepare_cached(
                "SELECT day, matches, people FROM standing WHERE contest = ?1 AND class = ?2 AND day <= ?3 ORDER BY day DESC LIMIT 1",
            )?
            .query_row((contest, class, day), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        if before.as_ref().is_none_or(|(found, ..)| *found < day) {
            let (matches, people) = before.map(|(_, matches, people)| (matches, people)).unwrap_or_default();
            store
                .prepare_cached("INSERT INTO standing VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute((contest, class, day, matches, people))?;
        }
        self.change(store, contest, class, day, 1, u16::saturating_add)
    }

    /// Takes a match's own sums out of the row of its day and of all later rows of the season.
    pub(super) fn take_from(&self, store: &Connection, contest: i64, class: u8, day: u32) -> rusqlite::Result<()> {
        self.change(store, contest, class, day, -1, u16::saturating_sub)
    }

    fn change(
        &self,
        store: &Connection,
        contest: i64,
        class: u8,
        day: u32,
        matches: i32,
        by: fn(u16, u16) -> u16,
    ) -> rusqlite::Result<()> {
        let rows: Vec<(i64, Vec<u8>)> = store
            .prepare_cached("SELECT rowid, people FROM standing WHERE contest = ?1 AND class = ?2 AND day >= ?3")?
            .query_map((contest, class, day), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (row, people) in rows {
            let mut all = Self(Standings::all(&people).collect());
            for own in &self.0 {
                match all.0.binary_search_by_key(&own.person, |one| one.person) {
                    Ok(at) => {
                        if let Some(one) = all.0.get_mut(at) {
                            one.change(own, by);
                        }
                    }
                    Err(at) => all.0.insert(at, *own),
                }
            }
            all.0.retain(|one| !one.is_empty());
            store
                .prepare_cached("UPDATE standing SET people = ?2, matches = matches + ?3 WHERE rowid = ?1")?
                .execute((row, all.packed(), matches))?;
        }
        Ok(())
    }

    /// Orders people by number, each once, with one match.
    pub(super) fn settle(&mut self) {
        self.0.sort_by_key(|one| one.person);
        self.0.dedup_by(|next, one| {
            let same = next.person == one.person;
            if same {
                one.change(next, u16::saturating_add);
            }
            same
        });
        for one in &mut self.0 {
            one.sums[10] = 1;
        }
    }

    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * BYTES);
        for one in &self.0 {
            bytes.extend_from_slice(&one.person.to_le_bytes());
            bytes.extend(one.sums.iter().flat_map(|sum| sum.to_le_bytes()));
        }
        bytes
    }
}

impl Standings {
    /// Sums from a place on.
    pub(super) fn new(person: u32, from: usize, values: &[u32]) -> Self {
        let mut sums = [0; 11];
        for (sum, value) in sums.iter_mut().skip(from).zip(values) {
            *sum = u16::try_from(*value).unwrap_or(u16::MAX);
        }
        Self { person, sums }
    }

    fn change(&mut self, own: &Self, by: fn(u16, u16) -> u16) {
        for (sum, own) in self.sums.iter_mut().zip(&own.sums) {
            *sum = by(*sum, *own);
        }
    }
}
