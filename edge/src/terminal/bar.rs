//! The bar of win probability.

use super::{
    clean::clean,
    palette::{self, paint},
};

/// Cells of the bar.
const CELLS: usize = 20;

/// How likely the chasing side is to win: `Herons 61 % ████████████░░░░░░░░ 39 % Lancers`. `probability` is held
/// between 0 and 1; short of certainty neither side is shown as certain.
pub fn win_bar(chasing: &str, defending: &str, probability: f64) -> String {
    let probability = if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.5 };
    let filled = (probability * CELLS as f64).round() as usize;
    let percent = percent(probability);
    format!(
        "{} {percent} % {}{} {} % {}",
        clean(chasing),
        paint(palette::FOUR, "█".repeat(filled)),
        paint(palette::QUIET, "░".repeat(CELLS - filled)),
        100 - percent,
        clean(defending),
    )
}

fn percent(probability: f64) -> u32 {
    let rounded = (probability * 100.0).round() as u32;
    if probability > 0.0 && probability < 1.0 { rounded.clamp(1, 99) } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(probability: f64) -> String {
        anstream::adapter::strip_str(&win_bar("Herons", "Lancers", probability)).to_string()
    }

    #[test]
    fn the_bar_shows_both_sides() {
        assert_eq!(plain(0.61), "Herons 61 % ████████████░░░░░░░░ 39 % Lancers");
        assert_eq!(plain(0.999), "Herons 99 % ████████████████████ 1 % Lancers");
        assert_eq!(plain(1.0), "Herons 100 % ████████████████████ 0 % Lancers");
        assert_eq!(plain(f64::NAN), "Herons 50 % ██████████░░░░░░░░░░ 50 % Lancers");
    }
}
