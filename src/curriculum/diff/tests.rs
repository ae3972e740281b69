use super::*;

/// A diff as a compact text: `=` same, `~` changed, `+` added, `-` removed, `..n` folded.
fn shown(diff: &Diff) -> String {
    let mut out = String::new();
    for hunk in &diff.hunks {
        out.push_str(&format!("[{}]\n", hunk.heading));
        for item in &hunk.items {
            match item {
                DiffItem::Folded(count) => out.push_str(&format!("..{count}\n")),
                DiffItem::Paragraph(paragraph) => {
                    let mark = match paragraph.change {
                        Change::Same => '=',
                        Change::Changed => '~',
                        Change::Added => '+',
                        Change::Removed => '-',
                    };
                    out.push(mark);
                    for span in &paragraph.spans {
                        out.push_str(&match span.kind {
                            SpanKind::Equal => span.text.clone(),
                            SpanKind::Insert => format!("{{+{}+}}", span.text),
                            SpanKind::Delete => format!("[-{}-]", span.text),
                        });
                    }
                    out.push('\n');
                }
            }
        }
    }
    out
}

const OLD: &str = "---\nid: a\nmenit: 95\n---\n\n# Judul\n\nPengantar.\n\n## Tujuan\n\nSatu.\n\n\
    Dua.\n\nTiga.\n\n## Langkah-langkah\n\n### Langkah 1: Pembukaan (10 menit)\n\n\
    Sapa semua peserta dengan ramah.\n\nBuka dengan doa.\n\n- satu\n- dua\n- tiga\n";

#[test]
fn changes_are_shown_word_by_word_under_their_heading() {
    let new = OLD
        .replace("menit: 95", "menit: 120")
        .replace("dengan ramah", "satu per satu dengan hangat")
        .replace("- dua\n", "")
        .replace("- tiga\n", "- tiga\n\n> Selamat pagi semua.\n");
    let expected = "[Kepala naskah]\n..1\n=id: a\n~menit: [-95-]{+120+}\n=---\n\
        [Langkah-langkah › Langkah 1: Pembukaan (10 menit)]\n\
        =### Langkah 1: Pembukaan (10 menit)\n\
        ~Sapa semua peserta {+satu per satu +}dengan [-ramah-]{+hangat+}.\n\
        =Buka dengan doa.\n=- satu\n-[-- dua-]\n=- tiga\n+{+> Selamat pagi semua.+}\n";
    let found = diff(OLD, &new);
    assert_eq!(shown(&found), expected);
    assert_eq!((found.inserted_words, found.deleted_words), (8, 3));
}

#[test]
fn neighbouring_changes_read_as_one() {
    let found = diff("Ibu makan nasi putih saja.", "Ibu makan ikan segar juga.");
    assert_eq!(
        shown(&found),
        "[Kepala naskah]\n~Ibu makan [-nasi putih saja-]{+ikan segar juga+}.\n"
    );
}

#[test]
fn the_spans_are_both_texts() {
    let new = OLD.replace("Dua.", "Dua dan empat.\n\nLima enam.").replace("Buka", "Mulai");
    for (a, b) in [(OLD, new.as_str()), (new.as_str(), OLD), ("", OLD), (OLD, ""), ("é ü", "é ö x")]
    {
        let found = diff(a, b);
        let all = || {
            found.hunks.iter().flat_map(|hunk| &hunk.items).filter_map(|item| match item {
                DiffItem::Paragraph(paragraph) => Some(paragraph),
                DiffItem::Folded(_) => None,
            })
        };
        for paragraph in all() {
            let side = |kind| {
                let of_side = |span: &&Span| span.kind == SpanKind::Equal || span.kind == kind;
                paragraph
                    .spans
                    .iter()
                    .filter(of_side)
                    .map(|span| span.text.as_str())
                    .collect::<String>()
            };
            if paragraph.old_line.is_some() {
                assert!(a.contains(&side(SpanKind::Delete)));
            }
            if paragraph.new_line.is_some() {
                assert!(b.contains(&side(SpanKind::Insert)));
            }
        }
        assert!(all().count() > 0);
    }
}

#[test]
fn equal_texts_and_mere_layout_show_nothing() {
    assert_eq!(diff(OLD, OLD), Diff::default());
    let spaced = diff(OLD, &OLD.replace("\n\n", "\n\n\n"));
    assert!(spaced.hunks.is_empty() && spaced.only_layout);
}

#[test]
fn texts_of_any_kind_are_compared_with_bounded_work() {
    // Each would take minutes with a comparison of everything with everything.
    let lines = |count: usize, word: &str| -> String {
        (0..count).map(|n| format!("{word}{n}\n\n")).collect()
    };
    let cases = [
        (lines(30_000, "a"), lines(30_000, "b")),
        (lines(15_000, "a"), lines(15_000, "b")),
        ("a b ".repeat(70_000), "b c ".repeat(70_000)),
        ("x\n\n".repeat(90_000), "y\n\n".repeat(90_000)),
    ];
    for (old, new) in &cases {
        let found = diff(old, new);
        assert!(found.inserted_words > 1_000 && found.deleted_words > 1_000);
    }
}
