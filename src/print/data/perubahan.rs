//! What changed between two editions, paragraph by paragraph.

use serde_json::{Value, json};

use super::{at_most, edition_line, foot, text};
use crate::curriculum::diff::{Change, DiffItem, DiffParagraph, SpanKind};
use crate::print::PrintError;
use crate::print::report::ChangePrint;

/// The most paragraphs that are shown.
const MAX_PARAGRAPHS: usize = 3_000;

impl ChangePrint<'_> {
    /// How much text there is to show, in bytes.
    pub(super) fn diff_bytes(&self) -> usize {
        let items = self.diff.hunks.iter().flat_map(|hunk| &hunk.items);
        items
            .map(|item| match item {
                DiffItem::Folded(_) => 0,
                DiffItem::Paragraph(shown) => shown.spans.iter().map(|s| s.text.len()).sum(),
            })
            .sum()
    }
}

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
        .enumerate()
        .map(|(at, span)| {
            let kind = match span.kind {
                SpanKind::Equal => "=",
                SpanKind::Insert => "+",
                SpanKind::Delete => "-",
            };
            let words = if at == 0 { without_heading_marks(&span.text) } else { span.text.clone() };
            json!([kind, text::joined(&without_marks(&without_destinations(&words)))])
        })
        .collect()
}

/// A heading without its `##`, an item of a list with a dot.
fn without_heading_marks(text: &str) -> String {
    let bare = text.trim_start_matches('#');
    let bare = if bare.starts_with(' ') { bare.trim_start() } else { text };
    bare.strip_prefix("- ").map_or_else(|| bare.to_owned(), |item| format!("• {item}"))
}

/// Without the marks of bold words, which paper shows as they are.
fn without_marks(text: &str) -> String {
    text.replace("**", "")
}

/// `[Permenkes 41/2014](#rujukan-...)` as `[Permenkes 41/2014]`: on paper nobody can follow it. A
/// destination that itself changed is left as it is written.
fn without_destinations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        out.push_str(before);
        let Some((_, after)) = behind.split_once(')') else {
            out.push_str("](");
            out.push_str(behind);
            return out;
        };
        out.push(']');
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_mean_nothing_on_paper_are_left_out() {
        for (text, expected) in [
            ("### Anemia", "Anemia"),
            ("#1 di desa", "#1 di desa"),
            ("- **Hasil:** bisa", "• Hasil: bisa"),
            ("lauk [P 41](#rujukan-p) dan [x](y).", "lauk [P 41] dan [x]."),
            ("tanpa [penutup](x", "tanpa [penutup](x"),
        ] {
            assert_eq!(
                without_marks(&without_destinations(&without_heading_marks(text))),
                expected
            );
        }
    }
}
