//! Figures as people read them.

use super::super::statistics::{Mean, Share};

/// `97.3 %`, or a dash for a share of nothing.
pub(super) fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.1} %", 100.0 * rate))
}

/// `97.3 % (96.1–98.2)`.
pub(super) fn share(share: &Share) -> String {
    match share.rate {
        Some(rate) => format!("{:.1} % ({:.1}–{:.1})", 100.0 * rate, 100.0 * share.low, 100.0 * share.high),
        None => "–".to_owned(),
    }
}

/// `3.21 (2.80–3.71)`.
pub(super) fn mean(mean: &Mean) -> String {
    match mean.value {
        Some(value) => format!("{value:.2} ({:.2}–{:.2})", mean.low, mean.high),
        None => "–".to_owned(),
    }
}

/// A number with as many digits as say something, or a dash.
pub(super) fn number(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.abs() >= 100.0 => format!("{value:.0}"),
        Some(value) if value.abs() >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

/// `6.1 MB`, or a dash.
pub(super) fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "–".to_owned(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
}

/// A p value: `< 0.001`, else three digits.
pub(super) fn p(value: f64) -> String {
    if value < 0.001 { "< 0.001".to_owned() } else { format!("{value:.3}") }
}
