//! How often each outcome follows each situation in real cricket: the table, its file, and the chances drawn from it.

use std::{collections::BTreeMap, fmt::Write as _, sync::LazyLock};

use serde::Deserialize;

use super::{Cell, Format, Gender, Outcome, Situation};

/// Real frequencies by format and gender, in deliveries counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frequencies(BTreeMap<(Format, Gender), FormatFrequencies>);

/// The frequencies of one format and gender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatFrequencies {
    /// Matches measured.
    pub matches: u32,
    /// First and last day of play among them, `YYYY-MM-DD`.
    pub days: (String, String),
    /// Deliveries whose outcome is none of [`Outcome::ALL`]; not in the cells.
    pub other: u32,
    /// Deliveries by cell and outcome.
    counts: Vec<[u32; Outcome::COUNT]>,
}

impl Default for FormatFrequencies {
    fn default() -> Self {
        Self {
            matches: 0,
            days: (String::new(), String::new()),
            other: 0,
            counts: vec![[0; Outcome::COUNT]; Cell::COUNT],
        }
    }
}

impl FormatFrequencies {
    /// Counts one match, played on a day.
    pub fn add_match(&mut self, day: &str) {
        if self.matches == 0 || *day < *self.days.0 {
            day.clone_into(&mut self.days.0);
        }
        if self.matches == 0 || *day > *self.days.1 {
            day.clone_into(&mut self.days.1);
        }
        self.matches += 1;
    }

    /// Counts one delivery; `None` is an outcome the simulator does not know.
    pub fn add_ball(&mut self, cell: Cell, outcome: Option<Outcome>) {
        match outcome.and_then(Outcome::column) {
            Some(column) => self.counts[cell.index()][column] += 1,
            None => self.other += 1,
        }
    }

    /// Deliveries counted for a cell, by the columns of [`Outcome::ALL`].
    pub fn counts(&self, cell: Cell) -> &[u32; Outcome::COUNT] {
        &self.counts[cell.index()]
    }

    /// Deliveries with a known outcome.
    pub fn balls(&self) -> u64 {
        self.counts.iter().flatten().map(|count| u64::from(*count)).sum()
    }
}

/// The bundled table or a measured one cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FrequenciesError {
    /// Not TOML, or not of this shape.
    #[error("the frequencies cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// Made by another version, with other columns, cells, formats or genders.
    #[error(
        "the frequencies hold {what} that this version does not know: '{name}'; hint: measure them again with `vachak archive frequencies`"
    )]
    Unknown {
        /// A column, a cell, a format or a gender.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    outcomes: Vec<String>,
    #[serde(default)]
    t20: BTreeMap<String, Section>,
    #[serde(default)]
    odi: BTreeMap<String, Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    matches: u32,
    first_day: String,
    last_day: String,
    other: u32,
    cells: BTreeMap<String, Vec<u32>>,
}

const HEADER: &str = "\
# How often each outcome of a ball follows each situation, in deliveries counted.
# Contains data from Cricsheet (https://cricsheet.org), ODC-BY 1.0.
# Counted: matches of the full number of overs, six balls an over, decided without D/L or the like; T20 is league
# cricket, ODI is ODIs and other fifty-over matches; super overs are left out.
# A cell is the innings (first, chase), the phase, wickets fallen, and in a chase the runs needed an over.
# `other` counts deliveries whose outcome is none of the columns; they are in no cell.
";

impl Frequencies {
    /// The table bundled with this crate.
    #[expect(clippy::expect_used, reason = "bundled data that a test of this module reads: no input can break it")]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Frequencies> = LazyLock::new(|| {
            Frequencies::from_toml(include_str!("../../data/frequencies.toml"))
                .expect("the bundled frequencies are sound")
        });
        &BUILTIN
    }

    /// The frequencies of a format and gender, if measured.
    pub fn get(&self, format: Format, gender: Gender) -> Option<&FormatFrequencies> {
        self.0.get(&(format, gender))
    }

    /// The same, to count into.
    pub fn entry(&mut self, format: Format, gender: Gender) -> &mut FormatFrequencies {
        self.0.entry((format, gender)).or_default()
    }

    /// Reads the file that [`Frequencies::to_toml`] writes.
    ///
    /// # Errors
    /// Text of another shape, or columns and cells of another version.
    pub fn from_toml(text: &str) -> Result<Self, FrequenciesError> {
        let file: File = toml::from_str(text)?;
        let unknown = |what, name: &str| FrequenciesError::Unknown { what, name: name.to_owned() };
        for (place, name) in file.outcomes.iter().enumerate() {
            if Outcome::ALL.get(place).is_none_or(|outcome| outcome.to_string() != *name) {
                return Err(unknown("an outcome", name));
            }
        }
        let mut table = Self::default();
        for (format, sections) in [(Format::T20, file.t20), (Format::Odi, file.odi)] {
            for (gender, section) in sections {
                let gender = [Gender::Female, Gender::Male]
                    .into_iter()
                    .find(|known| known.name() == gender)
                    .ok_or_else(|| unknown("a gender", &gender))?;
                let into = table.entry(format, gender);
                into.matches = section.matches;
                into.days = (section.first_day, section.last_day);
                into.other = section.other;
                for (name, counts) in section.cells {
                    let cell = Cell::all()
                        .find(|cell| cell.name(format).to_string() == name)
                        .ok_or_else(|| unknown("a cell", &name))?;
                    into.counts[cell.index()] =
                        counts.try_into().map_err(|_| unknown("a row of another length", &name))?;
                }
            }
        }
        Ok(table)
    }

    /// The table as a file, headed by its source and by the command that made it.
    pub fn to_toml(&self, made_by: &str) -> String {
        let mut text = HEADER.to_owned();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# Made by: {made_by}");
        let columns: Vec<_> = Outcome::ALL.iter().map(|outcome| format!("\"{outcome}\"")).collect();
        let _ = writeln!(text, "outcomes = [{}]", columns.join(", "));
        for ((format, gender), section) in &self.0 {
            let name = match format {
                Format::T20 => "t20",
                Format::Odi => "odi",
            };
            let _ = writeln!(text, "\n[{name}.{}]\nmatches = {}", gender.name(), section.matches);
            let _ = writeln!(text, "first_day = \"{}\"\nlast_day = \"{}\"", section.days.0, section.days.1);
            let _ = writeln!(text, "other = {}\n\n[{name}.{}.cells]", section.other, gender.name());
            for cell in Cell::all() {
                let counts: Vec<_> = section.counts(cell).iter().map(u32::to_string).collect();
                let _ = writeln!(text, "\"{}\" = [{}]", cell.name(*format), counts.join(", "));
            }
        }
        text
    }

    /// The chances of a format and gender, smoothed; flat zero where nothing was measured.
    pub(crate) fn chances(&self, format: Format, gender: Gender) -> Chances {
        self.get(format, gender).map_or_else(|| Chances::new(&FormatFrequencies::default()), Chances::new)
    }
}

