//! A text of the curriculum as HTML in the order of reading, made once per content hash.

mod parts;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bahasa::angka;
use crate::curriculum::Part;
use crate::curriculum::ids::RevisionId;
use crate::curriculum::markdown::{SafeHtml, render_blocks};
use crate::curriculum::sesi::Sesi;

use self::parts::{Raw, raw_parts, schedule, step, step_entry};

pub use self::parts::preview;

/// How many rendered texts are kept; at some 100 KB each they stay below 25 MB.
const KEPT: usize = 256;

/// A text, rendered part by part.
#[derive(Debug)]
pub struct Guide {
    /// For whom it is, in words; may be empty.
    pub audience: String,
    /// What stands under the title.
    pub lead: SafeHtml,
    /// The parts before the langkah, the derived susunan kegiatan last.
    pub before: Vec<GuidePart>,
    /// The heading over the langkah and what stands under it.
    pub opening: Option<GuidePart>,
    /// The langkah in the order of the text.
    pub langkah: Vec<Step>,
    /// The sentences to remember.
    pub pesan: Option<GuidePart>,
    /// The parts after the langkah.
    pub after: Vec<GuidePart>,
    /// What the text cites.
    pub rujukan: Vec<Reference>,
    /// Every part with its sections.
    pub outline: Vec<Entry>,
}

/// A part under its heading.
#[derive(Debug)]
pub struct GuidePart {
    /// Its anchor on the page.
    pub anchor: String,
    /// The words of its heading.
    pub heading: String,
    /// What stands under it.
    pub body: SafeHtml,
}

/// One langkah.
#[derive(Debug)]
pub struct Step {
    /// Its number in the text.
    pub number: u32,
    /// Its anchor on the page.
    pub anchor: String,
    /// Its name.
    pub name: String,
    /// How long it takes, in minutes; none where the text does not say.
    pub menit: Option<u32>,
    /// The same in words, or empty.
    pub minutes: String,
    /// The methods in one line.
    pub metode: String,
    /// The media in one line.
    pub media: String,
    /// What participants can do afterwards.
    pub hasil: String,
    /// Everything else.
    pub body: SafeHtml,
}

/// A document that the text cites.
#[derive(Debug)]
pub struct Reference {
    /// Its anchor on the page.
    pub anchor: String,
    /// Its full name.
    pub title: String,
}

/// A line of the outline.
#[derive(Debug)]
pub struct Entry {
    /// The words of the heading.
    pub name: String,
    /// Its address within the page.
    pub href: String,
    /// `15 menit`, or empty.
    pub minutes: String,
    /// The sections below it.
    pub children: Vec<Entry>,
}

impl Entry {
    fn new(name: &str, anchor: &str) -> Self {
        let (name, href) = (name.to_owned(), format!("#{anchor}"));
        Self { name, href, minutes: String::new(), children: Vec::new() }
    }
}

impl Guide {
    /// Renders a text.
    #[must_use]
    pub fn of(sesi: &Sesi) -> Self {
        let parts = raw_parts(sesi);
        let middle = parts.iter().position(|one| one.part == Part::Langkah);
        let (before, rest) = parts.split_at(middle.unwrap_or_else(|| no_langkah(&parts)));
        let (opening, after) = match middle.and(rest.split_first()) {
            Some((opening, after)) => (Some(opening), after),
            None => (None, rest),
        };
        let langkah: Vec<Step> = sesi.langkah.iter().map(step).collect();
        let mut outline: Vec<Entry> = before.iter().map(Raw::entry).collect();
        let mut before: Vec<GuidePart> = before.iter().map(Raw::render).collect();
        if let Some(opening) = opening {
            if !langkah.is_empty() {
                let schedule = schedule(sesi);
                outline.push(schedule.entry());
                before.push(schedule.render());
            }
            let mut entry = opening.entry();
            entry.children.splice(0..0, langkah.iter().map(step_entry));
            outline.push(entry);
        }
        let is_pesan = |one: &&Raw| one.part == Part::PesanKunci;
        let pesan = after.iter().find(is_pesan);
        let after_pesan: Vec<&Raw> = after.iter().filter(|one| !is_pesan(one)).collect();
        outline.extend(pesan.into_iter().chain(after_pesan.iter().copied()).map(Raw::entry));
        let rujukan: Vec<Reference> = sesi
            .front
            .rujukan
            .iter()
            .map(|one| Reference {
                anchor: format!("rujukan-{}", one.id),
                title: one.judul.clone(),
            })
            .collect();
        if !rujukan.is_empty() {
            outline.push(Entry::new("Rujukan", "daftar-rujukan"));
        }
        Self {
            audience: angka::list(&sesi.front.sasaran),
            lead: render_blocks(&sesi.summary),
            before,
            opening: opening.map(Raw::render),
            langkah,
            pesan: pesan.map(Raw::render),
            after: after_pesan.into_iter().map(Raw::render).collect(),
            rujukan,
            outline,
        }
    }
}

/// Where a text without langkah is cut: before its pesan kunci, else at the end, so that free
/// pages keep their order.
fn no_langkah(parts: &[Raw]) -> usize {
    parts.iter().position(|one| one.part == Part::PesanKunci).unwrap_or(parts.len())
}

/// Rendered texts by their content hash.
#[derive(Debug, Default)]
pub struct Guides {
    known: Mutex<HashMap<RevisionId, Arc<Guide>>>,
}

impl Guides {
    /// The text, if it was rendered before.
    #[must_use]
    pub fn known(&self, revision: RevisionId) -> Option<Arc<Guide>> {
        self.lock().get(&revision).cloned()
    }

    /// Renders a text and keeps it.
    #[must_use]
    pub fn render(&self, revision: RevisionId, sesi: &Sesi) -> Arc<Guide> {
        let guide = Arc::new(Guide::of(sesi));
        let mut known = self.lock();
        if known.len() >= KEPT {
            // Everything here can be rendered again; starting over is simpler than remembering ages.
            known.clear();
        }
        known.insert(revision, Arc::clone(&guide));
        guide
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RevisionId, Arc<Guide>>> {
        // A map of finished values is whole whatever happened to the thread that held it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
