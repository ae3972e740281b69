//! Damage at rest: found, named, and never served in silence; what can be rebuilt is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{District, Ran, Server, journal_files, one_sentence, p2k2};

/// A district with a token of its admin, and what the API and the exports said of it.
struct Known {
    district: District,
    token: String,
    answers: Vec<(String, Value)>,
    exported: Vec<String>,
}

impl Known {
    fn new() -> Self {
        let district = District::imported(12, 6);
        let token = district.token("admin");
        let mut known = Self { district, token, answers: Vec::new(), exported: Vec::new() };
        let server = Server::start(&known.data());
        known.answers = known.answers(&server);
        server.stop();
        known.exported = known.exports();
        let told = known.exported.concat();
        assert!(known.answers.len() > 20 && told.contains("catatan"), "too little to compare");
        known
    }

    fn data(&self) -> PathBuf {
        self.district.data()
    }

    /// What the API says of everything that depends on the index or the journal.
    fn answers(&self, server: &Server) -> Vec<(String, Value)> {
        let mut client = server.client(&self.token);
        let mut answers = Vec::new();
        let mut ask = |path: String| {
            let answer = client.get(&path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let mut said = answer.json();
            if let Some(said) = said.as_object_mut() {
                // The time of asking is all that may differ.
                said.remove("known_at");
            }
            answers.push((path, said.clone()));
            said
        };
        for per in ["kelompok", "desa", "kecamatan", "kabupaten", "provinsi", "pendamping"] {
            ask(format!("/api/v1/cakupan?per={per}"));
        }
        ask("/api/v1/modul".to_owned());
        ask("/api/v1/cari?q=usaha".to_owned());
        let groups = ask("/api/v1/kelompok?limit=500".to_owned());
        for group in groups["rows"].as_array().unwrap() {
            let id = group["id"].as_str().unwrap();
            let list = ask(format!("/api/v1/kelompok/{id}/pertemuan?limit=500"));
            for one in list["rows"].as_array().unwrap().iter().take(2) {
                ask(format!("/api/v1/pertemuan/{}", one["id"].as_str().unwrap()));
            }
        }
        answers
    }

    /// Every kind of export as text.
    fn exports(&self) -> Vec<String> {
        let out = self.district.dir.path().join("ekspor.csv");
        let of = |kind| {
            let path = out.display().to_string();
            self.district.run(&["export", kind, "--out", &path]).well();
            fs::read_to_string(&out).unwrap()
        };
        ["wilayah", "kelompok", "pengguna", "pertemuan", "cakupan"].map(of).to_vec()
    }

    /// Starts, and checks that everything is said as before; gives what was said on the way.
    fn same_after_start(&self, what: &str) -> String {
        let mut server = Server::start(&self.data());
        assert_eq!(self.answers(&server), self.answers, "{what}");
        server.terminate();
        let (code, err) = server.end();
        assert_eq!(code, Some(0), "{what}: {err}");
        assert_eq!(self.exports(), self.exported, "{what}");
        err
    }

    /// The one file of the journal.
    fn journal(&self) -> PathBuf {
        let files = journal_files(&self.data());
        assert_eq!(files.len(), 1);
        files[0].clone()
    }

    /// Checks that nothing works on the directory and that everything names the place.
    fn refused_everywhere(&self, said: &str) {
        let before = fs::read(self.journal()).unwrap();
        let data = self.data().display().to_string();
        let out = self.district.dir.path().join("e.csv").display().to_string();
        for command in [
            &["serve", "--listen", "127.0.0.1:0", "--data", &data][..],
            &["user", "--data", &data, "list"],
            &["export", "pertemuan", "--data", &data, "--out", &out],
            &["rebuild", "--data", &data],
        ] {
            Ran::of(&mut p2k2(command)).refused(said);
        }
        let verified = self.district.run(&["verify"]);
        assert_eq!(verified.code, Some(1), "{verified:?}");
        assert!(verified.out.contains(said), "{verified:?}");
        assert!(verified.out.contains("kerusakan ditemukan"), "{verified:?}");
        assert!(!Path::new(&out).exists());
        assert_eq!(fs::read(self.journal()).unwrap(), before, "a refusal changes nothing");
    }
}

/// The number and the range of the line in the middle of a file.
fn middle_line(bytes: &[u8]) -> (usize, std::ops::Range<usize>) {
    let middle = bytes.len() / 2;
    let start = bytes[..middle].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let end = middle + bytes[middle..].iter().position(|byte| *byte == b'\n').unwrap();
    (bytes[..start].iter().filter(|byte| **byte == b'\n').count() + 1, start..end)
}

#[test]
fn a_flipped_bit_in_the_journal_stops_every_command_and_is_named() {
    let known = Known::new();
    let journal = known.journal();
    let sound = fs::read(&journal).unwrap();
    let (line, range) = middle_line(&sound);
    for (part, bit) in [(0, 1), (1, 0), (2, 3), (3, 6)] {
        let mut flipped = sound.clone();
        flipped[range.start + 3 + (range.len() - 6) * part / 3] ^= 1 << bit;
        fs::write(&journal, &flipped).unwrap();
        known
            .refused_everywhere(&format!("journal/000001.jsonl baris {line} (nomor {})", line - 1));
    }
    fs::write(&journal, &sound).unwrap();
    known.same_after_start("the bit flipped back");
}

#[test]
fn a_torn_tail_is_kept_aside_and_nothing_else_is_lost() {
    let known = Known::new();
    let journal = known.journal();
    let sound = fs::read(&journal).unwrap();
    let last = sound[..sound.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let torn = &sound[last..last + (sound.len() - last) / 2];
    for (number, zeros) in [0, 700].into_iter().enumerate() {
        let mut tail = torn.to_vec();
        tail.resize(torn.len() + zeros, 0);
        let mut bytes = fs::read(&journal).unwrap();
        bytes.extend(&tail);
        fs::write(&journal, &bytes).unwrap();
        let said = known.same_after_start("a torn tail");
        one_sentence_about_the_tail(&said);
        assert_eq!(fs::read(&journal).unwrap()[..sound.len()], sound);
        let mut kept: Vec<_> = fs::read_dir(known.data().join("karantina")).unwrap().collect();
        assert_eq!(kept.len(), number + 1, "each is kept");
        let kept: Vec<Vec<u8>> =
            kept.drain(..).map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
        assert!(kept.contains(&tail), "what was cut is kept as it was");
    }
    known.district.run(&["verify"]).well();
}

fn one_sentence_about_the_tail(said: &str) {
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains("000001.jsonl") && said.contains("karantina/"), "{said}");
}

#[test]
fn an_acknowledged_line_that_was_cut_off_stops_the_start() {
    let known = Known::new();
    let journal = known.journal();
    let sound = fs::read(&journal).unwrap();
    let lines = sound.iter().filter(|byte| **byte == b'\n').count();
    for cut in [1, 40] {
        fs::write(&journal, &sound[..sound.len() - cut]).unwrap();
        known.refused_everywhere(&format!("journal/000001.jsonl baris {lines}"));
    }
    fs::write(&journal, &sound).unwrap();
    known.same_after_start("the end put back");
}

/// A file with its place and bytes.
type Saved = (PathBuf, Vec<u8>);

fn files_below(dir: &Path) -> Vec<Saved> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files_below(&path));
        } else {
            all.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    all.sort();
    all
}

