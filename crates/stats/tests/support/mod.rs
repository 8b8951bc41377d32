//! What the tests share: invented matches as files, and the real data where it lies.
#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::path::{Path, PathBuf};

use cricket::{
    cricsheet::{self, CricsheetMatch},
    simulate::{Format, Gender, SimulationSettings, simulate},
};

/// An invented match of a seed; every third is a women's match, every fifth has fifty overs, each has a day of its own.
pub(crate) fn invented(seed: u64) -> CricsheetMatch {
    simulate(&SimulationSettings {
        gender: if seed.is_multiple_of(3) { Gender::Female } else { Gender::Male },
        format: if seed.is_multiple_of(5) { Format::Odi } else { Format::T20 },
        date: format!("20{:02}-03-{:02}", 10 + seed % 12, 1 + seed % 28),
        ..SimulationSettings::new(seed)
    })
    .unwrap()
}

/// Writes invented matches of seeds below a number into a folder.
pub(crate) fn write_invented(folder: &Path, seeds: u64) {
    for seed in 0..seeds {
        write(folder, seed, &invented(seed));
    }
}

/// Writes one match as `<id>.json`.
pub(crate) fn write(folder: &Path, id: u64, played: &CricsheetMatch) {
    std::fs::write(folder.join(format!("{id}.json")), cricsheet::write(played)).unwrap();
}

/// The real data: `../shared/data` beside the repository, or where `VACHAK_SHARED` says. Says on stderr when it is not
/// there and the test is skipped.
pub(crate) fn shared_data() -> Option<PathBuf> {
    let shared = std::env::var_os("VACHAK_SHARED").map(PathBuf::from).or_else(|| {
        let room = Path::new(env!("CARGO_MANIFEST_DIR"));
        room.ancestors().map(|folder| folder.join("../shared")).find(|shared| shared.join("data").is_dir())
    });
    let data = shared.map(|shared| shared.join("data")).filter(|data| data.is_dir());
    if data.is_none() {
        eprintln!("skipped: no ../shared/data beside the repository (set VACHAK_SHARED)");
    }
    data
}

/// Everything in the store but row numbers, which follow the order of adding.
pub(crate) fn content(path: &Path) -> Vec<String> {
    let store = rusqlite::Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for sql in [
        "SELECT 'match', id, class, day, winner, revision, fingerprint, '', '', '' FROM match ORDER BY id",
        "SELECT 'innings', m.id, i.number, i.team, i.runs, i.wickets, i.deliveries, hex(i.balls), i.legal_balls, i.target FROM innings i JOIN match m ON m.no = i.match ORDER BY m.id, i.number",
        "SELECT 'batting', m.id, p.id, b.innings, b.position, b.runs, b.balls, b.fours, b.sixes, b.out FROM batting b JOIN match m ON m.no = b.match JOIN person p ON p.no = b.person ORDER BY 2, 3, 4",
        "SELECT 'bowling', m.id, p.id, b.innings, b.balls, b.runs, b.wickets, b.dots, '', '' FROM bowling b JOIN match m ON m.no = b.match JOIN person p ON p.no = b.person ORDER BY 2, 3, 4",
        "SELECT 'duel', m.id, p.id, q.id, d.balls, d.runs, d.dots, d.fours, d.sixes, d.dismissals FROM duel d JOIN match m ON m.no = d.match JOIN person p ON p.no = d.batter JOIN person q ON q.no = d.bowler ORDER BY 2, 3, 4",
    ] {
        let mut query = store.prepare(sql).unwrap();
        let found = query
            .query_map([], |row| {
                (0..10)
                    .map(|column| row.get_ref(column).map(|value| format!("{value:?}")))
                    .collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        rows.extend(found.map(|row| row.unwrap().join("|")));
    }
    rows
}
