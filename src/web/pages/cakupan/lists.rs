//! Which lists there are behind the numbers, and what stands in them.

use crate::kelompok::coverage::Status;
use crate::kelompok::fakta::SesiIx;
use crate::state::{Brief, KelompokIx, Waiting};
use crate::web::parts::Window;
use crate::web::parts::survey::Survey;

use super::table::first_of;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Kelompok,
    Berjalan,
    Ditangguhkan,
    Lewat,
    Sasaran,
    Tuntas,
    Sebagian,
    Penyegaran,
    Belum,
    Diharapkan,
    Bertemu,
    BelumBertemu,
    TepatWaktu,
    Terlambat,
    TanpaWaktu,
}

use What::{
    Belum, BelumBertemu, Berjalan, Bertemu, Diharapkan, Ditangguhkan, Lewat, Penyegaran, Sasaran,
    Sebagian, TanpaWaktu, TepatWaktu, Terlambat, Tuntas,
};

/// Lists that are views of one whole: that of the first.
const FAMILIES: [&[What]; 3] = [
    &[What::Kelompok, Berjalan, Ditangguhkan, Lewat],
    &[Sasaran, Tuntas, Sebagian, Penyegaran, Belum],
    &[Diharapkan, Bertemu, BelumBertemu, TepatWaktu, Terlambat, TanpaWaktu],
];

impl What {
    /// The word in the address, the name of the list, and what is counted.
    pub(super) fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Kelompok => ("kelompok", "Aktif", "Kelompok yang aktif pada tanggal itu."),
            Berjalan => {
                ("berjalan", "Berjalan", "Kelompok aktif yang tidak ditangguhkan pada tanggal itu.")
            }
            Ditangguhkan => (
                "ditangguhkan",
                "Ditangguhkan",
                "Kelompok aktif yang pertemuannya ditangguhkan pada tanggal itu.",
            ),
            Lewat => (
                "lewat",
                "Lewat rencana",
                "Kelompok yang sesi tuntasnya kurang dari yang direncanakan sampai bulan lalu.",
            ),
            Sasaran => ("sasaran", "Semua", "Setiap kelompok aktif dengan setiap sesi sasarannya."),
            Tuntas => (
                "tuntas",
                "Tuntas",
                "Diajarkan seluruhnya pada pertemuan yang dihitung, termasuk yang kini perlu penyegaran.",
            ),
            Sebagian => ("sebagian", "Sebagian", "Sudah dimulai dan belum selesai."),
            Penyegaran => ("penyegaran", "Perlu penyegaran", "Tuntas, lalu isi materinya berubah."),
            Belum => ("belum", "Belum", "Belum diajarkan pada pertemuan yang dihitung."),
            Diharapkan => (
                "diharapkan",
                "Diharapkan",
                "Kelompok yang aktif dan tidak ditangguhkan pada sebagian besar hari bulan itu.",
            ),
            Bertemu => (
                "bertemu",
                "Bertemu",
                "Dari yang diharapkan, kelompok dengan sedikitnya satu pertemuan yang dihitung.",
            ),
            BelumBertemu => (
                "belum-bertemu",
                "Belum bertemu",
                "Dari yang diharapkan, kelompok tanpa pertemuan yang dihitung.",
            ),
            TepatWaktu => (
                "tepat-waktu",
                "Tepat waktu",
                "Dari yang bertemu, kelompok yang catatan pertamanya diterima sebelum batas waktu.",
            ),
            Terlambat => (
                "terlambat",
                "Terlambat dicatat",
                "Dari yang bertemu, kelompok yang catatan pertamanya diterima sesudah batas waktu.",
            ),
            TanpaWaktu => (
                "tanpa-waktu",
                "Waktu tidak diketahui",
                "Dari yang bertemu, kelompok yang waktu catatannya tidak diketahui karena hasil impor.",
            ),
        }
    }

    /// Every word in addresses.
    pub(super) fn all_words() -> Vec<&'static str> {
        FAMILIES.iter().flat_map(|family| family.iter()).map(|one| one.words().0).collect()
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        FAMILIES.iter().flat_map(|family| family.iter()).copied().find(|one| one.words().0 == word)
    }

    pub(super) fn family(self) -> &'static [Self] {
        FAMILIES.into_iter().find(|family| family.contains(&self)).unwrap_or(FAMILIES[0])
    }

    /// Whether it counts pairs of kelompok and sesi.
    pub(super) fn of_cells(self) -> bool {
        self.family() == FAMILIES[1]
    }

    pub(super) fn of_month(self) -> bool {
        self.family() == FAMILIES[2]
    }

    fn takes_cell(self, status: Status) -> bool {
        match self {
            Sasaran => true,
            Tuntas => status.covered(),
            Sebagian => status == Status::Sebagian,
            Penyegaran => status == Status::PerluPenyegaran,
            Belum => status == Status::Belum,
            _ => false,
        }
    }

    fn takes_group(self, brief: &Brief<'_>) -> bool {
        let month = brief.month;
        match self {
            Self::Kelompok => brief.active,
            Berjalan => brief.active && !brief.suspended,
            Ditangguhkan => brief.active && brief.suspended,
            Lewat => brief.active && brief.waiting.behind.count > 0,
            Diharapkan => month.expected,
            Bertemu => month.actual,
            BelumBertemu => brief.unmet(),
            TepatWaktu => month.actual && month.on_time == Some(true),
            Terlambat => month.actual && month.on_time == Some(false),
            TanpaWaktu => month.actual && month.on_time.is_none(),
            _ => false,
        }
    }

    /// The sesi with which the kelompok stands in the list; one `None` for a kelompok alone.
    fn hits<'b>(
        self,
        brief: &'b Brief<'_>,
        only: Option<SesiIx>,
    ) -> impl Iterator<Item = Option<SesiIx>> + 'b {
        let alone = (!self.of_cells() && self.takes_group(brief)).then_some(None);
        let target = if self.of_cells() && brief.active { brief.target } else { &[] };
        let cells = target
            .iter()
            .filter(move |ix| only.is_none_or(|only| only == **ix))
            .filter(move |ix| self.takes_cell(brief.status(**ix)))
            .map(|ix| Some(*ix));
        alone.into_iter().chain(cells)
    }
}

