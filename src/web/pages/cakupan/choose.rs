//! Which kelompok of a page are shown, and in which order.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::kelompok::coverage::Status;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::plan::Behind;
use crate::state::rollup::{RowKey, Totals};
use crate::state::{Brief, KelompokIx, State};
use crate::web::error::WebError;
use crate::web::extract::Params;
use crate::web::parts::sesi::Label;

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

/// The order of places: those of [`SORT`] that hold for them too. People are never put in order of
/// their numbers.
const SORT_PLACES: [&str; 3] = ["", "nama", "cakupan"];

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

/// A kelompok that was chosen, with what it is put in order by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    /// Which kelompok.
    pub(super) ix: KelompokIx,
    behind: Behind,
    last: Option<Date>,
    /// Sesi that are covered, in thousandths of the target, so that short and long ones compare.
    covered: usize,
}

impl Chosen {
    pub(super) fn of(brief: &Brief<'_>) -> Self {
        let covered = brief.count(Status::covered) * 1_000;
        Self {
            ix: brief.ix,
            behind: brief.waiting.behind,
            last: brief.waiting.last,
            covered: covered.checked_div(brief.target.len()).unwrap_or(1_000),
        }
    }
}

impl Choose {
    /// What an address asks for, of the modul of these sesi.
    ///
    /// # Errors
    /// When it asks for what there is not.
    pub(super) fn of(params: &Params, labels: &[Label]) -> Result<Self, WebError> {
        let known = |text: &str| labels.iter().any(|label| label.modul == text);
        let modul = params.meant("modul", &[], |text| known(text).then(|| text.to_owned()))?;
        Ok(Self {
            show: params.word("tampil", &SHOW.map(|(word, _)| word))?.to_owned(),
            sort: params.word("urut", &SORT.map(|(word, _)| word))?.to_owned(),
            modul: modul.unwrap_or_default(),
        })
    }

    /// What is shown, in words; none when that is everything.
    pub(super) fn words(&self) -> Option<&'static str> {
        let found = SHOW.iter().find(|(word, _)| *word == self.show && !word.is_empty());
        found.map(|(_, name)| *name)
    }

    pub(super) fn shows(&self) -> Vec<Option1> {
        options(&SHOW, &self.show)
    }

    /// The orders to choose from, for kelompok or for places alone.
    pub(super) fn sorts(&self, kelompok: bool) -> Vec<Option1> {
        let mut sorts = options(&SORT, &self.sort);
        sorts.retain(|one| kelompok || SORT_PLACES.contains(&&*one.value));
        sorts
    }

    /// Whether the kelompok is shown.
    pub(super) fn takes(&self, brief: &Brief<'_>, labels: &[Label]) -> bool {
        let any = |wanted: Status| self.sesi(brief, labels).any(|ix| brief.status(ix) == wanted);
        match self.show.as_str() {
            "lewat" => brief.waiting.behind.count > 0,
            "belum-bertemu" => brief.unmet(),
            "ditangguhkan" => brief.suspended,
            "sebagian" => any(Status::Sebagian),
            "penyegaran" => any(Status::PerluPenyegaran),
            "belum" => any(Status::Belum),
            _ => true,
        }
    }

    fn sesi<'a>(
        &'a self,
        brief: &'a Brief<'_>,
        labels: &'a [Label],
    ) -> impl Iterator<Item = SesiIx> + 'a {
        let of = |ix: SesiIx| labels.get(usize::from(ix)).map_or("", |label| &label.modul);
        let known = brief.target.iter().any(|ix| of(*ix) == self.modul);
        brief
            .target
            .iter()
            .copied()
            .filter(move |ix| self.modul.is_empty() || !known || of(*ix) == self.modul)
    }

    /// Puts the kelompok in order; those that are equal stay in the order of the places.
    pub(super) fn sort(&self, state: &State, shown: &mut [Chosen]) {
        let name = |one: &Chosen| state.group_at(one.ix).map(|group| group.name.as_str());
        match self.sort.as_str() {
            "nama" => shown.sort_by(|a, b| name(a).cmp(&name(b))),
            "cakupan" => shown.sort_by_key(|one| one.covered),
            "lewat" => shown.sort_by_key(|one| (Reverse(one.behind.count), one.behind.since)),
            "lama" => shown.sort_by_key(|one| one.last),
            _ => {}
        }
    }
}

impl Choose {
    /// Puts the rows of places in order; those that are equal stay as they are.
    pub(super) fn sort_places(&self, state: &State, rows: &mut [(RowKey, Totals)]) {
        let name = |key: &RowKey| match key {
            RowKey::Place(kode) => state.place(*kode),
            _ => String::new(),
        };
        match self.sort.as_str() {
            "nama" => rows.sort_by_cached_key(|(key, _)| name(key)),
            // The smaller share first, without dividing: a/b < c/d where ad < cb.
            "cakupan" => rows.sort_by(|(_, a), (_, b)| {
                let share = |one: &Totals, other: &Totals| {
                    u64::from(one.cells.covered) * u64::from(other.cells.target)
                };
                share(a, b).cmp(&share(b, a))
            }),
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
