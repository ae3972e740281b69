//! Snapshots are believed only as they were written, and are never needed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{About, Hash128, Head, JournalError, ShelfFile, Snapshots};

use super::DIR;

const SHAPE: &str = "00ff00ff00ff00ff";

fn snapshots(disk: &FaultDisk) -> Snapshots {
    Snapshots::new(Arc::new(disk.clone()), Path::new(DIR))
}

fn about(seq: u64, shelf: Option<Hash128>) -> About<'static> {
    About { shape: SHAPE, head: head(seq), shelf }
}

fn head(seq: u64) -> Head {
    Head { seq, hash: Hash128::of(&seq.to_le_bytes()) }
}

#[test]
fn the_last_two_are_kept() {
    let disk = FaultDisk::new();
    let all = snapshots(&disk);
    assert_eq!(all.numbers().unwrap(), Vec::<u64>::new());
    for seq in [5, 70, 900] {
        all.put(about(seq, None), format!("keadaan {seq}").as_bytes()).unwrap();
    }
    assert_eq!(all.numbers().unwrap(), [900, 70]);
    let loaded = all.load(900, SHAPE).unwrap();
    assert_eq!((loaded.head, loaded.shelf), (head(900), None));
    assert_eq!(loaded.bytes, b"keadaan 900");
    assert!(all.load(900, "another").is_err());
    all.clear().unwrap();
    assert!(all.load(900, SHAPE).is_err());
    assert_eq!(all.numbers().unwrap(), Vec::<u64>::new());
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let disk = FaultDisk::new();
    let all = snapshots(&disk);
    all.put(about(7, None), b"keadaan sampai baris tujuh").unwrap();
    let path = disk.paths().into_iter().find(|path| path.ends_with("000000000007.potret"));
    let path = path.unwrap();
    let whole = disk.contents(&path).unwrap();
    for at in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        disk.damage(&path, &bytes);
        assert!(all.load(7, SHAPE).is_err(), "bit {at}");
        assert_eq!(all.check().unwrap().len(), 1, "bit {at}");
    }
    for length in 0..whole.len() {
        disk.damage(&path, &whole[..length]);
        assert!(all.load(7, SHAPE).is_err(), "cut to {length}");
    }
    disk.damage(&path, &whole);
    assert!(all.load(7, SHAPE).is_ok());
    assert_eq!(all.check().unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn whatever_fails_an_earlier_one_stands() {
    for cut in [false, true] {
        for n in 1.. {
            let disk = FaultDisk::new();
            let all = snapshots(&disk);
            all.put(about(1, None), b"satu").unwrap();
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let outcome = all.put(about(2, None), b"dua");
            let over = disk.operations() - before < n;
            disk.lose_power(n);
            let newest = all.numbers().unwrap()[0];
            let expected: &[u8] = if newest == 2 { b"dua" } else { b"satu" };
            assert_eq!(all.load(newest, SHAPE).unwrap().bytes, expected, "{n}");
            if over {
                assert!(outcome.is_ok() && newest == 2 && n > 5, "{n}: {outcome:?}");
                break;
            }
        }
    }
}

/// Pieces of several lengths, one of them empty.
fn pieces(from: u8) -> Vec<Vec<u8>> {
    (0..9_u8).map(|n| vec![n ^ from; usize::from(n) * 7]).collect()
}

fn shelve(all: &Snapshots, pieces: &[Vec<u8>]) -> Result<(ShelfFile, Vec<u64>), JournalError> {
    let mut writer = all.begin_shelf()?;
    let offsets: Result<Vec<u64>, _> = pieces.iter().map(|piece| writer.put(piece)).collect();
    Ok((writer.finish()?, offsets?))
}

fn reads(shelf: &ShelfFile, offset: u64, piece: &[u8]) -> bool {
    let mut found = vec![0; piece.len()];
    let read = shelf.read(offset, &mut found).is_ok();
    assert!(!read || found == piece, "a wrong piece was given out");
    read
}

fn shelves(disk: &FaultDisk) -> Vec<PathBuf> {
    let is_shelf = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rak");
    disk.paths().into_iter().filter(is_shelf).collect()
}

#[test]
fn whatever_happens_to_a_shelf_is_noticed() {
    let disk = FaultDisk::new();
    let all = snapshots(&disk);
    let pieces = pieces(0);
    let (shelf, offsets) = shelve(&all, &pieces).unwrap();
    let sum = shelf.sum();
    let path = shelves(&disk).pop().unwrap();
    let whole = disk.contents(&path).unwrap();
    assert!(shelf.check().is_ok() && all.open_shelf(sum).is_ok());
    for at in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        disk.damage(&path, &bytes);
        assert_eq!(all.check().unwrap().len(), 1, "bit {at}");
        let Ok(shelf) = all.open_shelf(sum) else { continue };
        assert!(shelf.check().is_err(), "bit {at}");
        let bad = offsets.iter().zip(&pieces).filter(|(at, piece)| !reads(&shelf, **at, piece));
        assert_eq!(bad.count(), 1, "bit {at} lies in one piece");
    }
    for length in 0..whole.len() {
        disk.damage(&path, &whole[..length]);
        assert!(all.open_shelf(sum).is_err(), "cut to {length}");
        // One that was open already when it was cut.
        let lost = pieces.len() - 1;
        assert!(!reads(&shelf, offsets[lost], &pieces[lost]), "cut to {length}");
    }
    // Another one under its name, whole as it is.
    disk.damage(&path, &whole);
    let (other, _) = shelve(&all, &self::pieces(9)).unwrap();
    let foreign = shelves(&disk).into_iter().find(|one| *one != path).unwrap();
    disk.damage(&path, &disk.contents(&foreign).unwrap());
    assert!(all.open_shelf(sum).is_err() && all.open_shelf(other.sum()).is_ok());
    disk.take_away(&path);
    assert!(all.open_shelf(sum).is_err());
    // A piece at another place, or of another length, is none.
    assert!(!reads(&other, offsets[3] + 1, &pieces[3]) && !reads(&other, offsets[3], &pieces[4]));
}

