//! Damage at rest: harmless, or reported with the file named; never served.

use std::path::{Path, PathBuf};

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{BlobId, Expected, Journal, Line, NewLine};

use super::aside::bring_in;
use super::{
    DIR, append, line, lines, open, opened, read_all, seal_all, verified, verified_against,
};

/// A directory at rest with everything in it, and what was in it.
struct AtRest {
    disk: FaultDisk,
    lines: Vec<Line>,
    blobs: Vec<Vec<u8>>,
    drafts: Vec<(String, Vec<u8>)>,
}

/// In which form full segments stand.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Plain,
    Sealed,
    /// Plain, and taken note of by an import.
    Noted,
}

const FORMS: [Form; 3] = [Form::Plain, Form::Sealed, Form::Noted];

fn at_rest() -> AtRest {
    left_at_rest(Form::Plain)
}

fn left_at_rest(form: Form) -> AtRest {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    append(&journal, &lines(1, 3)).unwrap();
    disk.kill();
    let file = Path::new(DIR).join("journal/000001.jsonl");
    let bytes = disk.contents(&file).unwrap();
    disk.damage(&file, &bytes[..bytes.len() - 20]);
    let journal = opened(&disk);
    for first in (3..30).step_by(3) {
        append(&journal, &lines(first, first + 2)).unwrap();
    }
    append(&journal, &[NewLine { redacts: vec![6], ..line(30) }]).unwrap();
    journal.redact(&[6]).unwrap();
    let blobs: Vec<_> = (1..4_u8).map(|n| vec![n * 40; 700]).collect();
    for blob in &blobs {
        journal.put_blob(blob).unwrap();
    }
    let drafts = vec![("sesi-1".to_owned(), b"draf pertama".to_vec()), ("b".into(), vec![0; 90])];
    for (name, text) in &drafts {
        journal.drafts().save(name, text).unwrap();
    }
    if form == Form::Noted {
        bring_in(&journal, 60).unwrap();
    }
    let lines = read_all(&journal).unwrap();
    assert!(form != Form::Sealed || seal_all(&journal).unwrap() > 1);
    journal.close().unwrap();
    disk.kill();
    AtRest { disk, lines, blobs, drafts }
}

impl AtRest {
    /// Whether `verify` names the file.
    fn is_named(&self, disk: &FaultDisk, path: &Path) -> bool {
        let name = path.strip_prefix(DIR).unwrap();
        match verified_against(disk, &Expected::default(), &self.blobs) {
            Ok(findings) => findings.iter().any(|finding| finding.file == name),
            Err(error) => error.to_string().contains(name.to_str().unwrap()),
        }
    }

    /// Whether a server on this disk would show everything as it was; panics if it would show
    /// something else. Anything in between is an error that names the file.
    fn serves_all(&self, disk: &FaultDisk, path: &Path, case: &str) -> bool {
        let name = path.strip_prefix(DIR).unwrap().to_str().unwrap();
        let said = |error: &dyn std::fmt::Display| {
            assert!(error.to_string().contains(name), "{case}: {error}");
            false
        };
        let journal = match open(disk) {
            Ok((journal, _)) => journal,
            Err(error) => return said(&error),
        };
        let mut all = match read_all(&journal) {
            Ok(lines) => {
                assert!(lines == self.lines, "{case}: wrong or missing lines");
                true
            }
            Err(error) => said(&error),
        };
        for blob in &self.blobs {
            all &= match journal.get_blob(BlobId::of(blob)) {
                Ok(found) => {
                    assert!(found.as_ref() == Some(blob), "{case}: a wrong blob");
                    true
                }
                Err(error) => said(&error),
            };
        }
        for (draft, text) in &self.drafts {
            all &= match journal.drafts().load(draft) {
                Ok(found) => {
                    assert!(found.as_ref() == Some(text), "{case}: a wrong draft");
                    true
                }
                Err(error) => said(&error),
            };
        }
        all
    }

    /// Damages one file and looks at what comes of it.
    fn check(&self, path: &Path, bytes: &[u8], case: &str) -> bool {
        let disk = self.disk.copy();
        disk.damage(path, bytes);
        let named = self.is_named(&disk, path);
        let served = self.serves_all(&disk, path, case);
        assert!(named || served, "{case}: neither harmless nor reported");
        named
    }

    /// Files of the data directory in turn, so that small ones are damaged as often as big ones.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let paths = self.disk.paths().into_iter();
        let files = paths.map(|path| (path.clone(), self.disk.contents(&path).unwrap()));
        files.filter(|(_, bytes)| !bytes.is_empty()).collect()
    }
}

