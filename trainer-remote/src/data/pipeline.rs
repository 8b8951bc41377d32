//! The source as a stream through all cores: one thread reads, some work, and the caller takes the results in the
//! source's order. However large the source, only a few matches are in memory.

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use stats::{BadFile, SourceError, each_match};
use tokio_util::sync::CancellationToken;

use super::DataError;
use crate::progress::Progress;

/// Matches under way at most, a thread.
const UNDER_WAY: usize = 8;

struct Job {
    name: String,
    content: Result<Vec<u8>, String>,
    done: u64,
    total: u64,
}

struct Done<T> {
    outcome: Result<Result<T, BadFile>, Box<dyn Any + Send>>,
    done: u64,
    total: u64,
}

/// Why the reader stopped.
enum End {
    Source(SourceError),
    /// Cancelled, or nobody takes any more.
    Stopped,
}

impl From<SourceError> for End {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// Works on every match file of a source, in parallel, and hands the results over in the source's order. `work` gets a
/// file's name and content and says why it is none.
pub(super) fn each<T: Send>(
    source: &Path,
    threads: usize,
    progress: &dyn Progress,
    cancel: &CancellationToken,
    work: impl Fn(&str, &[u8]) -> Result<T, String> + Sync,
    mut take: impl FnMut(Result<T, BadFile>) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let threads = threads.max(1);
    let under_way = threads * UNDER_WAY;
    let (jobs_in, jobs) = mpsc::sync_channel::<Job>(under_way);
    let jobs = Mutex::new((0_u64, jobs));
    let (done_in, done) = mpsc::sync_channel::<(u64, Done<T>)>(under_way);
    // A permit is taken for each match that is read and given back when its turn to be taken has come.
    let (permits, permits_back) = mpsc::sync_channel::<()>(under_way);
    let unit =
        if source.is_dir() || source.extension().is_some_and(|ending| ending == "json") { "files" } else { "bytes" };
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            each_match::<End>(source, |file| {
                if cancel.is_cancelled() || permits.send(()).is_err() {
                    return Err(End::Stopped);
                }
                let content = file.content.map(<[u8]>::to_vec);
                let job = Job { name: file.name.to_owned(), content, done: file.done, total: file.total };
                jobs_in.send(job).map_err(|_| End::Stopped)
            })
        });
        for _ in 0..threads {
            let (jobs, work, done_in) = (&jobs, &work, done_in.clone());
            scope.spawn(move || {
                loop {
                    let (place, job) = {
                        let mut jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
                        let Ok(job) = jobs.1.recv() else { return };
                        let place = jobs.0;
                        jobs.0 += 1;
                        (place, job)
                    };
                    let Job { name, content, done, total } = job;
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        content.and_then(|content| work(&name, &content)).map_err(|reason| BadFile { name, reason })
                    }));
                    if done_in.send((place, Done { outcome, done, total })).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done_in);
        let taken = in_order(&done, &permits_back, progress, unit, &mut take);
        drop((done, permits_back));
        let read = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        taken?;
        match read {
            Ok(()) => Ok(()),
            Err(End::Source(error)) => Err(error.into()),
            Err(End::Stopped) => Err(DataError::Stopped),
        }
    })
}

fn in_order<T>(
    done: &mpsc::Receiver<(u64, Done<T>)>,
    permits: &mpsc::Receiver<()>,
    progress: &dyn Progress,
    unit: &str,
    take: &mut impl FnMut(Result<T, BadFile>) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let (mut waiting, mut due, mut told) = (BTreeMap::new(), 0, 0);
    for (place, result) in done {
        waiting.insert(place, result);
        while let Some(next) = waiting.remove(&due) {
            if due == 0 {
                progress.total(next.total, unit);
            }
            due += 1;
            // The reader took it before it sent the match.
            let _ = permits.recv();
            take(next.outcome.unwrap_or_else(|panic| resume_unwind(panic)))?;
            progress.advance(next.done.saturating_sub(told));
            told = next.done;
        }
    }
    Ok(())
}
