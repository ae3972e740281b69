//! The text on the editor's table: where it comes from, and what happens when others were faster.

use std::sync::Arc;

use crate::app::App;
use crate::app::drafts::{Draft, DraftError};
use crate::curriculum::Part;
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::merge::merge;
use crate::curriculum::skema::SkemaSesi;
use crate::decide::FieldError;
use crate::state::{SesiState, State};
use crate::web::error::WebError;

use super::super::reading::moment;

/// What the state knows of the sesi, taken for a moment.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: SesiId,
    title: String,
    editions: Vec<(u16, RevisionId)>,
    submitted: Option<RevisionId>,
    returned: Option<RevisionId>,
    entry: Option<SkemaSesi>,
}

/// A text on the editor's table.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    pub(super) text: String,
    /// Of the draft; empty where there is none.
    pub(super) version: String,
    /// The edition on which the text stands.
    pub(super) base: Option<u16>,
    /// Whether and when it was saved.
    pub(super) state: String,
    pub(super) conflict: Option<Conflict>,
    /// Exactly this text is kept as the draft.
    pub(super) kept: bool,
}

/// Somebody else was faster: what stands now, beside what was typed.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    pub(super) text: String,
    pub(super) sides: Vec<Side>,
}

/// One of the texts of a conflict.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) text: String,
}

impl Known {
    pub(super) fn of(state: &State, sesi: &SesiState) -> Self {
        Self {
            id: sesi.id.clone(),
            title: sesi.title.clone(),
            editions: sesi.editions.iter().map(|one| (one.number, one.revision)).collect(),
            submitted: sesi.submission.as_ref().map(|one| one.revision),
            returned: sesi.returned.as_ref().map(|one| one.revision),
            entry: state.placement(&sesi.id).map(|found| found.entry.clone()),
        }
    }

    /// The number of the live edition.
    pub(super) fn live(&self) -> Option<u16> {
        self.editions.last().map(|(number, _)| *number)
    }

    /// The number, if there is such an edition.
    pub(super) fn edition(&self, number: Option<u16>) -> Option<u16> {
        number.filter(|number| self.editions.iter().any(|(known, _)| known == number))
    }

    /// The text of an edition; empty where there is none.
    pub(super) fn edition_text(&self, app: &App, number: Option<u16>) -> Result<String, WebError> {
        let found = self.editions.iter().find(|(known, _)| Some(*known) == number);
        found.map_or_else(|| Ok(String::new()), |(_, revision)| source(app, *revision))
    }
}

fn source(app: &App, revision: RevisionId) -> Result<String, WebError> {
    Ok(app.texts().get(revision)?.sesi.source().to_owned())
}

/// How a draft that cannot be saved or read is answered.
pub(in crate::web::pages) fn draft_error(error: &DraftError) -> WebError {
    match error {
        DraftError::Stale(_) => WebError::Stale(error.to_string()),
        DraftError::TooLong => WebError::TooLarge(error.to_string()),
        DraftError::PersonalNumber(_) => {
            WebError::Invalid(vec![FieldError::new("text", error.to_string())])
        }
        DraftError::Damaged | DraftError::Journal(_) => WebError::internal(error),
    }
}

/// Puts the text on the table: the draft, else what waits or came back, else the live edition.
pub(super) fn load(app: &Arc<App>, known: &Known) -> Result<Work, WebError> {
    let live = known.edition_text(app, known.live())?;
    let draft = app.draft(&known.id).map_err(|error| draft_error(&error))?;
    match draft {
        // What was published as it stood is no draft any more.
        Some(draft) if draft.text == live => {
            Ok(Work { version: draft.version(), ..fresh(app, known, live)? })
        }
        Some(draft) if draft.base != known.live() => overtaken(app, known, &draft, live),
        Some(draft) => Ok(Work {
            version: draft.version(),
            base: draft.base,
            state: saved(&draft),
            text: draft.text,
            conflict: None,
            kept: true,
        }),
        None => fresh(app, known, live),
    }
}