/// A number that looks random and follows from `n`.
fn mixed(n: usize) -> usize {
    let z = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from((z ^ (z >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33).unwrap()
}

#[test]
fn a_flipped_bit_is_harmless_or_named() {
    let all = FORMS.map(left_at_rest);
    let files = all.each_ref().map(AtRest::files);
    assert!(files[0].len() >= 10, "segments, blobs, drafts, format, stop, karantina");
    let mut named = 0;
    for round in 0..600 {
        let (rest, files) = (&all[round % 3], &files[round % 3]);
        let (path, bytes) = &files[round / 3 % files.len()];
        let mut bytes = bytes.clone();
        let at = mixed(round) % bytes.len();
        let bit = mixed(round + 7000) % 8;
        bytes[at] ^= 1 << bit;
        let case = format!("bit {bit} of byte {at} of {}", path.display());
        named += usize::from(rest.check(path, &bytes, &case));
    }
    assert!(named > 500, "only {named} of 600 were named");
}

#[test]
fn a_truncated_file_is_harmless_or_named() {
    let all = FORMS.map(left_at_rest);
    let files = all.each_ref().map(AtRest::files);
    let mut named = 0;
    for round in 0..300 {
        let (rest, files) = (&all[round % 3], &files[round % 3]);
        let (path, bytes) = &files[round / 3 % files.len()];
        let length = mixed(round) % bytes.len();
        let case = format!("{} cut to {length}", path.display());
        named += usize::from(rest.check(path, &bytes[..length], &case));
    }
    assert!(named > 250, "only {named} of 300 were named");
}

#[test]
fn every_line_end_is_guarded_after_a_clean_stop() {
    let rest = at_rest();
    let files = rest.files();
    let segments: Vec<_> =
        files.iter().filter(|(path, _)| path.to_string_lossy().contains("/journal/")).collect();
    assert!(segments.len() >= 2);
    for (path, bytes) in segments {
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        for at in ends.filter(|at| at + 1 < bytes.len()) {
            let case = format!("{} cut behind the line end at {at}", path.display());
            assert!(rest.check(path, &bytes[..=at], &case), "{case}");
        }
    }
}

/// A way to spoil the lines of a segment.
type Edit = fn(&mut Vec<String>);

#[test]
fn edits_by_hand_are_named_with_their_line() {
    let rest = at_rest();
    let path = Path::new(DIR).join("journal/000001.jsonl");
    let text = String::from_utf8(rest.disk.contents(&path).unwrap()).unwrap();
    let edits: [(&str, u64, Edit); 8] = [
        ("two lines change places", 3, |lines| lines.swap(2, 3)),
        ("a line is taken out", 4, |lines| drop(lines.remove(3))),
        ("a line stands twice", 5, |lines| lines.insert(4, lines[3].clone())),
        ("a value is changed", 3, |lines| {
            lines[2] = lines[2].replace("\"nomor\":2", "\"nomor\":7")
        }),
        ("a private text is changed", 4, |lines| lines[3] = lines[3].replace("Sari", "Sera")),
        ("a private text is dropped", 4, |lines| {
            let (from, to) =
                (lines[3].find(",\"p\":").unwrap(), lines[3].rfind(",\"h\":").unwrap());
            lines[3].replace_range(from..to, "");
        }),
        ("a header is changed", 1, |lines| {
            lines[0] = lines[0].replace("\"first\":1", "\"first\":2")
        }),
        ("a line is made too long", 3, |lines| {
            lines[2] = lines[2].replace("Sesi", &"S".repeat(70_000))
        }),
    ];
    for (name, line, edit) in edits {
        let mut lines: Vec<_> = text.split_inclusive('\n').map(str::to_owned).collect();
        edit(&mut lines);
        let changed = lines.concat();
        assert_ne!(changed, text, "{name}");
        let disk = rest.disk.copy();
        disk.damage(&path, changed.as_bytes());
        let findings = verified(&disk, &rest.blobs);
        let first = findings.first().unwrap_or_else(|| panic!("{name}: nothing found"));
        assert_eq!(
            (first.file.as_path(), first.line),
            (path.strip_prefix(DIR).unwrap(), Some(line)),
            "{name}: {findings:?}"
        );
        let refused = open(&disk).map(drop).unwrap_err().to_string();
        assert!(refused.contains(&format!("000001.jsonl baris {line}")), "{name}: {refused}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let all = FORMS.map(left_at_rest);
    for (rest, (path, _)) in
        all.iter().flat_map(|rest| rest.files().into_iter().map(move |file| (rest, file)))
    {
        let disk = rest.disk.copy();
        disk.take_away(&path);
        let name = path.strip_prefix(DIR).unwrap().display().to_string();
        let findings = verified(&disk, &rest.blobs);
        let journal = open(&disk).map(drop);
        if name == "journal/penuh" {
            // It only saves time.
            assert!(findings.is_empty() && journal.is_ok(), "{name}");
        } else if name == "journal/segel" {
            // It can be made again, so its loss is said and stops nothing.
            assert!(findings.iter().any(|f| f.file.display().to_string() == name), "{name}");
            assert!(journal.is_ok(), "{name}");
        } else if name.starts_with("journal/") {
            assert!(!findings.is_empty(), "{name}");
            assert!(journal.is_err(), "{name}");
        } else if name.starts_with("blobs/") || name == "format" {
            assert!(findings.iter().any(|f| f.file.display().to_string() == name), "{name}");
        } else {
            assert!(journal.is_ok(), "{name}");
        }
    }
}

#[test]
fn verify_goes_on_behind_damage() {
    let rest = at_rest();
    let disk = rest.disk.copy();
    let path = Path::new(DIR).join("journal/000001.jsonl");
    let text = String::from_utf8(disk.contents(&path).unwrap()).unwrap();
    let spoiled = text.replace("\"nomor\":2", "\"nomor\":3").replace("\"nomor\":5", "nomor 5");
    disk.damage(&path, spoiled.as_bytes());
    let findings = verified(&disk, &rest.blobs);
    let seqs: Vec<_> = findings.iter().filter_map(|finding| finding.seq).collect();
    assert_eq!(seqs, [2, 5], "{findings:?}");
}
