//! Every released format is read for ever.

use std::path::Path;

use p2k2::journal::disk::Disk;
use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{Hash128, Import, Journal};
use p2k2::private::Private;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{DIR, append, line, open, read_all, verified};

/// A directory as the first release left it, with its last clean stop.
const FORMAT_1: [(&str, &[u8]); 3] = [
    ("format", b"p2k2 data 1\n"),
    ("journal/000001.jsonl", include_bytes!("format-1.jsonl")),
    ("stop", b"p2k2 stop 6:f26e62204c76600cbf8854869786da4f 528e9d7b2395f28c4e304fbb5574e71f\n"),
];

#[test]
fn the_first_format_is_read() {
    let disk = FaultDisk::new();
    disk.create_dir(&Path::new(DIR).join("journal")).unwrap();
    for (name, bytes) in FORMAT_1 {
        disk.create(&Path::new(DIR).join(name)).unwrap().write_at(0, bytes).unwrap();
    }
    let disk = disk.copy();
    assert_eq!(verified(&disk, &[]), vec![]);
    let (journal, report) = open(&disk).unwrap();
    assert!(report.cut.is_none() && report.notes.is_empty() && report.redacted.is_empty());
    assert_eq!(journal.head().to_string(), "6:f26e62204c76600cbf8854869786da4f");

    let read = read_all(&journal).unwrap();
    let events = |seq: usize| read[seq - 1].events::<Value>().unwrap();
    let import = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_00ff);
    assert_eq!(events(1), [json!({"uji": "pertama"})]);
    let second = json!({
        "uji": "kedua",
        "nama": Private::from("Bu \"Sari\" \u{1F33E}"),
        "daftar": [Private::from("dua\nbaris")],
    });
    assert_eq!(events(2), [second]);
    let third = json!({"uji": "ketiga", "catatan": Private::Redacted});
    assert_eq!(events(3), [third, json!({"uji": "kosong"})]);
    assert_eq!(read.iter().map(|line| line.batch).collect::<Vec<_>>(), [1, 1, 3, 4, 4, 6]);
    assert_eq!(read.iter().map(|line| line.redacted).filter(|blank| *blank).count(), 1);
    assert_eq!(read[2].at, "2026-11-21T02:00:01.234Z".parse().unwrap());
    assert_eq!((read[0].by, read[1].by), (None, Some(7)));
    assert_eq!(read[0].cmd.to_string(), "01970000-0000-7000-8000-000000000001");
    assert_eq!(read[0].digest, Hash128::of(&[1]));
    assert_eq!(read[3].import, Some(Import::Part(import)));
    assert_eq!(read[4].import, Some(Import::Close { id: import, first: 4, lines: 1 }));
    assert_eq!(read[5].redacts, [3]);
    append(&journal, &[line(7)]).unwrap();
}

#[test]
fn private_texts_have_one_written_form() {
    let cases = [
        (Private::from("Bu Sari"), r#"{"~":"Bu Sari"}"#, "Bu Sari"),
        (Private::from(String::new()), r#"{"~":""}"#, ""),
        (Private::Redacted, r#"{"~":null}"#, "(dihapus)"),
    ];
    for (private, json, shown) in cases {
        assert_eq!(serde_json::to_string(&private).unwrap(), json);
        assert_eq!(serde_json::from_str::<Private>(json).unwrap(), private);
        assert_eq!(private.to_string(), shown);
        assert_eq!(private.as_str().is_none(), private == Private::Redacted);
    }
    for wrong in ["{}", r#"{"a":"x"}"#, r#"{"~":1}"#, r#"{"~":"x","a":1}"#, r#""x""#] {
        assert!(serde_json::from_str::<Private>(wrong).is_err(), "{wrong}");
    }
}
