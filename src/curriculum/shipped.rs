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
