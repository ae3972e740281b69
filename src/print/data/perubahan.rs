//! What changed between two editions, paragraph by paragraph.

use serde_json::{Value, json};

use super::{at_most, edition_line, foot};
use crate::curriculum::diff::{Change, DiffItem, DiffParagraph, SpanKind};
use crate::print::PrintError;
use crate::print::report::ChangePrint;

/// The most paragraphs that are shown.
const MAX_PARAGRAPHS: usize = 3_000;

/// The sheet of changes.
///
/// # Errors
/// [`PrintError::TooMany`].
pub(super) fn perubahan(change: &ChangePrint<'_>) -> Result<Value, PrintError> {
    let items = change.diff.hunks.iter().map(|hunk| hunk.items.len()).sum();
    at_most("Alinea yang berubah", items, MAX_PARAGRAPHS)?;
    let hunks: Vec<Value> = change
        .diff
        .hunks
        .iter()
        .map(|hunk| {
            let items: Vec<Value> = hunk.items.iter().map(item).collect();
            json!({ "judul": hunk.heading, "isi": items })
        })
        .collect();
    let title = format!("Sesi\u{a0}{}: {}", change.nomor, change.title);
    let second = format!("{} → {}", edition_line(change.from), edition_line(change.to));
    Ok(json!({
        "jenis": "perubahan",
        "judul": title,
        "modul": change.modul,
        "dari": edition_line(change.from),
        "ke": edition_line(change.to),
        "substansi": change.substantial,
        "ringkasan": change.summary,
        "masuk": change.diff.inserted_words,
        "keluar": change.diff.deleted_words,
        "bagian": hunks,
        "kaki": foot(&format!("Apa yang berubah · {title}"), &second, None,
            change.short_url.as_deref()),
    }))
}

fn item(item: &DiffItem) -> Value {
    match item {
        DiffItem::Folded(count) => json!({ "lipat": count }),
        DiffItem::Paragraph(paragraph) => json!({
            "ubah": match paragraph.change {
                Change::Same => "sama",
                Change::Changed => "ubah",
                Change::Added => "tambah",
                Change::Removed => "hapus",
            },
            "kata": words(paragraph),
        }),
    }
}

fn words(paragraph: &DiffParagraph) -> Vec<Value> {
    let spans = paragraph.spans.iter();
    spans
        .map(|span| {
            let kind = match span.kind {
                SpanKind::Equal => "=",
                SpanKind::Insert => "+",
                SpanKind::Delete => "-",
            };
            json!([kind, span.text])
        })
        .collect()
}
