//! A document cut into numbered words, ready to be scored.

use super::doc::SearchDoc;
use super::vocab::{FormId, StemId, Vocab};

/// A document with its words as numbers.
#[derive(Debug)]
pub(super) struct Entry {
    /// What the caller gave.
    pub(super) doc: SearchDoc,
    /// Everything it goes by.
    pub(super) names: Vec<Name>,
    /// The words of all names in one run, each with the number of its name: most queries speak of
    /// few of the names, and this finds them without a look at each.
    pub(super) named: Box<[(FormId, u16)]>,
    /// The words of each section of [`SearchDoc::sections`].
    pub(super) sections: Vec<Tokens>,
    /// All its words; `None` for a document of one section, which is its own whole.
    pub(super) page: Option<Page>,
}

/// What a name is, and so how much a match in it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// The title.
    Title,
    /// Another title; which of [`SearchDoc::aliases`].
    Alias(usize),
    /// A keyword; which of [`SearchDoc::keywords`].
    Keyword(usize),
    /// The title of the modul, or a short name of it.
    Modul,
    /// For whom it is.
    Audience,
}

/// A name of a document.
#[derive(Debug)]
pub(super) struct Name {
    /// What it is.
    pub(super) kind: NameKind,
    /// Its words.
    pub(super) forms: Box<[FormId]>,
}

/// The words of a section: those of its heading, then those of its text.
#[derive(Debug)]
pub(super) struct Tokens {
    /// How many of the words stand in the heading.
    pub(super) heading: usize,
    /// The words in order.
    pub(super) forms: Box<[FormId]>,
    /// Where figures stand.
    pub(super) figures: Box<[u32]>,
}

/// How often each root stands in a whole document.
#[derive(Debug)]
pub(super) struct Page {
    /// Roots in rising order.
    stems: Box<[StemId]>,
    /// How often each of them stands; apart from them, so that a search for one reads half as much.
    counts: Box<[u32]>,
    /// How many words it has.
    pub(super) length: u32,
}

impl Entry {
    /// Reads a document; its new words are taken up and counted.
    pub(super) fn read(doc: SearchDoc, vocab: &mut Vocab) -> Self {
        let names = read_names(&doc, vocab);
        let sections: Vec<_> = doc
            .sections
            .iter()
            .map(|section| {
                let mut forms = Vec::with_capacity(section.text.len() / 6 + 8);
                vocab.read(&section.heading, &mut forms);
                let heading = forms.len();
                vocab.read(&section.text, &mut forms);
                let figure = |form: &FormId| {
                    vocab.form_of(*form).text.starts_with(|c: char| c.is_ascii_digit())
                };
                let figures =
                    (0..).zip(&forms).filter(|(_, form)| figure(form)).map(|(at, _)| at).collect();
                Tokens { heading, forms: forms.into_boxed_slice(), figures }
            })
            .collect();
        let page = (sections.len() > 1).then(|| Page::of(&sections, vocab));
        let with = |(number, name): (u16, &Name)| {
            name.forms.iter().map(move |form| (*form, number)).collect::<Vec<_>>()
        };
        let named = (0..).zip(&names).flat_map(with).collect();
        let entry = Self { doc, names, named, sections, page };
        entry.count(vocab, true);
        entry
    }

    /// Counts its words into the vocabulary or out of it.
    pub(super) fn count(&self, vocab: &mut Vocab, add: bool) {
        let named = || self.names.iter().flat_map(|name| name.forms.iter().copied());
        let mut all: Vec<FormId> = named().collect();
        for (at, section) in self.sections.iter().enumerate() {
            if at == 0 {
                // The names count with the first section, so that a word that stands in a title
                // only is known and can be corrected to.
                let first: Vec<_> = named().chain(section.forms.iter().copied()).collect();
                vocab.count_section(&first, add);
            } else {
                vocab.count_section(&section.forms, add);
            }
            all.extend_from_slice(&section.forms);
        }
        vocab.count_text(&all, add);
    }

    /// How many words its sections have.
    pub(super) fn words(&self) -> usize {
        self.sections.iter().map(|section| section.forms.len()).sum()
    }

    /// The words of all names but the modul's and the audience's, for the index.
    pub(super) fn name_forms(&self) -> impl Iterator<Item = FormId> {
        let own = |name: &&Name| !matches!(name.kind, NameKind::Modul | NameKind::Audience);
        self.names.iter().filter(own).flat_map(|name| name.forms.iter().copied())
    }
}

fn read_names(doc: &SearchDoc, vocab: &mut Vocab) -> Vec<Name> {
    let mut names = Vec::new();
    let mut add = |kind, text: &str| {
        let mut forms = Vec::new();
        vocab.read(text, &mut forms);
        if !forms.is_empty() {
            names.push(Name { kind, forms: forms.into_boxed_slice() });
        }
    };
    add(NameKind::Title, &doc.title);
    for (at, alias) in doc.aliases.iter().enumerate() {
        add(NameKind::Alias(at), alias);
    }
    for (at, keyword) in doc.keywords.iter().enumerate() {
        add(NameKind::Keyword(at), keyword);
    }
    for place in &doc.places {
        add(NameKind::Modul, &place.modul_title);
        for alias in &place.modul_aliases {
            add(NameKind::Modul, alias);
        }
    }
    for audience in &doc.audience {
        add(NameKind::Audience, audience);
    }
    names
}

impl Page {
    fn of(sections: &[Tokens], vocab: &Vocab) -> Self {
        let forms = sections.iter().flat_map(|section| section.forms.iter());
        let mut all: Vec<StemId> = forms.map(|form| vocab.form_of(*form).stem).collect();
        all.sort_unstable();
        let length = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let runs = || all.chunk_by(|a, b| a == b);
        let stems = runs().filter_map(|run| run.first().copied()).collect();
        let counts = runs().map(|run| u32::try_from(run.len()).unwrap_or(u32::MAX)).collect();
        Self { stems, counts, length }
    }

    /// How often a root stands in the document.
    pub(super) fn count(&self, stem: StemId) -> u32 {
        self.stems.binary_search(&stem).map_or(0, |at| self.counts[at])
    }
}
