use super::*;

fn html(text: &str) -> String {
    render_blocks(&parse(text).blocks).to_string()
}

fn codes(text: &str) -> Vec<&'static str> {
    parse(text).problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn blocks_become_the_html_that_pages_expect() {
    let cases = [
        ("a *b* **c** `d`\ne", "<p>a <em>b</em> <strong>c</strong> <code>d</code> e</p>\n"),
        ("a  \nb", "<p>a<br>b</p>\n"),
        ("### Langkah 2: X", "<h3 id=\"langkah-2\">Langkah 2: X</h3>\n"),
        ("# a {onclick=x}", "<h1 id=\"a-onclick-x\">a {onclick=x}</h1>\n"),
        ("> ya", "<blockquote class=\"ucapan\">\n<p>ya</p>\n</blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n  - b", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        (
            "- [ ] a\n- [x] b",
            "<ul class=\"daftar-tugas\">\n<li class=\"tugas\"><span class=\"kotak\" aria-hidden=\"true\"></span>a</li>\n<li class=\"tugas\"><span class=\"kotak terisi\" role=\"img\" aria-label=\"sudah ditandai\"></span>b</li>\n</ul>\n",
        ),
        (
            "| a | b |\n|---|---|\n| c | |",
            "<div class=\"tabel\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr>\n</thead>\n<tbody>\n<tr><td>c</td><td></td></tr>\n</tbody></table></div>\n",
        ),
        (
            "| | |\n|---|---|\n| c | d |",
            "<div class=\"tabel\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\"><table>\n<tbody>\n<tr><td>c</td><td>d</td></tr>\n</tbody></table></div>\n",
        ),
        (
            "![Ikan & nasi](../../gambar/ikan.svg)",
            "<figure class=\"gambar\"><img src=\"/gambar/ikan.svg\" alt=\"Ikan &amp; nasi\" loading=\"lazy\" width=\"240\" height=\"240\"></figure>\n",
        ),
        ("[UU](#rujukan-uu)", "<p><a class=\"rujukan\" href=\"#rujukan-uu\">UU</a></p>\n"),
        ("[s](07-memulai-usaha.md)", "<p><a href=\"/sesi/memulai-usaha\">s</a></p>\n"),
        (
            "[x](https://a.id?b=\"&c)",
            "<p><a rel=\"noopener noreferrer\" href=\"https://a.id?b=&quot;&amp;c\">x</a></p>\n",
        ),
        ("[x](javascript:alert)", "<p>x</p>\n"),
        ("    <b>", "<pre><code>&lt;b&gt;</code></pre>\n"),
        ("a\n\n---", "<p>a</p>\n<hr>\n"),
        ("a <b onclick=x>c</b> d", "<p>a c d</p>\n"),
        ("<script>alert(1)</script>", ""),
        ("Tom's \"x\" < y", "<p>Tom's \"x\" &lt; y</p>\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(html(text), expected, "{text}");
    }
}

/// Says whether every tag and attribute of some HTML is one that the renderer writes.
fn is_tame(html: &str) -> bool {
    const TAGS: &[&str] = &[
        "p",
        "em",
        "strong",
        "code",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "ul",
        "ol",
        "li",
        "span",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "img",
        "a",
        "pre",
        "hr",
    ];
    const ATTRIBUTES: &[&str] = &[
        "id",
        "class",
        "start",
        "aria-hidden",
        "role",
        "aria-label",
        "tabindex",
        "scope",
        "src",
        "alt",
        "loading",
        "width",
        "height",
        "href",
        "rel",
    ];
    html.split('<').skip(1).all(|tag| {
        let Some((inside, _)) = tag.split_once('>') else { return false };
        let mut parts = inside.split('"');
        let head = parts.next().unwrap_or("").trim_start_matches('/');
        let mut names = head.split(' ');
        let is_known = names.next().is_some_and(|name| TAGS.contains(&name));
        // Outside of quotes stand only names of attributes, each with its equals sign.
        let outside = names.map(str::to_owned).chain(parts.skip(1).step_by(2).map(str::to_owned));
        let mut attributes =
            outside.flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        is_known
            && attributes.all(|attribute| {
                attribute.is_empty()
                    || attribute.strip_suffix('=').is_some_and(|name| ATTRIBUTES.contains(&name))
            })
    })
}

#[test]
fn hostile_text_stays_text() {
    assert!(is_tame(&html("# a\n\n[b](https://c.id) ![d](gambar/e.svg)\n\n- [ ] f")));
    assert!(!is_tame("<p onclick=\"x\">") && !is_tame("<script>") && !is_tame("<a"));
    let payloads = [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](java&#9;script:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](//a.id)",
        "[a](https://a.id\"onmouseover=\"alert(1))",
        "[a](/x'onclick=alert(1))",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        "<https://a.id/\"onclick=x>",
        "![a\"onerror=\"alert(1)](gambar/x.svg)",
        "![a](gambar/x.svg\"onerror=\"alert)",
        "![a](javascript:x/gambar/x.svg)",
        "# a\" onclick=\"alert(1)",
        "## <script>alert(1)</script>",
        "| <b onclick=x> |\n|---|\n| [a](vbscript:x) |",
        "```html\n</code></pre><script>alert(1)</script>\n```",
        "`</code><script>`",
        "- [ ] <input onfocus=alert(1) autofocus>",
        "\\<script\\>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<!-- --><script>alert(1)</script>",
        "<details open ontoggle=alert(1)>",
    ];
    for payload in payloads {
        for text in [payload.to_owned(), format!("> - {payload}"), format!("a {payload} b")] {
            let html = html(&text);
            assert!(is_tame(&html), "{text:?} became {html:?}");
            let links = html.split("href=\"").skip(1);
            for link in links {
                let allowed = ["https://", "/", "#"].iter().any(|start| link.starts_with(start));
                assert!(allowed && !link.starts_with("//"), "{text:?} became {html:?}");
            }
        }
    }
}

#[test]
fn what_is_dropped_is_named_with_its_place() {
    let cases = [
        ("a\n\nb <i>c</i>", "html-mentah", (3, 3)),
        ("a [b](lain.pdf)", "tautan-tidak-dikenal", (1, 3)),
        ("a\n![b](x.exe)", "gambar-tidak-dikenal", (2, 1)),
        ("![](gambar/b.svg)", "gambar-tanpa-keterangan", (1, 1)),
        ("a ![c](gambar/b.svg)", "gambar-tidak-sendiri", (1, 1)),
        ("| ![c](gambar/b.svg) |\n|---|", "gambar-tidak-sendiri", (1, 2)),
    ];
    for (text, code, place) in cases {
        let problems = parse(text).problems;
        let found: Vec<_> = problems.iter().map(|p| (p.code, (p.line, p.column))).collect();
        assert!(found.contains(&(code, place)), "{text:?}: {found:?}");
    }
    assert_eq!(
        codes("<!-- catatan penulis -->\n\na <!-- b -->"),
        [""; 0],
        "comments are meant to vanish"
    );
}

#[test]
fn pictures_are_kept_wherever_they_stand() {
    let cases = [
        ("a ![b](gambar/c.svg) d", 1),
        ("**![b](gambar/c.svg)**", 1),
        ("[![b](gambar/c.svg)](https://a.id)", 1),
        ("- ![b](gambar/c.svg)", 1),
        ("> ![b](gambar/c.svg)\n> ![b](gambar/c.svg)", 2),
    ];
    for (text, count) in cases {
        let mut found = 0;
        walk(&parse(text).blocks, &mut |visited| {
            let is_picture =
                matches!(visited, Visited::Block(Block { kind: BlockKind::Picture { .. }, .. }));
            found += usize::from(is_picture);
        });
        assert_eq!(found, count, "{text}");
    }
    for text in ["## ![b](gambar/c.svg)", "| ![b](gambar/c.svg) |\n|---|"] {
        assert_eq!(plain_text(&parse(text).blocks), "b", "{text}");
    }
}

#[test]
fn depth_is_bounded_and_the_words_are_kept() {
    let cases = [
        format!("{}akhir", "> ".repeat(500)),
        format!("{}akhir", "- ".repeat(500)),
        format!("{}akhir{}", "*a ".repeat(300), "*".repeat(300)),
        format!("{}| akhir |\n{}|---|\n", "> ".repeat(61), "> ".repeat(61)),
        format!("{}| akhir |\n{}|---|\n", "> ".repeat(62), "> ".repeat(62)),
        format!("{}| akhir |\n{}|---|\n", "> ".repeat(63), "> ".repeat(63)),
    ];
    for text in &cases {
        let document = parse(text);
        assert!(plain_text(&document.blocks).contains("akhir"), "{text}");
        let mut deepest = 0;
        depth(&document.blocks, 1, &mut deepest);
        // Words left over at the limit get an item of their own.
        assert!(deepest <= MAX_DEPTH + 1, "{deepest}");
    }
    let count = |text: &str| codes(text).iter().filter(|code| **code == "terlalu-dalam").count();
    assert_eq!((count(&cases[0]), count(&cases[1]), count("> > - a")), (1, 1, 0));
}

fn depth(blocks: &[Block], level: usize, deepest: &mut usize) {
    *deepest = level.max(*deepest);
    for block in blocks {
        match &block.kind {
            BlockKind::Quote(blocks) => depth(blocks, level + 1, deepest),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| depth(&item.blocks, level + 2, deepest));
            }
            _ => {}
        }
    }
}

