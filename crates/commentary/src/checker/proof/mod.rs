//! The proof of the checker: what it catches, what it lets through, and whether it raises alarms at what is true.
//!
//! Four parts. `labelled` holds lines written and judged by hand; [`Trial`] plays matches and takes the phrasebook's true
//! lines, as they are (alarms), made false ([`mutants`]) and held against a match that was played by others for other
//! scores ([`counterfactual`]). Whether a line made false may be true after all is for `oracle`, which knows the
//! phrasings and nothing of the checker. Pure, like the crate: whoever runs it brings the matches.

mod counterfactual;
mod labelled;
mod mutants;
mod oracle;
mod scenes;
mod trial;

pub use counterfactual::counterfactual;
pub use labelled::{Confusion, Judged, LABELS, Label, LabelledError, Line, Outcome, judge_all};
pub use mutants::{Mutant, mutants};
pub use oracle::{Truth, truth};
pub use trial::{Count, Quota, Swaps, Trial};