/// `Tersimpan 21 November 2026 pukul 09.41 WIB`.
pub(super) fn saved(draft: &Draft) -> String {
    format!("Tersimpan {}", moment(draft.saved_at))
}

fn fresh(app: &App, known: &Known, live: String) -> Result<Work, WebError> {
    let base = known.live();
    let text = match known.submitted.or(known.returned) {
        Some(revision) => source(app, revision)?,
        None if live.is_empty() => skeleton(known),
        None => live,
    };
    let state = match base {
        Some(number) => format!("Naskah baru dari edisi {number}; belum disimpan"),
        None => "Naskah pertama sesi ini; belum disimpan".to_owned(),
    };
    Ok(Work { text, base, state, ..Work::default() })
}

/// A newer edition was published since the draft was begun: both go together, and a person looks
/// at the outcome before it is saved.
fn overtaken(app: &App, known: &Known, draft: &Draft, live: String) -> Result<Work, WebError> {
    let base = known.edition_text(app, draft.base)?;
    let merged = merge(&base, &draft.text, &live);
    let number = known.live().unwrap_or(0);
    let open = merged.conflicts().count();
    let what = if open == 0 {
        "Keduanya sudah digabung di bawah. Periksa hasilnya, lalu simpan.".to_owned()
    } else {
        format!(
            "Keduanya digabung di bawah, tetapi {open} bagian diubah di kedua naskah. Cari baris yang diawali <<<<<<<, pilih salah satu, lalu simpan."
        )
    };
    Ok(Work {
        text: merged.text_with_marks(),
        version: draft.version(),
        base: known.live(),
        state: "Gabungan ini belum disimpan".to_owned(),
        conflict: Some(Conflict {
            text: format!("Edisi {number} terbit setelah naskah ini dimulai. {what}"),
            sides: vec![
                Side { name: "Naskah Anda sebelum digabung", text: draft.text.clone() },
                Side { name: "Edisi yang berlaku", text: live },
            ],
        }),
        kept: false,
    })
}

/// Somebody else saved the draft in between: what was typed stays on the table, theirs beside it.
pub(super) fn raced(
    app: &App,
    known: &Known,
    typed: &str,
    theirs: &Draft,
) -> Result<Work, WebError> {
    let base = known.edition_text(app, theirs.base)?;
    let merged = merge(&base, typed, &theirs.text).text_with_marks();
    Ok(Work {
        text: typed.to_owned(),
        version: theirs.version(),
        base: theirs.base,
        state: "Belum disimpan".to_owned(),
        conflict: Some(Conflict {
            text: format!(
                "Naskah ini disimpan orang lain {} setelah Anda membukanya. Tulisan Anda masih ada di bawah dan belum disimpan. Bandingkan, perbaiki bila perlu, lalu simpan lagi untuk menggantikannya.",
                moment(theirs.saved_at)
            ),
            sides: vec![
                Side { name: "Naskah yang tersimpan", text: theirs.text.clone() },
                Side { name: "Gabungan keduanya", text: merged },
            ],
        }),
        kept: false,
    })
}

/// A text to begin with: the head from the skema and every known heading.
fn skeleton(known: &Known) -> String {
    // JSON strings are YAML strings, so a title with a colon or quotes does no harm.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let list = |texts: &[String]| serde_json::Value::from(texts.to_vec()).to_string();
    let mut text = format!("---\nid: {}\njudul: {}\n", known.id, quoted(&known.title));
    if let Some(entry) = &known.entry {
        text.push_str(&format!(
            "alias: {}\nnomor: {}\nnomor_modul: {}\ntema: {}\nmenit: 120\n",
            list(&entry.alias),
            entry.nomor,
            entry.nomor_modul,
            list(&entry.tema)
        ));
    }
    text.push_str(&format!("---\n\n# {}\n", known.title));
    for part in Part::all().filter(|part| *part != Part::Pengantar) {
        text.push_str(&format!("\n## {}\n", part.title()));
        if part == Part::Langkah {
            text.push_str("\n### Langkah 1: Pembukaan (15 menit)\n");
        }
    }
    text
}
