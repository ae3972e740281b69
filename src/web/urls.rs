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

/// The login page that leads on to `next`.
#[must_use]
pub fn masuk(next: &str) -> String {
    if next == "/" { "/masuk".to_owned() } else { format!("/masuk?lanjut={}", encode(next)) }
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
