//! Damage that the engine cannot notice: sound values that do not belong together.

use std::collections::BTreeMap;

use tempfile::{TempDir, tempdir};
use uuid::Uuid;

use super::store::{CHUNK, Writes};
use super::*;
use crate::ids::Digest;
use crate::journal::Hash128;

type Values = BTreeMap<Vec<u8>, Vec<u8>>;
/// What was done to the values, in words and in deed.
type Tampered<'a> = (&'static str, &'a dyn Fn(&mut Values));

fn id(number: u64) -> KelompokId {
    format!("K-{number}").parse().unwrap()
}

fn renamed(seq: u64, kelompok: u64, name: &str) -> (LineInfo, Vec<Event>) {
    let info = LineInfo {
        seq,
        at: Timestamp::from_millisecond(1_763_700_000_000 + 1_000 * i64::try_from(seq).unwrap())
            .unwrap(),
        by: Some(AccountId(3)),
        command: Uuid::from_u128(u128::from(seq)),
        digest: Digest([1; 16]),
    };
    (info, vec![Event::KelompokRenamed { id: id(kelompok), name: name.to_owned() }])
}

fn head(seq: u64) -> Head {
    Head { seq, hash: Hash128::of(&seq.to_le_bytes()) }
}

/// Everything that is stored after the names of three kelompok changed in turn, up to line `lines`.
fn values(lines: u64) -> Values {
    let dir = tempdir().unwrap();
    let (index, _) = HistoryIndex::open(dir.path()).unwrap();
    let all: Vec<_> =
        (1..=lines).map(|seq| renamed(seq, seq % 3, &format!("Mawar {seq}"))).collect();
    index.add(&all, head(lines)).unwrap();
    stored(&index)
}

fn stored(index: &HistoryIndex) -> Values {
    let mut values = Values::new();
    for prefix in *b"bpm" {
        let mut visit = |key: &[u8], value: &[u8]| {
            values.insert(key.to_vec(), value.to_vec());
        };
        index.shelf().store.scan(prefix, &mut visit).unwrap();
    }
    values
}

/// A sound store with these values.
fn store_of(values: &Values) -> TempDir {
    let dir = tempdir().unwrap();
    let store = Store::open(&directory::path(dir.path(), 1)).unwrap();
    store.apply(Writes { chunks: values.clone(), bytes: 0 }).unwrap();
    dir
}

/// The first key that begins so.
fn key(values: &Values, start: &[u8]) -> Vec<u8> {
    values.keys().find(|key| key.starts_with(start)).unwrap().clone()
}

fn changed(values: &Values, with: impl FnOnce(&mut Values)) -> HistoryIndex {
    let mut values = values.clone();
    with(&mut values);
    let dir = store_of(&values);
    let (index, outcome) = HistoryIndex::open(dir.path()).unwrap();
    let replaced = matches!(outcome, OpenOutcome::Replaced { .. });
    assert_eq!(replaced, index.position() == 0, "{outcome}");
    index
}

#[test]
fn a_book_that_is_not_of_its_time_is_found_at_opening() {
    let (older, newer) = (values(20), values(40));
    let book = key(&newer, b"bkk-0");
    let other = key(&newer, b"bkk-1");
    let account = key(&newer, b"ba");
    let meta = key(&newer, b"m");
    let tampered: [Tampered<'_>; 9] = [
        ("book older", &|all| drop(all.insert(book.clone(), older[&book].clone()))),
        ("book missing", &|all| drop(all.remove(&book))),
        ("book of another", &|all| drop(all.insert(book.clone(), newer[&other].clone()))),
        ("book changed", &|all| all.get_mut(&book).unwrap()[6] ^= 1),
        ("account missing", &|all| drop(all.remove(&account))),
        ("one book too many", &|all| drop(all.insert(b"bkk-9\0\0".to_vec(), vec![0; 36]))),
        ("record older", &|all| drop(all.insert(meta.clone(), older[&meta].clone()))),
        ("record missing", &|all| drop(all.remove(&meta))),
        ("record changed", &|all| all.get_mut(&meta).unwrap()[20] ^= 1),
    ];
    for (what, tamper) in tampered {
        assert_eq!(changed(&newer, tamper).position(), 0, "{what}");
    }
    assert_eq!(changed(&newer, |_| ()).head(), head(40));
    assert_eq!(changed(&newer, |all| all.clone_from(&older)).head(), head(20));
}

#[test]
fn another_format_is_found_at_opening() {
    let newer = values(40);
    let meta = key(&newer, b"m");
    let index = changed(&newer, |all| {
        let bytes = all.get_mut(&meta).unwrap();
        bytes[0] ^= 1;
        let (body, _) = bytes.split_last_chunk::<16>().unwrap();
        *bytes = [body, &book::sum_of(&[body])].concat();
    });
    assert_eq!(index.position(), 0);
}

