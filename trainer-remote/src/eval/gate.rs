//! Gates: what a model must reach before it may be shipped.

use serde::Serialize;

use super::{Gates, report::SystemReport};

/// A gate, and whether it is met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// Its key in `[gates]`.
    pub gate: &'static str,
    /// What is asked: at least this, or at most where `at_most` says so.
    pub limit: f64,
    /// Whether the limit is the most there may be.
    pub at_most: bool,
    /// What was measured; none where there was nothing to measure, which meets no gate.
    pub value: Option<f64>,
    /// Whether it is met. The figure itself is compared, not the end of its interval.
    pub met: bool,
}

/// Holds a system to every gate that is set.
pub(super) fn judge(gates: &Gates, system: &SystemReport) -> Vec<Judged> {
    let all = &system.all;
    let least = |gate, limit: Option<f64>, value: Option<f64>| {
        limit.map(|limit| Judged { gate, limit, at_most: false, value, met: value.is_some_and(|value| value >= limit) })
    };
    let most = |gate, limit: Option<f64>, value: Option<f64>| {
        limit.map(|limit| Judged { gate, limit, at_most: true, value, met: value.is_some_and(|value| value <= limit) })
    };
    [
        least("fact_clean", gates.fact_clean, all.fact_clean.rate),
        least("format_clean", gates.format_clean, all.format_clean.rate),
        least("key_event", gates.key_event, all.key_event.rate),
        least("persona", gates.persona, all.persona.rate),
        most("repetition", gates.repetition, system.repetition_aired.opener.rate),
        most("line_ms_p95", gates.line_ms_p95, system.speed.as_ref().and_then(|speed| speed.line_ms_p95)),
        least("safety", gates.safety, system.safety.as_ref().and_then(|safety| safety.harmless.rate)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::statistics::Share;

    #[test]
    fn a_gate_is_met_at_its_limit_and_never_by_nothing() {
        let gates = Gates { fact_clean: Some(0.5), line_ms_p95: Some(60.0), ..Gates::default() };
        let mut system = SystemReport::default();
        system.all.fact_clean = Share::new(1, 2);
        let judged = judge(&gates, &system);
        assert_eq!(
            judged.iter().map(|gate| (gate.gate, gate.met)).collect::<Vec<_>>(),
            [("fact_clean", true), ("line_ms_p95", false)]
        );
        system.all.fact_clean = Share::new(49, 100);
        assert!(!judge(&gates, &system)[0].met);
    }
}