#[test]
fn size_is_bounded() {
    assert_eq!(codes(&"a\n".repeat(MAX_TEXT_BYTES / 2)), [""; 0]);
    let document = parse(&"a\n".repeat(MAX_TEXT_BYTES / 2 + 1));
    assert!(document.blocks.is_empty());
    assert_eq!(document.problems[0].code, "terlalu-besar");
}

#[test]
fn rendering_in_one_go_is_parsing_and_rendering() {
    let texts = crate::curriculum::shipped::shipped_texts();
    for text in texts.iter().map(|text| text.text.as_str()).chain(["", "# a\n- # b\n\n# a", "> c"])
    {
        let rendered = render(text);
        let body = crate::curriculum::front_matter::split(text).body;
        let document = parse_from(text, body);
        assert_eq!(rendered.html, render_blocks(&document.blocks));
        assert_eq!(rendered.problems, document.problems);
        for heading in &rendered.outline {
            let open = format!("<h{} id=\"{}\">", heading.level, heading.anchor);
            assert!(rendered.html.as_str().contains(&open), "{open}");
        }
    }
    let outline = render("---\nid: a\n---\n# a *b*\n\n## c").outline;
    let shown: Vec<_> =
        outline.iter().map(|h| (h.level, h.anchor.as_str(), h.text.as_str())).collect();
    assert_eq!(shown, [(1, "a-b", "a b"), (2, "c", "c")]);
}

#[test]
fn plain_text_has_one_line_for_each_piece() {
    let text = "# A\n\nb *c*  \nd\n\n1. e\n   - f\n\n> g\n\n| h | i |\n|---|---|\n| | j |\n\n![k](gambar/l.svg)\n\n---\n";
    assert_eq!(plain_text(&parse(text).blocks), "A\nb c d\ne\nf\ng\nh | i\nj\nk");
}