#[test]
fn a_page_that_is_not_of_its_time_is_found_when_it_is_read() {
    let (older, newer) = (values(20), values(40));
    let page = key(&newer, b"pkk-0");
    let other = key(&newer, b"pkk-1");
    let account = key(&newer, b"pa");
    let tampered: [Tampered<'_>; 5] = [
        ("older", &|all| drop(all.insert(page.clone(), older[&page].clone()))),
        ("missing", &|all| drop(all.remove(&page))),
        ("of another", &|all| drop(all.insert(page.clone(), newer[&other].clone()))),
        ("changed", &|all| *all.get_mut(&page).unwrap().last_mut().unwrap() ^= 1),
        ("cut", &|all| all.get_mut(&page).unwrap().truncate(30)),
    ];
    for (what, tamper) in tampered {
        let index = changed(&newer, tamper);
        assert!(index.is_sound());
        assert_eq!(index.history(&id(0), 39), Err(OutOfStep::Damaged), "{what}");
        assert!(!index.is_sound(), "{what}");
        // The others are whole and go on answering, but nothing is added to what is damaged.
        assert_eq!(index.history(&id(1), 40).unwrap().len(), 14, "{what}");
        let added = index.add(&[renamed(41, 0, "Melati")], head(41));
        assert!(matches!(added, Err(IndexError::Broken { .. })), "{what}");
        index.forget_all().unwrap();
        assert!(index.is_sound() && index.position() == 0);
    }
    let index = changed(&newer, |all| drop(all.insert(account.clone(), older[&account].clone())));
    let window = Window { before: u64::MAX, limit: 5 };
    assert_eq!(index.audit(Some(AccountId(3)), window, 40), Err(OutOfStep::Damaged));
    assert!(!index.is_sound());
}

#[test]
fn no_value_is_long_whatever_the_texts() {
    let dir = tempdir().unwrap();
    let (index, _) = HistoryIndex::open(dir.path()).unwrap();
    let mut noise = blake3::Hasher::new().finalize_xof();
    let lines: Vec<_> = (1..=60)
        .map(|seq| {
            // The longest is beyond what a line of the journal can hold.
            let mut bytes = vec![0; [40, 4_000, 30_000, 150_000][seq as usize % 4]];
            noise.fill(&mut bytes);
            let name: String = bytes.iter().map(|byte| char::from(byte % 94 + b' ')).collect();
            renamed(seq, seq % 2, &name)
        })
        .collect();
    for chunk in lines.chunks(7) {
        index.add(chunk, head(chunk[chunk.len() - 1].0.seq)).unwrap();
    }
    for (key, value) in stored(&index) {
        assert!(key.len() + value.len() <= CHUNK + 64, "{key:?}: {}", value.len());
    }
    for (kelompok, last_seq) in [(0, 60), (1, 59)] {
        let entries = index.history(&id(kelompok), last_seq).unwrap();
        let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
        let of = |line: &&(LineInfo, Vec<Event>)| line.0.seq % 2 == kelompok;
        let truth: Vec<_> = lines.iter().filter(of).map(|line| line.1[0].clone()).collect();
        assert_eq!(events, truth);
    }
}

#[test]
fn whichever_byte_changes_behind_an_open_index_there_is_no_answer() {
    let dir = store_of(&values(40));
    let (index, _) = HistoryIndex::open(dir.path()).unwrap();
    let truth = index.history(&id(0), 39).unwrap();
    let sound = stored(&index);
    let put = |key: &[u8], value: Vec<u8>| {
        let writes = Writes { chunks: BTreeMap::from([(key.to_vec(), value)]), bytes: 0 };
        index.shelf().store.apply(writes).unwrap();
    };
    for start in [&b"bkk-0"[..], b"pkk-0"] {
        let key = key(&sound, start);
        for at in 0..sound[&key].len() {
            let mut value = sound[&key].clone();
            value[at] ^= 1 << (at % 8);
            put(&key, value);
            assert_eq!(index.history(&id(0), 39), Err(OutOfStep::Damaged), "{start:?} at {at}");
        }
        put(&key, sound[&key].clone());
        assert_eq!(index.history(&id(0), 39).unwrap(), truth);
    }
}

#[test]
fn what_was_closed_can_be_opened_at_once() {
    let values = values(40);
    for round in 0..50 {
        let dir = store_of(&values);
        for _ in 0..3 {
            let (index, outcome) = HistoryIndex::open(dir.path()).unwrap();
            assert_eq!(outcome, OpenOutcome::Opened, "round {round}");
            assert_eq!(index.head(), head(40), "round {round}");
        }
    }
}

#[test]
fn what_was_found_damaged_is_not_opened_again() {
    let mut values = values(40);
    let page = key(&values, b"pkk-0");
    values.get_mut(&page).unwrap()[0] ^= 1;
    let dir = store_of(&values);
    let open = || HistoryIndex::open(dir.path()).unwrap();
    assert_eq!(open().1, OpenOutcome::Opened);
    let (index, outcome) = open();
    assert_eq!(outcome, OpenOutcome::Opened);
    assert!(index.history(&id(0), 39).is_err());
    drop(index);
    assert!(matches!(open().1, OpenOutcome::Replaced { .. }));
    // An index that nothing was added to is as good as a new one.
    assert_eq!(open().1, OpenOutcome::Created);
}
