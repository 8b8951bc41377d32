//! How fast this machine reads its memory: the ceiling of every model that does not fit into the caches.
//!
//! Writing a token reads each weight once, so no model writes more than [`ceiling`] tokens a second, one line at a time;
//! none but those that stay in the caches ([`Bandwidth::is_no_bound`]).

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// Times that the memory is read; the best counts, for everything else on the machine only slows.
const PASSES: usize = 5;
/// The least that is read, in bytes, all threads together.
const SMALLEST: usize = 256 << 20;
/// As many times the caches are read, unless that is more than [`LARGEST`].
const CACHES: usize = 8;
/// So many times they are read in any case.
const FEWEST_CACHES: usize = 2;
/// The most that is read, in bytes: a small machine has to hold it.
const LARGEST: usize = 1 << 30;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bandwidth {
    /// Bytes a second.
    pub bytes_per_second: f64,
    /// Threads that read together.
    pub threads: usize,
    /// Bytes that were read in each pass.
    pub buffer: usize,
    /// Bytes of the processors' last caches before the memory, all together; 0 where the system does not tell.
    pub caches: usize,
}

impl Bandwidth {
    /// Whether a model that reads so many bytes for a token finds them in the caches, so that memory does not bound it.
    pub fn is_no_bound(&self, bytes_per_token: u64) -> bool {
        bytes_per_token <= self.caches as u64
    }
}

/// Reads memory with so many threads (at least one) at once, several times over, and gives the best rate. Takes about a second.
pub fn measure(threads: usize) -> Bandwidth {
    let threads = threads.clamp(1, 256);
    let caches = last_caches(Path::new("/sys/devices/system/cpu"));
    Bandwidth { caches, ..measure_buffer(threads, buffer_size(caches)) }
}

/// The most tokens a second, one line at a time, where each token reads so many bytes of weights.
pub fn ceiling(bytes_per_second: f64, bytes_per_token: u64) -> f64 {
    bytes_per_second / bytes_per_token.max(1) as f64
}

/// Far more than the caches hold: of what they hold, nothing is left of one pass when the next begins.
fn buffer_size(caches: usize) -> usize {
    let least = caches.saturating_mul(FEWEST_CACHES);
    caches.saturating_mul(CACHES).clamp(SMALLEST, LARGEST).max(least)
}

fn measure_buffer(threads: usize, buffer: usize) -> Bandwidth {
    let words = (buffer / size_of::<u64>() / threads).max(1);
    let barrier = Barrier::new(threads);
    let read = |number: usize| {
        // Written before it is read: untouched memory is one page of zeros over and over.
        let part: Vec<u64> = (0..words as u64).map(|word| word.wrapping_mul(number as u64 + 3)).collect();
        let mut spans = [(Instant::now(), Instant::now()); PASSES];
        for span in &mut spans {
            barrier.wait();
            let begun = Instant::now();
            black_box(sum(black_box(&part)));
            *span = (begun, Instant::now());
        }
        spans
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let readers: Vec<_> = (0..threads).map(|number| scope.spawn(move || read(number))).collect();
        readers.into_iter().filter_map(|reader| reader.join().ok()).collect()
    });
    let bytes = (words * size_of::<u64>() * threads) as f64;
    // A pass lasts from the first thread's start to the last one's end.
    let rate = |pass: usize| {
        let first = spans.iter().map(|spans| spans[pass].0).min()?;
        let last = spans.iter().map(|spans| spans[pass].1).max()?;
        Some(bytes / last.duration_since(first).as_secs_f64().max(1e-9))
    };
    let best = (0..PASSES).filter_map(rate).fold(0.0, f64::max);
    Bandwidth { bytes_per_second: best, threads, buffer: bytes as usize, caches: 0 }
}

