//! What the engine sees: our templates, one file of data, the pictures of one document, our fonts.
//! No disk, no clock, no network.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::data::pictures::{MAX_PICTURES, path};
use super::fonts::Fonts;

/// The templates; the first is where the engine begins.
const TEMPLATES: [(&str, &str); 8] = [
    ("/utama.typ", include_str!("../../templates/print/utama.typ")),
    ("/dasar.typ", include_str!("../../templates/print/dasar.typ")),
    ("/panduan.typ", include_str!("../../templates/print/panduan.typ")),
    ("/keluarga.typ", include_str!("../../templates/print/keluarga.typ")),
    ("/balik.typ", include_str!("../../templates/print/balik.typ")),
    ("/buku.typ", include_str!("../../templates/print/buku.typ")),
    ("/kelompok.typ", include_str!("../../templates/print/kelompok.typ")),
    ("/laporan.typ", include_str!("../../templates/print/laporan.typ")),
];

/// The path of the data.
const DATA: &str = "/data.json";

/// The names of all files. The engine numbers names for the whole process and never forgets one,
/// with room for 65,535, so they are made here once and never from a document.
struct Names {
    templates: Vec<FileId>,
    data: FileId,
    pictures: Vec<FileId>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    templates: TEMPLATES.iter().map(|(path, _)| name(path)).collect(),
    data: name(DATA),
    pictures: (0..MAX_PICTURES).map(|place| name(&path(place))).collect(),
});

fn name(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("the paths are constants that stay below the root");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What stays the same for every document.
pub(super) struct Base {
    library: LazyHash<Library>,
    sources: Vec<Source>,
    pub(super) fonts: Fonts,
}

impl Base {
    pub(super) fn new() -> Self {
        let sources = NAMES.templates.iter().zip(TEMPLATES);
        Self {
            library: LazyHash::new(Library::default()),
            sources: sources.map(|(id, (_, text))| Source::new(*id, text.to_owned())).collect(),
            fonts: Fonts::load(),
        }
    }
}

/// One document.
pub(super) struct DocumentWorld<'a> {
    base: &'a Base,
    data: Bytes,
    pictures: Vec<Bytes>,
}

impl<'a> DocumentWorld<'a> {
    pub(super) fn new(base: &'a Base, data: &Value, files: Vec<Cow<'static, [u8]>>) -> Self {
        let pictures = files.into_iter().map(Bytes::new).collect();
        Self { base, data: Bytes::from_string(data.to_string()), pictures }
    }

    /// How much data the document is made from.
    pub(super) fn data_bytes(&self) -> usize {
        self.data.len()
    }

    fn source_of(&self, id: FileId) -> Option<&Source> {
        self.base.sources.iter().find(|source| source.id() == id)
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.base.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.base.fonts.book
    }

    fn main(&self) -> FileId {
        NAMES.templates[0]
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.source_of(id).cloned().ok_or(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == NAMES.data {
            return Ok(self.data.clone());
        }
        let place = NAMES.pictures.iter().position(|picture| *picture == id);
        let found = place.and_then(|place| self.pictures.get(place));
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.base.fonts.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
