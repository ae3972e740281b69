//! What was just done, said on the page behind a form.

use axum::response::Response;

use crate::command::Command;

use super::lead_to;

/// What was just done, as an address carries it from the form to the page behind it. The words are
/// ours, so that no address can make a page say anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A visit was logged.
    Visit,
    /// A visit was logged with a count of the members.
    VisitChecked,
    /// A visit was corrected.
    VisitChanged,
    /// A visit was withdrawn.
    VisitWithdrawn,
    /// A setting was changed.
    Setting,
    /// The sesi that an area is measured by were chosen.
    Target,
    /// Two records became one.
    Joined,
    /// Two records stay two.
    Apart,
    /// Several kelompok became the one that is shown.
    Merged,
    /// A kelompok was entered.
    Entered,
    /// A kelompok was changed in another way.
    Saved,
    /// The head-count of a kelompok was changed.
    Heads,
    /// A kelompok was given to a pendamping.
    Assigned,
    /// A suspension was entered.
    Suspended,
    /// A suspension was ended.
    Resumed,
    /// The members of a kelompok were numbered.
    Numbered,
    /// A head-count check was settled.
    Settled,
    /// The names of a place were changed.
    Names,
    /// Several kelompok were changed.
    Many,
    /// Words were taken off the list of what was not found.
    Forgotten,
    /// A draft was thrown away.
    Discarded,
    /// An old edition became a draft.
    Drafted,
    /// A draft was handed in for review.
    Submitted,
    /// A draft became an edition.
    Published,
    /// A draft was given back.
    Returned,
    /// An account was changed.
    Account,
    /// The holidays of a place were changed.
    Holidays,
    /// A plan was changed.
    Plan,
    /// A question was put.
    Asked,
    /// A question was answered.
    Answered,
    /// A pertemuan was corrected.
    Corrected,
    /// A pertemuan was withdrawn.
    Withdrawn,
    /// The own password was changed.
    Password,
}

impl Done {
    const ALL: [Self; 33] = [
        Self::Visit,
        Self::VisitChecked,
        Self::VisitChanged,
        Self::VisitWithdrawn,
        Self::Setting,
        Self::Target,
        Self::Joined,
        Self::Apart,
        Self::Merged,
        Self::Entered,
        Self::Saved,
        Self::Heads,
        Self::Assigned,
        Self::Suspended,
        Self::Resumed,
        Self::Numbered,
        Self::Settled,
        Self::Names,
        Self::Many,
        Self::Forgotten,
        Self::Discarded,
        Self::Drafted,
        Self::Submitted,
        Self::Published,
        Self::Returned,
        Self::Account,
        Self::Holidays,
        Self::Plan,
        Self::Asked,
        Self::Answered,
        Self::Corrected,
        Self::Withdrawn,
        Self::Password,
    ];
    /// The name in an address.
    const FIELD: &str = "selesai";