/// Adds up, in several sums at once, so that the processor waits for nothing but memory.
fn sum(words: &[u64]) -> u64 {
    let mut sums = [0_u64; 16];
    let chunks = words.chunks_exact(sums.len());
    let rest = chunks.remainder().iter().fold(0, |sum: u64, word| sum.wrapping_add(*word));
    for chunk in chunks {
        for (sum, word) in sums.iter_mut().zip(chunk) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums.iter().fold(rest, |all, sum| all.wrapping_add(*sum))
}

/// Bytes of the caches of the last level that Linux describes, all together: a large processor has several, each before
/// some of its cores. 0 where it describes none.
fn last_caches(processors: &Path) -> usize {
    let mut found = BTreeMap::new();
    for processor in fs::read_dir(processors).into_iter().flatten().flatten() {
        for cache in fs::read_dir(processor.path().join("cache")).into_iter().flatten().flatten() {
            let told = |what: &str| Some(fs::read_to_string(cache.path().join(what)).ok()?.trim().to_owned());
            let described = || {
                let level: u32 = told("level")?.parse().ok()?;
                let kilobytes: usize = told("size")?.strip_suffix('K')?.parse().ok()?;
                // What holds instructions holds no weights.
                (told("type")? != "Instruction").then_some((level, told("shared_cpu_list")?, kilobytes))
            };
            if let Some((level, shared, kilobytes)) = described() {
                found.insert((level, shared), kilobytes.saturating_mul(1024));
            }
        }
    }
    let last = found.keys().map(|(level, _)| *level).max();
    let of_last = found.iter().filter(|((level, _), _)| Some(*level) == last);
    of_last.fold(0, |sum: usize, (_, bytes)| sum.saturating_add(*bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn memory_is_read_at_some_rate_by_each_number_of_threads() {
        for threads in [1, 3] {
            let found = measure_buffer(threads, 3 << 20);
            assert!(found.bytes_per_second > 1e6, "{found:?}");
            assert_eq!((found.threads, found.buffer), (threads, 3 << 20));
        }
    }

    #[test]
    fn the_sum_is_of_all_words() {
        let words: Vec<u64> = (1..=1003).collect();
        assert_eq!(sum(&words), 1003 * 1004 / 2);
        assert_eq!(sum(&[u64::MAX, 2]), 1);
    }

    #[test]
    fn the_buffer_is_far_larger_than_the_caches_and_fits_a_small_machine() {
        assert_eq!(buffer_size(0), SMALLEST);
        assert_eq!(buffer_size(2 << 20), SMALLEST);
        assert_eq!(buffer_size(64 << 20), 512 << 20);
        assert_eq!(buffer_size(200 << 20), LARGEST);
        assert_eq!(buffer_size(1152 << 20), 2304 << 20, "several caches of a server can hold more than that");
    }

    #[test]
    fn the_last_caches_of_all_processors_count_once_each() {
        let processors = tempfile::tempdir().unwrap();
        assert_eq!(last_caches(processors.path()), 0);
        let describe = |processor: u8, index: u8, told: [(&str, &str); 4]| {
            let folder = processors.path().join(format!("cpu{processor}/cache/index{index}"));
            fs::create_dir_all(&folder).unwrap();
            for (what, text) in told {
                fs::write(folder.join(what), format!("{text}\n")).unwrap();
            }
        };
        for (processor, shared) in [(0, "0-1"), (1, "0-1"), (2, "2-3"), (3, "2-3")] {
            let own = processor.to_string();
            let cache = |level, kind, size, shared| {
                [("level", level), ("type", kind), ("size", size), ("shared_cpu_list", shared)]
            };
            describe(processor, 0, cache("1", "Data", "64K", &own));
            describe(processor, 1, cache("2", "Unified", "2048K", &own));
            assert!(processor > 0 || last_caches(processors.path()) == 2 << 20);
            describe(processor, 2, cache("3", "Unified", "32768K", shared));
            describe(processor, 3, cache("9", "Instruction", "1K", &own));
            describe(processor, 4, cache("9", "Unified", "nonsense", &own));
        }
        assert_eq!(last_caches(processors.path()), 64 << 20);
    }

    #[test]
    fn memory_is_no_bound_to_what_stays_in_the_caches() {
        let found = Bandwidth { bytes_per_second: 1e10, threads: 4, buffer: SMALLEST, caches: 32 << 20 };
        assert!(found.is_no_bound(5_600_000) && found.is_no_bound(32 << 20));
        assert!(!found.is_no_bound(400_000_000));
        assert!(!Bandwidth { caches: 0, ..found }.is_no_bound(5_600_000), "where nothing is known of caches");
    }

    #[test]
    fn a_token_reads_all_weights_once() {
        assert!((ceiling(9.5e9, 950_000_000) - 10.0).abs() < 1e-9);
        assert!(ceiling(9.5e9, 0).is_finite());
    }
}
