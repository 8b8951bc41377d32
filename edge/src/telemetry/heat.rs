//! Whether the machine is too hot, or too short of power, to write what may never be said.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From here on half as much is written ahead, degrees Celsius; a Raspberry Pi 5 slows itself down at 80 and 85.
const WARM: f64 = 75.0;
/// From here on nothing.
const HOT: f64 = 80.0;
/// Bits of the firmware's word for what is so now: too little voltage, frequency capped, throttled, soft temperature limit
/// (raspberrypi.com, `vcgencmd get_throttled`). The same bits sixteen higher tell of the past.
const NOW: u32 = 0xF;

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
            thermal: root.join("sys/class/thermal/thermal_zone0/temp"),
            firmware: root.join("sys/devices/platform/soc/soc:firmware/get_throttled"),
        }
    }

    /// The processor's temperature in degrees Celsius, where the system tells.
    pub fn temperature(&self) -> Option<f64> {
        let text = fs::read_to_string(&self.thermal).ok()?;
        text.trim().parse::<f64>().ok().map(|milli| milli / 1000.0)
    }

    /// Whether the firmware holds the machine back now, where it tells.
    pub fn is_throttled(&self) -> Option<bool> {
        let text = fs::read_to_string(&self.firmware).ok()?;
        u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok().map(|word| word & NOW != 0)
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
        for path in [&heat.thermal, &heat.firmware] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        for (milli, word, share) in [
            ("62000\n", "0\n", 1.0),
            ("62000\n", "50000\n", 1.0),
            ("77123\n", "0\n", 0.5),
            ("81000\n", "0\n", 0.0),
            ("50000\n", "0x50005\n", 0.0),
            ("nonsense", "nonsense", 1.0),
        ] {
            fs::write(&heat.thermal, milli).unwrap();
            fs::write(&heat.firmware, word).unwrap();
            assert!((heat.share() - share).abs() < 1e-9, "{milli} {word}");
        }
    }
}
