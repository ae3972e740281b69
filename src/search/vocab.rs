//! The words of the texts: each form, its root, and how common they are.

use std::collections::HashMap;
use std::sync::Arc;

use crate::bahasa;

/// The number of a form, dense from 0.
pub(super) type FormId = u32;
/// The number of a root, dense from 0.
pub(super) type StemId = u32;

/// Longer words are noise (an address, a run of letters) and are not indexed.
const LONGEST_WORD: usize = 48;

/// All forms and roots of a set of texts.
///
/// Forms and roots are only ever added, so that their numbers stay valid; the counts go down when
/// a text is removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocab {
    form_ids: HashMap<Arc<str>, FormId>,
    stem_ids: HashMap<Arc<str>, StemId>,
    forms: Vec<Form>,
    stems: Vec<Stem>,
}

/// A form: a word in the guide's spelling with its affixes.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// The word.
    pub(super) text: Arc<str>,
    /// Its root.
    pub(super) stem: StemId,
    /// In how many sections it stands, headings and names included.
    pub(super) sections: u32,
}

/// A root.
#[derive(Debug, Clone)]
pub(super) struct Stem {
    /// The root.
    pub(super) text: Arc<str>,
    /// Its forms.
    pub(super) forms: Vec<FormId>,
    /// In how many sections it stands.
    pub(super) sections: u32,
    /// In how many texts it stands.
    pub(super) texts: u32,
}

impl Vocab {
    /// The forms of a text in order; new ones are taken up.
    pub(super) fn read(&mut self, text: &str, forms: &mut Vec<FormId>) {
        bahasa::spelling::words_of(text, |word| {
            if word.form.len() <= LONGEST_WORD {
                forms.push(self.form(&word.form, &word.stem));
            }
        });
    }

    fn form(&mut self, form: &str, stem: &str) -> FormId {
        if let Some(known) = self.form_ids.get(form) {
            return *known;
        }
        let stem = self.stem(stem);
        let id = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = Arc::from(form);
        self.form_ids.insert(Arc::clone(&text), id);
        self.forms.push(Form { text, stem, sections: 0 });
        self.stems[stem as usize].forms.push(id);
        id
    }

    fn stem(&mut self, stem: &str) -> StemId {
        if let Some(known) = self.stem_ids.get(stem) {
            return *known;
        }
        let id = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = Arc::from(stem);
        self.stem_ids.insert(Arc::clone(&text), id);
        self.stems.push(Stem { text, forms: Vec::new(), sections: 0, texts: 0 });
        id
    }

    /// Counts a section with these forms in or out.
    pub(super) fn count_section(&mut self, forms: &[FormId], add: bool) {
        let step = |count: &mut u32| *count = stepped(*count, add);
        let mut forms = forms.to_vec();
        forms.sort_unstable();
        forms.dedup();
        for form in &forms {
            step(&mut self.forms[*form as usize].sections);
        }
        for stem in self.distinct_stems(&forms) {
            step(&mut self.stems[stem as usize].sections);
        }
    }

    /// Counts a text with these forms in or out.
    pub(super) fn count_text(&mut self, forms: &[FormId], add: bool) {
        for stem in self.distinct_stems(forms) {
            let texts = &mut self.stems[stem as usize].texts;
            *texts = stepped(*texts, add);
        }
    }

    fn distinct_stems(&self, forms: &[FormId]) -> Vec<StemId> {
        let mut stems: Vec<_> = forms.iter().map(|form| self.form_of(*form).stem).collect();
        stems.sort_unstable();
        stems.dedup();
        stems
    }

    /// A form by its number, which this vocabulary gave.
    pub(super) fn form_of(&self, id: FormId) -> &Form {
        &self.forms[id as usize]
    }

    /// A root by its number, which this vocabulary gave.
    pub(super) fn stem_of(&self, id: StemId) -> &Stem {
        &self.stems[id as usize]
    }

    /// The number of a form that some text has or had.
    pub(super) fn find_form(&self, form: &str) -> Option<FormId> {
        self.form_ids.get(form).copied()
    }

    /// The number of a root that some text has or had.
    pub(super) fn find_stem(&self, stem: &str) -> Option<StemId> {
        self.stem_ids.get(stem).copied()
    }

    /// Every form that some section has now, with its number.
    pub(super) fn forms(&self) -> impl Iterator<Item = (FormId, &Form)> {
        (0..).zip(&self.forms).filter(|(_, form)| form.sections > 0)
    }
}

fn stepped(count: u32, add: bool) -> u32 {
    if add { count.saturating_add(1) } else { count.saturating_sub(1) }
}
