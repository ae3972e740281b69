//! Blobs and drafts.

use std::path::Path;

use p2k2::journal::disk::{Disk, RealDisk};
use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{BlobId, Damage, Drafts, Journal, JournalError};

use super::{DIR, append, line, opened, verified};

#[test]
fn a_blob_is_what_its_name_says_or_an_error() {
    let disk = FaultDisk::new();
    let journal = opened(&disk);
    let id = journal.put_blob(b"gambar").unwrap();
    assert_eq!(id, BlobId::of(b"gambar"));
    assert_eq!(journal.put_blob(b"gambar").unwrap(), id);
    assert!(journal.has_blob(id).unwrap());
    assert_eq!(journal.get_blob(id).unwrap().unwrap(), b"gambar");
    let other = BlobId::of(b"lain");
    assert!(!journal.has_blob(other).unwrap());
    assert_eq!(journal.get_blob(other).unwrap(), None);
    let hex = id.to_string();
    let name = Path::new("blobs").join(&hex[..2]).join(&hex[2..]);
    disk.damage(&Path::new(DIR).join(&name), b"gambor");
    let error = journal.get_blob(id).unwrap_err();
    assert!(error.to_string().contains(name.to_str().unwrap()), "{error}");
    append(&journal, &[line(1)]).unwrap();
    let findings = verified(&disk, &[b"gambar".to_vec(), b"lain".to_vec()]);
    let what: Vec<_> = findings.iter().map(|finding| &finding.what).collect();
    assert_eq!(what, [&Damage::Blob, &Damage::BlobMissing]);
}

#[test]
fn a_blob_seen_after_a_kill_is_kept_before_it_is_promised() {
    for n in 1..14 {
        let disk = FaultDisk::new();
        drop(opened(&disk));
        let journal = opened(&disk);
        append(&journal, &[line(1)]).unwrap();
        disk.fail_at(n);
        let _ = journal.put_blob(b"naskah");
        disk.kill();
        let journal = opened(&disk);
        let id = BlobId::of(b"naskah");
        let promised = journal.has_blob(id).unwrap();
        disk.lose_power(0);
        if promised {
            assert!(opened(&disk).get_blob(id).unwrap().is_some(), "operation {n}");
        }
    }
}

#[test]
fn a_draft_is_saved_replaced_and_removed() {
    let directory = tempfile::tempdir().unwrap();
    let drafts = Drafts::new(std::sync::Arc::new(RealDisk), directory.path());
    assert_eq!(drafts.load("sesi-3.5").unwrap(), None);
    drafts.save("sesi-3.5", "pertama\n".as_bytes()).unwrap();
    drafts.save("sesi-3.5", b"").unwrap();
    assert_eq!(drafts.load("sesi-3.5").unwrap().unwrap(), b"");
    drafts.save("sesi-3.5", "kedua\r\n".as_bytes()).unwrap();
    drafts.save("lain", b"x").unwrap();
    assert_eq!(drafts.load("sesi-3.5").unwrap().unwrap(), "kedua\r\n".as_bytes());
    assert_eq!(drafts.names().unwrap(), ["lain", "sesi-3.5"]);
    drafts.remove("lain").unwrap();
    drafts.remove("lain").unwrap();
    assert_eq!(drafts.names().unwrap(), ["sesi-3.5"]);
    let long = "a".repeat(101);
    for name in ["", ".x", "../x", "a/b", "A", "a b", "a\0", long.as_str()] {
        assert!(matches!(drafts.save(name, b"x"), Err(JournalError::DraftName)), "{name:?}");
        assert!(matches!(drafts.load(name), Err(JournalError::DraftName)), "{name:?}");
    }
    assert_eq!(RealDisk.list(directory.path()).unwrap(), ["drafts"]);
    let file = directory.path().join("drafts/sesi-3.5.draf");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 4;
    std::fs::write(&file, bytes).unwrap();
    let error = drafts.load("sesi-3.5").unwrap_err();
    assert!(error.to_string().contains("drafts/sesi-3.5.draf"), "{error}");
}
