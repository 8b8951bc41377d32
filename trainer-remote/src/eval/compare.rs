//! Two systems on the same moments with the same seeds: what one gets right and the other does not.

use serde::Serialize;

use super::{
    figures::{clusters, words},
    round::Outcome,
    statistics::{difference, holm, mcnemar},
};

/// The level that a finding is held against, after Holm's adjustment.
const LEVEL: f64 = 0.05;

/// One thing compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// What, such as `fact_clean`.
    pub measure: &'static str,
    /// How: `mcnemar` (exact) or `bootstrap` (paired, over matches).
    pub method: &'static str,
    /// Second less first: a share, or words.
    pub difference: f64,
    /// Lower end of its 95 % interval, by the bootstrap over matches.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Moments that only the first got right, where it is right or wrong.
    pub only_first: Option<u64>,
    /// Moments that only the second got right.
    pub only_second: Option<u64>,
    /// The test's p, two-sided.
    pub p: f64,
    /// The same after Holm, over every test of the report.
    pub p_holm: f64,
}

/// Two systems compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The one.
    pub first: String,
    /// The other.
    pub second: String,
    /// What was compared.
    pub tests: Vec<Test>,
    /// What it comes to, in words.
    pub verdict: String,
}

/// Something that a reply either does or not; `None` where it is not asked of it.
type Doing = fn(&Outcome<'_>) -> Option<bool>;

/// What is compared by McNemar's test, and whether more of it is better.
const SHARES: [(&str, &str, Doing); 5] = [
    ("fact_clean", "facts", |outcome| Some(outcome.judged.is_fact_clean())),
    ("format_clean", "format", |outcome| Some(outcome.judged.is_well_formed)),
    ("key_event", "naming what happened", |outcome| outcome.judged.names_event),
    ("publishable", "lines that may be said", |outcome| Some(outcome.judged.is_publishable)),
    ("persona", "the persona's voice", |outcome| Some(outcome.is_recognised)),
];

/// A measure of a line that has words.
type Measure = fn(&Outcome<'_>) -> Option<f64>;

const MEANS: [(&str, Measure); 2] =
    [("repeated_opener", |outcome| outcome.repeats.map(|heard| f64::from(u8::from(heard.opener)))), ("words", words)];

/// Compares two systems whose outcomes are of the same turns.
pub(super) fn compare(
    (first, firsts): (&str, &[Outcome<'_>]),
    (second, seconds): (&str, &[Outcome<'_>]),
    matches: usize,
    resamples: usize,
    seed: u64,
) -> Comparison {
    let refer = |outcomes| -> Vec<&Outcome<'_>> { <&[Outcome<'_>]>::into_iter(outcomes).collect() };
    let (firsts, seconds) = (refer(firsts), refer(seconds));
    let over_matches = |measure: &dyn Fn(&Outcome<'_>) -> Option<f64>| {
        let side = |outcomes: &[&Outcome<'_>]| clusters(outcomes, matches, measure);
        difference(&side(&firsts), &side(&seconds), resamples, seed)
    };
    let mut tests = Vec::new();
    for (measure, _, doing) in SHARES {
        let pairs = firsts.iter().zip(&seconds).map(|(first, second)| (doing(first), doing(second)));
        let only = |wanted: (bool, bool)| {
            pairs.clone().filter(|pair| *pair == (Some(wanted.0), Some(wanted.1))).count() as u64
        };
        let (only_first, only_second) = (only((true, false)), only((false, true)));
        let Some(found) = over_matches(&|outcome| doing(outcome).map(|done| f64::from(u8::from(done)))) else {
            continue;
        };
        let p = mcnemar(only_first, only_second);
        tests.push(Test {
            measure,
            method: "mcnemar",
            difference: found.value,
            low: found.low,
            high: found.high,
            only_first: Some(only_first),
            only_second: Some(only_second),
            p,
            p_holm: p,
        });
    }
    for (measure, of) in MEANS {
        let Some(found) = over_matches(&of) else { continue };
        tests.push(Test {
            measure,
            method: "bootstrap",
            difference: found.value,
            low: found.low,
            high: found.high,
            only_first: None,
            only_second: None,
            p: found.p,
            p_holm: found.p,
        });
    }
    Comparison { first: first.to_owned(), second: second.to_owned(), tests, verdict: String::new() }
}

/// Adjusts every p of a report, and says what is left in words.
pub(super) fn conclude(comparisons: &mut [Comparison]) {
    let values: Vec<f64> = comparisons.iter().flat_map(|comparison| &comparison.tests).map(|test| test.p).collect();
    let tests = comparisons.iter_mut().flat_map(|comparison| &mut comparison.tests);
    for (test, adjusted) in tests.zip(holm(&values)) {
        test.p_holm = adjusted;
    }
    for comparison in comparisons {
        comparison.verdict = verdict(comparison);
    }
}

fn verdict(comparison: &Comparison) -> String {
    let Comparison { first, second, tests, .. } = comparison;
    let found: Vec<&Test> = tests.iter().filter(|test| test.p_holm < LEVEL).collect();
    let better = |sign: f64| {
        let named = found.iter().filter(|test| test.difference * sign > 0.0).filter_map(|test| {
            let (_, name, _) = SHARES.iter().find(|(measure, _, _)| *measure == test.measure)?;
            Some(format!("{name} ({:+.1} points)", 100.0 * test.difference * sign))
        });
        named.collect::<Vec<_>>()
    };
    let mut sentences = Vec::new();
    for (name, points) in [(second, better(1.0)), (first, better(-1.0))] {
        if !points.is_empty() {
            sentences.push(format!("{name} is better in {}.", points.join(", ")));
        }
    }
    if sentences.is_empty() {
        sentences.push(format!("No difference in quality between {first} and {second} is shown."));
    }
    for test in found {
        let less = test.difference < 0.0;
        match test.measure {
            "words" => {
                let which = if less { "shorter" } else { "longer" };
                sentences.push(format!("{second}'s lines are {:.1} words {which}.", test.difference.abs()));
            }
            "repeated_opener" => {
                let which = if less { "less" } else { "more" };
                let points = 100.0 * test.difference.abs();
                sentences.push(format!("{second} repeats an opener {which} often ({points:.1} points)."));
            }
            _ => {}
        }
    }
    sentences.join(" ")
}
