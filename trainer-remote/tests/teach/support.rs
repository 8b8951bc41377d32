//! Prepared rows from invented matches, as the stage before would have left them.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use commentary::{Layout, LineKind, Moment, Persona, Personas, Phrasebook, render};
use cricket::{cricsheet, simulate};
use tokio_util::sync::CancellationToken;
use trainer_remote::{
    data::replay::{Played, each_ball},
    progress::Quiet,
    row::Row,
    teach::{self, Estimate, Inputs, Summary, Teaching},
};

/// A folder with matches and their rows.
pub(crate) struct Prepared {
    pub(crate) root: tempfile::TempDir,
    pub(crate) source: PathBuf,
    pub(crate) layout: Layout,
}

/// Which rows are made.
pub(crate) const KINDS: [LineKind; 2] = [LineKind::Call, LineKind::Colour];

impl Prepared {
    /// Rows of so many invented matches: for every `step`th ball, every persona and kind that there is something for.
    pub(crate) fn new(matches: u64, step: usize, layout: Layout) -> Self {
        let root = tempfile::tempdir().unwrap();
        let source = root.path().join("matches");
        fs::create_dir(&source).unwrap();
        for seed in 0..matches {
            fs::write(source.join(format!("m{seed:03}.json")), invented(seed)).unwrap();
        }
        let prepared = Self { root, source, layout };
        prepared.prepare(step);
        prepared
    }

    pub(crate) fn rows(&self) -> PathBuf {
        self.root.path().join("prepare")
    }

    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Fills the rows.
    pub(crate) fn teach(
        &self,
        settings: &Teaching,
        out: &Path,
        threads: usize,
    ) -> Result<Summary, trainer_remote::teach::Error> {
        self.teach_until(settings, out, threads, &CancellationToken::new())
    }

    /// The same, until it is cancelled.
    pub(crate) fn teach_until(
        &self,
        settings: &Teaching,
        out: &Path,
        threads: usize,
        cancel: &CancellationToken,
    ) -> Result<Summary, trainer_remote::teach::Error> {
        let (rows, personas, book) = (self.rows(), Personas::builtin(), Phrasebook::builtin());
        teach::run(settings, 7, &self.inputs(&rows, out, threads, cancel, (&personas, &book)))
    }

    /// What a teaching would cost.
    pub(crate) fn estimate(&self, settings: &Teaching) -> Estimate {
        let cancel = CancellationToken::new();
        let (out, personas, book) = (self.out("teach"), Personas::builtin(), Phrasebook::builtin());
        let rows = self.rows();
        teach::estimate(settings, &self.inputs(&rows, &out, 1, &cancel, (&personas, &book))).unwrap()
    }

    fn inputs<'a>(
        &'a self,
        rows: &'a Path,
        out: &'a Path,
        threads: usize,
        cancel: &'a CancellationToken,
        (personas, phrasebook): (&'a Personas, &'a Phrasebook),
    ) -> Inputs<'a> {
        let (source, threads) = (self.source.as_path(), Some(threads));
        Inputs { rows, source, out, personas, phrasebook, reform: &reform, threads, progress: &Quiet, cancel }
    }

    /// Visits the moments of all rows of a split, formed without the code under test.
    pub(crate) fn each_moment(&self, mut visit: impl FnMut(&Played, &Moment)) {
        let mut files: Vec<_> = fs::read_dir(&self.source).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let mut played = Played::read(&file.to_string_lossy(), &fs::read(&file).unwrap()).unwrap();
            if let Some(seed) = swap(&played.match_id) {
                reform(&mut played, seed);
            }
            each_ball(played.clone(), |moment| visit(&played, moment));
        }
    }

    fn prepare(&self, step: usize) {
        let personas = Personas::builtin();
        let book = Phrasebook::builtin();
        let mut splits: [Vec<Row>; 3] = Default::default();
        let mut ball = 0;
        self.each_moment(|played, moment| {
            ball += 1;
            if ball % step == 0 {
                let split = Self::split(&played.match_id);
                splits[split].extend(rows_of(moment, played, &personas, &book, self.layout));
            }
        });
        for (split, rows) in ["train", "valid", "test"].into_iter().zip(splits) {
            write(&self.rows(), split, &rows);
        }
    }

    /// Matches in 7 are the valid split, those in 8 the test split.
    fn split(match_id: &str) -> usize {
        match match_id.bytes().last() {
            Some(b'7') => 1,
            Some(b'8') => 2,
            _ => 0,
        }
    }
}

/// Every other match is swapped.
fn swap(match_id: &str) -> Option<u64> {
    let number: u64 = match_id[1..].parse().unwrap();
    (number % 2 == 1).then_some(number)
}

/// A swap: one side gets another name, with the seed in it.
pub(crate) fn reform(played: &mut Played, seed: u64) {
    let renamed =
        cricsheet::write(&played.game).replace("Herons", &format!("Otters {}", ["Up", "Down"][seed as usize % 2]));
    played.game = cricsheet::read(renamed.as_bytes()).unwrap();
}

/// An invented match as a file.
fn invented(seed: u64) -> String {
    let settings = simulate::SimulationSettings::new(seed);
    cricsheet::write(&simulate::simulate(&settings).unwrap())
}

fn rows_of(moment: &Moment, played: &Played, personas: &Personas, book: &Phrasebook, layout: Layout) -> Vec<Row> {
    let mut rows = Vec::new();
    // Lines in words come from fake teachers, who know English alone.
    let is_taught = |persona: &&Persona| layout == Layout::Slots || persona.language == "en";
    for persona in personas.iter().filter(is_taught) {
        for kind in KINDS {
            if book.sayings(kind, moment, persona).is_empty() {
                continue;
            }
            rows.push(row(moment, played, persona, kind, layout, rows.len()));
        }
    }
    rows
}

fn row(moment: &Moment, played: &Played, persona: &Persona, kind: LineKind, layout: Layout, place: usize) -> Row {
    Row {
        id: format!("{}-{}-{place}", played.match_id, moment.key.as_str()),
        match_id: played.match_id.to_string(),
        key: moment.key.as_str().to_owned(),
        persona: persona.id.clone(),
        kind,
        layout,
        prompt_version: layout.version(),
        event: String::new(),
        format: "T20".to_owned(),
        pressure: moment.reading.pressure.to_string(),
        season: played.season(),
        series: played.series().to_owned(),
        swap: swap(&played.match_id),
        prompt: render(moment, persona, kind, layout).text,
        completion: String::new(),
    }
}

/// Packs rows as a split of a folder.
pub(crate) fn write(folder: &Path, split: &str, rows: &[Row]) {
    fs::create_dir_all(folder).unwrap();
    let file = File::create(folder.join(format!("{split}.jsonl.zst"))).unwrap();
    let mut packed = zstd::stream::write::Encoder::new(file, 3).unwrap();
    for row in rows {
        serde_json::to_writer(&mut packed, row).unwrap();
        packed.write_all(b"\n").unwrap();
    }
    packed.finish().unwrap();
}

/// The lines of a packed file.
pub(crate) fn lines(path: &Path) -> Vec<String> {
    let text = zstd::stream::decode_all(File::open(path).unwrap()).unwrap();
    String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
}

/// The rows of a split of a folder.
pub(crate) fn read(folder: &Path, split: &str) -> Vec<Row> {
    let path = folder.join(format!("{split}.jsonl.zst"));
    lines(&path).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}
