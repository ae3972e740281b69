//! Which words of a text answer which words of a query.

use std::ops::Range;

use super::vocab::{FormId, StemId, Vocab};

/// One way in which a word of a text answers a word of the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alternative {
    /// The first word of the query that is answered, and the one behind the last.
    pub(super) from: u8,
    pub(super) to: u8,
    /// How well, 0 to 1.
    pub(super) weight: f32,
    /// The phrase that must go on from here; [`NO_PHRASE`] for a single word.
    phrase: u16,
}

const NO_PHRASE: u16 = u16::MAX;

impl Alternative {
    /// A single word that answers the word of the query at `slot`.
    pub(super) fn word(slot: usize, weight: f32) -> Self {
        let from = slot as u8;
        Self { from, to: from + 1, weight, phrase: NO_PHRASE }
    }
}

/// A phrase: its roots behind the first.
#[derive(Debug)]
struct Rest {
    stems: Box<[StemId]>,
}

/// All alternatives by the form of the word.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    found: Vec<(FormId, Alternative)>,
    phrases: Vec<Rest>,
    /// The alternatives by the root of the (first) word, for whole texts.
    by_stem: Vec<(StemId, Alternative)>,
    /// Open addressing: a form and where its alternatives begin in `found`.
    table: Vec<(FormId, u32)>,
    shift: u32,
    /// A bit for each form that is in the table, by its low bits, so that most words of a text
    /// are passed over with one look.
    sieve: Sieve,
}

/// 4,096 bits.
#[derive(Debug)]
struct Sieve([u64; 64]);

impl Default for Sieve {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Sieve {
    fn add(&mut self, form: FormId) {
        self.0[(form >> 6 & 63) as usize] |= 1 << (form & 63);
    }

    fn may_have(&self, form: FormId) -> bool {
        self.0[(form >> 6 & 63) as usize] >> (form & 63) & 1 == 1
    }
}

const EMPTY: FormId = FormId::MAX;

impl Matcher {
    /// Lets a form answer.
    pub(super) fn add_form(&mut self, form: FormId, alternative: Alternative) {
        self.found.push((form, alternative));
    }

    /// Lets a root answer in whole texts, where forms are not told apart.
    pub(super) fn add_stem(&mut self, stem: StemId, alternative: Alternative) {
        self.by_stem.push((stem, alternative));
    }

    /// Lets a phrase (or one word) of these roots answer a range of words.
    pub(super) fn add_phrase(
        &mut self,
        vocab: &Vocab,
        stems: &[StemId],
        slots: Range<usize>,
        weight: f32,
    ) {
        let Some((first, rest)) = stems.split_first() else { return };
        let phrase = if rest.is_empty() {
            NO_PHRASE
        } else {
            self.phrases.push(Rest { stems: rest.into() });
            (self.phrases.len() - 1).min(usize::from(NO_PHRASE)) as u16
        };
        let (from, to) = (slots.start as u8, slots.end as u8);
        let alternative = Alternative { from, to, weight, phrase };
        self.by_stem.push((*first, alternative));
        self.found.extend(vocab.stem_of(*first).forms.iter().map(|form| (*form, alternative)));
    }

    /// Makes it ready to be asked.
    pub(super) fn finish(&mut self) {
        self.found.sort_unstable_by_key(|(form, alternative)| (*form, alternative.from));
        let size = (self.found.len() * 4).next_power_of_two().max(16);
        self.shift = 32 - size.trailing_zeros();
        self.table = vec![(EMPTY, 0); size];
        let mut last = EMPTY;
        for (at, (form, _)) in (0..).zip(&self.found) {
            if *form != last {
                let mut place = self.place(*form);
                while self.table[place].0 != EMPTY {
                    place = (place + 1) & (size - 1);
                }
                self.table[place] = (*form, at);
                self.sieve.add(*form);
                last = *form;
            }
        }
    }

    fn place(&self, form: FormId) -> usize {
        (form.wrapping_mul(0x9e37_79b9) >> self.shift) as usize
    }

    /// The alternatives of a form.
    fn of(&self, form: FormId) -> &[(FormId, Alternative)] {
        if self.table.is_empty() {
            return &[];
        }
        let mut place = self.place(form);
        loop {
            let (known, at) = self.table[place];
            if known == form {
                let run = &self.found[at as usize..];
                return &run[..run.iter().take_while(|(other, _)| *other == form).count()];
            }
            if known == EMPTY {
                return &[];
            }
            place = (place + 1) & (self.table.len() - 1);
        }
    }

    /// Hands over each place where a text answers: the place, how many words long, and how.
    pub(super) fn scan(
        &self,
        vocab: &Vocab,
        forms: &[FormId],
        mut hit: impl FnMut(usize, usize, Alternative),
    ) {
        let may_answer = |(_, form): &(usize, &FormId)| self.sieve.may_have(**form);
        for (at, form) in forms.iter().enumerate().filter(may_answer) {
            for (_, alternative) in self.of(*form) {
                match self.phrases.get(usize::from(alternative.phrase)) {
                    None => hit(at, 1, *alternative),
                    Some(rest) if goes_on(vocab, &forms[at + 1..], rest) => {
                        hit(at, rest.stems.len() + 1, *alternative);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Whether a word may answer; `false` is certain.
    pub(super) fn may_answer(&self, form: FormId) -> bool {
        self.sieve.may_have(form)
    }

    /// Hands over each root that answers, with how; a phrase with its other roots.
    pub(super) fn each(&self, mut one: impl FnMut(StemId, Alternative, &[StemId])) {
        for (stem, alternative) in &self.by_stem {
            let rest = self.phrases.get(usize::from(alternative.phrase));
            one(*stem, *alternative, rest.map_or(&[], |rest| &rest.stems));
        }
    }
}

fn goes_on(vocab: &Vocab, forms: &[FormId], rest: &Rest) -> bool {
    forms.len() >= rest.stems.len()
        && rest.stems.iter().zip(forms).all(|(stem, form)| vocab.form_of(*form).stem == *stem)
}
