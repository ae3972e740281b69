//! The users of a made-up district.

use crate::decide::import::PenggunaRow;
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::account::{Grant, Login, Role};

use super::DemoLogin;
use super::place::{Kecamatan, Places, above};
use super::story::HANDOVER_KECAMATAN;

/// The two kabupaten with real places, with the login of their supervisor.
const SUPERVISORS: [(&str, &str); 2] = [("supervisor", "16.02"), ("supervisor-2", "35.20")];
/// The kecamatan whose first pendamping shows the role.
const SHOWN: [(&str, &str); 2] = [("pendamping", "16.02.05"), ("pendamping-2", "35.20.07")];
/// The users who work for the whole country.
const CENTRAL: [(&str, Role, &str); 3] = [
    ("admin", Role::Admin, "Admin Aplikasi"),
    ("pelatih", Role::Pelatih, "Pelatih Balai Diklat"),
    ("penelaah", Role::Penelaah, "Penelaah Balai Diklat"),
];

pub(super) fn rows(places: &Places) -> impl Iterator<Item = PenggunaRow> {
    let central = CENTRAL.into_iter().filter_map(|(login, role, name)| {
        user(login, name.to_owned(), Grant { role, area: Kode::NASIONAL })
    });
    let first = SUPERVISORS.into_iter().filter_map(|(login, kode)| {
        let area = kode.parse().ok()?;
        let name = places.sample_name(area).trim_start_matches("Kabupaten ");
        user(login, format!("Supervisor {name}"), Grant { role: Role::Supervisor, area })
    });
    let further = places.made_up_kabupaten().filter_map(|row| {
        let name = row.name.trim_start_matches("Kabupaten ");
        let grant = Grant { role: Role::Supervisor, area: row.kode };
        user(&format!("supervisor.{}", row.kode), format!("Supervisor {name}"), grant)
    });
    let pendamping = places.kecamatan().flat_map(|kecamatan| {
        // A pendamping who took over has to be there, too.
        let extra = u32::from(kecamatan.kode.to_string() == HANDOVER_KECAMATAN);
        let count = kecamatan.pendamping + extra;
        (1..=count).filter_map(move |number| {
            let name = format!("Pendamping {} {number}", kecamatan.name);
            let grant = Grant { role: Role::Pendamping, area: kecamatan.kode };
            Some(row(login(&kecamatan, number)?, name, grant))
        })
    });
    central.chain(first).chain(further).chain(pendamping)
}

fn user(login: &str, name: String, grant: Grant) -> Option<PenggunaRow> {
    Some(row(login.parse().ok()?, name, grant))
}

fn row(login: Login, name: String, grant: Grant) -> PenggunaRow {
    PenggunaRow { login, name, grants: vec![grant] }
}

fn login(kecamatan: &Kecamatan, number: u32) -> Option<Login> {
    login_at(kecamatan.kode, number)
}

/// The login of a pendamping, by kecamatan and number there.
pub(super) fn login_at(kecamatan: Kode, number: u32) -> Option<Login> {
    let kecamatan = above(kecamatan, Level::Kecamatan);
    // The shown ones are typed by hand and get a login of their own.
    let shown = SHOWN.iter().find(|(_, kode)| number == 1 && kecamatan.to_string() == *kode);
    match shown {
        Some((login, _)) => login.parse().ok(),
        None => format!("pendamping.{kecamatan}.{number}").parse().ok(),
    }
}

/// One user for each role; those whose kecamatan has no kelompok yet are left out.
pub(super) fn demo_logins(places: &Places) -> Vec<DemoLogin> {
    let labels = ["admin", "pelatih", "penelaah", "supervisor", "pendamping", "supervisor-2"];
    let labels = labels.into_iter().chain(["pendamping-2"]);
    let known: Vec<PenggunaRow> = rows(places).collect();
    labels
        .filter_map(|label| {
            let login: Login = label.parse().ok()?;
            known.iter().any(|row| row.login == login).then_some(DemoLogin { label, login })
        })
        .collect()
}
