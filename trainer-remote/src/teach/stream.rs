//! Rows beside the matches they were made from: both in one order, a bounded number of matches at a time.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use commentary::Moment;

use super::{
    Error, Inputs,
    rows::{RowReader, SPLITS},
};
use crate::{
    data::replay::{Played, each_bowled},
    row::Row,
};

/// Swaps names and numbers of a match by a seed, exactly as they were swapped when its rows were prepared.
pub type Reform<'a> = &'a (dyn Fn(&mut Played, u64) + Sync);

/// As many matches are held at once for each thread.
const MATCHES_A_THREAD: usize = 16;
/// And not many more rows than this, whatever the matches.
const ROWS_AT_ONCE: usize = 8192;

/// A match and its rows.
pub(super) struct Job {
    /// Which of [`SPLITS`].
    pub(super) split: usize,
    /// Its rows, in the file's order.
    pub(super) rows: Vec<Row>,
    name: String,
    content: Vec<u8>,
}

/// Visits all rows with their matches, some matches at a time, in the source's order.
pub(super) fn each_batch(
    inputs: &Inputs<'_>,
    mut visit: impl FnMut(Vec<Job>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut readers = Vec::new();
    for split in SPLITS {
        readers.push(RowReader::open(inputs.rows, split)?);
    }
    let most = inputs.threads() * MATCHES_A_THREAD;
    let mut batch: Vec<Job> = Vec::new();
    let mut done = 0;
    if readers.iter().any(|reader| reader.match_id().is_some()) {
        stats::each_match(inputs.source, |file| -> Result<(), Error> {
            if inputs.cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            inputs.progress.total(file.total, "of the source");
            inputs.progress.advance(file.done - done);
            done = file.done;
            let stem = Path::new(file.name).file_stem().unwrap_or_default().to_string_lossy();
            let wanted = readers.iter_mut().enumerate().find(|(_, reader)| reader.match_id() == Some(stem.as_ref()));
            let (Some((split, reader)), Ok(content)) = (wanted, file.content) else { return Ok(()) };
            let rows = reader.take_match()?;
            batch.push(Job { split, rows, name: file.name.to_owned(), content: content.to_vec() });
            if batch.len() >= most || batch.iter().map(|job| job.rows.len()).sum::<usize>() >= ROWS_AT_ONCE {
                visit(std::mem::take(&mut batch))?;
            }
            Ok(())
        })?;
    }
    if !batch.is_empty() {
        visit(batch)?;
    }
    match readers.iter().find_map(|reader| Some((reader, reader.match_id()?))) {
        None => Ok(()),
        Some((reader, match_id)) => Err(Error::Match {
            path: reader.path.clone(),
            match_id: match_id.to_owned(),
            source_path: inputs.source.to_owned(),
        }),
    }
}

impl Job {
    /// Forms the moments of the rows again and visits each row that has one, with its place among the rows.
    ///
    /// # Errors
    /// Why the match is none.
    pub(super) fn each_moment(
        &self,
        reform: Reform<'_>,
        mut visit: impl FnMut(usize, &Row, &Moment),
    ) -> Result<(), String> {
        let mut swaps: BTreeMap<Option<u64>, HashMap<&str, Vec<usize>>> = BTreeMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            swaps.entry(row.swap).or_default().entry(row.key.as_str()).or_default().push(index);
        }
        for (swap, wanted) in swaps {
            let mut played = Played::read(&self.name, &self.content)?;
            if let Some(seed) = swap {
                reform(&mut played, seed);
            }
            each_bowled(played, |bowled| {
                let Some(rows) = wanted.get(bowled.event.key.as_str()) else { return };
                let Some(moment) = bowled.moment() else { return };
                for index in rows {
                    visit(*index, &self.rows[*index], &moment);
                }
            });
        }
        Ok(())
    }
}

/// Whether a row's prompt is what is rendered for its moment today.
///
/// # Errors
/// Why it is not, in words.
pub(super) fn still_holds(row: &Row, moment: &Moment, persona: &commentary::Persona) -> Result<(), &'static str> {
    if row.prompt_version != row.layout.version() {
        return Err("made by another version of the renderer");
    }
    let prompt = commentary::render(moment, persona, row.kind, row.layout);
    if prompt.text == row.prompt { Ok(()) } else { Err("the match no longer gives this prompt") }
}

/// The same function over all items, on several threads; results in the items' order.
pub(super) fn in_parallel<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return mine };
            mine.push((index, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(items.len())).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                // A helper panics only where this thread would have, too.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
