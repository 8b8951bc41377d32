//! What a model takes of this machine's memory, and what there is.
//!
//! Three things take memory: the weights, the context (a key and a value of two bytes a number for each token, head and
//! layer), and the computation, whose largest part are the scores of every token of the vocabulary for each token
//! computed at once. Source: the buffers that llama.cpp reports at its start.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::gguf::ModelFile;

/// Bytes of a number in the context, in half precision.
const KEPT_NUMBER: u64 = 2;
/// Bytes of a number in the computation.
const COMPUTED_NUMBER: u64 = 4;

/// Bytes that a model needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Its weights.
    pub weights: u64,
    /// What it keeps of the tokens it has read.
    pub context: u64,
    /// What it computes with.
    pub work: u64,
}

impl Need {
    /// What a model needs to keep `kept` tokens and to compute at most `at_once`.
    pub fn of(file: &ModelFile, kept: u64, at_once: u64) -> Self {
        let shape = &file.shape;
        let widest = file.vocabulary.max(shape.feed_forward.saturating_mul(2)).max(shape.embedding.saturating_mul(4));
        let attention = shape.heads.saturating_mul(kept);
        Self {
            weights: file.bytes,
            context: shape.kept_numbers().saturating_mul(KEPT_NUMBER).saturating_mul(kept),
            work: at_once.saturating_mul(widest.saturating_add(attention)).saturating_mul(COMPUTED_NUMBER),
        }
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.weights.saturating_add(self.context).saturating_add(self.work)
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weights, context, work } = *self;
        write!(f, "{} (weights {}, context {}, work {})", Size(self.total()), Size(weights), Size(context), Size(work))
    }
}

/// Bytes in words: `4.9 GB`, `610 MB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 999_500_000.. => write!(f, "{:.1} GB", bytes as f64 / 1e9),
            bytes @ 9_950_000.. => write!(f, "{:.0} MB", bytes as f64 / 1e6),
            bytes @ 100_000.. => write!(f, "{:.1} MB", bytes as f64 / 1e6),
            bytes => write!(f, "{:.0} KB", (bytes as f64 / 1e3).ceil()),
        }
    }
}

/// Bytes that a program may still take: what the system has to spare, and no more than this process's group may have.
/// `None` where the system does not say.
pub fn available() -> Option<u64> {
    let spare = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| spare(&text));
    let allowed = std::fs::read_to_string("/proc/self/cgroup")
        .ok()
        .and_then(|groups| allowed(Path::new("/sys/fs/cgroup"), &groups));
    [spare, allowed].into_iter().flatten().min()
}

/// `MemAvailable` of `/proc/meminfo`.
fn spare(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// What the tightest group that this process is in may still take, by version 2 of control groups; what its files keep in
/// memory can be taken back and does not count.
fn allowed(root: &Path, groups: &str) -> Option<u64> {
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let own: PathBuf = root.join(own);
    let number = |group: &Path, file: &str| std::fs::read_to_string(group.join(file)).ok()?.trim().parse::<u64>().ok();
    own.ancestors()
        .take_while(|group| group.starts_with(root))
        .filter_map(|group| {
            let most = number(group, "memory.max")?;
            let used = number(group, "memory.current")?;
            let text = std::fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
            let files = text.lines().find_map(|line| line.strip_prefix("inactive_file ")?.trim().parse().ok());
            Some(most.saturating_sub(used.saturating_sub(files.unwrap_or(0))))
        })
        .min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [
            (1, "1 KB"),
            (6_065_792, "6.1 MB"),
            (986_000_000, "986 MB"),
            (999_900_000, "1.0 GB"),
            (4_920_000_000, "4.9 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    #[test]
    fn what_is_spare_is_read_from_the_system() {
        assert_eq!(spare("MemTotal:  4000 kB\nMemAvailable:    2000 kB\n"), Some(2_048_000));
        assert_eq!(spare("MemTotal:  4000 kB\n"), None);
        assert!(available().unwrap() > 0);
    }

    #[test]
    fn the_tightest_group_counts_and_its_cached_files_do_not() {
        let root = tempfile::tempdir().unwrap();
        let group = root.path().join("system.slice/vachak.service");
        std::fs::create_dir_all(&group).unwrap();
        let write = |at: &Path, file: &str, text: &str| std::fs::write(at.join(file), text).unwrap();
        assert_eq!(allowed(root.path(), "0::/system.slice/vachak.service\n"), None);
        write(&group, "memory.max", "max\n");
        write(&group, "memory.current", "500\n");
        write(group.parent().unwrap(), "memory.max", "1000\n");
        write(group.parent().unwrap(), "memory.current", "700\n");
        write(group.parent().unwrap(), "memory.stat", "anon 400\ninactive_file 300\n");
        assert_eq!(allowed(root.path(), "0::/system.slice/vachak.service\n"), Some(600));
    }
}
