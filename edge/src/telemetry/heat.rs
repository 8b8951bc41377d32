//! Whether the machine is too hot, or too short of power, to write what may never be said.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From here on half as much is written ahead, degrees Celsius; a Raspberry Pi 5 slows itself down at 80 and 85.
const WARM: f64 = 75.0;
/// From here on nothing.
const HOT: f64 = 80.0;
/// Bits of a Raspberry Pi firmware's word for what holds the machine back now; the same bits sixteen higher tell of the time
/// since it was switched on. Source: Raspberry Pi documentation, `vcgencmd get_throttled`.
pub const FIRMWARE_BITS: [(u32, &str); 4] =
    [(0, "under-voltage"), (1, "clock capped"), (2, "throttled"), (3, "soft temperature limit")];

/// Where the system tells.
#[derive(Debug, Clone)]
pub struct Heat {
    thermal: PathBuf,
    firmware: PathBuf,
}

impl Default for Heat {
    fn default() -> Self {
        Self::under("/".as_ref())
    }
}

impl Heat {
    /// With the system's files under another root.
    pub fn under(root: &Path) -> Self {
        Self {
            thermal: root.join("sys/class/thermal"),
            firmware: root.join("sys/devices/platform/soc/soc:firmware/get_throttled"),
        }
    }

    /// The hottest spot's temperature in degrees Celsius, where the system tells.
    pub fn temperature(&self) -> Option<f64> {
        let entries = fs::read_dir(&self.thermal).ok()?.flatten();
        let zones = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("thermal_zone"));
        let degrees = zones.filter_map(|zone| {
            let text = fs::read_to_string(zone.path().join("temp")).ok()?;
            text.trim().parse::<f64>().ok().map(|thousandths| thousandths / 1000.0)
        });
        // A sensor that is off tells nonsense.
        degrees.filter(|degrees| (1.0..150.0).contains(degrees)).reduce(f64::max)
    }

    /// Whether the firmware holds the machine back now, where it tells.
    pub fn is_throttled(&self) -> Option<bool> {
        let text = fs::read_to_string(&self.firmware).ok()?;
        u32::from_str_radix(text.trim().trim_start_matches("0x"), 16)
            .ok()
            .map(|word| FIRMWARE_BITS.iter().any(|(bit, _)| word & (1 << bit) != 0))
    }

    /// The part of the usual work that may be done, 0 to 1; all where nothing is told.
    pub fn share(&self) -> f64 {
        match self.temperature() {
            _ if self.is_throttled() == Some(true) => 0.0,
            Some(HOT..) => 0.0,
            Some(WARM..) => 0.5,
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_hot_or_throttled_machine_backs_off() {
        let root = tempfile::tempdir().unwrap();
        let heat = Heat::under(root.path());
        assert!((heat.share() - 1.0).abs() < 1e-9, "nobody tells anything");
        let (cool, hottest) = (heat.thermal.join("thermal_zone0"), heat.thermal.join("thermal_zone1"));
        for folder in [&cool, &hottest, heat.firmware.parent().unwrap()] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(cool.join("temp"), "41000\n").unwrap();
        for (milli, word, share) in [
            ("62000\n", "0\n", 1.0),
            ("62000\n", "50000\n", 1.0),
            ("77123\n", "0\n", 0.5),
            ("81000\n", "0\n", 0.0),
            ("50000\n", "0x50005\n", 0.0),
            ("nonsense", "nonsense", 1.0),
        ] {
            fs::write(hottest.join("temp"), milli).unwrap();
            fs::write(&heat.firmware, word).unwrap();
            assert!((heat.share() - share).abs() < 1e-9, "{milli} {word}");
        }
    }
    #[test]
    fn the_hottest_zone_counts_and_sensors_that_are_off_do_not() {
        let root = tempfile::tempdir().unwrap();
        let heat = Heat::under(root.path());
        assert_eq!(heat.temperature(), None);
        for (zone, temperature) in
            [("thermal_zone0", "52100\n"), ("thermal_zone1", "-274000"), ("cooling_device0", "9000")]
        {
            fs::create_dir_all(heat.thermal.join(zone)).unwrap();
            fs::write(heat.thermal.join(zone).join("temp"), temperature).unwrap();
        }
        assert_eq!(heat.temperature(), Some(52.1));
    }
}
