//! Where links and pictures may lead.

use serde::Serialize;

use crate::curriculum::ids::SesiId;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Another site or a mail address: `http:`, `https:` or `mailto:`, without blanks.
    External(String),
    /// A page of this program, beginning with one `/`.
    Page(String),
    /// A heading of the same text.
    Anchor(String),
    /// A rujukan of the front matter, by its id.
    Rujukan(String),
    /// Another sesi.
    Sesi(SesiId),
    /// Anywhere else; shown as plain text and never as a link.
    Refused(String),
}

/// The folder of pictures, at the end of the path of a picture.
const PICTURE_FOLDER: &str = "gambar";

/// The endings of picture files.
const PICTURE_ENDINGS: &[&str] = &["svg", "png", "jpg", "jpeg", "webp"];

impl Target {
    /// Judges the destination of a link.
    ///
    /// A path that ends in `<nn>-<sesi id>.md` or `/sesi/<sesi id>` is a sesi.
    pub fn of(destination: &str) -> Self {
        let destination = destination.trim();
        if destination.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Self::Refused(destination.to_owned());
        }
        if let Some(anchor) = destination.strip_prefix('#') {
            return match anchor.strip_prefix("rujukan-") {
                Some(id) => Self::Rujukan(id.to_owned()),
                None => Self::Anchor(anchor.to_owned()),
            };
        }
        if has_allowed_scheme(destination) {
            return Self::External(destination.to_owned());
        }
        if let Some(id) = sesi_of_path(destination) {
            return Self::Sesi(id);
        }
        let is_page = destination.starts_with('/') && !destination.starts_with("//");
        if is_page {
            Self::Page(destination.to_owned())
        } else {
            Self::Refused(destination.to_owned())
        }
    }

    /// The address to put into `href`; `None` where there must be no link.
    pub fn href(&self) -> Option<String> {
        match self {
            Self::External(address) | Self::Page(address) => Some(address.clone()),
            Self::Anchor(anchor) => Some(format!("#{anchor}")),
            Self::Rujukan(id) => Some(format!("#rujukan-{id}")),
            Self::Sesi(id) => Some(format!("/sesi/{id}")),
            Self::Refused(_) => None,
        }
    }
}

fn has_allowed_scheme(destination: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| {
        destination.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
            && destination.len() > scheme.len()
    })
}

fn sesi_of_path(path: &str) -> Option<SesiId> {
    if path.contains(':') {
        return None;
    }
    let path = path.split(['#', '?']).next()?;
    if let Some(id) = path.strip_prefix("/sesi/") {
        return id.parse().ok();
    }
    let file = path.rsplit('/').next()?.strip_suffix(".md")?;
    sesi_id_of_file(file)
}

/// The id in a file name such as `08-memulai-usaha` (without its ending).
pub(crate) fn sesi_id_of_file(stem: &str) -> Option<SesiId> {
    let numbered = stem.split_once('-').filter(|(number, _)| {
        number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    numbered.map_or(stem, |(_, id)| id).parse().ok()
}

/// The file name of a picture whose path is one that the curriculum uses.
pub(crate) fn picture_name(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or((PICTURE_FOLDER, path));
    let is_picture_folder =
        folder.rsplit('/').next() == Some(PICTURE_FOLDER) && !path.contains(':');
    let (stem, ending) = name.rsplit_once('.')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_name = !stem.is_empty() && stem.chars().all(plain) && PICTURE_ENDINGS.contains(&ending);
    (is_picture_folder && is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_only_where_they_may() {
        let sesi = |id: &str| Target::Sesi(id.parse().unwrap());
        let refused = |text: &str| Target::Refused(text.to_owned());
        let cases = [
            ("https://a.id/x?y=1", Target::External("https://a.id/x?y=1".into())),
            ("HTTP://a.id", Target::External("HTTP://a.id".into())),
            ("mailto:a@b.id", Target::External("mailto:a@b.id".into())),
            ("#langkah-2", Target::Anchor("langkah-2".into())),
            ("#rujukan-uu-8-2016", Target::Rujukan("uu-8-2016".into())),
            ("07-memulai-usaha.md", sesi("memulai-usaha")),
            ("../keuangan-usaha/07-memulai-usaha.md#langkah-2", sesi("memulai-usaha")),
            ("istilah.md", sesi("istilah")),
            ("/sesi/memulai-usaha", sesi("memulai-usaha")),
            ("/bantuan", Target::Page("/bantuan".into())),
            ("//a.id", refused("//a.id")),
            ("/\\a.id", refused("/\\a.id")),
            ("javascript:alert(1)", refused("javascript:alert(1)")),
            ("javascript:x/07-a.md", refused("javascript:x/07-a.md")),
            ("java\tscript:x", refused("java\tscript:x")),
            ("data:text/html,x", refused("data:text/html,x")),
            ("vbscript:x", refused("vbscript:x")),
            ("https://", refused("https://")),
            ("lain.pdf", refused("lain.pdf")),
            ("", refused("")),
        ];
        for (destination, expected) in cases {
            assert_eq!(Target::of(destination), expected, "{destination}");
        }
    }

    #[test]
    fn a_link_has_an_address_unless_it_is_refused() {
        let cases = [
            ("/sesi/memulai-usaha", Some("/sesi/memulai-usaha")),
            ("07-memulai-usaha.md", Some("/sesi/memulai-usaha")),
            ("#rujukan-x", Some("#rujukan-x")),
            ("javascript:x", None),
        ];
        for (destination, expected) in cases {
            assert_eq!(Target::of(destination).href().as_deref(), expected, "{destination}");
        }
    }

    #[test]
    fn pictures_come_only_from_their_folder() {
        let cases = [
            ("../../gambar/celengan.svg", Some("celengan.svg")),
            ("gambar/celengan.png", Some("celengan.png")),
            ("celengan.svg", Some("celengan.svg")),
            ("/gambar/celengan.svg", Some("celengan.svg")),
            ("https://a.id/gambar/celengan.svg", None),
            ("../lain/celengan.svg", None),
            ("gambar/../../x.svg", None),
            ("gambar/.svg", None),
            ("gambar/Celengan.svg", None),
            ("gambar/celengan.exe", None),
            ("data:image/svg,x.svg", None),
        ];
        for (path, expected) in cases {
            assert_eq!(picture_name(path), expected, "{path}");
        }
    }
}
