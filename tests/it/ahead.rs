//! A decision made before its turn holds only where the turn would decide the same.

use p2k2::command::{Actor, Command, Request};
use p2k2::decide::ahead::Ahead;
use p2k2::decide::{Decision, decide};
use p2k2::ids::AccountId;
use p2k2::kelompok::group::HeadReason;
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::{PENDAMPING, STRANGER, SUPERVISOR, World, record, request};

/// One thing that somebody asks for; ids come from so few that they meet.
fn asked() -> impl Strategy<Value = (u128, u8, u8, u16)> {
    (0..40_u128, 0..10_u8, 0..40_u8, 20..=25_u16)
}

fn of_version(world: &World, kelompok: &str) -> u64 {
    world.state.group(kelompok).map_or(0, |group| group.version)
}

fn command(world: &World, (id, what, day, present): (u128, u8, u8, u16)) -> Request {
    let own = if day % 2 == 0 { "OKI-1" } else { "MGT-1" };
    let date: jiff::civil::Date = "2026-11-20".parse().unwrap();
    let date = date.saturating_sub(jiff::ToSpan::days(i64::from(day)));
    let system = |command| request(1_000_000 + world.state.seq as u128, Actor::System, command);
    let kelompok = own.parse().unwrap();
    match what {
        0 => system(Command::ChangeHeads {
            kelompok,
            date,
            delta: 1,
            reason: HeadReason::AnggotaBaru,
            note: String::new(),
            seats: Vec::new(),
            version: of_version(world, own),
        }),
        1 => system(Command::Assign {
            kelompok,
            from: date,
            account: Some(AccountId(1 + u32::from(day % 3 == 0))),
            version: of_version(world, own),
        }),
        2 => system(Command::ChangeAccount {
            id: AccountId(1),
            name: None,
            grants: None,
            disabled: Some(day % 3 == 0),
        }),
        3 => {
            let id = Uuid::from_u128(100 + id);
            let version = world.state.pertemuan(id).map_or(0, |(_, fakta)| fakta.version);
            let command = Command::Withdraw { id, reason: "keliru".to_owned(), version };
            request(2_000_000 + world.state.seq as u128, SUPERVISOR, command)
        }
        _ => {
            let mut input = record("2026-11-20");
            (input.kelompok, input.date) = (kelompok, date);
            (input.present, input.sick, input.absent) = (present, 0, 25 - present);
            let actor = if own == "OKI-1" { PENDAMPING } else { STRANGER };
            request(100 + id, actor, Command::Record(Box::new(input)))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_holds_is_what_the_turn_decides(
        steps in proptest::collection::vec((asked(), 0..6_usize), 1..40),
    ) {
        let mut world = World::district();
        let mut waiting: Vec<(usize, Request, Option<Ahead>)> = Vec::new();
        for (at, (asked, delay)) in steps.into_iter().enumerate() {
            let request = command(&world, asked);
            let ahead = Ahead::of(&world.state, &request);
            waiting.push((at + delay, request, ahead));
            let due = |one: &(usize, Request, Option<Ahead>)| one.0 <= at;
            while let Some(next) = waiting.iter().position(due) {
                let (_, request, ahead) = waiting.remove(next);
                if let Some(ahead) = ahead.filter(|one| one.holds(&world.state, &request)) {
                    let turn = decide(&world.state, &request);
                    prop_assert_eq!(turn, Ok(Decision::Events(ahead.events().to_vec())));
                }
                let _refused = world.run(&request);
            }
        }
    }
}

#[test]
fn only_what_bears_on_a_record_undoes_what_was_decided_ahead() {
    let mut world = World::district();
    let one = |id, kelompok: &str, actor| {
        let mut input = record("2026-11-20");
        input.kelompok = kelompok.parse().unwrap();
        request(id, actor, Command::Record(Box::new(input)))
    };
    let waits = one(50, "OKI-1", PENDAMPING);
    let ahead = Ahead::of(&world.state, &waits).unwrap();
    world.run(&one(51, "MGT-1", STRANGER)).unwrap();
    assert!(ahead.holds(&world.state, &waits), "another kelompok's record bears on nothing");
    let same_id = one(51, "OKI-1", PENDAMPING);
    assert_eq!(Ahead::of(&world.state, &same_id), None, "its id was taken before");
    let other = World { state: world.state.clone(), lines: Vec::new() };
    world.run(&one(52, "OKI-1", PENDAMPING)).unwrap();
    assert!(!ahead.holds(&world.state, &waits), "a record of the kelompok came between");
    world = other;
    world
        .system(
            53,
            Command::ChangeAccount {
                id: AccountId(1),
                name: None,
                grants: None,
                disabled: Some(true),
            },
        )
        .unwrap();
    assert!(!ahead.holds(&world.state, &waits), "the sender lost the account");
    assert!(decide(&world.state, &waits).is_err());
}
