//! Checks of links, citations and pictures.

use std::collections::BTreeSet;

use super::file::File;
use crate::curriculum::headings::Part;
use crate::curriculum::ids::SesiId;
use crate::curriculum::markdown::{Block, BlockKind, Inline, Target, Visited, walk};
use crate::curriculum::problem::Problem;

pub(super) fn check(
    file: &File<'_>,
    pictures: Option<&BTreeSet<String>>,
    pages: Option<&BTreeSet<SesiId>>,
    out: &mut Vec<Problem>,
) {
    let anchors = anchors(file);
    let mut cited = BTreeSet::new();
    walk(&file.blocks, &mut |visited| match visited {
        Visited::Inline(Inline::Link { target, .. }, line) => {
            if let Target::Rujukan(id) = target {
                cited.insert(id.as_str());
            }
            let problem = broken(file, target, &anchors, pages);
            out.extend(problem.map(|problem| problem.at(position(file, target, line))));
        }
        Visited::Block(Block { kind: BlockKind::Picture { src, .. }, line })
            if pictures.is_some_and(|known| !known.contains(src)) =>
        {
            let message = format!("Gambar \"{src}\" tidak ada.");
            let problem = Problem::error("gambar-tidak-ada", *line, message);
            let hint = "Pakai nama gambar yang ada di folder gambar.";
            out.push(problem.at(file.position_of(src, *line)).hint(hint));
        }
        _ => {}
    });
    for rujukan in file.sesi.front.rujukan.iter().filter(|one| !cited.contains(one.id.as_str())) {
        let message = format!("Rujukan \"{}\" belum dikutip di naskah.", rujukan.id);
        let problem = Problem::warning("rujukan-tidak-dikutip", rujukan.line, message);
        out.push(problem.hint(format!("Kutip dengan (#rujukan-{}), atau hapus.", rujukan.id)));
    }
    reading(file, out);
}

fn anchors<'a>(file: &'a File<'_>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from([Part::Pengantar.anchor()]);
    walk(&file.blocks, &mut |visited| {
        if let Visited::Block(Block { kind: BlockKind::Heading { anchor, .. }, .. }) = visited {
            found.insert(anchor);
        }
    });
    found
}

fn broken(
    file: &File<'_>,
    target: &Target,
    anchors: &BTreeSet<&str>,
    pages: Option<&BTreeSet<SesiId>>,
) -> Option<Problem> {
    let (code, message, hint) = match target {
        Target::Rujukan(id) if file.sesi.front.rujukan(id).is_none() => (
            "rujukan-tidak-ada",
            format!("Rujukan \"{id}\" dikutip, tetapi tidak ada di kepala naskah."),
            "Tambahkan ke rujukan di kepala naskah, atau periksa ejaannya.",
        ),
        Target::Anchor(anchor) if !anchors.contains(anchor.as_str()) => (
            "tautan-putus",
            format!("Tautan ke #{anchor} tidak mengarah ke judul mana pun di naskah ini."),
            "Samakan dengan judul yang dituju, misalnya #langkah-2.",
        ),
        Target::Sesi(id) if pages.is_some_and(|known| !known.contains(id)) => (
            "sesi-tidak-ada",
            format!("Tautan ke sesi \"{id}\", tetapi sesi itu tidak ada."),
            "Periksa id sesi yang dituju.",
        ),
        _ => return None,
    };
    Some(Problem::error(code, 1, message).hint(hint))
}

fn position(file: &File<'_>, target: &Target, line: u32) -> (u32, u32) {
    match target {
        Target::Rujukan(id) => file.position_of(&format!("#rujukan-{id}"), line),
        Target::Anchor(anchor) => file.position_of(&format!("#{anchor}"), line),
        Target::Sesi(id) => file.position_of(id.as_str(), line),
        _ => (line, 1),
    }
}

/// Every section of Bahan bacaan says where its facts come from.
fn reading(file: &File<'_>, out: &mut Vec<Problem>) {
    for section in &file.sesi.bahan_bacaan {
        let mut is_cited = false;
        walk(&section.blocks, &mut |visited| {
            is_cited |= matches!(
                visited,
                Visited::Inline(Inline::Link { target: Target::Rujukan(_), .. }, _)
            );
        });
        if !is_cited {
            let message = format!("Bacaan \"{}\" belum mengutip rujukan.", section.heading);
            let problem = Problem::error("bacaan-tanpa-rujukan", section.line, message);
            out.push(problem.hint("Tulis sumbernya seperti [UU 8/2016](#rujukan-uu-8-2016)."));
        }
    }
}
