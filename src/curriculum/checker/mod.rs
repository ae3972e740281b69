//! The checker: holds the texts of a curriculum to the format and to what makes them good.
//!
//! The same rules run in the editor, on one text, and on the command line, on a folder.

mod citing;
mod file;
mod front;
mod lembar;
mod privacy;
mod reading;
mod regulations;
mod repeats;
mod report;
mod skema;
mod steps;
mod structure;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use self::privacy::{find_digit_run, find_mobile_number};
pub use self::report::{Report, SesiRow};
use super::Problem;
use super::ids::SesiId;
use super::sesi::Jenis;
use super::shipped::SKEMA_FILE;
use super::skema::Skema;
use super::synonyms::{self, SYNONYMS_PAGE, SynonymProblem};
use file::File;

/// What the checker knows besides the texts. What is `None` or empty is not checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckContext<'a> {
    /// The names of all pictures, for example `celengan.svg`.
    pub pictures: Option<&'a BTreeSet<String>>,
    /// The skema in force, besides those among the texts.
    pub skema: &'a [Skema],
    /// Ids of pages that may be linked to, besides the sesi of the skema and of the texts.
    pub pages: &'a [SesiId],
    /// Today, for the dates by which texts should be looked through.
    pub today: Option<Date>,
    /// The tema that a sesi may have; empty for the usual ones.
    pub tema: &'a [String],
}

/// Checks texts, each with the name of its file, `/` between folders.
///
/// A file named `skema.md` is a skema, every other one a sesi or a panduan. Problems come ordered
/// by file and line, rows in the order of the files.
pub fn check_texts(files: &[(&str, &str)], context: &CheckContext<'_>) -> Report {
    let (listings, texts): (Vec<_>, Vec<_>) =
        files.iter().copied().partition(|(name, _)| is_skema_file(name));
    let mut report = Report::default();
    let mut known = context.skema.to_vec();
    let texts: Vec<_> = texts.into_iter().map(|(name, text)| File::parse(name, text)).collect();
    for (name, text) in listings {
        let (skema, problems) = skema::check_listing(text, &texts);
        report.problems.extend(problems.into_iter().map(|problem| problem.in_file(name)));
        if let Some(skema) = skema {
            known.retain(|one| one.id != skema.id);
            known.push(skema);
        }
    }
    let repeats = repeats::find(&texts);
    let pages = known_pages(&known, &texts, context);
    for (at, file) in texts.iter().enumerate() {
        let mut problems = file.problems.clone();
        check_file(file, context, &mut problems);
        citing::check(file, context.pictures, pages.as_ref(), &mut problems);
        skema::check_file(file, &known, &mut problems);
        skema::check_twins(at, &texts, &mut problems);
        repeats.check(at, &texts, &mut problems);
        report.problems.extend(problems.into_iter().map(|problem| problem.in_file(file.name)));
        if file.sesi.front.jenis == Jenis::Sesi {
            report.rows.push(report::row(file, repeats.share(at)));
        }
    }
    report.problems.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code))
    });
    report
}

/// What can be said of one text alone.
fn check_file(file: &File<'_>, context: &CheckContext<'_>, out: &mut Vec<Problem>) {
    front::check(file, context, out);
    if file.sesi.front.jenis == Jenis::Sesi {
        structure::check(file, out);
        steps::check(file, out);
        lembar::check(file, out);
        reading::check(file, out);
    }
    regulations::check(file, out);
    terms::check(file, out);
    privacy::check(file, out);
    if file.sesi.front.id.as_ref().is_some_and(|id| id.as_str() == SYNONYMS_PAGE) {
        out.extend(synonyms::parse(file.sesi.source()).1.iter().map(unread_synonym));
    }
}

/// A line of the page of synonyms that the search leaves out.
fn unread_synonym(problem: &SynonymProblem) -> Problem {
    let line = u32::try_from(problem.line).unwrap_or(u32::MAX);
    Problem::warning("padanan", line, "Pencarian tidak dapat membaca baris ini.")
        .hint(problem.reason)
}

fn is_skema_file(name: &str) -> bool {
    name.rsplit('/').next() == Some(SKEMA_FILE)
}

/// Every page that a link may lead to; `None` where no skema is known, as for one text alone.
fn known_pages(
    skema: &[Skema],
    texts: &[File<'_>],
    context: &CheckContext<'_>,
) -> Option<BTreeSet<SesiId>> {
    let listed = skema.iter().flat_map(Skema::sesi).map(|(_, sesi)| sesi.id.clone());
    let written = texts.iter().filter_map(|file| file.sesi.front.id.clone());
    let pages = listed.chain(written).chain(context.pages.iter().cloned()).collect();
    (!skema.is_empty()).then_some(pages)
}
