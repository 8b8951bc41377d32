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
    read: u64,
    total: u64,
}

struct Done<T> {
    outcome: Result<Result<T, BadFile>, Box<dyn Any + Send>>,
    read: u64,
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
                let job = Job { name: file.name.to_owned(), content, read: file.done, total: file.total };
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
                    let Job { name, content, read, total } = job;
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        content.and_then(|content| work(&name, &content)).map_err(|reason| BadFile { name, reason })
                    }));
                    if done_in.send((place, Done { outcome, read, total })).is_err() {
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
            progress.advance(next.read.saturating_sub(told));
            told = next.read;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::{fs, time::Duration};

    use super::*;
    use crate::progress::Quiet;

    /// 60 files that hold their own number.
    fn files() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..60 {
            fs::write(folder.path().join(format!("{number:02}.json")), number.to_string()).unwrap();
        }
        folder
    }

    /// Takes longer for some files than for those after them.
    fn work(_: &str, content: &[u8]) -> Result<u64, String> {
        let number: u64 = std::str::from_utf8(content).unwrap().parse().unwrap();
        thread::sleep(Duration::from_millis(if number.is_multiple_of(7) { 8 } else { 0 }));
        if number == 31 { Err("not wanted".to_owned()) } else { Ok(number) }
    }

    #[test]
    fn results_come_in_the_order_of_the_source_on_any_number_of_threads() {
        let folder = files();
        for threads in [1, 2, 5] {
            let (mut taken, mut bad) = (Vec::new(), Vec::new());
            each(folder.path(), threads, &Quiet, &CancellationToken::new(), work, |result| {
                match result {
                    Ok(number) => taken.push(number),
                    Err(file) => bad.push(file.name),
                }
                Ok(())
            })
            .unwrap();
            assert!(taken.iter().copied().eq((0..60).filter(|number| *number != 31)), "{threads}: {taken:?}");
            assert!(bad.len() == 1 && bad[0].ends_with("31.json"), "{bad:?}");
        }
    }

    #[test]
    fn a_taker_who_refuses_ends_the_work() {
        let folder = files();
        let mut taken = 0;
        let error = each(folder.path(), 3, &Quiet, &CancellationToken::new(), work, |_| {
            taken += 1;
            if taken == 5 { Err(DataError::NothingToTrainOn { seasons: 1 }) } else { Ok(()) }
        });
        assert!(matches!(error, Err(DataError::NothingToTrainOn { .. })));
        assert_eq!(taken, 5);
    }

    #[test]
    #[should_panic(expected = "no such ball")]
    fn a_panic_at_work_reaches_the_caller() {
        let folder = files();
        let work = |name: &str, _: &[u8]| if name.ends_with("09.json") { panic!("no such ball") } else { Ok(()) };
        let _ = each(folder.path(), 2, &Quiet, &CancellationToken::new(), work, |_| Ok(()));
    }
}