/// Something done to the directory of the index.
type Harm = fn(&Path);

const HARMS: [(&str, Harm); 8] = [
    ("deleted", |index| fs::remove_dir_all(index).unwrap()),
    ("emptied", |index| {
        fs::remove_dir_all(index).unwrap();
        fs::create_dir(index).unwrap();
    }),
    ("a file in its place", |index| {
        fs::remove_dir_all(index).unwrap();
        fs::write(index, "bukan indeks").unwrap();
    }),
    ("every file empty", |index| write_all(index, |_| Vec::new())),
    ("every file cut to half", |index| write_all(index, |bytes| bytes[..bytes.len() / 2].to_vec())),
    ("every file of zeros", |index| write_all(index, |bytes| vec![0; bytes.len()])),
    ("every file with flipped bits", |index| write_all(index, flip)),
    ("one file gone", |index| {
        let largest = files_below(index).into_iter().max_by_key(|(_, bytes)| bytes.len()).unwrap();
        fs::remove_file(largest.0).unwrap();
    }),
];

fn write_all(index: &Path, change: fn(&[u8]) -> Vec<u8>) {
    for (path, bytes) in files_below(index) {
        fs::write(path, change(&bytes)).unwrap();
    }
}

fn flip(bytes: &[u8]) -> Vec<u8> {
    let flipped = |(at, byte): (usize, &u8)| if at % 97 == 5 { byte ^ 4 } else { *byte };
    bytes.iter().enumerate().map(flipped).collect()
}

#[test]
fn whatever_happens_to_the_index_the_answers_are_the_same() {
    let known = Known::new();
    let index = known.data().join("index");
    for (what, harm) in HARMS {
        harm(&index);
        let verified = known.district.run(&["verify"]);
        // One that is gone is made anew by the next start, so it is only noted.
        assert_eq!(verified.code, Some(i32::from(index.exists())), "{what}: {verified:?}");
        assert!(verified.out.contains("ndeks riwayat") || verified.out.contains("/index: "));
        known.same_after_start(what);
        if index.is_file() {
            // It cannot be used and nothing is lost by it; it is not ours to delete.
            fs::remove_file(&index).unwrap();
            known.same_after_start(what);
        }
        known.district.run(&["verify"]).well();
    }
}