/// A kelompok in a list, perhaps with one of its sesi.
pub(super) type Hit = (KelompokIx, Option<SesiIx>);

/// The lists of a family: how long each is, and one page of one of them.
pub(super) struct Found {
    pub(super) counts: Vec<usize>,
    pub(super) window: Window,
    pub(super) hits: Vec<Hit>,
}

impl Found {
    /// How many rows the list of `what`, which was asked for, has over all pages.
    pub(super) fn count(&self, what: What) -> usize {
        let at = what.family().iter().position(|one| *one == what).unwrap_or(0);
        self.counts.get(at).copied().unwrap_or(0)
    }

    /// Page `page` of `size` rows.
    pub(super) fn of(
        survey: &Survey<'_>,
        (what, only): (What, Option<SesiIx>),
        (page, size): (Option<usize>, usize),
    ) -> Self {
        let family = what.family();
        let mut counts = vec![0_usize; family.len()];
        for brief in survey.briefs() {
            for (one, count) in family.iter().zip(&mut counts) {
                *count += one.hits(&brief, only).count();
            }
        }
        let at = family.iter().position(|one| *one == what).unwrap_or(0);
        let window = Window::new(page, size, counts[at]);
        let range = window.range();
        let of = |brief: &Brief<'_>| {
            let ix = brief.ix;
            what.hits(brief, only).map(|sesi| (ix, sesi)).collect::<Vec<Hit>>()
        };
        let hits = match what {
            // Lists that are there to act on begin with what waits longest; all others follow the
            // places, and end where the page does.
            Lewat | BelumBertemu => {
                let mut all: Vec<(Waiting, usize, KelompokIx)> = survey
                    .briefs()
                    .filter(|brief| what.takes_group(brief))
                    .enumerate()
                    .map(|(at, brief)| (brief.waiting, at, brief.ix))
                    .collect();
                first_of(&mut all, range.end, |(a, at, _), (b, bt, _)| {
                    let order = match what {
                        Lewat => {
                            let (a, b) = (a.behind, b.behind);
                            b.count.cmp(&a.count).then(a.since.cmp(&b.since))
                        }
                        _ => a.last.cmp(&b.last),
                    };
                    order.then(at.cmp(bt))
                });
                all.into_iter().skip(range.start).map(|(.., ix)| (ix, None)).collect()
            }
            _ => {
                let all = survey.briefs().flat_map(|brief| of(&brief));
                all.skip(range.start).take(range.len()).collect()
            }
        };
        Self { counts, window, hits }
    }
}
