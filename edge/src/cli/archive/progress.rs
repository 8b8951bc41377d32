//! How far the work is, on stderr, and the files that were passed over.

use std::io::Write;

use stats::{BadFile, Progress};

use crate::{cli::progress::Shown, terminal::clean::clean};

/// Bad files listed on stderr at most; all are counted.
const LISTED_BAD_FILES: usize = 20;

/// Shows how far adding is.
pub(super) fn show(shown: &mut Shown, progress: &Progress) {
    let took = shown.elapsed();
    shown.update(progress.done, progress.total, || {
        let rate = progress.deliveries as f64 / took.as_secs_f64().max(0.001);
        format!("{} matches, {rate:.0} balls/s", progress.files)
    });
}

/// Lists bad files on stderr; of many the first and how many more.
pub(super) fn list_bad(bad: &[BadFile], count: u64) -> std::io::Result<()> {
    let mut out = anstream::stderr();
    for file in bad.iter().take(LISTED_BAD_FILES) {
        // Names and reasons hold text of the files.
        let reason: Vec<String> = file.reason.lines().map(clean).collect();
        writeln!(out, "  {}: {}", clean(&file.name), reason.join("\n    "))?;
    }
    let rest = count.saturating_sub(LISTED_BAD_FILES as u64);
    if rest > 0 {
        writeln!(out, "  … and {rest} more")?;
    }
    Ok(())
}
