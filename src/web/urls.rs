//! The addresses of pages, made in one place and used by routes, templates and redirects alike.

use std::fmt::Display;

/// A path segment or query value, percent-encoded.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The page of a sesi.
#[must_use]
pub fn sesi(id: impl Display) -> String {
    format!("/sesi/{id}")
}

/// A page below that of a sesi: `sajian`, `riwayat`, `bandingkan`, `sunting`.
#[must_use]
pub fn sesi_part(id: impl Display, part: &str) -> String {
    format!("/sesi/{id}/{part}")
}

/// The page with the choices before printing a sesi.
#[must_use]
pub fn cetak_sesi(id: impl Display) -> String {
    format!("/cetak/sesi/{id}")
}

/// The review of the text that waits for a sesi.
#[must_use]
pub fn tinjauan(id: impl Display) -> String {
    format!("/tinjauan/{id}")
}

/// The page of a modul.
#[must_use]
pub fn modul(id: impl Display) -> String {
    format!("/modul/{id}")
}

/// The page of a kelompok.
#[must_use]
pub fn kelompok(id: impl Display) -> String {
    format!("/kelompok/{id}")
}

/// The form that records a pertemuan of a kelompok.
#[must_use]
pub fn catat(id: impl Display) -> String {
    format!("/kelompok/{id}/catat")
}

/// The seats of a kelompok.
#[must_use]
pub fn kursi(id: impl Display) -> String {
    format!("/kelompok/{id}/kursi")
}

/// The summary of the hand-over that a line of the journal says.
#[must_use]
pub fn serah_terima(line: u64) -> String {
    format!("/serah-terima/{line}")
}

/// Who has to catch up after the suspension that a line of the journal began.
#[must_use]
pub fn penangguhan(line: u64) -> String {
    format!("/penangguhan/{line}")
}

/// The plan of a kelompok.
#[must_use]
pub fn rencana(id: impl Display) -> String {
    format!("/kelompok/{id}/rencana")
}

/// The holidays of a place.
#[must_use]
pub fn libur(kode: impl Display) -> String {
    format!("/wilayah/{kode}/libur")
}

/// The page of a pertemuan.
#[must_use]
pub fn pertemuan(id: impl Display) -> String {
    format!("/pertemuan/{id}")
}

/// The page of a visit.
#[must_use]
pub fn kunjungan(id: impl Display) -> String {
    format!("/kunjungan/{id}")
}

/// The page of a head-count check.
#[must_use]
pub fn pemeriksaan(number: impl Display) -> String {
    format!("/pemeriksaan/{number}")
}

/// The page that shows two records beside each other which are perhaps one pertemuan.
#[must_use]
pub fn ganda(one: impl Display, other: impl Display) -> String {
    format!("/ganda/{one}/{other}")
}

/// The coverage of an area, by rows of `per`.
#[must_use]
pub fn cakupan(area: impl Display, per: &str) -> String {
    format!("/cakupan?wilayah={area}&per={per}")
}

/// The login page that leads on to `next`, and says so when a form that was sent is lost.
#[must_use]
pub fn masuk(next: &str, lost: bool) -> String {
    let mut address = "/masuk".to_owned();
    if next != "/" {
        address = format!("{address}?lanjut={}", encode(next));
    }
    if lost {
        address.push_str(if next == "/" { "?isian=hilang" } else { "&isian=hilang" });
    }
    address
}

/// The page on which the form stands that is sent to `path`. Some addresses only take forms; the
/// page above leads to theirs.
#[must_use]
pub fn form_of(path: &str) -> &str {
    /// The last parts of addresses that have no page.
    const ONLY_TAKE: [&str; 24] = [
        "anggota",
        "batalkan",
        "bubarkan",
        "bukan",
        "bukan-ganda",
        "gabung",
        "jawab",
        "keluar",
        "kembalikan",
        "koreksi",
        "lanjutkan",
        "masukkan",
        "nama",
        "pecah",
        "pindah",
        "pulihkan",
        "sandi",
        "selesaikan",
        "simpan",
        "tangguhkan",
        "tanya",
        "tarik",
        "terbitkan",
        "tugaskan",
    ];
    let Some((above, last)) = path.rsplit_once('/') else { return "/" };
    let has_page = last == "koreksi" && above.starts_with("/pertemuan/");
    if above == "/pengguna" || (ONLY_TAKE.contains(&last) && !has_page) {
        return if above.is_empty() { "/" } else { above };
    }
    path
}

/// A place on this site to which a form may lead on; anything else becomes the home page.
#[must_use]
pub fn local(next: &str) -> String {
    let fits = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if fits { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_was_sent_leads_back_to_its_page() {
        for (path, page) in [
            ("/kelompok/OKI-1/catat", "/kelompok/OKI-1/catat"),
            ("/kelompok/OKI-1/anggota", "/kelompok/OKI-1"),
            ("/kelompok/OKI-1/gabung", "/kelompok/OKI-1"),
            ("/pertemuan/x/koreksi", "/pertemuan/x/koreksi"),
            ("/pertemuan/x/tarik", "/pertemuan/x"),
            ("/kunjungan/x/koreksi", "/kunjungan/x"),
            ("/ganda/a/b/bukan", "/ganda/a/b"),
            ("/sesi/x/sunting/simpan", "/sesi/x/sunting"),
            ("/pengguna/7", "/pengguna"),
            ("/impor/masukkan", "/impor"),
            ("/wilayah/16.02/libur", "/wilayah/16.02/libur"),
            ("/keluar", "/"),
            ("/profil/sandi", "/profil"),
            ("/setelan/umum", "/setelan/umum"),
        ] {
            assert_eq!(form_of(path), page, "{path}");
        }
        assert_eq!(masuk("/", false), "/masuk");
        assert_eq!(masuk("/", true), "/masuk?isian=hilang");
        assert_eq!(masuk("/a", true), "/masuk?lanjut=%2Fa&isian=hilang");
    }

    #[test]
    fn only_places_on_this_site_are_led_to() {
        for (next, expected) in [
            ("/kelompok/OKI-1?a=b#c", "/kelompok/OKI-1?a=b#c"),
            ("//contoh.id", "/"),
            ("/\\contoh.id", "/"),
            ("https://contoh.id", "/"),
            ("javascript:alert(1)", "/"),
            ("/a\r\nSet-Cookie: x=1", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(next), expected, "{next:?}");
        }
    }
}
