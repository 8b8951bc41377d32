//! Sources that mean harm, or were harmed: each has a clear word, and what is held stays as it was.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod support;

use std::{
    fs::{self, File},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use cricket::cricsheet;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use stats::{Archive, ArchiveError, Report, SourceError};
use support::content;
use tempfile::TempDir;

/// Longer than anything here takes by far; a source that is read without end takes longer.
const LONG: Duration = Duration::from_secs(60);

/// A zip of files, deflated.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in files {
        let name = rawzip::path::EntryPath::verbatim(name.as_bytes().to_vec());
        let (mut entry, config) = zip.new_file(name).compression_method(CompressionMethod::DEFLATE).start().unwrap();
        let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::best());
        let mut writer = config.wrap(encoder);
        writer.write_all(bytes).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    zip.finish().unwrap()
}

/// A `.tar.zst` of entries; lengths beyond the bytes are zeros.
fn packed(entries: &[(tar::EntryType, &str, &[u8], u64)]) -> Vec<u8> {
    let mut out = zstd::Encoder::new(Vec::new(), 1).unwrap();
    for (kind, name, bytes, length) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(*length);
        header.set_cksum();
        out.write_all(header.as_bytes()).unwrap();
        out.write_all(bytes).unwrap();
        let rest = length.next_multiple_of(512) - bytes.len() as u64;
        std::io::copy(&mut std::io::Read::take(std::io::repeat(0), rest), &mut out).unwrap();
    }
    out.write_all(&[0; 1024]).unwrap();
    out.finish().unwrap()
}

fn json(seed: u64) -> Vec<u8> {
    cricsheet::write(&support::invented(seed)).into_bytes()
}

/// An archive that holds three matches, to see that they stay.
struct Held {
    folder: TempDir,
    archive: Archive,
    before: Vec<String>,
}

impl Held {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let matches = folder.path().join("held");
        fs::create_dir(&matches).unwrap();
        support::write_invented(&matches, 3);
        let store = folder.path().join("archive.db");
        let mut archive = Archive::open(&store).unwrap();
        assert_eq!(archive.add(&matches, &mut |_| {}).unwrap().new, 3);
        Self { folder, archive, before: content(&store) }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.at(name), bytes).unwrap();
        self.at(name)
    }

    fn add(&mut self, path: &Path) -> Result<Report, ArchiveError> {
        let started = Instant::now();
        let report = self.archive.add(path, &mut |_| {});
        assert!(started.elapsed() < LONG, "{} took {:?}", path.display(), started.elapsed());
        report
    }

    /// Adding fails, says where, why and what to do, and nothing has changed.
    fn refuses(&mut self, path: &Path, words: &str) -> ArchiveError {
        let error = self.add(path).unwrap_err();
        let text = error.to_string();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(text.contains(name) && text.contains(words) && text.contains("; hint: "), "{text}");
        assert_eq!(content(&self.at("archive.db")), self.before, "{text}");
        error
    }
}

#[test]
fn a_zip_as_cricsheet_offers_it_is_read_as_its_files_are() {
    let mut held = Held::new();
    let matches: Vec<_> = (3..9).map(json).collect();
    let names: Vec<_> = (3..9).map(|seed| format!("{seed}.json")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("README.txt", b"Cricsheet")];
    files.extend(names.iter().map(String::as_str).zip(matches.iter().map(Vec::as_slice)));
    let path = held.write("all_json.zip", &zipped(&files));
    let mut last = stats::Progress::default();
    let report = held.archive.add(&path, &mut |now| last = *now).unwrap();
    assert_eq!((report.new, report.bad_files), (6, 0));
    assert_eq!((last.files, last.total), (6, fs::metadata(&path).unwrap().len()));
    assert!(last.done <= last.total);
    let (folder, anew) = (held.at("folder"), held.at("anew.db"));
    fs::create_dir(&folder).unwrap();
    support::write_invented(&folder, 9);
    Archive::open(&anew).unwrap().add(&folder, &mut |_| {}).unwrap();
    assert_eq!(content(&held.at("archive.db")), content(&anew));
    assert_eq!(held.add(&path).unwrap().unchanged, 6, "again changes nothing");
}

