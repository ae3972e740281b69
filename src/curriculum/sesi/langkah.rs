//! One step of a meeting: its heading, its labels, the rest.

use super::Langkah;
use crate::curriculum::headings::{
    LABEL_HASIL, LABEL_MEDIA, LABEL_METODE, WORD_LANGKAH, WORD_MENIT, numbered,
};
use crate::curriculum::markdown::{Block, BlockKind, Inline, Item, plain_inlines, plain_text};

/// Builds a step; gives the blocks back where the heading is not one of a step.
pub(super) fn build_langkah(heading: &str, mut blocks: Vec<Block>) -> Result<Langkah, Vec<Block>> {
    let parsed = numbered(heading, WORD_LANGKAH)
        .and_then(|found| Some((found.number.parse::<u32>().ok()?, found.name)));
    let Some((nomor, name)) = parsed else {
        return Err(blocks);
    };
    let (nama, menit) = split_minutes(name);
    let mut langkah = Langkah {
        nomor,
        nama: nama.to_owned(),
        menit,
        metode: Vec::new(),
        media: Vec::new(),
        hasil: String::new(),
        blocks: Vec::new(),
        anchor: String::new(),
        line: 0,
    };
    let labels = blocks.first().and_then(|block| match &block.kind {
        BlockKind::List { items, .. } => read_labels(items),
        _ => None,
    });
    if let Some(labels) = labels {
        langkah.metode = labels.metode;
        langkah.media = labels.media;
        langkah.hasil = labels.hasil;
        blocks.remove(0);
    }
    langkah.blocks = blocks;
    Ok(langkah)
}

/// Takes `(20 menit)` off the end of a name.
fn split_minutes(name: &str) -> (&str, Option<u32>) {
    let inside = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let minutes = inside.and_then(|(before, inside)| {
        let number = inside.trim().strip_suffix(WORD_MENIT)?;
        Some((before.trim_end(), number.trim().parse().ok()?))
    });
    minutes.map_or((name, None), |(name, menit)| (name, Some(menit)))
}

#[derive(Default)]
struct Labels {
    metode: Vec<String>,
    media: Vec<String>,
    hasil: String,
}

/// Reads the list of labels; `None` where any item of it is something else.
fn read_labels(items: &[Item]) -> Option<Labels> {
    let mut labels = Labels::default();
    for item in items {
        let (label, value) = label_of(item)?;
        match label.as_str() {
            LABEL_METODE => labels.metode = list_of(&value.to_lowercase()),
            LABEL_MEDIA => labels.media = list_of(&value),
            LABEL_HASIL => labels.hasil = value,
            _ => return None,
        }
    }
    Some(labels)
}

/// The strong word at the beginning of an item, and the text behind it.
fn label_of(item: &Item) -> Option<(String, String)> {
    let (first, rest) = item.blocks.split_first()?;
    let BlockKind::Paragraph(inlines) = &first.kind else { return None };
    let (Inline::Strong(label), value) = inlines.split_first()? else { return None };
    let label = plain_inlines(label);
    let label = label.trim().trim_end_matches(':').trim_end().to_owned();
    let mut text = plain_inlines(value).trim_start_matches(':').trim().to_owned();
    let more = plain_text(rest);
    if !more.is_empty() {
        text.push(' ');
        text.push_str(&more);
    }
    Some((label, text))
}

/// The entries of a list written in a row, with commas and at the end `dan`.
fn list_of(value: &str) -> Vec<String> {
    let value = value.trim().trim_end_matches('.');
    value
        .split([',', ';'])
        .map(|entry| entry.trim().trim_start_matches("dan ").trim())
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}
