//! How fast this machine reads its memory: the ceiling of every model that does not fit into the caches.
//!
//! Writing a token reads each weight once, so no model writes more than [`ceiling`] tokens a second, one line at a time.

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
/// As many times the largest cache is read, at least.
const CACHES: usize = 8;
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
}

/// Reads memory with so many threads (at least one) at once, several times over, and gives the best rate. Takes about a second.
pub fn measure(threads: usize) -> Bandwidth {
    let threads = threads.clamp(1, 256);
    measure_buffer(threads, buffer_size(largest_cache(Path::new("/sys/devices/system/cpu/cpu0/cache"))))
}

/// The most tokens a second, one line at a time, where each token reads so many bytes of weights.
pub fn ceiling(bytes_per_second: f64, bytes_per_token: u64) -> f64 {
    bytes_per_second / bytes_per_token.max(1) as f64
}

fn buffer_size(largest_cache: usize) -> usize {
    largest_cache.saturating_mul(CACHES).clamp(SMALLEST, LARGEST)
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
    Bandwidth { bytes_per_second: best, threads, buffer: bytes as usize }
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

/// Bytes of the largest cache that Linux describes; 0 where it describes none.
fn largest_cache(caches: &Path) -> usize {
    let size = |cache: &Path| {
        let text = fs::read_to_string(cache.join("size")).ok()?;
        let kilobytes: usize = text.trim().strip_suffix('K')?.parse().ok()?;
        Some(kilobytes * 1024)
    };
    let entries = fs::read_dir(caches).into_iter().flatten().flatten();
    entries.filter_map(|entry| size(&entry.path())).max().unwrap_or(0)
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
        assert_eq!(buffer_size(usize::MAX), LARGEST);
        let caches = tempfile::tempdir().unwrap();
        assert_eq!(largest_cache(caches.path()), 0);
        for (index, size) in [("index0", "64K\n"), ("index2", "2048K\n"), ("index3", "nonsense")] {
            std::fs::create_dir(caches.path().join(index)).unwrap();
            std::fs::write(caches.path().join(index).join("size"), size).unwrap();
        }
        assert_eq!(largest_cache(caches.path()), 2 << 20);
    }

    #[test]
    fn a_token_reads_all_weights_once() {
        assert!((ceiling(9.5e9, 950_000_000) - 10.0).abs() < 1e-9);
        assert!(ceiling(9.5e9, 0).is_finite());
    }
}
