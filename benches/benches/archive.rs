//! Adding matches to the archive, and asking it.
//!
//! With `VACHAK_SLOW=1` and the real data: all matches are added, and every question is asked for people, pairs, sides,
//! grounds and seasons of real matches, each before the day of its match. `VACHAK_ARCHIVE_PATH` names a full archive to
//! ask instead of one made here.
#![allow(clippy::expect_used, reason = "the archive is the bench's own and the sample is known to be readable")]

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use benches::{
    data,
    figures::{Figure, percentile, say},
};
use cricket::{
    cricsheet::CricsheetMatch,
    player::PersonId,
    simulate::{SimulationSettings, simulate},
};
use criterion::Criterion;
use stats::{Archive, ArchiveError, Class, Day, Format, Gender, RankingKind, Scope, Season, SourceError, each_match};

/// Matches in the archive that is asked: a career of a few hundred innings for everybody.
const MATCHES: u64 = 300;

/// Of real matches, every so manieth lends its people and its day to the questions.
const EVERY: u64 = 7;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    invented(folder.path());
    let Some(packed) = data::shared().map(|data| data.join("cricsheet-dev.tar.zst")) else { return };
    if std::env::var_os("VACHAK_SLOW").is_none() {
        say("skipped: adding all 14,107 real matches, and asking of them (set VACHAK_SLOW=1)");
        return;
    }
    let given = std::env::var_os("VACHAK_ARCHIVE_PATH").map(PathBuf::from);
    let store = given.unwrap_or_else(|| {
        let store = folder.path().join("all.db");
        add_all(&packed, &store);
        store
    });
    let archive = Archive::open_read_only(&store).expect("an archive");
    let info = archive.info().expect("a sound archive");
    figure("store", info.bytes as f64 / info.deliveries as f64, "bytes a delivery", "<= 60", None);
    ask_all(&archive, &asked(&packed));
}

fn figure(what: &str, measured: f64, unit: &str, goal: &str, peer: Option<&str>) {
    Figure { what, measured, unit, goal, peer }.print();
}

/// An invented archive: adding, and three questions by criterion.
fn invented(folder: &Path) {
    for seed in 0..MATCHES {
        let played = simulate(&SimulationSettings::new(seed)).expect("an invented match");
        let file = folder.join(format!("{seed}.json"));
        std::fs::write(file, cricket::cricsheet::write(&played)).expect("room for an invented match");
    }
    let mut archive = Archive::open(&folder.join("archive.db")).expect("a new archive");
    let started = Instant::now();
    let report = archive.add(folder, &mut |_: &stats::Progress| {}).expect("invented matches are sound");
    let took = started.elapsed().as_secs_f64();
    let mut criterion = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let scope = Scope { format: Format::T20, gender: Gender::Male, level: None };
    let played = simulate(&SimulationSettings::new(0)).expect("an invented match");
    let ball = played.deliveries().next().expect("a ball").clone();
    let (batter, bowler) = (ball.batter.id, ball.bowler.id);
    criterion.bench_function("archive/batter_v_bowler", |bencher| {
        bencher.iter(|| black_box(archive.batter_v_bowler(&batter, &bowler, scope, Day::END)));
    });
    criterion.bench_function("archive/batter_record_300_innings", |bencher| {
        bencher.iter(|| black_box(archive.batter_record(&batter, scope, Day::END)));
    });
    criterion.bench_function("archive/bowler_record_300_innings", |bencher| {
        bencher.iter(|| black_box(archive.bowler_record(&bowler, scope, Day::END)));
    });
    let (rate, peer) = (report.deliveries as f64 / took, "about 20000 (aggregates only)");
    figure("adding invented matches", rate, "balls/s", ">= 250000", Some(peer));
}

fn add_all(packed: &Path, store: &Path) {
    let before = processor_time();
    let mut archive = Archive::open(store).expect("a new archive");
    let started = Instant::now();
    let report = archive.add(packed, &mut |_: &stats::Progress| {}).expect("the real archive is sound");
    let took = started.elapsed().as_secs_f64();
    let busy = before.zip(processor_time()).map(|(before, after)| after - before);
    let peer = Some("about 20000 (aggregates only)");
    figure("adding all real matches", report.deliveries as f64 / took, "balls/s", ">= 250000", peer);
    let of_status = |name: &str| {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok())
    };
    match of_status("VmHWM:") {
        Some(kib) => figure("memory at most, while adding", kib / 1024.0, "MiB", "<= 400", None),
        None => say("skipped: memory at most (no /proc here)"),
    }
    // What bounds it: processors' time against the clock, and how much of it goes into reading.
    let before = processor_time();
    let mut balls = 0;
    each_match(packed, |file| -> Result<(), SourceError> {
        let read = file.content.ok().and_then(|bytes| cricket::cricsheet::read(bytes).ok());
        balls += read.map_or(0, |played| played.deliveries().count());
        Ok(())
    })
    .expect("the real archive is sound");
    let reading = before.zip(processor_time()).map(|(before, after)| after - before);
    let Some((busy, reading)) = busy.zip(reading) else {
        say("skipped: what bounds it (no /proc here)");
        return;
    };
    say(&format!(
        "what bounds it: adding took {took:.0} s on the clock and {busy:.0} s of processors' time; unpacking and reading \
         the same {balls} balls takes {reading:.0} s of it, the rest is adding up and SQLite"
    ));
}