/// The chance of each outcome by cell.
#[derive(Debug, Clone)]
pub(crate) struct Chances {
    by_cell: Vec<[f64; Outcome::COUNT]>,
    /// The shares in each cell's phase, whatever the wickets and the target.
    by_phase: Vec<[f64; Outcome::COUNT]>,
}

/// Deliveries of a wider cell that weigh as much as the cell's own: rare cells lean on the wider one, common ones hardly.
const PRIOR_BALLS: f64 = 100.0;

impl Chances {
    fn new(counted: &FormatFrequencies) -> Self {
        let mut chances = vec![[0.0; Outcome::COUNT]; Cell::COUNT];
        // `Cell::all` gives the setting side's cells first, on which the chase's lean.
        for cell in Cell::all() {
            let prior = match cell.wider() {
                Some(wider) => chances[wider.index()],
                None => shares(counted, cell.other_wickets()),
            };
            let counts = counted.counts(cell);
            let balls: f64 = counts.iter().map(|count| f64::from(*count)).sum();
            for (chance, (count, prior)) in chances[cell.index()].iter_mut().zip(counts.iter().zip(prior)) {
                *chance = (f64::from(*count) + PRIOR_BALLS * prior) / (balls + PRIOR_BALLS);
            }
        }
        let by_phase = Cell::all().map(|cell| shares(counted, cell.same_phase())).collect();
        Self { by_cell: chances, by_phase }
    }

    /// The chances in a cell; they add up to 1.
    pub(super) fn of(&self, cell: Cell) -> &[f64; Outcome::COUNT] {
        &self.by_cell[cell.index()]
    }

    /// The shares of outcomes in a cell's phase, whatever the wickets and the target.
    pub(crate) fn usual(&self, cell: Cell) -> [f64; Outcome::COUNT] {
        self.by_phase[cell.index()]
    }

    /// The chances of the next ball; `None` where there is no ball to bowl. Off a free hit nobody is out but run out: the
    /// other outcomes keep their proportions, and the sum is below 1.
    pub(crate) fn at(&self, situation: &Situation, free_hit: bool) -> Option<[f64; Outcome::COUNT]> {
        let mut chances = *self.of(Cell::of(situation)?);
        if free_hit {
            for (chance, outcome) in chances.iter_mut().zip(Outcome::ALL) {
                if outcome.dismissal().is_some_and(|kind| kind.is_bowlers()) {
                    *chance = 0.0;
                }
            }
        }
        Some(chances)
    }
}

/// The shares of outcomes in some cells together.
fn shares(counted: &FormatFrequencies, cells: impl Iterator<Item = Cell>) -> [f64; Outcome::COUNT] {
    let mut shares = [0.0; Outcome::COUNT];
    for counts in cells.map(|cell| counted.counts(cell)) {
        for (share, count) in shares.iter_mut().zip(counts) {
            *share += f64::from(*count);
        }
    }
    let balls: f64 = shares.iter().sum();
    shares.map(|share| share / balls.max(1.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_bundled_table_reads_and_every_chance_row_adds_up_to_one() {
        for (format, gender) in
            [Format::T20, Format::Odi].into_iter().flat_map(|f| [(f, Gender::Female), (f, Gender::Male)])
        {
            assert!(Frequencies::builtin().get(format, gender).unwrap().balls() > 100_000);
            let chances = Frequencies::builtin().chances(format, gender);
            for cell in Cell::all() {
                let sum: f64 = chances.of(cell).iter().sum();
                assert!((sum - 1.0).abs() < 1e-9, "{}: {sum}", cell.name(format));
            }
        }
    }

    #[test]
    fn a_table_written_reads_back_the_same() {
        let table = Frequencies::builtin();
        assert_eq!(Frequencies::from_toml(&table.to_toml("a test")).unwrap(), *table);
    }

    #[test]
    fn a_table_with_a_cell_of_another_version_says_which() {
        let text = Frequencies::builtin().to_toml("a test").replacen("first middle 0-2", "first middle 0-4", 1);
        let error = Frequencies::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains("'first middle 0-4'") && error.contains("hint:"), "{error}");
    }

    #[test]
    fn every_cell_has_its_own_place_and_name() {
        let places: Vec<_> = Cell::all().map(Cell::index).collect();
        assert_eq!(places, (0..Cell::COUNT).collect::<Vec<_>>());
        let names: std::collections::BTreeSet<_> = Cell::all().map(|cell| cell.name(Format::T20).to_string()).collect();
        assert_eq!(names.len(), Cell::COUNT);
    }
}
