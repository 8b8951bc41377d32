//! Figures, each beside what it is to be compared with.

use std::io::Write;

/// One measured figure.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// What was measured.
    pub what: &'a str,
    /// How much.
    pub measured: f64,
    /// In what.
    pub unit: &'a str,
    /// The goal, in words, such as `>= 500000`.
    pub goal: &'a str,
    /// What others reach, where known.
    pub peer: Option<&'a str>,
}

impl Figure<'_> {
    /// Prints it on a line of its own.
    pub fn print(&self) {
        let peer = self.peer.map(|peer| format!("; peer {peer}")).unwrap_or_default();
        let digits = if self.measured >= 1000.0 { 0 } else { 2 };
        say(&format!("{}: {:.digits$} {} (goal {}{peer})", self.what, self.measured, self.unit, self.goal));
    }
}

/// Prints a line on stdout.
pub fn say(line: &str) {
    // With stdout gone there is nobody left to tell.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The value below which a share (0 to 1) of sorted values lies; 0 of none.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_hundred() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!([0.0, 0.5, 0.95, 1.0].map(|share| percentile(&values, share) as u32), [0, 50, 95, 100]);
        assert_eq!(percentile(&[], 0.5) as u32, 0);
    }
}
