use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use crate::ids::{AccountId, Mark};
use crate::kelompok::pertemuan::{Attendance, Extent, Source};
use crate::kelompok::varint::Reader;

use super::super::{Fakta, FaktaSesi, Shelf, ShelfHandle};
use super::FaktaList;

/// A pertemuan as most are: one sesi, everyone accounted for, sent from a phone.
fn usual(number: u32) -> Fakta {
    let date = date(2024, 1, 5);
    Fakta {
        id: Uuid::from_u128(u128::from(number) << 64 | 7),
        digest: Mark([3; 8]),
        date,
        kind: 0,
        attendance: Attendance { present: 22, sick: 1, absent: 2, members: 25 },
        absent_seats: Box::default(),
        sesi: Box::new([FaktaSesi {
            sesi: 13,
            extent: Extent::Tuntas,
            langkah: 0,
            source: Source::Assumed(1),
        }]),
        received: Timestamp::from_millisecond(1_704_500_000_123).ok(),
        author: AccountId(30_000),
        first_seq: 20_000_000 + u64::from(number),
        version: 20_000_000 + u64::from(number),
        corrected: false,
        withdrawn: false,
        not_double: false,
        open_question: false,
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    prop_oneof![
        8 => (0_i64..9_000).prop_map(|days| date(2010, 1, 1) + jiff::Span::new().days(days)),
        1 => Just(Date::MIN),
        1 => Just(Date::MAX),
    ]
}

fn any_received() -> impl Strategy<Value = Option<Timestamp>> {
    prop_oneof![
        Just(None),
        (0_i64..4_000_000_000).prop_map(|at| Timestamp::from_second(at).ok()),
        (0_i64..4_000_000_000_000).prop_map(|at| Timestamp::from_millisecond(at).ok()),
        (0_i128..4_000_000_000_000_000_000).prop_map(|at| Timestamp::from_nanosecond(at).ok()),
    ]
}

fn any_sesi() -> impl Strategy<Value = FaktaSesi> {
    let source = prop_oneof![
        any::<u16>().prop_map(Source::Edition),
        (0_u16..20).prop_map(Source::Assumed),
        Just(Source::BukuCetak),
    ];
    let extent = prop_oneof![Just(Extent::Sebagian), Just(Extent::Tuntas)];
    (any::<u16>(), extent, prop_oneof![Just(0), any::<u32>()], source)
        .prop_map(|(sesi, extent, langkah, source)| FaktaSesi { sesi, extent, langkah, source })
}

prop_compose! {
    fn any_fakta()(
        (id, digest, date, kind) in (any::<u128>(), any::<[u8; 8]>(), any_date(), any::<u8>()),
        counts in (0_u16..600, 0_u16..600, 0_u16..600, any::<u16>(), any::<bool>()),
        absent_seats in prop::collection::vec(any::<u16>(), 0..80),
        sesi in prop::collection::vec(any_sesi(), 0..20),
        received in any_received(),
        (author, first_seq, later) in (any::<u32>(), 0_u64..1 << 40, 0_u64..3),
        (corrected, withdrawn, not_double, open_question) in any::<(bool, bool, bool, bool)>(),
    ) -> Fakta {
        let (present, sick, absent, members, exact) = counts;
        let members = if exact { present + sick + absent } else { members };
        // Beyond what 64 bits of nanoseconds hold, a time of receipt is not one that was sent.
        let near = date > Date::MIN && date < Date::MAX;
        Fakta {
            id: Uuid::from_u128(id),
            digest: Mark(digest),
            date,
            kind,
            attendance: Attendance { present, sick, absent, members },
            absent_seats: absent_seats.into(),
            sesi: sesi.into(),
            received: received.filter(|_| near),
            author: AccountId(author),
            first_seq,
            version: first_seq + later,
            corrected: corrected && later > 0,
            withdrawn,
            not_double,
            open_question,
        }
    }
}

proptest! {
    #[test]
    fn what_is_packed_comes_back(all in prop::collection::vec(any_fakta(), 0..12)) {
        let all: BTreeMap<_, _> = all.into_iter().map(|one| (one.order(), one)).collect();
        let sorted: Vec<Fakta> = all.into_values().collect();
        // Entered from the middle outwards, so that both ends and the middle are hit.
        let mut list = FaktaList::default();
        let (old, new) = sorted.split_at(sorted.len() / 2);
        for one in new.iter().chain(old.iter().rev()) {
            list.insert(one);
        }
        prop_assert_eq!(list.len(), sorted.len());
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), sorted.clone());
        let mut back: Vec<Fakta> = list.iter().rev().collect();
        back.reverse();
        prop_assert_eq!(&back, &sorted);
        for one in &sorted {
            prop_assert_eq!(list.get(one.id), Some(one.clone()));
        }
        prop_assert_eq!(&sorted.into_iter().collect::<FaktaList>(), &list);
    }

    #[test]
    fn a_change_keeps_the_others(
        all in prop::collection::vec(any_fakta(), 1..8),
        which in any::<prop::sample::Index>(),
        to in any_date(),
    ) {
        let mut list: FaktaList = all.iter().cloned().collect();
        let which = which.get(&all).id;
        let changed = list.change(which, |one| {
            one.date = to;
            one.received = None;
            one.withdrawn = true;
        });
        prop_assert!(changed);
        let mut expected = all;
        for one in expected.iter_mut().filter(|one| one.id == which) {
            one.date = to;
            one.received = None;
            one.withdrawn = true;
        }
        expected.sort_by_key(Fakta::order);
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), expected);
        let nobody = list.change(Uuid::nil(), |one| one.withdrawn = false);
        prop_assert!(!nobody);
    }

    #[test]
    fn damaged_bytes_end_the_walk(
        all in prop::collection::vec(any_fakta(), 1..4),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let mut list: FaktaList = all.iter().cloned().collect();
        let at = at.index(list.bytes.len());
        list.bytes[at] ^= 1 << bit;
        // Whatever comes, it comes to an end and nothing panics.
        prop_assert!(list.iter().count() <= list.bytes.len());
        prop_assert!(list.iter().rev().count() <= list.bytes.len());
    }
}