/// Seconds of processor time of this process, where the system tells.
fn processor_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    // User and system time are fields 14 and 15 of the line, in hundredths of a second on Linux.
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// What a question is asked of.
struct Asked {
    batter: PersonId,
    partner: PersonId,
    bowler: PersonId,
    side: String,
    venue: String,
    city: Option<String>,
    event: String,
    season: String,
    scope: Scope,
    before: Day,
}

impl Asked {
    /// Of a ball of a match, chosen by a number.
    fn of(played: &CricsheetMatch, number: u64) -> Option<Self> {
        let count = played.deliveries().count() as u64;
        let ball = played.deliveries().nth(usize::try_from(number.wrapping_mul(7919) % count.max(1)).ok()?)?;
        let info = &played.info;
        Some(Self {
            batter: ball.batter.id.clone(),
            partner: ball.non_striker.id.clone(),
            bowler: ball.bowler.id.clone(),
            side: info.teams.first()?.to_string(),
            venue: info.venue.clone()?,
            city: info.city.clone(),
            event: info.event.as_ref()?.name.clone(),
            season: info.season.as_ref()?.to_string(),
            scope: Scope::of(Class::of(info).ok()?),
            before: info.dates.first()?.parse().ok()?,
        })
    }

    fn ground(&self) -> (&str, Option<&str>) {
        (&self.venue, self.city.as_deref())
    }

    fn season(&self) -> Season<'_> {
        Season { event: &self.event, season: &self.season }
    }
}

fn asked(packed: &Path) -> Vec<Asked> {
    let mut all = Vec::new();
    let mut number = 0;
    each_match(packed, |file| -> Result<(), SourceError> {
        number += 1;
        if number % EVERY == 0 {
            let played = file.content.ok().and_then(|bytes| cricket::cricsheet::read(bytes).ok());
            all.extend(played.and_then(|played| Asked::of(&played, number)));
        }
        Ok(())
    })
    .expect("the real archive is sound");
    // One after another as chance has it, not in the order of the archive.
    all.sort_by_key(|asked: &Asked| asked.batter.as_str().bytes().rev().collect::<Vec<_>>());
    all
}

/// A question: whether there was an answer.
type Question = fn(&Archive, &Asked) -> Result<bool, ArchiveError>;

const QUESTIONS: [(&str, Question); 18] = [
    ("batter v bowler", |archive, asked| {
        archive.batter_v_bowler(&asked.batter, &asked.bowler, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("batter record", |archive, asked| {
        archive.batter_record(&asked.batter, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("bowler record", |archive, asked| {
        archive.bowler_record(&asked.bowler, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("batter by phase", |archive, asked| {
        archive.batter_phases(&asked.batter, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("bowler by phase", |archive, asked| {
        archive.bowler_phases(&asked.bowler, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("batter at ground", |archive, asked| {
        archive.batter_at(&asked.batter, asked.ground(), asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("bowler at ground", |archive, asked| {
        archive.bowler_at(&asked.bowler, asked.ground(), asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("batter's form", |archive, asked| {
        archive.batter_form(&asked.batter, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("bowler's form", |archive, asked| {
        archive.bowler_form(&asked.bowler, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("season figures", |archive, asked| {
        archive.season_figures(&asked.batter, asked.season(), asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("partnership", |archive, asked| {
        archive.partnership(&asked.batter, &asked.partner, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("chases at ground", |archive, asked| {
        archive.chases_at(asked.ground(), asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("chases by side", |archive, asked| {
        archive.chases_by(&asked.side, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("defended at ground", |archive, asked| {
        archive.defended_at(asked.ground(), asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("par at ground, 5 years", |archive, asked| {
        archive.par_at(asked.ground(), 5, asked.scope, asked.before).map(|found| found.is_some())
    }),
    ("milestones", |archive, asked| {
        archive.milestones(&asked.batter, asked.scope, asked.before).map(|found| !found.is_empty())
    }),
    ("most sixes this season, ten", |archive, asked| {
        let ranking = archive.ranking(RankingKind::Sixes, asked.season(), asked.scope, asked.before, 0, 10);
        ranking.map(|found| found.is_some())
    }),
    ("best economy this season, ten", |archive, asked| {
        let ranking = archive.ranking(RankingKind::Economy, asked.season(), asked.scope, asked.before, 60, 10);
        ranking.map(|found| found.is_some())
    }),
];

fn ask_all(archive: &Archive, asked: &[Asked]) {
    let peer = Some("89 to 854 on 20 matches");
    for (what, question) in QUESTIONS {
        let mut answered = 0_u32;
        let mut times: Vec<f64> = Vec::with_capacity(asked.len());
        for asked in asked {
            let started = Instant::now();
            let answer = question(archive, asked);
            times.push(started.elapsed().as_secs_f64() * 1e6);
            answered += u32::from(answer.expect("a sound archive"));
        }
        times.sort_by(f64::total_cmp);
        let what = format!("{what} ({answered} of {} answered)", asked.len());
        figure(&format!("{what}, p50"), percentile(&times, 0.5), "µs", "<= 20", peer);
        figure(&format!("{what}, p99"), percentile(&times, 0.99), "µs", "<= 200", peer);
    }
}