#[test]
fn an_index_that_stayed_behind_catches_up() {
    let district = District::files(12, 6);
    district.import("wilayah").well();
    let index = district.data().join("index");
    let old = files_below(&index);
    for kind in ["pengguna", "kelompok", "pertemuan"] {
        district.import(kind).well();
    }
    let token = district.token("admin");
    let mut known = Known { district, token, answers: Vec::new(), exported: Vec::new() };
    let server = Server::start(&known.data());
    known.answers = known.answers(&server);
    server.stop();
    known.exported = known.exports();
    fs::remove_dir_all(&index).unwrap();
    for (path, bytes) in old {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    known.same_after_start("an old index");
}

#[test]
fn an_index_of_another_journal_is_never_believed_and_rebuild_helps() {
    let (known, other) = (Known::new(), District::imported(5, 2));
    let index = known.data().join("index");
    fs::remove_dir_all(&index).unwrap();
    fs::rename(other.data().join("index"), &index).unwrap();
    let ran = known.district.run(&["rebuild"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    known.same_after_start("the index of another journal");
}

#[test]
fn rebuild_makes_the_index_anew() {
    let known = Known::new();
    for (what, harm) in [HARMS[0], HARMS[6]] {
        let lines = known.district.journal_lines();
        harm(&known.data().join("index"));
        let said = known.district.run(&["rebuild"]).well();
        assert!(
            said.contains(&format!("dari {lines} baris jurnal untuk 12 kelompok")),
            "{said}, {lines}"
        );
        known.same_after_start(what);
    }
}

#[test]
fn the_index_is_made_anew_beside_the_work() {
    let known = Known::new();
    let server = Server::start(&known.data());
    let lines = known.district.journal_lines();
    let said = known.district.run(&["rebuild"]).well();
    assert!(said.contains(&format!("dari {lines} baris jurnal")), "{said}");
    assert_eq!(known.answers(&server), known.answers);
    // It goes on following what is recorded.
    known.district.token("supervisor");
    server.stop();
    known.district.run(&["verify"]).well();
    known.same_after_start("an index that was made anew");
}

#[test]
fn a_slip_in_the_name_of_the_directory_makes_none() {
    let district = District::imported(12, 6);
    let absent = district.dir.path().join("tidak-ada");
    let data = absent.display().to_string();
    let out = district.dir.path().join("e.csv").display().to_string();
    for command in [
        &["export", "pertemuan", "--data", &data, "--out", &out][..],
        &["user", "--data", &data, "list"],
        &["user", "--data", &data, "link", "admin"],
        &["rebuild", "--data", &data],
        &["verify", "--data", &data],
    ] {
        Ran::of(&mut p2k2(command)).refused("");
        assert!(!absent.exists(), "{command:?}");
    }
    // What only looks needs no directory.
    let wilayah = district.file("wilayah").display().to_string();
    Ran::of(&mut p2k2(&["search", "--data", &data, "usaha"])).well();
    Ran::of(&mut p2k2(&["import", "wilayah", &wilayah, "--dry-run", "--data", &data])).well();
    assert!(!absent.exists());
}

#[test]
fn verify_holds_the_journal_against_a_printed_head() {
    let known = Known::new();
    let verify = |head: &str| known.district.run(&["verify", "--head", head]);
    let said = known.district.run(&["verify"]).well();
    let head = said.split("kepala jurnal ").nth(1).unwrap().trim_end_matches(".\n").to_owned();
    let (seq, hex) = head.split_once(':').unwrap();
    assert_eq!(seq.parse::<usize>().unwrap(), known.district.journal_lines());
    verify(&head).well();
    let other_digit = if hex.starts_with('0') { "1" } else { "0" };
    for wrong in [
        format!("{seq}:{other_digit}{}", &hex[1..]),
        format!("{}:{hex}", seq.parse::<u64>().unwrap() + 1),
        format!("{}:{hex}", seq.parse::<u64>().unwrap() - 1),
    ] {
        let ran = verify(&wrong);
        assert_eq!(ran.code, Some(1), "{wrong}: {ran:?}");
        assert!(ran.out.contains("kerusakan ditemukan"), "{ran:?}");
    }
    // A head stays good while the journal grows, and finds a journal that was made anew.
    known.district.token("supervisor");
    verify(&head).well();
    let other = District::imported(12, 5);
    let ran = other.run(&["verify", "--head", &head]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for broken in ["7", "x:y", "7:zz"] {
        assert_eq!(verify(broken).code, Some(2));
    }
}

#[test]
fn a_text_that_is_damaged_or_missing_is_named_by_verify() {
    let known = Known::new();
    let (path, bytes) = files_below(&known.data().join("blobs")).remove(0);
    let name = path.strip_prefix(known.data()).unwrap().display().to_string();
    fs::write(&path, flip(&bytes)).unwrap();
    let damaged = known.district.run(&["verify"]);
    assert!(damaged.code == Some(1) && damaged.out.contains(&name), "{damaged:?}");
    fs::remove_file(&path).unwrap();
    let missing = known.district.run(&["verify"]);
    assert!(missing.code == Some(1) && missing.out.contains(&name), "{missing:?}");
    fs::write(&path, &bytes).unwrap();
    known.district.run(&["verify"]).well();
}

#[test]
fn verify_says_when_there_is_nothing_to_look_at() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("salah-ketik").display().to_string();
    let ran = Ran::of(&mut p2k2(&["verify", "--data", &data]));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    one_sentence(&ran.err, "salah-ketik");
    assert!(!Path::new(&data).exists());
}
