//! The curriculum that comes with the program, embedded at build time.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "modules/"]
struct Modules;

/// The ending of texts.
const TEXT_ENDING: &str = ".md";
/// The folder of pictures.
const PICTURES: &str = "gambar/";
/// The ending of the pictures that are shipped.
const PICTURE_ENDING: &str = ".svg";
/// The name of a file that lists the sesi of a skema.
pub const SKEMA_FILE: &str = "skema.md";

/// A text that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedText {
    /// Its path under `modules/`, with `/` between the names.
    pub path: String,
    /// The text.
    pub text: String,
}

impl ShippedText {
    /// Says whether it lists the sesi of a skema.
    pub fn is_skema(&self) -> bool {
        self.path.rsplit('/').next() == Some(SKEMA_FILE)
    }
}

/// All texts that come with the program, ordered by path.
///
/// A file that is not UTF-8 is left out; a test holds that there is none.
pub fn shipped_texts() -> Vec<ShippedText> {
    let mut paths: Vec<_> = Modules::iter().filter(|path| path.ends_with(TEXT_ENDING)).collect();
    paths.sort_unstable();
    paths
        .into_iter()
        .filter_map(|path| {
            let bytes = Modules::get(&path)?.data.into_owned();
            Some(ShippedText { text: String::from_utf8(bytes).ok()?, path: path.into_owned() })
        })
        .collect()
}

/// The names of all pictures that come with the program, for example `celengan.svg`, in order.
pub fn shipped_pictures() -> Vec<String> {
    let mut names: Vec<_> = Modules::iter()
        .filter_map(|path| path.strip_prefix(PICTURES).map(str::to_owned))
        .filter(|name| name.ends_with(PICTURE_ENDING))
        .collect();
    names.sort_unstable();
    names
}

/// The SVG of a picture that comes with the program, by its name such as `celengan.svg`.
pub fn shipped_picture(name: &str) -> Option<Cow<'static, [u8]>> {
    if name.contains('/') || !name.ends_with(PICTURE_ENDING) {
        return None;
    }
    Modules::get(&format!("{PICTURES}{name}")).map(|file| file.data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curriculum::skema::{Resolution, Resolver, Skema};

    fn skema() -> Vec<Skema> {
        let texts = shipped_texts().into_iter().filter(ShippedText::is_skema);
        texts
            .map(|text| {
                let (skema, problems) = Skema::parse(&text.text);
                assert_eq!(problems, [], "{}", text.path);
                skema.unwrap()
            })
            .collect()
    }

    #[test]
    fn every_file_is_a_text_or_a_picture_that_runs_nothing() {
        let texts = shipped_texts();
        assert_eq!(texts.len(), Modules::iter().filter(|path| path.ends_with(".md")).count());
        assert!(texts.iter().all(|text| text.text.starts_with("---\n")));
        let names = shipped_pictures();
        assert!(names.len() > 50);
        for name in names {
            let bytes = shipped_picture(&name).unwrap();
            let svg = std::str::from_utf8(&bytes).unwrap().to_lowercase();
            assert!(svg.contains("<svg") && svg.contains("<title>"), "{name}");
            for hostile in ["<script", "<style", "<foreignobject", "href", "url(", "<!"] {
                assert!(!svg.contains(hostile), "{name} holds {hostile}");
            }
            let is_handler = |word: &str| word.starts_with("on") && word.contains('=');
            assert!(!svg.split_whitespace().any(is_handler), "{name} holds a handler");
        }
        for name in ["tidak-ada.svg", "../klasik-2018/skema.md", "skema.md", ""] {
            assert_eq!(shipped_picture(name), None, "{name}");
        }
    }

    #[test]
    fn the_two_skema_have_their_sesi_and_one_is_the_default() {
        let shown: Vec<_> = skema()
            .iter()
            .map(|one| (one.id.to_string(), one.default, one.modul.len(), one.sesi().count()))
            .collect();
        let expected =
            [("klasik-2018".to_owned(), true, 5, 14), ("stunting-2021".to_owned(), false, 1, 15)];
        assert_eq!(shown, expected);
        for one in skema() {
            let numbers: Vec<_> = one.sesi().map(|(_, sesi)| sesi.nomor).collect();
            assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>());
            assert!(one.sesi().all(|(_, sesi)| !sesi.tema.is_empty()));
        }
    }

    #[test]
    fn every_name_in_use_means_one_sesi() {
        let skema = skema();
        let resolver = Resolver::new(&skema);
        let found = |text: &str| match resolver.resolve(text) {
            Resolution::Found(one) => one.sesi.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        for (_, sesi) in skema.iter().flat_map(Skema::sesi) {
            let names = [sesi.id.as_str(), sesi.judul.as_str()];
            for name in names.into_iter().chain(sesi.alias.iter().map(String::as_str)) {
                assert_eq!(found(name), sesi.id.as_str(), "{name}");
            }
        }
        let cases = [
            ("8", "gizi-dan-layanan-kesehatan-ibu-hamil"),
            ("kesehatan sesi 1", "gizi-dan-layanan-kesehatan-ibu-hamil"),
            ("modul kesehatan sesi 3", "kesakitan-anak-dan-kesehatan-lingkungan"),
            ("Modul Ekonomi sesi 2", "cermat-meminjam-dan-menabung"),
            ("modul 4 sesi 2", "penelantaran-dan-eksploitasi-anak"),
            ("kesos sesi 1", "pelayanan-disabilitas-berat"),
            ("stunting:8", "stimulasi-anak-1-2-tahun"),
            ("stunting sesi 12", "jamban-sehat"),
            ("modul stunting sesi 12", "jamban-sehat"),
            (
                "Sesi 11: Pencegahan Kekerasan terhadap Anak",
                "pencegahan-kekerasan-dan-perlakuan-salah",
            ),
            ("CTPS", "cuci-tangan-pakai-sabun"),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
