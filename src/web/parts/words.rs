//! A pertemuan in words.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::ids::AccountId;
use crate::kelompok::coverage::Setting;
use crate::kelompok::fakta::{Fakta, FaktaSesi};
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Attendance, Extent, Source};
use crate::kelompok::rates;
use crate::state::{Quiet, State};
use crate::web::page::Badge;

use super::sesi::{label, langkah_words};

/// The limits of the rules in force on a day, as pages explain them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// A record is in time before this day of the next month.
    pub(crate) on_time_day: i8,
    /// More than this of the days of a month a kelompok must be able to meet: `separuh`, `60%`.
    pub(crate) days: String,
}

impl Limits {
    /// Those of a day.
    pub(crate) fn on(state: &State, on: Date) -> Self {
        let rules = state.setting().rules.on(on);
        let days = match rules.expected_days_percent {
            50 => "separuh".to_owned(),
            percent => format!("{percent}\u{a0}%"),
        };
        Self { on_time_day: rules.on_time_day.max(1), days }
    }
}

/// `23 dari 25 hadir, 1 sakit, 1 alfa`.
pub(crate) fn attendance(of: Attendance) -> String {
    let mut words = format!("{} dari {} hadir", of.present, of.members);
    for (count, word) in [(of.sick, "sakit"), (of.absent, "alfa")] {
        if count > 0 {
            words.push_str(&format!(", {count} {word}"));
        }
    }
    words
}

/// `oleh Rina`, `lewat impor`: who recorded it.
pub(crate) fn recorded_by(state: &State, fakta: &Fakta) -> String {
    match fakta.author {
        AccountId(0) => "lewat impor".to_owned(),
        id => format!("oleh {}", state.account_name(id)),
    }
}

/// `edisi 2`, `dianggap edisi 2`, `buku cetak`.
pub(crate) fn source(of: Source) -> String {
    match of {
        Source::Edition(number) => format!("edisi {number}"),
        Source::Assumed(number) => format!("dianggap edisi {number}"),
        Source::BukuCetak => "buku cetak".to_owned(),
    }
}

/// `tuntas, edisi 2`, `sebagian: langkah 1 sampai 4, buku cetak`.
pub(crate) fn taught(of: FaktaSesi) -> String {
    let langkah = langkah_words(of.langkah);
    let extent = match of.extent {
        Extent::Sebagian if !langkah.is_empty() => format!("sebagian: {langkah}"),
        extent => extent.as_str().to_owned(),
    };
    format!("{extent}, {}", source(of.source))
}

/// `sesi 8 tuntas dan sesi 9 sebagian`.
pub(crate) fn all_taught(state: &State, fakta: &Fakta) -> String {
    if fakta.sesi.is_empty() {
        return "tanpa sesi".to_owned();
    }
    let words: Vec<String> = fakta
        .sesi
        .iter()
        .map(|one| format!("{} {}", label(state, one.sesi).short, one.extent.as_str()))
        .collect();
    words.join(" dan ")
}

/// `Melati 2, 21 November 2026, sesi 8 tuntas, 23 dari 25 hadir`.
pub(crate) fn sentence(state: &State, group: &Kelompok, fakta: &Fakta) -> String {
    format!(
        "{}, {}, {}, {}",
        group.name,
        tanggal::long(fakta.date),
        all_taught(state, fakta),
        attendance(fakta.attendance)
    )
}

/// What is said of a name of a kelompok that looks like a person's.
pub(crate) fn like_a_person(name: &str) -> Option<String> {
    crate::kelompok::text::looks_like_a_person(name).then(|| {
        format!(
            "Nama kelompok \u{201c}{name}\u{201d} mirip nama orang. Ganti bila memang nama seorang anggota; nama keluarga tidak disimpan di sini."
        )
    })
}

/// The name of the kind of a pertemuan.
pub(crate) fn kind(setting: Setting<'_>, fakta: &Fakta) -> String {
    setting.kind(fakta).map_or_else(|| "jenis lain".to_owned(), |kind| kind.name.clone())
}

/// Whether a pertemuan counts, and if not, why.
pub(crate) fn counts(setting: Setting<'_>, fakta: &Fakta) -> String {
    let why = if fakta.withdrawn {
        "karena catatannya ditarik".to_owned()
    } else if setting.kind(fakta).is_none_or(|kind| !kind.counts) {
        format!("karena jenisnya {}", kind(setting, fakta).to_lowercase())
    } else if fakta.attendance.present == 0 {
        "karena tidak ada yang hadir".to_owned()
    } else if setting.counts(fakta) {
        return "Dihitung dalam cakupan.".to_owned();
    } else {
        let percent = setting.rules.on(fakta.date).min_present_percent;
        format!("karena yang hadir kurang dari {percent}\u{a0}% anggota")
    };
    format!("Tidak dihitung dalam cakupan {why}.")
}

/// The marks of a pertemuan in a list.
pub(crate) fn badges(state: &State, group: &Kelompok, fakta: &Fakta) -> Vec<Badge> {
    let setting = state.setting();
    let mut badges = Vec::new();
    if fakta.withdrawn {
        badges.push(Badge::new("Ditarik", "off"));
    } else if !setting.counts(fakta) {
        badges.push(Badge::new("Tidak dihitung", "off"));
    }
    if fakta.open_question {
        badges.push(Badge::new("Ada pertanyaan", "attention"));
    }
    if !group.doubles(fakta).is_empty() {
        badges.push(Badge::new("Mungkin ganda", "attention"));
    }
    if rates::on_time(fakta, group.home(fakta.date).zone(), setting) == Some(false) {
        badges.push(Badge::new("Terlambat dicatat", ""));
    }
    badges
}

/// Why a month holds no pertemuan: `ditangguhkan`, `libur Idulfitri`.
pub(crate) fn quiet(why: &Quiet) -> String {
    match why {
        Quiet::Inactive => "kelompok tidak aktif".to_owned(),
        Quiet::Suspended => "ditangguhkan".to_owned(),
        Quiet::Holiday(name) => format!("libur {name}"),
    }
}

/// `Ditangguhkan sampai 30 November 2026`, for a kelompok that is suspended on `on`.
pub(crate) fn suspended(state: &State, group: &Kelompok, on: Date) -> Option<String> {
    let covering: Vec<_> =
        state.suspensions_of(group, on).into_iter().filter(|one| one.covers(on)).collect();
    if covering.is_empty() {
        return None;
    }
    let end = covering.iter().map(|one| one.to).collect::<Option<Vec<_>>>();
    let end = end.and_then(|ends| ends.into_iter().max());
    Some(end.map_or_else(
        || "Ditangguhkan".to_owned(),
        |end| format!("Ditangguhkan sampai {}", tanggal::long(end)),
    ))
}
