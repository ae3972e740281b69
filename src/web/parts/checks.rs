//! What the checker finds in one text, for the editor and the reviewer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::curriculum::checker::{CheckContext, check_texts};
use crate::curriculum::ids::SesiId;
use crate::curriculum::problem::{Problem, Severity};
use crate::curriculum::sesi::Sesi;
use crate::curriculum::shipped;
use crate::curriculum::skema::Skema;
use crate::decide::FieldError;
use crate::kelompok::wilayah::Zone;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;

/// A problem as `parts/problems.html` shows it.
#[derive(Debug, Clone)]
pub(crate) struct ProblemView {
    pub(crate) line: u32,
    pub(crate) error: bool,
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// What a text is held against; taken from the state for a moment, so that the work itself holds
/// nothing up.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    id: SesiId,
    skema: Vec<Skema>,
    pages: Vec<SesiId>,
    today: Date,
    tema: Vec<String>,
}

impl Bench {
    /// For the texts of one sesi.
    pub(crate) fn of(state: &State, id: &SesiId, today: Date) -> Self {
        let pages = state.all_sesi().map(|(_, sesi)| sesi.id.clone()).collect();
        let (skema, tema) = (state.skema.clone(), state.tema.clone());
        Self { id: id.clone(), skema, pages, today, tema }
    }

    /// Everything that the checker finds; takes milliseconds.
    pub(crate) fn problems(&self, text: &str) -> Vec<Problem> {
        let pictures: BTreeSet<String> = shipped::shipped_pictures().into_iter().collect();
        let context = CheckContext {
            pictures: Some(&pictures),
            skema: &self.skema,
            pages: &self.pages,
            today: Some(self.today),
            tema: &self.tema,
        };
        let name = format!("{}.md", self.id);
        check_texts(&[(&name, text)], &context).problems
    }
}

/// Errors first, then by line.
pub(crate) fn views(problems: &[Problem]) -> Vec<ProblemView> {
    let mut views: Vec<_> = problems
        .iter()
        .map(|one| ProblemView {
            line: one.line,
            error: one.severity == Severity::Error,
            message: one.message.clone(),
            hint: one.hint.clone(),
        })
        .collect();
    views.sort_by_key(|one| (!one.error, one.line));
    views
}

/// How many errors `new` has that `old` did not have. A text may be mended step by step, and one
/// that an office brought in from elsewhere may stay as it is, but no change may make it worse.
pub(crate) fn added_errors(new: &[Problem], old: &[Problem]) -> usize {
    let count = |problems: &[Problem]| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for one in problems.iter().filter(|one| one.severity == Severity::Error) {
            *counts.entry(one.code).or_default() += 1;
        }
        counts
    };
    let before = count(old);
    let added = |(code, now): (&'static str, usize)| {
        now.saturating_sub(before.get(code).copied().unwrap_or(0))
    };
    count(new).into_iter().map(added).sum()
}

/// What keeps a text from being handed in or published, in one sentence; `live` is the text that
/// it would replace.
pub(crate) fn fault(id: &SesiId, bench: &Bench, text: &str, live: &str) -> Option<String> {
    let named = Sesi::parse(text).0.front.id;
    if let Some(other) = named.filter(|named| named != id) {
        return Some(format!(
            "Kepala naskah menyebut id “{other}”, padahal id sesi ini “{id}”. Kembalikan baris id itu."
        ));
    }
    if text.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")) {
        return Some(
            "Masih ada baris tanda <<<<<<< dari penggabungan. Pilih salah satu isinya, lalu hapus baris tandanya."
                .to_owned(),
        );
    }
    let added = added_errors(&bench.problems(text), &bench.problems(live));
    (added > 0).then(|| {
        format!(
            "Ada {added} masalah yang harus diperbaiki sebelum naskah diajukan. Lihat daftar Masalah."
        )
    })
}

/// The same for a text that goes in without the editor.
pub(crate) async fn refuse_faulty(web: &Web, id: &SesiId, text: String) -> Result<(), WebError> {
    let (worker, id) = (web.clone(), id.clone());
    let found = tokio::task::spawn_blocking(move || {
        let (bench, live) = {
            let state = worker.app.state();
            let live = state.sesi(&id).and_then(|sesi| sesi.live()).map(|one| one.revision);
            (Bench::of(&state, &id, Zone::Wib.date(worker.app.clock().now())), live)
        };
        let live = live.map(|live| worker.app.texts().get(live)).transpose()?;
        let live = live.as_ref().map_or("", |text| text.sesi.source());
        let fault = fault(&id, &bench, &text, live);
        let errors =
            bench.problems(&text).into_iter().filter(|one| one.severity == Severity::Error);
        Ok::<_, WebError>(fault.map(|fault| {
            let first = errors.map(|one| format!(" Baris {}: {}", one.line, one.message)).next();
            fault + &first.unwrap_or_default()
        }))
    });
    let found = found.await.map_err(|error| WebError::internal(&error))??;
    found.map_or(Ok(()), |words| Err(WebError::Invalid(vec![FieldError::new("text", words)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_that_a_change_brings_in_count() {
        let error = |code| Problem::error(code, 1, "x");
        let old = [error("a"), error("b"), Problem::warning("c", 1, "x")];
        for (new, expected) in [
            (vec![], 0),
            (vec![error("a")], 0),
            (vec![error("a"), error("a")], 1),
            (vec![error("d"), error("b")], 1),
            (vec![Problem::warning("d", 1, "x")], 0),
        ] {
            assert_eq!(added_errors(&new, &old), expected, "{new:?}");
        }
        let shown = views(&[Problem::warning("c", 1, "dua"), error("a")]);
        assert!(shown[0].error && shown[1].message == "dua");
    }
}