/// A shelf in memory that answers until it is broken.
#[derive(Clone, Default)]
struct Board(Arc<Mutex<(Vec<u8>, bool)>>);

impl Board {
    /// Puts a list on the shelf, as a new one does with all there is.
    fn take(&self, list: &mut FaktaList) {
        let packed = list.packed().into_owned();
        let mut board = self.0.lock().unwrap();
        let offset = board.0.len() as u64;
        board.0.extend_from_slice(&packed);
        if let Some(stretch) = FaktaList::stretch(offset, &packed) {
            list.put_away(stretch, &ShelfHandle::new(Box::new(self.clone())));
        }
    }
}

impl Shelf for Board {
    fn read(&self, offset: u64, out: &mut [u8]) -> bool {
        let board = self.0.lock().unwrap();
        let from = usize::try_from(offset).unwrap();
        out.copy_from_slice(&board.0[from..from + out.len()]);
        !board.1
    }
}

/// What happens to a list.
#[derive(Debug, Clone)]
enum Step {
    Insert(Fakta),
    Change(prop::sample::Index, Date),
    Shelve,
    Reload,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any_fakta().prop_map(Step::Insert),
        2 => (any::<prop::sample::Index>(), any_date()).prop_map(|(at, to)| Step::Change(at, to)),
        2 => Just(Step::Shelve),
        1 => Just(Step::Reload),
    ]
}

proptest! {
    #[test]
    fn a_list_on_a_shelf_says_what_one_in_memory_says(
        steps in prop::collection::vec(any_step(), 1..30),
    ) {
        let board = Board::default();
        let (mut list, mut memory) = (FaktaList::default(), FaktaList::default());
        let mut ids: Vec<Uuid> = Vec::new();
        for step in steps {
            match step {
                Step::Insert(fakta) if ids.contains(&fakta.id) => {}
                Step::Insert(fakta) => {
                    ids.push(fakta.id);
                    list.insert(&fakta);
                    memory.insert(&fakta);
                }
                Step::Change(_, _) if ids.is_empty() => {}
                Step::Change(at, to) => {
                    let id = *at.get(&ids);
                    let with = |one: &mut Fakta| (one.date, one.received) = (to, None);
                    prop_assert!(list.change(id, with) && memory.change(id, with));
                }
                Step::Shelve => board.take(&mut list),
                Step::Reload => {
                    let mut bytes = Vec::new();
                    list.write(&mut bytes);
                    list = FaktaList::read(&mut Reader { bytes: &bytes }).unwrap();
                    list.attach(&ShelfHandle::new(Box::new(board.clone())));
                }
            }
            prop_assert_eq!(&list, &memory);
            prop_assert_eq!(list.len(), memory.len());
            prop_assert_eq!(
                list.iter().rev().collect::<Vec<_>>(),
                memory.iter().rev().collect::<Vec<_>>()
            );
            for id in &ids {
                prop_assert_eq!(list.get(*id), memory.get(*id));
            }
        }
    }
}

#[test]
fn what_is_put_away_leaves_memory_and_a_broken_shelf_gives_nothing() {
    let board = Board::default();
    let mut list: FaktaList = (0..24).map(usual).collect();
    board.take(&mut list);
    assert_eq!((list.heap_bytes(), list.len()), (0, 24));
    // A later one stays in memory; the shelf is not even asked.
    board.0.lock().unwrap().1 = true;
    let mut later = usual(30);
    later.date = date(2024, 2, 5);
    list.insert(&later);
    assert!(list.is_put_away() && list.heap_bytes() < 100);
    assert_eq!(list.get(later.id), Some(later));
    assert_eq!(list.get(usual(3).id), None);
    board.0.lock().unwrap().1 = false;
    assert_eq!(list.iter().count(), 25);
}

#[test]
fn a_usual_pertemuan_takes_45_bytes() {
    let list: FaktaList = (0..24).map(usual).collect();
    assert!(list.bytes.len() <= 24 * 46, "{} bytes for 24", list.bytes.len());
    assert!(list.heap_bytes() <= 24 * 49, "{} bytes held for 24", list.heap_bytes());
}