    /// Its value in an address, and what is said.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Visit => ("kunjungan", "Kunjungan tersimpan."),
            Self::VisitChecked => ("diperiksa", "Kunjungan dan pemeriksaannya tersimpan."),
            Self::VisitChanged => ("kunjungan-diubah", "Perubahan kunjungan tersimpan."),
            Self::VisitWithdrawn => ("kunjungan-ditarik", "Kunjungan ditarik."),
            Self::Setting => ("setelan", "Setelan tersimpan."),
            Self::Target => ("sasaran", "Sesi sasaran tersimpan."),
            Self::Joined => ("digabung", "Kedua catatan sudah digabung."),
            Self::Apart => ("dua", "Tersimpan: keduanya memang dua pertemuan."),
            Self::Merged => ("kelompok-baru", "Tersimpan: kelompok baru hasil penggabungan."),
            Self::Entered => ("ditambah", "Kelompok ditambahkan."),
            Self::Saved => ("ubah", "Perubahan tersimpan."),
            Self::Heads => ("anggota", "Jumlah anggota tersimpan."),
            Self::Assigned => ("pendamping", "Pendamping kelompok tersimpan."),
            Self::Suspended => ("ditangguhkan", "Penangguhan tersimpan."),
            Self::Resumed => ("dilanjutkan", "Penangguhan diakhiri."),
            Self::Numbered => ("nomor-urut", "Nomor urut anggota tersimpan."),
            Self::Settled => ("pemeriksaan", "Pemeriksaan selesai."),
            Self::Names => ("nama", "Nama lain tersimpan."),
            Self::Many => ("banyak", "Perubahan semua kelompok yang dipilih tersimpan."),
            Self::Forgotten => ("dihapus", "Kata itu sudah dikeluarkan dari daftar."),
            Self::Discarded => {
                ("dibuang", "Naskah dibuang. Yang tampil adalah edisi yang berlaku.")
            }
            Self::Drafted => {
                ("naskah", "Edisi itu kini menjadi naskah baru. Periksa isinya, lalu ajukan.")
            }
            Self::Submitted => (
                "diajukan",
                "Naskah diajukan. Penelaah yang tidak ikut menulisnya akan memutuskan.",
            ),
            Self::Published => ("terbit", "Edisi baru sudah terbit dan langsung berlaku."),
            Self::Returned => ("dikembalikan", "Naskah dikembalikan kepada penulisnya."),
            Self::Account => ("pengguna", "Perubahan akun tersimpan."),
            Self::Holidays => ("libur", "Hari libur tersimpan."),
            Self::Plan => ("rencana", "Perubahan rencana tersimpan."),
            Self::Asked => {
                ("ditanya", "Pertanyaan Anda tersimpan dan muncul di beranda pendamping.")
            }
            Self::Answered => ("dijawab", "Jawaban Anda tersimpan."),
            Self::Corrected => ("diperbaiki", "Perbaikan pertemuan tersimpan."),
            Self::Password => {
                ("kata-sandi", "Kata sandi baru tersimpan. Perangkat lain perlu masuk lagi.")
            }
            Self::Withdrawn => ("ditarik", "Pertemuan ditarik dan tidak lagi dihitung."),
        }
    }

    /// What there is to say once a command was accepted.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        match command {
            Command::ChangeHeads { .. } => Self::Heads,
            Command::CreateGroup { .. } => Self::Entered,
            Command::Assign { .. } => Self::Assigned,
            Command::Suspend { .. } => Self::Suspended,
            Command::Resume { .. } => Self::Resumed,
            Command::NumberSeats { .. } => Self::Numbered,
            Command::ResolveCheck { .. } => Self::Settled,
            Command::NamePlace { .. } => Self::Names,
            Command::ChangeMany { .. } => Self::Many,
            Command::ChangeAccount { .. } => Self::Account,
            Command::ChangeHolidays { .. } => Self::Holidays,
            Command::ChangePlan { .. } => Self::Plan,
            Command::Ask { .. } => Self::Asked,
            Command::Answer { .. } => Self::Answered,
            Command::NotDouble { .. } => Self::Apart,
            Command::Correct { .. } => Self::Corrected,
            Command::Withdraw { .. } => Self::Withdrawn,
            _ => Self::Saved,
        }
    }

    /// What the query of an address tells.
    #[must_use]
    pub fn told_by(query: Option<&str>) -> Option<Self> {
        let (_, value) = query?
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == Self::FIELD)?;
        Self::ALL.into_iter().find(|one| one.words().0 == value)
    }
}

/// The same, and the page says what was done.
#[must_use]
pub fn lead_to_done(href: &str, done: Done) -> Response {
    lead_to(&told(href, done))
}

/// The address with what was done in its query.
#[must_use]
pub fn told(href: &str, done: Done) -> String {
    let (path, fragment) = href.split_once('#').map_or((href, ""), |(path, at)| (path, at));
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut href = format!("{path}{joint}{}={}", Done::FIELD, done.words().0);
    if !fragment.is_empty() {
        href.push('#');
        href.push_str(fragment);
    }
    href
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn what_was_done_stands_in_the_address_behind_it() {
        for (href, expected) in [
            ("/setelan", "/setelan?selesai=setelan"),
            ("/a?b=c", "/a?b=c&selesai=setelan"),
            ("/a#b", "/a?selesai=setelan#b"),
        ] {
            let response = lead_to_done(href, Done::Setting);
            assert_eq!(response.headers()[header::LOCATION], expected);
        }
        let names: std::collections::HashSet<_> =
            Done::ALL.iter().map(|done| done.words().0).collect();
        assert_eq!(names.len(), Done::ALL.len());
        for done in Done::ALL {
            let query = format!("a=b&selesai={}", done.words().0);
            assert_eq!(Done::told_by(Some(&query)), Some(done));
        }
        assert_eq!(Done::told_by(Some("selesai=lain&x")), None);
        assert_eq!(Done::told_by(None), None);
    }
}
