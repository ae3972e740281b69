//! Checks of skema files, and of texts against them.

use std::collections::BTreeMap;

use super::file::File;
use crate::curriculum::front_matter;
use crate::curriculum::headings::TEMA;
use crate::curriculum::ids::SesiId;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::Jenis;
use crate::curriculum::skema::{Resolution, Resolver, Skema, SkemaSesi};

/// Reads and checks a skema file; `texts` are the texts that are checked together with it.
pub(super) fn check_listing(text: &str, texts: &[File<'_>]) -> (Option<Skema>, Vec<Problem>) {
    let (skema, mut problems) = Skema::parse(text);
    let Some(skema) = skema else { return (None, problems) };
    let line = |id: &SesiId| line_in(text, id);
    let mut ids: BTreeMap<&SesiId, u32> = BTreeMap::new();
    let mut numbers: BTreeMap<u32, &SesiId> = BTreeMap::new();
    for (modul, sesi) in skema.sesi() {
        if ids.insert(&sesi.id, sesi.nomor).is_some() {
            let message = format!("Sesi \"{}\" ada dua kali di skema ini.", sesi.id);
            problems.push(
                Problem::error("id-ganda", line(&sesi.id), message).hint("Hapus salah satu."),
            );
        }
        if let Some(other) = numbers.insert(sesi.nomor, &sesi.id) {
            let message = format!("Nomor {} dipakai \"{other}\" dan \"{}\".", sesi.nomor, sesi.id);
            let problem = Problem::error("nomor-ganda", line(&sesi.id), message);
            problems.push(problem.hint("Beri setiap sesi nomor sendiri."));
        }
        let same = modul.sesi.iter().filter(|one| one.nomor_modul == sesi.nomor_modul).count();
        if same > 1 {
            let message =
                format!("Nomor {} dipakai dua kali di modul {}.", sesi.nomor_modul, modul.id);
            let problem = Problem::error("nomor-ganda", line(&sesi.id), message);
            problems.push(problem.hint("Beri setiap sesi nomor sendiri di dalam modulnya."));
        }
        for tema in sesi.tema.iter().filter(|tema| !TEMA.contains(&tema.as_str())) {
            let message = format!("Tema \"{tema}\" tidak dikenal.");
            let problem = Problem::error("tema-tidak-dikenal", line(&sesi.id), message);
            problems.push(problem.hint(format!("Pilih dari: {}.", TEMA.join(", "))));
        }
        problems.extend(ambiguous(&skema, sesi).map(|problem| problem.at((line(&sesi.id), 1))));
        // A folder without any sesi is a list alone, where nothing can be missing.
        let is_written = texts.iter().any(|file| file.sesi.front.id.as_ref() == Some(&sesi.id));
        if !texts.is_empty() && !is_written {
            let message = format!("Sesi \"{}\" belum ada naskahnya.", sesi.id);
            let problem = Problem::warning("sesi-belum-ditulis", line(&sesi.id), message);
            problems.push(problem.hint("Tulis naskahnya, atau hapus dari skema."));
        }
    }
    (Some(skema), problems)
}

fn line_in(text: &str, id: &SesiId) -> u32 {
    let split = front_matter::split(text);
    let found =
        split.yaml.and_then(|yaml| front_matter::line_of_id(yaml, split.yaml_line, id.as_str()));
    found.unwrap_or(1)
}

/// A title or another title that also means another sesi.
fn ambiguous(skema: &Skema, sesi: &SkemaSesi) -> Option<Problem> {
    let resolver = Resolver::new(std::slice::from_ref(skema));
    let names = std::iter::once(&sesi.judul).chain(&sesi.alias);
    let name = names.into_iter().find(
        |name| !matches!(resolver.resolve(name), Resolution::Found(found) if found.sesi == sesi.id),
    )?;
    let message = format!("Sebutan \"{name}\" juga berarti sesi lain.");
    let problem = Problem::warning("alias-ganda", 1, message);
    Some(problem.hint("Hapus alias itu dari salah satu sesi."))
}

/// Holds a sesi against the skema in which it stands.
pub(super) fn check_file(file: &File<'_>, skema: &[Skema], out: &mut Vec<Problem>) {
    let front = &file.sesi.front;
    let Some(id) = front.id.as_ref().filter(|_| front.jenis == Jenis::Sesi && !skema.is_empty())
    else {
        return;
    };
    let found: Vec<_> = skema.iter().filter_map(|one| Some((one, one.find(id)?.1))).collect();
    if found.is_empty() {
        let problem = Problem::warning(
            "tidak-ada-di-skema",
            front.line_of("id"),
            format!("Sesi \"{id}\" tidak ada di skema mana pun."),
        );
        out.push(problem.hint("Periksa id, atau tambahkan sesi ini ke skema."));
        return;
    }
    // Numbers and tema may differ between skema, so that agreeing with one of them is enough.
    let agrees = |same: &dyn Fn(&SkemaSesi) -> bool| found.iter().any(|(_, place)| same(place));
    let (first, place) = found[0];
    let number = |key, is: Option<u32>, should: u32| {
        (key, is.map_or("-".into(), |n| n.to_string()), should.to_string())
    };
    let mut differ = Vec::new();
    if !agrees(&|place| front.nomor == Some(place.nomor)) {
        differ.push(number("nomor", front.nomor, place.nomor));
    }
    if !agrees(&|place| front.nomor_modul == Some(place.nomor_modul)) {
        differ.push(number("nomor_modul", front.nomor_modul, place.nomor_modul));
    }
    if !agrees(&|place| front.judul == place.judul) {
        differ.push(("judul", front.judul.clone(), place.judul.clone()));
    }
    if !agrees(&|place| same_set(&front.tema, &place.tema)) {
        differ.push(("tema", front.tema.join(", "), place.tema.join(", ")));
    }
    for (key, is, should) in differ {
        let message = format!("\"{key}\" di sini {is}, di skema {} {should}.", first.id);
        let problem = Problem::error("beda-dari-skema", front.line_of(key), message);
        out.push(problem.hint("Samakan naskah dan skema."));
    }
    let lacking = place.alias.iter().filter(|alias| !front.alias.contains(alias));
    let lacking: Vec<_> = lacking.map(String::as_str).collect();
    if !lacking.is_empty() {
        let message = format!("Alias di skema yang tidak ada di sini: {}.", lacking.join("; "));
        let problem = Problem::warning("alias-kurang", front.line_of("alias"), message);
        out.push(problem.hint("Samakan alias di naskah dan di skema."));
    }
}

fn same_set(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|one| b.contains(one))
}

/// Two files must not have the same id.
pub(super) fn check_twins(at: usize, files: &[File<'_>], out: &mut Vec<Problem>) {
    let Some(file) = files.get(at) else { return };
    let Some(id) = &file.sesi.front.id else { return };
    let twin = files
        .iter()
        .enumerate()
        .find(|(other, twin)| *other != at && twin.sesi.front.id.as_ref() == Some(id));
    if let Some((_, twin)) = twin {
        let message = format!("Id \"{id}\" juga dipakai {}.", twin.name);
        let problem = Problem::error("id-ganda", file.sesi.front.line_of("id"), message);
        out.push(problem.hint("Beri setiap naskah id sendiri."));
    }
}
