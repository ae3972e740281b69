//! What is put into the index: a sesi with its place in a skema, cut into sections.

use std::collections::BTreeMap;

use crate::curriculum::sesi::Jenis;
use crate::curriculum::shipped::ShippedText;
use crate::curriculum::skema::{Modul, SkemaSesi};
use crate::curriculum::synonyms::SYNONYMS_PAGE;
use crate::curriculum::{ModulId, Part, Sesi, SesiId, Skema, SkemaId};

/// One text of the curriculum as the search sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDoc {
    /// The sesi, or the page of guidance.
    pub sesi: SesiId,
    /// Where it stands in each skema that has it; empty for a page of guidance.
    pub places: Vec<Place>,
    /// The title of the text.
    pub title: String,
    /// Other titles in use.
    pub aliases: Vec<String>,
    /// Words that people type but the text does not say.
    pub keywords: Vec<String>,
    /// For whom it is, for example `ibu hamil`.
    pub audience: Vec<String>,
    /// How long the meeting takes, in minutes; `None` where the text does not say.
    pub minutes: Option<u32>,
    /// `false` for a draft and for an old edition.
    pub live: bool,
    /// The number of the edition; 0 for a draft that was never published.
    pub edition: u32,
    /// Its sections in order; the first holds the summary.
    pub sections: Vec<SectionDoc>,
}

/// The place of a sesi in one skema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The skema.
    pub skema: SkemaId,
    /// The modul in it.
    pub modul: ModulId,
    /// The title of the modul.
    pub modul_title: String,
    /// Short names of the modul.
    pub modul_aliases: Vec<String>,
    /// The number of the sesi in the skema.
    pub nomor: u32,
    /// Its number inside the modul.
    pub nomor_modul: u32,
}

/// One section of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionDoc {
    /// Its anchor on the page of the sesi.
    pub anchor: String,
    /// The words of its heading.
    pub heading: String,
    /// The part it belongs to.
    pub part: Part,
    /// Its words, one line a paragraph.
    pub text: String,
}

impl SearchDoc {
    /// Makes a document of a text: its words from `sesi`, its places from all of `skema`.
    ///
    /// `edition` counts from 1, 0 says that it was never published; a document is live unless
    /// the caller changes [`SearchDoc::live`]. A text without an id gives `None`, and so does a
    /// list of modul.
    pub fn from_sesi(sesi: &Sesi, skema: &[Skema], edition: u32) -> Option<Self> {
        let id = sesi.front.id.clone()?;
        if sesi.front.jenis == Jenis::Skema {
            return None;
        }
        let found: Vec<_> = skema
            .iter()
            .filter_map(|one| one.find(&id).map(|(modul, place)| (one, modul, place)))
            .collect();
        let mut aliases = sesi.front.alias.clone();
        for (_, _, place) in &found {
            aliases.push(place.judul.clone());
            aliases.extend(place.alias.iter().cloned());
        }
        let places = found.into_iter().map(|(one, modul, at)| Place::of(one, modul, at)).collect();
        Some(Self {
            sesi: id,
            places,
            aliases: distinct(aliases, &sesi.title),
            title: sesi.title.clone(),
            keywords: sesi.front.kata_kunci.clone(),
            audience: sesi.front.sasaran.clone(),
            minutes: sesi.front.menit,
            live: true,
            edition,
            sections: sesi
                .sections()
                .into_iter()
                .map(|section| SectionDoc {
                    anchor: section.anchor,
                    heading: section.heading,
                    part: section.part,
                    text: section.text,
                })
                .collect(),
        })
    }
}

impl Place {
    fn of(skema: &Skema, modul: &Modul, sesi: &SkemaSesi) -> Self {
        Self {
            skema: skema.id.clone(),
            modul: modul.id.clone(),
            modul_title: modul.judul.clone(),
            modul_aliases: modul.alias.clone(),
            nomor: sesi.nomor,
            nomor_modul: sesi.nomor_modul,
        }
    }
}

/// The names in order without doubles and without the title itself.
fn distinct(names: Vec<String>, title: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let same = |other: &str| other.eq_ignore_ascii_case(&name);
        if !same(title) && !kept.iter().any(|other| same(other)) {
            kept.push(name);
        }
    }
    kept
}

/// The texts that a curriculum is searched by.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    /// The documents, by id of the sesi.
    pub docs: Vec<SearchDoc>,
    /// The lists of modul, for "kesehatan sesi 1".
    pub skema: Vec<Skema>,
    /// The text of the page of synonyms; empty where there is none.
    pub synonyms: String,
}

impl Collection {
    /// Reads texts as they are shipped: sesi, pages of guidance, lists of modul and synonyms.
    ///
    /// What cannot be read is left out; the checker of the curriculum names it.
    pub fn of_texts(texts: &[ShippedText]) -> Self {
        let mut collection = Self::default();
        let mut sesi = BTreeMap::new();
        for one in texts {
            if one.is_skema() {
                collection.skema.extend(Skema::parse(&one.text).0);
                continue;
            }
            let (parsed, _) = Sesi::parse(&one.text);
            match parsed.front.id.clone() {
                Some(id) if id.as_str() == SYNONYMS_PAGE => {
                    collection.synonyms.clone_from(&one.text)
                }
                Some(id) => {
                    sesi.insert(id, parsed);
                }
                None => {}
            }
        }
        collection.docs = sesi
            .values()
            .filter_map(|parsed| SearchDoc::from_sesi(parsed, &collection.skema, 1))
            .collect();
        collection
    }
}
