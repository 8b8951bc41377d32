//! What the machine tells of itself: what it is, how warm it gets, whether it slowed itself down, what a process took.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde::Serialize;

use crate::telemetry::heat::FIRMWARE_BITS;

/// What the figures were measured on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Device {
    /// The board's or processor's name.
    pub(super) name: String,
    /// Processors that this process may use.
    pub(super) processors: usize,
    /// Bytes of memory, where the system tells.
    pub(super) memory_bytes: Option<u64>,
}

impl Device {
    pub(super) fn here() -> Self {
        // A board's device tree has a name that ends in a zero byte.
        let board = fs::read_to_string("/proc/device-tree/model").ok();
        let processor = || {
            let info = fs::read_to_string("/proc/cpuinfo").ok()?;
            let named = info.lines().find_map(|line| line.strip_prefix("model name"))?;
            Some(named.trim_start_matches([' ', '\t', ':']).to_owned())
        };
        let name = board.or_else(processor).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
        Self {
            name: crate::terminal::clean::clean(name.trim()),
            processors: std::thread::available_parallelism().map_or(1, Into::into),
            memory_bytes: fs::read_to_string("/proc/meminfo").ok().and_then(|text| kilobytes(&text, "MemTotal")),
        }
    }
}

/// The most memory that this process has held since [`forget_peak`], in bytes; `None` where the system does not tell.
pub(super) fn peak_memory() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmHWM")
}

/// Counts the most memory held from now on. Where the system does not let it, the count goes on.
pub(super) fn forget_peak() {
    // 5: the peak alone, see proc(5).
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// A line such as `MemTotal:  8000 kB`, in bytes.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// What a machine has counted of its own slowing down; two of them tell what happened between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Throttling {
    /// A Raspberry Pi's firmware: bits of what is now and, from bit 16 on, of what was since it was switched on.
    Firmware(u32),
    /// Counts of Linux, by processor and kind.
    Counts(BTreeMap<String, u64>),
}

impl Throttling {
    /// Reads it; `None` where the machine does not tell.
    pub(super) fn read() -> Option<Self> {
        let told = Command::new("vcgencmd").arg("get_throttled").output().ok().filter(|told| told.status.success());
        let bits = told.and_then(|told| firmware(&String::from_utf8_lossy(&told.stdout)));
        bits.map(Self::Firmware).or_else(|| counts(Path::new("/sys/devices/system/cpu")).map(Self::Counts))
    }

    /// What happened since `before`, and what holds now; empty where nothing did.
    pub(super) fn since(&self, before: &Self) -> Vec<String> {
        match (self, before) {
            (Self::Firmware(now), Self::Firmware(before)) => {
                let holds = |bits: &u32, bit: u32| bits & (1 << bit) != 0;
                let happened = |bit: u32| holds(now, bit) || holds(now, bit + 16) && !holds(before, bit + 16);
                FIRMWARE_BITS.iter().filter(|(bit, _)| happened(*bit)).map(|(_, name)| (*name).to_owned()).collect()
            }
            (Self::Counts(now), Self::Counts(before)) => {
                let more = |(name, count): (&String, &u64)| {
                    let times = count.saturating_sub(before.get(name).copied().unwrap_or(0));
                    (times > 0).then(|| format!("{name} {times} times"))
                };
                now.iter().filter_map(more).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// `throttled=0x50005`.
fn firmware(told: &str) -> Option<u32> {
    u32::from_str_radix(told.trim().strip_prefix("throttled=0x")?, 16).ok()
}

fn counts(processors: &Path) -> Option<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    for processor in fs::read_dir(processors).ok()?.flatten() {
        for kind in ["core", "package"] {
            let file = processor.path().join("thermal_throttle").join(format!("{kind}_throttle_count"));
            if let Some(count) = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()) {
                // The processors of a package count the same.
                let sum: &mut u64 = counts.entry(format!("{kind} throttled")).or_default();
                *sum = (*sum).max(count);
            }
        }
    }
    (!counts.is_empty()).then_some(counts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_firmwares_bits_are_read_and_old_ones_told_from_new() {
        let read = |text| firmware(text).map(Throttling::Firmware);
        let (fine, hot) = (read("throttled=0x0\n").unwrap(), read("throttled=0x20002\n").unwrap());
        assert_eq!(hot.since(&fine), ["clock capped"]);
        assert!(fine.since(&fine).is_empty());
        // It was hot some time before, and is no more.
        let (before, after) = (read("throttled=0x20000").unwrap(), read("throttled=0x60000").unwrap());
        assert_eq!(after.since(&before), ["throttled"]);
        assert!(before.since(&before).is_empty());
        assert_eq!(read("VCHI initialization failed"), None);
    }

    #[test]
    fn linux_counts_are_compared() {
        let processors = tempfile::tempdir().unwrap();
        assert_eq!(counts(processors.path()), None);
        let folder = processors.path().join("cpu0/thermal_throttle");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("core_throttle_count"), "3\n").unwrap();
        let before = Throttling::Counts(counts(processors.path()).unwrap());
        fs::write(folder.join("core_throttle_count"), "5\n").unwrap();
        let after = Throttling::Counts(counts(processors.path()).unwrap());
        assert_eq!(after.since(&before), ["core throttled 2 times"]);
    }

    #[test]
    fn the_peak_of_memory_is_told() {
        forget_peak();
        assert!(peak_memory().unwrap() > 1 << 20);
        assert_eq!(kilobytes("MemTotal:  4000 kB\n", "MemTotal"), Some(4_096_000));
    }
}
