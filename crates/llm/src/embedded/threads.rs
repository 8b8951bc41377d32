//! How many threads to compute with.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// More than this brings nothing where memory is the limit, as on a Pi.
const MOST: usize = 4;

/// One thread a physical core that this process may use, at most 4. A core's second hardware thread only gets in the
/// first one's way.
pub fn usual() -> usize {
    let allowed = std::thread::available_parallelism().map_or(1, Into::into);
    let cores = physical_cores(Path::new("/sys/devices/system/cpu")).unwrap_or(allowed);
    cores.min(allowed).clamp(1, MOST)
}

/// Distinct pairs of package and core in Linux's description of the processors; `None` where there is none.
fn physical_cores(cpus: &Path) -> Option<usize> {
    let mut cores = HashSet::new();
    for entry in fs::read_dir(cpus).ok()?.flatten() {
        let topology = entry.path().join("topology");
        let read = |file: &str| fs::read_to_string(topology.join(file)).ok();
        if let (Some(package), Some(core)) = (read("physical_package_id"), read("core_id")) {
            cores.insert((package, core));
        }
    }
    (!cores.is_empty()).then_some(cores.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn two_hardware_threads_of_one_core_count_once() {
        let cpus = tempfile::tempdir().unwrap();
        assert_eq!(physical_cores(cpus.path()), None);
        for (cpu, core) in [("cpu0", "0\n"), ("cpu1", "1\n"), ("cpu2", "0\n"), ("cpu3", "1\n")] {
            let topology = cpus.path().join(cpu).join("topology");
            fs::create_dir_all(&topology).unwrap();
            fs::write(topology.join("physical_package_id"), "0\n").unwrap();
            fs::write(topology.join("core_id"), core).unwrap();
        }
        fs::create_dir_all(cpus.path().join("cpufreq")).unwrap();
        assert_eq!(physical_cores(cpus.path()), Some(2));
    }

    #[test]
    fn there_is_always_a_thread() {
        assert!((1..=MOST).contains(&usual()));
    }
}
