use super::*;
use jiff::civil::date;

use crate::kelompok::fakta::FaktaList;
use crate::kelompok::few::{Few, Rare};
use crate::people::account::Grant;

fn account(id: u32, grants: &[(Role, &str)]) -> Account {
    Account {
        id: AccountId(id),
        login: format!("akun{id}").parse().unwrap(),
        name: "Akun".to_owned(),
        grants: grants
            .iter()
            .map(|(role, area)| Grant { role: *role, area: area.parse().unwrap() })
            .collect(),
        password: None,
        disabled: false,
        epoch: 0,
    }
}

fn group(desa: &[&str], assigned: &[(&str, Option<u32>)]) -> Kelompok {
    let start = date(2026, 1, 1);
    Kelompok {
        id: "k".parse().unwrap(),
        name: "Melati".to_owned(),
        desa: vec![(start, desa.iter().map(|desa| desa.parse().unwrap()).collect())].into(),
        start,
        known: start,
        end: None,
        heads: Few::default(),
        assigned: assigned
            .iter()
            .map(|(from, who)| (from.parse().unwrap(), who.map(AccountId)))
            .collect(),
        suspensions: Rare::default(),
        seats: Rare::default(),
        origin: None,
        ending: None,
        fakta: FaktaList::default(),
        version: 0,
        last_seq: 0,
    }
}

#[test]
fn a_hand_over_leaves_thirty_days() {
    let one = group(&["16.02.05.1001"], &[("2026-01-01", Some(1)), ("2026-06-01", Some(2))]);
    let (old, new) =
        (account(1, &[(Role::Pendamping, "16.02")]), account(2, &[(Role::Pendamping, "16.02")]));
    let day = |text: &str| text.parse::<Date>().unwrap();
    for (who, today, dated, read, record) in [
        (&old, "2026-05-31", "2026-05-20", true, true),
        (&old, "2026-06-30", "2026-05-20", true, true),
        (&old, "2026-07-01", "2026-05-20", false, false),
        (&old, "2026-06-10", "2026-06-02", true, false),
        (&new, "2026-06-10", "2026-06-02", true, true),
        (&new, "2026-06-10", "2026-05-20", true, false),
    ] {
        let viewer = Viewer::Account(who);
        assert_eq!(viewer.read_group(&one, day(today)), read, "{today}");
        assert_eq!(viewer.record(&one, day(dated), day(today)), record, "{today} {dated}");
    }
    let gone = Account { disabled: true, ..old };
    assert!(!Viewer::Account(&gone).read_group(&one, day("2026-05-31")));
}

#[test]
fn the_table_of_roles() {
    let one = group(&["16.02.05.1001", "16.02.06.1001"], &[("2026-01-01", Some(9))]);
    let today = date(2026, 5, 1);
    // Role and area; read group, record, supervise, manage groups, totals, drafts, publish.
    for (role, area, expected) in [
        (Role::Supervisor, "16.02.05", "r-s-t--"),
        (Role::Supervisor, "16.02.06", "r------"),
        (Role::Supervisor, "35.20", "-------"),
        (Role::Admin, "16.02", "r--mt--"),
        (Role::Admin, "16.02.06", "-------"),
        (Role::Pendamping, "16.02", "-------"),
        (Role::Pelatih, "nasional", "----td-"),
        (Role::Penelaah, "16.02", "----tdp"),
    ] {
        let account = account(1, &[(role, area)]);
        let viewer = Viewer::Account(&account);
        let home = one.home(today);
        let found: String = [
            (viewer.read_group(&one, today), 'r'),
            (viewer.record(&one, today, today), 'w'),
            (viewer.supervise(home), 's'),
            (viewer.manage_groups(home), 'm'),
            (viewer.see_totals(home), 't'),
            (viewer.read_drafts(), 'd'),
            (viewer.publish(&[AccountId(2)]), 'p'),
        ]
        .into_iter()
        .map(|(may, letter)| if may { letter } else { '-' })
        .collect();
        assert_eq!(found, expected, "{role} {area}");
    }
}

#[test]
fn nobody_without_a_login_sees_more_than_live_texts() {
    let one = group(&["16.02.05.1001"], &[]);
    let today = date(2026, 5, 1);
    let viewer = Viewer::Anyone;
    assert!(viewer.read_live(true) && !viewer.read_live(false));
    assert!(!viewer.read_group(&one, today) && !viewer.record(&one, today, today));
    assert!(!viewer.read_drafts() && !viewer.publish(&[]) && !viewer.see_totals(Kode::NASIONAL));
    assert!(!viewer.manage_users(Kode::NASIONAL) && viewer.areas().is_empty());
}

#[test]
fn nobody_publishes_what_they_wrote() {
    let account = account(3, &[(Role::Pelatih, "nasional"), (Role::Penelaah, "nasional")]);
    let viewer = Viewer::Account(&account);
    assert!(viewer.publish(&[AccountId(4)]));
    assert!(!viewer.publish(&[AccountId(4), AccountId(3)]));
}
