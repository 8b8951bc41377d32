//! The stage `prepare`: archive → moments → rows, without completions.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{
    DataError,
    counts::Counts,
    draw::{Draw, Drawn},
    pipeline,
    rates::Rates,
    recipe::Recipe,
    rows::{self, Writer},
    split::{Split, SplitFile, Splits},
    tally::{Seen, Tally},
};
use crate::progress::Progress;

/// What stays usable when writing fails.
const KEPT: &str = "counts.json, so that the next run need not count again";

/// What a run of the stage made, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Always `vachak.prepare/1`.
    pub schema: String,
    /// The recipe as used.
    pub recipe: Recipe,
    /// The seed.
    pub seed: u64,
    /// The source, as a whole path.
    pub source: PathBuf,
    /// The version of the prompts.
    pub prompt_version: u32,
    /// Matches read.
    pub matches: u64,
    /// Files of the source that are no matches.
    pub bad_files: u64,
    /// Balls looked at.
    pub moments: u64,
    /// Rows wanted.
    pub wanted: u64,
    /// Rows made.
    pub rows: u64,
    /// Rows whose prompt, persona and kind an earlier row of the same split has too; they are kept.
    pub duplicates: u64,
    /// Rows of each split.
    pub splits: BTreeMap<Split, Tally>,
    /// Matches of each split.
    pub split_matches: BTreeMap<Split, u64>,
    /// Seconds that counting took; next to nothing where the source was counted before.
    pub counting_seconds: f64,
    /// Seconds that drawing and writing took.
    pub drawing_seconds: f64,
    /// Balls looked at a second, counting and drawing together.
    pub moments_per_second: f64,
    /// Rows made a second while drawing.
    pub rows_per_second: f64,
}

/// Makes `train.jsonl.zst`, `valid.jsonl.zst`, `test.jsonl.zst`, `split.json` and `summary.json` in `out`, and keeps
/// `counts.json` there. The same recipe, seed and source give the same rows, on any number of cores; nothing is under its
/// name before all of it is whole.
///
/// # Errors
/// [`DataError`]; each says what happened, where, and what to do.
pub fn run(
    recipe: &Recipe,
    seed: u64,
    source: &Path,
    out: &Path,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Summary, DataError> {
    recipe.validate()?;
    let people = recipe.people()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    fs::create_dir_all(out).map_err(DataError::write(out, "nothing"))?;
    let begun = Instant::now();
    let counts = Counts::of(source, &out.join("counts.json"), threads, progress, cancel)?;
    let counting_seconds = begun.elapsed().as_secs_f64();
    let splits = Splits::deal(&counts.matches, recipe.split, seed);
    let mut split_matches: BTreeMap<Split, u64> = Split::ALL.into_iter().map(|split| (split, 0)).collect();
    for entry in splits.series() {
        *split_matches.entry(entry.split).or_default() += entry.matches.len() as u64;
    }
    if split_matches.get(&Split::Train) == Some(&0) {
        return Err(DataError::NothingToTrainOn { seasons: recipe.split.test_seasons });
    }
    let rates = Rates::solve(recipe, &counts)?;
    if rates.expected < recipe.rows as f64 * 0.98 {
        progress.note(&format!("the source gives about {:.0} rows of the {} wanted", rates.expected, recipe.rows));
    }
    progress.note("drawing rows");
    let drawing = Instant::now();
    let draw = Draw { recipe, people, rates, splits: &splits, seed };
    let mut files = Files::create(out)?;
    pipeline::each(
        source,
        threads,
        progress,
        cancel,
        |name, content| draw.of(name, content),
        |drawn| match drawn {
            Ok(drawn) => files.add(&drawn),
            Err(_) => Ok(()),
        },
    )?;
    let drawing_seconds = drawing.elapsed().as_secs_f64();
    let rows: u64 = files.tallies.values().map(|tally| tally.rows).sum();
    let summary = Summary {
        schema: "vachak.prepare/1".to_owned(),
        recipe: recipe.clone(),
        seed,
        source: fs::canonicalize(source).map_err(DataError::read(source))?,
        prompt_version: recipe.layout.version(),
        matches: counts.matches.len() as u64,
        bad_files: counts.bad.len() as u64,
        moments: files.moments,
        wanted: recipe.rows,
        rows,
        duplicates: files.duplicates,
        splits: files.tallies.clone(),
        split_matches: split_matches.clone(),
        counting_seconds,
        drawing_seconds,
        moments_per_second: files.moments as f64 / (counting_seconds + drawing_seconds).max(1e-9),
        rows_per_second: rows as f64 / drawing_seconds.max(1e-9),
    };
    files.finish()?;
    let split =
        SplitFile { schema: "vachak.split/1".to_owned(), matches: split_matches, series: splits.series().to_vec() };
    rows::write_json(&out.join("split.json"), &split, KEPT)?;
    rows::write_json(&out.join("summary.json"), &summary, KEPT)?;
    progress.note(&format!(
        "{} moments of {} matches at {:.0} a second; {} rows at {:.0} a second",
        summary.moments, summary.matches, summary.moments_per_second, summary.rows, summary.rows_per_second
    ));
    Ok(summary)
}

/// The files in the making.
struct Files {
    writers: BTreeMap<Split, Writer>,
    tallies: BTreeMap<Split, Tally>,
    seen: BTreeMap<Split, Seen>,
    moments: u64,
    duplicates: u64,
}

impl Files {
    fn create(out: &Path) -> Result<Self, DataError> {
        let mut files = Self {
            writers: BTreeMap::new(),
            tallies: BTreeMap::new(),
            seen: BTreeMap::new(),
            moments: 0,
            duplicates: 0,
        };
        for split in Split::ALL {
            let path = out.join(format!("{}.jsonl.zst", split.name()));
            files.writers.insert(split, Writer::create(&path, KEPT)?);
            files.tallies.insert(split, Tally::default());
        }
        Ok(files)
    }

    fn add(&mut self, drawn: &Drawn) -> Result<(), DataError> {
        self.moments += drawn.moments;
        self.tallies.entry(drawn.split).or_default().merge(&drawn.tally);
        let seen = self.seen.entry(drawn.split).or_default();
        self.duplicates += drawn.prints.iter().filter(|print| !seen.add(**print)).count() as u64;
        match self.writers.get_mut(&drawn.split) {
            Some(writer) => writer.add_lines(&drawn.lines),
            None => Ok(()),
        }
    }

    /// All files are whole before the first gets its name.
    fn finish(mut self) -> Result<(), DataError> {
        self.writers.values_mut().try_for_each(Writer::close)?;
        self.writers.into_values().try_for_each(Writer::finish)
    }
}
