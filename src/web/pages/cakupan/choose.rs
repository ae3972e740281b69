//! Which kelompok of a page are shown, and in which order.

use std::cmp::Reverse;

use crate::kelompok::coverage::Status;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::plan::Behind;
use crate::web::extract::Params;
use crate::web::parts::glance::{Eye, Glance};
use crate::web::parts::sesi::Label;
use crate::web::parts::strip::{Tally, cell_of};

use super::Option1;

/// What is shown: word, name.
const SHOW: [(&str, &str); 7] = [
    ("", "Semua kelompok"),
    ("lewat", "Lewat rencana"),
    ("belum-bertemu", "Belum bertemu bulan ini"),
    ("ditangguhkan", "Ditangguhkan"),
    ("sebagian", "Ada sesi sebagian"),
    ("penyegaran", "Ada sesi perlu penyegaran"),
    ("belum", "Ada sesi belum"),
];

/// The order: word, name.
const SORT: [(&str, &str); 5] = [
    ("", "Wilayah"),
    ("nama", "Nama"),
    ("cakupan", "Paling sedikit tuntas"),
    ("lewat", "Paling banyak lewat rencana"),
    ("lama", "Paling lama tidak bertemu"),
];

/// What was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choose {
    /// What is shown; empty for all.
    pub(super) show: String,
    /// The order; empty for that of the places.
    pub(super) sort: String,
    /// Of which modul the marks are looked at; empty for all.
    pub(super) modul: String,
}

impl Choose {
    pub(super) fn of(params: &Params) -> Self {
        let known = |word: &str, list: &[(&str, &str)]| {
            let listed = list.iter().any(|(known, _)| *known == word);
            if listed { word.to_owned() } else { String::new() }
        };
        Self {
            show: known(params.get("tampil"), &SHOW),
            sort: known(params.get("urut"), &SORT),
            modul: params.get("modul").to_owned(),
        }
    }

    /// What is shown, in words; none when that is everything.
    pub(super) fn words(&self) -> Option<&'static str> {
        let found = SHOW.iter().find(|(word, _)| *word == self.show && !word.is_empty());
        found.map(|(_, name)| *name)
    }

    pub(super) fn shows(&self) -> Vec<Option1> {
        options(&SHOW, &self.show)
    }

    pub(super) fn sorts(&self) -> Vec<Option1> {
        options(&SORT, &self.sort)
    }

    /// Whether the kelompok is shown.
    pub(super) fn takes(&self, glance: &Glance<'_>, behind: Behind, labels: &[Label]) -> bool {
        let any = |wanted: Status| {
            self.sesi(glance, labels).any(|ix| cell_of(&glance.cells, ix).status == wanted)
        };
        match self.show.as_str() {
            "lewat" => behind.count > 0,
            "belum-bertemu" => glance.month.expected && !glance.month.actual,
            "ditangguhkan" => glance.suspended,
            "sebagian" => any(Status::Sebagian),
            "penyegaran" => any(Status::PerluPenyegaran),
            "belum" => any(Status::Belum),
            _ => true,
        }
    }

    fn sesi<'a>(
        &'a self,
        glance: &'a Glance<'_>,
        labels: &'a [Label],
    ) -> impl Iterator<Item = SesiIx> + 'a {
        let of = |ix: SesiIx| labels.get(usize::from(ix)).map_or("", |label| &label.modul);
        let known = glance.target.iter().any(|ix| of(*ix) == self.modul);
        glance
            .target
            .iter()
            .copied()
            .filter(move |ix| self.modul.is_empty() || !known || of(*ix) == self.modul)
    }

    /// Puts the kelompok in order; those that are equal stay in the order of the places.
    pub(super) fn sort(&self, eye: &Eye<'_>, shown: &mut [(Behind, Glance<'_>)]) {
        match self.sort.as_str() {
            "nama" => shown.sort_by(|a, b| a.1.group.name.cmp(&b.1.group.name)),
            "cakupan" => shown.sort_by_key(|(_, glance)| {
                let tally = Tally::of(&glance.target, &glance.cells);
                // A share in parts of a thousand, so that short and long targets compare.
                (tally.covered * 1_000).checked_div(tally.target).unwrap_or(1_000)
            }),
            "lewat" => shown.sort_by_key(|(behind, _)| (Reverse(behind.count), behind.since)),
            "lama" => {
                shown.sort_by_cached_key(|(_, glance)| eye.last(glance.group).map(|one| one.date));
            }
            _ => {}
        }
    }
}

fn options(list: &[(&str, &str)], chosen: &str) -> Vec<Option1> {
    let option = |(word, name): &(&str, &str)| Option1 {
        value: (*word).to_owned(),
        name: (*name).to_owned(),
        chosen: *word == chosen,
    };
    list.iter().map(option).collect()
}
