//! Where one can go from every page, by role.

use crate::people::account::Role;
use crate::web::extract::Visitor;

use super::{Place, main_role};

/// The entries of the menu; `here` is the address of the one the page stands in.
pub(super) fn places(visitor: &Visitor, here: &str) -> Vec<Place> {
    const BERANDA: (&str, &str, &str) = ("Beranda", "/", "beranda");
    const KURIKULUM: (&str, &str, &str) = ("Kurikulum", "/kurikulum", "kurikulum");
    const KELOMPOK: (&str, &str, &str) = ("Kelompok", "/kelompok", "kelompok");
    const CARI: (&str, &str, &str) = ("Cari", "/cari", "cari");
    const CAKUPAN: (&str, &str, &str) = ("Cakupan", "/cakupan", "cakupan");
    const LAPORAN: (&str, &str, &str) = ("Laporan", "/laporan", "laporan");
    const TINJAUAN: (&str, &str, &str) = ("Tinjauan", "/tinjauan", "tinjauan");
    const WILAYAH: (&str, &str, &str) = ("Wilayah", "/wilayah", "wilayah");
    const PENGGUNA: (&str, &str, &str) = ("Pengguna", "/pengguna", "pengguna");
    const SETELAN: (&str, &str, &str) = ("Setelan", "/setelan", "setelan");
    const MASUK: (&str, &str, &str) = ("Masuk", "/masuk", "masuk");
    const BANTUAN: (&str, &str, &str) = ("Bantuan", "/bantuan", "bantuan");
    let (four, more): (&[_], &[_]) = match main_role(visitor) {
        Some(Role::Pendamping) => (&[BERANDA, KURIKULUM, KELOMPOK, CARI], &[BANTUAN]),
        Some(Role::Supervisor) => {
            (&[BERANDA, CAKUPAN, KELOMPOK, LAPORAN], &[KURIKULUM, CARI, WILAYAH, BANTUAN])
        }
        Some(Role::Pelatih | Role::Penelaah) => {
            (&[BERANDA, KURIKULUM, TINJAUAN, CARI], &[CAKUPAN, BANTUAN])
        }
        Some(Role::Admin) => {
            (&[BERANDA, KELOMPOK, PENGGUNA, CAKUPAN], &[WILAYAH, LAPORAN, KURIKULUM, BANTUAN])
        }
        None if visitor.account.is_some() => (&[BERANDA, KURIKULUM, CARI, BANTUAN], &[]),
        None => (&[BERANDA, KURIKULUM, CARI, MASUK], &[BANTUAN]),
    };
    let settings: &[_] = if visitor.viewer().change_settings() { &[SETELAN] } else { &[] };
    let entry = |(at, (name, href, icon)): (usize, &(&'static str, &'static str, &'static str)),
                 more| {
        Place { name, href, icon, active: *href == here, more, first: more && at == 0 }
    };
    let first = four.iter().enumerate().map(|one| entry(one, false));
    let more = more.iter().chain(settings);
    first.chain(more.enumerate().map(|one| entry(one, true))).collect()
}
