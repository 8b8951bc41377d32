//! `vachak archive`: the store of past matches.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use stats::{Archive, BadFile, Day, Info, Progress, Report, Scope, frequencies::Measured};

use super::exit;

/// Bad files listed on stderr at most; all are counted.
const LISTED_BAD_FILES: usize = 20;

/// Arguments of `vachak archive`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add matches: Cricsheet's JSON files, folders of them, or .tar.zst archives. Adding again changes nothing.
    Add {
        #[command(flatten)]
        store: Store,
        /// Files and folders.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Say what is held.
    Info {
        #[command(flatten)]
        store: Store,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Count how often each outcome follows each situation; prints the table that `vachak simulate` plays by.
    Frequencies {
        /// Count matches begun in this year or later.
        #[arg(long, value_name = "YEAR", default_value_t = 2018, value_parser = clap::value_parser!(u16).range(1800..3000))]
        since: u16,
        /// Files and folders.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct Store {
    /// The archive's file; by default `vachak/archive.db` in the user's data folder.
    #[arg(long = "store", value_name = "FILE", env = "VACHAK_ARCHIVE_PATH")]
    path: Option<PathBuf>,
}

impl Store {
    fn path(&self) -> anyhow::Result<PathBuf> {
        if let Some(path) = &self.path {
            return Ok(path.clone());
        }
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        match set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share"))) {
            Some(folder) => Ok(folder.join("vachak/archive.db")),
            None => bail!("no place is known for the archive: HOME is not set; hint: name a file with --store"),
        }
    }
}

/// Adds to the archive, or tells of it.
///
/// # Errors
/// When the archive or the paths cannot be used, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Add { store, paths } => add(store, paths),
        Command::Info { store, json } => info(store, *json),
        Command::Frequencies { since, paths } => frequencies(*since, paths),
    }
}

fn add(store: &Store, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let path = store.path()?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut archive = Archive::open(&path)?;
    let mut bad = 0;
    for from in paths {
        let mut shown = Shown::new();
        let report = archive.add(from, &mut |progress| shown.update(progress));
        shown.end();
        let report = report?;
        let took = shown.started.elapsed();
        writeln!(anstream::stderr(), "{}: {}", from.display(), summary(&report, took))?;
        list_bad(&report.bad, report.bad_files)?;
        bad += report.bad_files;
    }
    Ok(ExitCode::from(if bad > 0 { exit::USER } else { 0 }))
}

fn summary(report: &Report, took: Duration) -> String {
    let mut parts = vec![format!("{} new matches", report.new), format!("{} deliveries", report.deliveries)];
    for (count, what) in [
        (report.replaced, "replaced"),
        (report.unchanged, "held already"),
        (report.older, "older than what is held"),
        (report.bad_files, "bad files passed over"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if report.deliveries > 0 {
        parts.push(format!("{:.0} balls/s", report.deliveries as f64 / took.as_secs_f64().max(0.001)));
    }
    parts.join(", ")
}

fn list_bad(bad: &[BadFile], count: u64) -> std::io::Result<()> {
    let mut out = anstream::stderr();
    for file in bad.iter().take(LISTED_BAD_FILES) {
        writeln!(out, "  {}: {}", file.name, file.reason.replace('\n', "\n    "))?;
    }
    let rest = count.saturating_sub(LISTED_BAD_FILES as u64);
    if rest > 0 {
        writeln!(out, "  … and {rest} more")?;
    }
    Ok(())
}

fn info(store: &Store, json: bool) -> anyhow::Result<ExitCode> {
    let archive = Archive::open_read_only(&store.path()?)?;
    let info = archive.info()?;
    let mut out = anstream::stdout();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&info)?)?;
    } else {
        tell(&mut out, &archive, &info)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(out: &mut impl Write, archive: &Archive, info: &Info) -> std::io::Result<()> {
    writeln!(
        out,
        "{}: {} matches, {} deliveries, {} people, {:.1} MB (version {})",
        archive.path().display(),
        info.matches,
        info.deliveries,
        info.people,
        info.bytes as f64 / 1e6,
        info.version
    )?;
    for held in &info.classes {
        let scope = Scope { level: Some(held.class.level), ..Scope::around(held.class) };
        let (matches, deliveries) = (held.matches, held.deliveries);
        let (first, last) = (&held.first_day, &held.last_day);
        writeln!(out, "  {matches:>6} matches {deliveries:>9} deliveries  {first} to {last}  {scope}")?;
    }
    writeln!(out, "Contains data from Cricsheet (https://cricsheet.org), ODC-BY 1.0, where it was made from it.")
}

fn frequencies(since: u16, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let day: Day = format!("{since}-01-01").parse()?;
    let mut measured = Measured::default();
    for from in paths {
        let mut shown = Shown::new();
        let counted = measured.add_path(from, day, &mut |progress| shown.update(progress));
        shown.end();
        counted?;
    }
    let (counted, left_out) = (measured.matches, measured.left_out);
    writeln!(anstream::stderr(), "{counted} matches counted, {left_out} of other kinds or years left out")?;
    list_bad(&measured.bad, measured.bad.len() as u64)?;
    let names: Vec<_> =
        paths.iter().map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()).collect();
    let made_by = format!("vachak archive frequencies --since {since} {}", names.join(" "));
    write!(anstream::stdout(), "{}", measured.frequencies.to_toml(&made_by))?;
    Ok(ExitCode::from(if measured.bad.is_empty() { 0 } else { exit::USER }))
}

/// Progress on stderr: a bar on a terminal, a line now and then elsewhere.
struct Shown {
    started: Instant,
    bar: Option<ProgressBar>,
    /// When the next line is due, without a terminal.
    next_line: Duration,
}

/// Time between lines without a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

impl Shown {
    fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            // A template that does not parse leaves the plain bar.
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        Self { started: Instant::now(), bar, next_line: LINE_EVERY }
    }

    fn update(&mut self, progress: &Progress) {
        let took = self.started.elapsed();
        let said = || {
            let rate = progress.deliveries as f64 / took.as_secs_f64().max(0.001);
            format!("{} matches, {rate:.0} balls/s", progress.files)
        };
        match &self.bar {
            Some(bar) => {
                bar.set_length(progress.total);
                bar.set_position(progress.done);
                bar.set_message(said());
            }
            None if took >= self.next_line => {
                self.next_line = took + LINE_EVERY;
                let percent = progress.done * 100 / progress.total.max(1);
                // With stderr gone there is nobody left to tell.
                let _ = writeln!(anstream::stderr(), "{percent} %: {}", said());
            }
            None => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