#[test]
fn shelves_go_with_the_snapshots_that_name_them() {
    let disk = FaultDisk::new();
    let all = snapshots(&disk);
    let mut sums = Vec::new();
    for seq in 1..=4 {
        let (shelf, _) = shelve(&all, &pieces(u8::try_from(seq).unwrap())).unwrap();
        all.put(about(seq, Some(shelf.sum())), b"sisanya").unwrap();
        sums.push(shelf.sum());
    }
    assert_eq!(shelves(&disk).len(), 2);
    assert_eq!(all.load(4, SHAPE).unwrap().shelf, Some(sums[3]));
    assert!(all.open_shelf(sums[3]).is_ok() && all.open_shelf(sums[2]).is_ok());
    // One is named for as long as snapshots are written beside it.
    all.put(about(5, Some(sums[3])), b"sisanya").unwrap();
    assert_eq!(shelves(&disk).len(), 1);
    all.clear().unwrap();
    assert_eq!(shelves(&disk), Vec::<PathBuf>::new());
}

#[test]
fn whatever_fails_an_earlier_shelf_stands() {
    for cut in [false, true] {
        for n in 1.. {
            let disk = FaultDisk::new();
            let all = snapshots(&disk);
            let (first, offsets) = shelve(&all, &pieces(1)).unwrap();
            all.put(about(1, Some(first.sum())), b"satu").unwrap();
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let write = || -> Result<(), JournalError> {
                let (second, _) = shelve(&all, &pieces(2))?;
                all.put(about(2, Some(second.sum())), b"dua")
            };
            let outcome = write();
            let over = disk.operations() - before < n;
            disk.lose_power(n);
            let newest = all.numbers().unwrap()[0];
            let shelf = all.open_shelf(all.load(newest, SHAPE).unwrap().shelf.unwrap()).unwrap();
            let expected = pieces(u8::try_from(newest).unwrap());
            assert!(offsets.iter().zip(&expected).all(|(at, piece)| reads(&shelf, *at, piece)));
            assert!(shelf.check().is_ok(), "{n}");
            if over {
                assert!(outcome.is_ok() && newest == 2 && n > 8, "{n}: {outcome:?}");
                break;
            }
        }
    }
}