#[test]
fn a_zip_cut_short_or_made_of_nonsense_is_refused() {
    let mut held = Held::new();
    let whole = zipped(&[("7.json", &json(7)), ("8.json", &json(8))]);
    let path = held.write("cut.zip", &whole[..whole.len() - 30]);
    held.refuses(&path, "damaged or cut short");
    for (name, bytes) in [("empty.zip", &b""[..]), ("text.zip", b"not a zip"), ("pk.zip", b"PK\x05\x06")] {
        let path = held.write(name, bytes);
        held.refuses(&path, "damaged or cut short");
    }
}

#[test]
fn a_damaged_file_in_a_zip_is_named_and_the_others_are_added() {
    let mut held = Held::new();
    let mut bytes = zipped(&[("7.json", &json(7)), ("8.json", &json(8))]);
    bytes[200] ^= 0x55;
    let path = held.write("flipped.zip", &bytes);
    let report = held.add(&path).unwrap();
    assert_eq!((report.new, report.bad_files), (1, 1));
    let bad = &report.bad[0];
    assert!(bad.name == "7.json" && bad.reason.contains("damaged in the archive"), "{bad:?}");
}

#[test]
fn any_damage_to_a_zip_ends_in_words() {
    let mut held = Held::new();
    let whole = zipped(&[("7.json", &json(7)), ("README.txt", b"hello")]);
    // Every byte of headings, directory and end, where structure is; the match itself is tried above.
    let places = (0..60).chain(whole.len() - 220..whole.len());
    for place in places {
        for flip in [0xff, 0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            let path = held.write("flipped.zip", &bytes);
            match held.add(&path) {
                Ok(report) => assert!(report.bad.iter().all(|bad| bad.reason.contains("hint: ")), "{:?}", report.bad),
                Err(error) => assert!(error.to_string().contains("; hint: "), "{error}"),
            }
        }
    }
}

#[test]
fn encrypted_foreign_and_nested_members_are_named_and_passed_over() {
    let mut held = Held::new();
    let mut bytes =
        zipped(&[("a.json", &json(7)), ("b.json", &json(8)), ("more/inner.zip", b"PK"), ("c.json", &json(9))]);
    // In the directory: bit 0 of the flags of the first says encrypted, the method of the second is LZMA.
    let entries: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x01\x02").map(|(place, _)| place).collect();
    assert_eq!(entries.len(), 4);
    bytes[entries[0] + 8] |= 1;
    bytes[entries[1] + 10] = 14;
    let path = held.write("mixed.zip", &bytes);
    let report = held.add(&path).unwrap();
    assert_eq!((report.new, report.bad_files), (1, 3));
    for (bad, (name, words)) in report.bad.iter().zip([
        ("a.json", "encrypted"),
        ("b.json", "which is not read here"),
        ("more/inner.zip", "archive in an archive"),
    ]) {
        assert!(bad.name == name && bad.reason.contains(words) && bad.reason.contains("hint: "), "{bad:?}");
    }
    let nested = packed(&[(tar::EntryType::Regular, "inner.tar.zst", b"", 0)]);
    let path = held.write("outer.tar.zst", &nested);
    assert_eq!(held.add(&path).unwrap().bad_files, 1);
}

#[test]
fn names_that_climb_out_write_nothing() {
    let mut held = Held::new();
    let path = held.write("climb.zip", &zipped(&[("../../climbed.json", &json(7)), ("/tmp/rooted.json", &json(8))]));
    assert_eq!(held.add(&path).unwrap().new, 2);
    assert!(!held.at("climbed.json").exists() && !held.folder.path().join("../climbed.json").exists());
    let path = held.write("control.zip", &zipped(&[("\u{1b}[2J.json", &json(9))]));
    let report = held.add(&path).unwrap();
    assert_eq!((report.new, report.bad_files), (0, 1));
}

