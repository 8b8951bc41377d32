//! Train, valid, test: by match, all matches of a series and season together, the newest seasons for the test.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{DataError, counts::MatchEntry, dice, recipe::SplitRecipe};

/// A part of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// To learn from.
    Train,
    /// To watch the learning by.
    Valid,
    /// To judge by, once: the newest seasons.
    Test,
}

impl Split {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Train, Self::Valid, Self::Test];

    /// The name, such as `train`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        }
    }
}

/// Which match is in which part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Splits {
    by_match: HashMap<String, Split>,
    series: Vec<SeriesEntry>,
}

/// A series and season, as `split.json` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesEntry {
    /// Where all its matches are.
    pub split: Split,
    /// Its name; empty for a match that belongs to none, which then stands alone.
    pub series: String,
    /// Season as the files say.
    pub season: String,
    /// The year in which its last match began.
    pub year: u16,
    /// Its matches.
    pub matches: Vec<String>,
}

/// `split.json`: the series of each split with their matches, and how many of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitFile {
    /// Always `vachak.split/1`.
    pub schema: String,
    /// How many matches are in each split.
    pub matches: BTreeMap<Split, u64>,
    /// Every series.
    pub series: Vec<SeriesEntry>,
}

impl SplitFile {
    /// Reads the file that `prepare` made.
    ///
    /// # Errors
    /// [`DataError`] where it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let bytes = fs::read(path).map_err(DataError::read(path))?;
        serde_json::from_slice(&bytes).map_err(|error| DataError::read(path)(io::Error::from(error)))
    }
}

impl Splits {
    /// Deals out the matches of a source. A series is in the test when its last match began in one of the newest years;
    /// the valid ones are drawn from the others by seed.
    pub fn deal(matches: &[MatchEntry], recipe: SplitRecipe, seed: u64) -> Self {
        let mut series: BTreeMap<(&str, &str, &str), SeriesEntry> = BTreeMap::new();
        for one in matches {
            let alone = if one.series.is_empty() { one.id.as_str() } else { "" };
            let entry = series.entry((&one.series, &one.season, alone)).or_insert_with(|| SeriesEntry {
                split: Split::Train,
                series: one.series.clone(),
                season: one.season.clone(),
                year: 0,
                matches: Vec::new(),
            });
            entry.year = entry.year.max(one.year);
            entry.matches.push(one.id.clone());
        }
        let mut years: Vec<u16> = series.values().map(|entry| entry.year).collect();
        years.sort_unstable_by(|one, other| other.cmp(one));
        years.dedup();
        let newest = &years[..years.len().min(recipe.test_seasons as usize)];
        let mut others: Vec<(u64, &mut SeriesEntry)> = Vec::new();
        for ((name, season, alone), entry) in &mut series {
            if newest.contains(&entry.year) {
                entry.split = Split::Test;
            } else {
                others.push((dice::draw(seed, &["valid", name, season, alone]), entry));
            }
        }
        others.sort_by_key(|(drawn, _)| *drawn);
        let share = (others.len() as f64 * recipe.valid).round() as usize;
        let valid = if recipe.valid > 0.0 && others.len() > 1 { share.max(1) } else { 0 };
        others.into_iter().take(valid).for_each(|(_, entry)| entry.split = Split::Valid);
        let series: Vec<SeriesEntry> = series.into_values().collect();
        let by_match = series.iter().flat_map(|entry| entry.matches.iter().map(|id| (id.clone(), entry.split)));
        Self { by_match: by_match.collect(), series }
    }

    /// The part of a match.
    pub fn of(&self, match_id: &str) -> Option<Split> {
        self.by_match.get(match_id).copied()
    }

    /// The series, by name and season.
    pub fn series(&self) -> &[SeriesEntry] {
        &self.series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches() -> Vec<MatchEntry> {
        let one = |id: usize, series: &str, season: &str, year| MatchEntry {
            id: format!("{id}"),
            series: series.to_owned(),
            season: season.to_owned(),
            year,
            balls: 240,
        };
        let mut all: Vec<_> = (0..200).map(|id| one(id, &format!("Cup {}", id % 40), "2020", 2020)).collect();
        // A season over new year, and matches without a series.
        all.extend((200..210).map(|id| one(id, "Winter League", "2020/21", if id < 205 { 2020 } else { 2021 })));
        all.extend([one(300, "", "2020", 2020), one(301, "", "2021", 2021)]);
        all
    }

    #[test]
    fn no_series_is_on_both_sides_and_the_newest_season_is_test() {
        let recipe = SplitRecipe { valid: 0.1, test_seasons: 1 };
        let splits = Splits::deal(&matches(), recipe, 7);
        let mut seen: HashMap<(&str, &str), Split> = HashMap::new();
        for one in matches().iter().filter(|one| !one.series.is_empty()) {
            let split = splits.of(&one.id);
            let series = splits.series().iter().find(|entry| entry.matches.contains(&one.id));
            assert_eq!(series.map(|entry| entry.split), split);
            let entry = series.map(|entry| (entry.series.as_str(), entry.season.as_str()));
            if let (Some(entry), Some(split)) = (entry, split) {
                assert_eq!(*seen.entry(entry).or_insert(split), split);
            }
        }
        assert!((200..210).all(|id| splits.of(&id.to_string()) == Some(Split::Test)));
        assert_eq!((splits.of("301"), splits.of("nowhere")), (Some(Split::Test), None));
        // 41 series are not test: 40 cups and a match alone.
        assert_eq!(splits.series().iter().filter(|entry| entry.split == Split::Valid).count(), 4);
        assert_eq!(splits, Splits::deal(&matches(), recipe, 7));
        assert_ne!(splits, Splits::deal(&matches(), recipe, 8));
    }
}
