//! Snapshots are believed only as they were written, and are never needed.

use std::path::Path;
use std::sync::Arc;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{Hash128, Head, Snapshots};

use super::DIR;

const SHAPE: &str = "00ff00ff00ff00ff";

fn snapshots(disk: &FaultDisk) -> Snapshots {
    Snapshots::new(Arc::new(disk.clone()), Path::new(DIR))
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
        all.put(SHAPE, head(seq), format!("keadaan {seq}").as_bytes()).unwrap();
    }
    assert_eq!(all.numbers().unwrap(), [900, 70]);
    assert_eq!(all.load(900, SHAPE).unwrap(), (head(900), b"keadaan 900".to_vec()));
    assert!(all.load(900, "another").is_err());
    all.clear().unwrap();
    assert!(all.load(900, SHAPE).is_err());
    assert_eq!(all.numbers().unwrap(), Vec::<u64>::new());
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let disk = FaultDisk::new();
    let all = snapshots(&disk);
    all.put(SHAPE, head(7), b"keadaan sampai baris tujuh").unwrap();
    let path = disk.paths().into_iter().find(|path| path.ends_with("000000000007.potret"));
    let path = path.unwrap();
    let whole = disk.contents(&path).unwrap();
    for at in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        disk.damage(&path, &bytes);
        assert!(all.load(7, SHAPE).is_err(), "bit {at}");
    }
    for length in 0..whole.len() {
        disk.damage(&path, &whole[..length]);
        assert!(all.load(7, SHAPE).is_err(), "cut to {length}");
    }
    disk.damage(&path, &whole);
    assert!(all.load(7, SHAPE).is_ok());
}

#[test]
fn whatever_fails_an_earlier_one_stands() {
    for cut in [false, true] {
        for n in 1.. {
            let disk = FaultDisk::new();
            let all = snapshots(&disk);
            all.put(SHAPE, head(1), b"satu").unwrap();
            let before = disk.operations();
            if cut {
                disk.power_off_at(n);
            } else {
                disk.fail_at(n);
            }
            let outcome = all.put(SHAPE, head(2), b"dua");
            let over = disk.operations() - before < n;
            disk.lose_power(n);
            let newest = all.numbers().unwrap()[0];
            let expected: &[u8] = if newest == 2 { b"dua" } else { b"satu" };
            assert_eq!(all.load(newest, SHAPE).unwrap().1, expected, "{n}");
            if over {
                assert!(outcome.is_ok() && newest == 2 && n > 5, "{n}: {outcome:?}");
                break;
            }
        }
    }
}