#[test]
fn a_bomb_stops_early() {
    let mut held = Held::new();
    // 65 MiB of zeros is one too long a file; many of them go over what the archive's length allows.
    let long = vec![0; 65 << 20];
    let one = zipped(&[("zeros.json", &long)]);
    let path = held.write("long.zip", &one);
    let report = held.add(&path).unwrap();
    assert!(report.bad_files == 1 && report.bad[0].reason.contains("longer than 64 MiB"), "{:?}", report.bad);
    let names: Vec<_> = (0..12).map(|number| format!("{number}.json")).collect();
    let zeros = vec![0; 60 << 20];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let path = held.write("bomb.zip", &zipped(&files));
    let error = held.refuses(&path, "unpacks to more than");
    assert!(matches!(error, ArchiveError::Source(SourceError::TooMuch { .. })), "{error:?}");
    // The same as a stream: one file of 4 GiB of zeros, and a name as long.
    for (name, kind) in [("bomb.tar.zst", tar::EntryType::Regular), ("name.tar.zst", tar::EntryType::GNULongName)] {
        let path = held.write(name, &packed(&[(kind, "zeros.json", b"", 4 << 30)]));
        let error = held.refuses(&path, "unpacks to more than");
        assert!(matches!(error, ArchiveError::Source(SourceError::TooMuch { .. })), "{error:?}");
    }
}

#[test]
fn a_zip_whose_files_overlap_is_refused() {
    let mut held = Held::new();
    let mut bytes = zipped(&[("7.json", &json(7)), ("8.json", &json(8))]);
    // Both directory entries lead to the first file.
    let entries: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x01\x02").map(|(place, _)| place).collect();
    bytes[entries[1] + 42..entries[1] + 46].copy_from_slice(&[0; 4]);
    let path = held.write("overlap.zip", &bytes);
    let error = held.refuses(&path, "overlap");
    assert!(matches!(error, ArchiveError::Source(SourceError::Overlapping(_))), "{error:?}");
}

#[test]
fn a_hundred_thousand_files_are_no_trouble() {
    let mut held = Held::new();
    let names: Vec<_> = (0..100_000).map(|number| format!("notes/{number}.txt")).collect();
    let seven = json(7);
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    files.push(("7.json", &seven));
    let path = held.write("many.zip", &zipped(&files));
    assert_eq!(held.add(&path).unwrap().new, 1);
}

#[test]
fn ten_gigabytes_of_nothing_are_refused_at_once() {
    let mut held = Held::new();
    for (name, words) in [("huge.zip", "damaged"), ("huge.tar.zst", "damaged")] {
        let path = held.at(name);
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        held.refuses(&path, words);
    }
    let path = held.at("huge.json");
    let mut file = File::create(&path).unwrap();
    file.seek(SeekFrom::Start((10 << 30) - 1)).unwrap();
    file.write_all(b"}").unwrap();
    let report = held.add(&path).unwrap();
    assert!(report.bad_files == 1 && report.bad[0].reason.contains("longer than 64 MiB"), "{:?}", report.bad);
}

#[test]
fn pipes_and_devices_are_not_waited_for() {
    let mut held = Held::new();
    let pipe = held.at("pipe.json");
    if !Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mkfifo");
        return;
    }
    held.refuses(&pipe, "neither a file nor a folder");
    held.refuses(Path::new("/dev/null"), "neither a file nor a folder");
    let folder = held.at("folder");
    fs::create_dir(&folder).unwrap();
    fs::rename(&pipe, folder.join("pipe.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("zero.json")).unwrap();
    std::os::unix::fs::symlink(&folder, folder.join("circle")).unwrap();
    support::write(&folder, 7, &support::invented(7));
    let report = held.add(&folder).unwrap();
    assert_eq!((report.new, report.bad_files), (1, 2), "{:?}", report.bad);
}

#[test]
fn a_long_name_in_a_tar_is_read() {
    let mut held = Held::new();
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    let text = json(7);
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    tar.append_data(&mut header, format!("{}/7.json", "deep/".repeat(60)), text.as_slice()).unwrap();
    tar.append_pax_extensions([("path", "posix/8.json".as_bytes())]).unwrap();
    let text = json(8);
    let mut header = tar::Header::new_ustar();
    header.set_size(text.len() as u64);
    header.set_path("short").unwrap();
    header.set_cksum();
    tar.append(&header, text.as_slice()).unwrap();
    let path = held.write("long.tar.zst", &tar.into_inner().unwrap().finish().unwrap());
    let report = held.add(&path).unwrap();
    assert_eq!((report.new, report.bad_files), (2, 0), "{:?}", report.bad);
    assert!(!held.archive.deliveries("8", 1).unwrap().is_empty());
}
