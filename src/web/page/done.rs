//! What was just done, said on the page behind a form.

use axum::response::Response;

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
    /// A kelompok was changed in another way.
    Saved,
}

impl Done {
    const ALL: [Self; 10] = [
        Self::Visit,
        Self::VisitChecked,
        Self::VisitChanged,
        Self::VisitWithdrawn,
        Self::Setting,
        Self::Target,
        Self::Joined,
        Self::Apart,
        Self::Merged,
        Self::Saved,
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
            Self::Saved => ("ubah", "Perubahan tersimpan."),
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
    let (path, fragment) = href.split_once('#').map_or((href, ""), |(path, at)| (path, at));
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut href = format!("{path}{joint}{}={}", Done::FIELD, done.words().0);
    if !fragment.is_empty() {
        href.push('#');
        href.push_str(fragment);
    }
    lead_to(&href)
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
        for done in Done::ALL {
            let query = format!("a=b&selesai={}", done.words().0);
            assert_eq!(Done::told_by(Some(&query)), Some(done));
        }
        assert_eq!(Done::told_by(Some("selesai=lain&x")), None);
        assert_eq!(Done::told_by(None), None);
    }
}
