//! What to offer while somebody types: sesi, sections and words that go on so.

use std::collections::BTreeSet;

use super::SearchError;
use super::answer::{is_own_name, planner, rank_only};
use super::direct::direct;
use super::entry::{Entry, NameKind};
use super::index::Snapshot;
use super::matcher::Matcher;
use super::plan::bounded;
use super::results::{Suggestion, SuggestionTarget};
use super::vocab::{FormId, Vocab};

/// So many words are offered at most.
const WORDS: usize = 2;
/// So many sections are offered at most.
const SECTIONS: usize = 3;

/// See [`super::Index::suggest`].
pub(super) fn suggest(
    now: &Snapshot,
    start: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, SearchError> {
    let start = bounded(start).trim_start();
    if limit == 0 || !start.contains(char::is_alphanumeric) {
        return Ok(Vec::new());
    }
    let mut list = List { now, limit, found: Vec::new() };
    if let Some(sesi) = direct(&now.resolver, &[start]) {
        list.sesi(|entry| entry.doc.sesi == sesi);
    }
    let typed = Typed::read(now, start);
    list.names(&typed);
    list.words(&typed, start);
    list.sections(&typed);
    if list.found.is_empty() {
        // Not even the start of a name: what the search would find, typos mended.
        for (sesi, _) in rank_only(now, start, limit)? {
            list.sesi(|entry| entry.doc.sesi == sesi);
        }
    }
    Ok(list.found)
}

/// The words typed so far.
struct Typed {
    /// Whole words, as what may answer them.
    whole: Matcher,
    /// How many there are.
    count: usize,
    /// The forms that the last, unfinished word may become; empty where there is none.
    open: BTreeSet<FormId>,
    /// The unfinished word as typed, in lowercase.
    last: String,
}

impl Typed {
    fn read(now: &Snapshot, start: &str) -> Self {
        let at = start
            .rfind(|c: char| !c.is_alphanumeric() && c != '-')
            .map_or(0, |at| at + start[at..].chars().next().map_or(1, char::len_utf8));
        let last = start[at..].to_lowercase();
        let plan = planner(now, &now.live, false).plan(&start[..at]);
        let count = plan.slots.iter().filter(|slot| !slot.function).count();
        let mut open = BTreeSet::new();
        if !last.is_empty() {
            open.extend(now.live.speller.beginning(&now.live.vocab, &last));
        }
        Self { whole: plan.matcher, count, open, last }
    }

    /// How well a name goes on as typed: 0 for not at all, more for more of its words.
    fn fit(&self, vocab: &Vocab, forms: &[FormId]) -> f32 {
        let mut answered = 0_u32;
        self.whole.scan(vocab, forms, |_, _, alternative| {
            for slot in alternative.from..alternative.to {
                answered |= 1 << slot;
            }
        });
        let open = forms.iter().any(|form| self.open.contains(form));
        let needed = self.last.is_empty() || open;
        if !needed || (answered.count_ones() as usize) < self.count || forms.is_empty() {
            return 0.0;
        }
        let typed = self.count + usize::from(open);
        typed as f32 / forms.len() as f32
    }
}

struct List<'a> {
    now: &'a Snapshot,
    limit: usize,
    found: Vec<Suggestion>,
}

impl List<'_> {
    fn add(&mut self, suggestion: Suggestion) {
        if self.found.len() < self.limit && !self.found.contains(&suggestion) {
            self.found.push(suggestion);
        }
    }

    fn sesi(&mut self, is: impl Fn(&Entry) -> bool) {
        let entry = self.now.live.entries.values().find(|entry| is(entry));
        if let Some(entry) = entry {
            self.add(Suggestion {
                text: entry.doc.title.clone(),
                to: SuggestionTarget::Sesi(entry.doc.sesi.clone()),
            });
        }
    }

    fn names(&mut self, typed: &Typed) {
        let vocab = &self.now.live.vocab;
        let mut fits: Vec<(f32, &Entry)> = Vec::new();
        for entry in self.now.live.entries.values() {
            let own = entry.names.iter().filter(|name| is_own_name(name.kind));
            let best = own
                .map(|name| {
                    let title = if name.kind == NameKind::Title { 1.5 } else { 1.0 };
                    typed.fit(vocab, &name.forms) * title
                })
                .fold(0.0, f32::max);
            if best > 0.0 {
                fits.push((best, entry));
            }
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, entry) in fits.into_iter().take(self.limit) {
            self.add(Suggestion {
                text: entry.doc.title.clone(),
                to: SuggestionTarget::Sesi(entry.doc.sesi.clone()),
            });
        }
    }

    /// Common words that the last one may become, behind what is typed already.
    fn words(&mut self, typed: &Typed, start: &str) {
        if typed.last.chars().count() < 2 {
            return;
        }
        let vocab = &self.now.live.vocab;
        let longer = |form: &&FormId| vocab.form_of(**form).text.len() > typed.last.len();
        let mut open: Vec<&FormId> = typed.open.iter().filter(longer).collect();
        open.sort_by_key(|form| std::cmp::Reverse(vocab.form_of(**form).sections));
        let before = start.len().saturating_sub(typed.last.len());
        let before = &start[..start.floor_char_boundary(before)];
        for form in open.into_iter().take(WORDS) {
            let text = format!("{before}{}", vocab.form_of(*form).text);
            self.add(Suggestion { text: text.clone(), to: SuggestionTarget::Query(text) });
        }
    }

    fn sections(&mut self, typed: &Typed) {
        let vocab = &self.now.live.vocab;
        let mut fits = Vec::new();
        for entry in self.now.live.entries.values() {
            // The first section has the heading of the sesi itself.
            let both = entry.doc.sections.iter().zip(&entry.sections).skip(1);
            for (section, tokens) in both {
                let fit = typed.fit(vocab, &tokens.forms[..tokens.heading]);
                if fit > 0.0 {
                    fits.push((fit, entry, section));
                }
            }
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, entry, section) in fits.into_iter().take(SECTIONS) {
            let doc = &entry.doc;
            self.add(Suggestion {
                text: format!("{} · {}", section.heading, doc.title),
                to: SuggestionTarget::Section(doc.sesi.clone(), section.anchor.clone()),
            });
        }
    }
}
