//! The tables and lists of these pages, whole, as files for a spreadsheet.

use axum::extract::State as FromState;
use axum::response::Response;

use crate::bahasa::{angka, tanggal};
use crate::decide::FieldError;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::transfer::write::{self, Headings, ListOf, ListRow, Report};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::Link;
use crate::web::parts::ask::Ask;
use crate::web::parts::glance::{Eye, Glance};
use crate::web::parts::sheet;
use crate::web::parts::strip::{Tally, cell_of};
use crate::web::parts::survey::Survey;
use crate::web::query::invalid;

use super::lists::{Found, What};
use super::{area_name, chosen_per, daftar};

/// The most rows of a list in a file: each is looked at closely.
const MAX_ROWS: usize = 20_000;

/// The rows of the coverage page, all of them.
pub(super) async fn get_table(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let format = sheet::format(&params)?;
    let (name, table) = table(&web, &member, &params)?;
    sheet::reply(format, &name, |out| table.write(out)).await
}

/// The rows and the name of the file without its ending.
fn table(web: &Web, member: &Member, params: &Params) -> Result<(String, Report), WebError> {
    let state = web.app.state();
    let ask = Ask::of(web, &state, member, params)?.for_file()?;
    let survey = Survey::of(web, &state, member, &ask);
    let sesi: Vec<_> = survey.total().per_sesi.iter().map(|(ix, _)| *ix).collect();
    let (per, missing) = chosen_per(&ask, params)?;
    if let Some(missing) = missing {
        return Err(invalid("per", format!("{missing}. Unduh dari halamannya.")));
    }
    let rows = survey.rollup(per);
    let table = write::coverage(&state, &rows, &sesi, ask.on, Headings::Words)
        .with_fact("Wilayah", area_name(&state, &ask))
        .with_fact("Keadaan pada", tanggal::long(ask.on))
        .with_fact("Bulan", tanggal::month(ask.on))
        .with_fact("Menurut yang diketahui pada", tanggal::long(ask.today));
    Ok((format!("cakupan-{}-{}", ask.slug(), ask.on), table))
}

/// The rows of a list behind a number, all of them.
pub(super) async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let format = sheet::format(&params)?;
    let (name, table) = list(&web, &member, &params)?;
    sheet::reply(format, &name, |out| table.write(out)).await
}

/// The files of a list.
pub(super) fn list_files(ask: &Ask, what: What, params: &Params) -> Vec<Link> {
    let file = |format: &str| {
        let more = [("apa", what.words().0), ("sesi", params.get("sesi")), ("format", format)];
        ask.href("/cakupan/daftar/unduh", &more)
    };
    vec![Link::new("XLSX", file("xlsx")), Link::new("CSV", file("csv"))]
}

fn list(web: &Web, member: &Member, params: &Params) -> Result<(String, Report), WebError> {
    let state = web.app.state();
    let ask = Ask::of(web, &state, member, params)?.for_file()?;
    let (what, only) = daftar::asked(&state, &ask, params)?;
    let survey = Survey::of(web, &state, member, &ask);
    let found = Found::of(&survey, (what, only), (None, MAX_ROWS));
    let rows = found.count(what);
    if rows > MAX_ROWS {
        let message = format!(
            "Daftar ini memuat {} baris, sedangkan satu berkas paling banyak {}. Pilih wilayah yang lebih kecil, atau satu sesi saja.",
            angka::count(rows as u64),
            angka::count(MAX_ROWS as u64)
        );
        return Err(WebError::Invalid(vec![FieldError::new("wilayah", message)]));
    }
    let of = if what.of_cells() {
        ListOf::Cells
    } else if what.of_month() {
        ListOf::Month
    } else {
        ListOf::Groups
    };
    let mut eye = Eye::new(&state, ask.on);
    let mut last: Option<Glance<'_>> = None;
    let known = found.hits.iter().filter_map(|(ix, sesi)| Some((state.group_at(*ix)?, *sesi)));
    let rows = known.map(|(group, sesi)| {
        // The sesi of one kelompok follow each other, so one look serves them all.
        let glance = match last.take().filter(|glance| glance.group.id == group.id) {
            Some(glance) => glance,
            None => eye.look(group),
        };
        let row = row(&eye, &glance, of, (group, sesi));
        last = Some(glance);
        row
    });
    let table = write::list(&state, of, ask.on, rows)
        .with_fact("Daftar", daftar::title(&state, what, only))
        .with_fact("Arti", what.words().2)
        .with_fact("Wilayah", area_name(&state, &ask))
        .with_fact(
            if what.of_month() { "Bulan" } else { "Keadaan pada" },
            if what.of_month() { tanggal::month(ask.on) } else { tanggal::long(ask.on) },
        )
        .with_fact("Menurut yang diketahui pada", tanggal::long(ask.today));
    Ok((format!("daftar-{}-{}-{}", what.words().0, ask.slug(), ask.on), table))
}

fn row<'a>(
    eye: &Eye<'_>,
    glance: &Glance<'_>,
    of: ListOf,
    (group, sesi): (&'a Kelompok, Option<SesiIx>),
) -> ListRow<'a> {
    let tally = Tally::of(&glance.target, &glance.cells);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut row = ListRow {
        group,
        sesi,
        standing: String::new(),
        covered: (small(tally.covered), small(tally.target)),
        behind: eye.behind(glance),
        date: None,
    };
    match (of, sesi) {
        (ListOf::Cells, Some(ix)) => {
            let cell = cell_of(&glance.cells, ix);
            cell.status.name().clone_into(&mut row.standing);
            row.date = cell.covered_on.or(cell.last);
        }
        (ListOf::Month, _) => {
            let (_, text, behind) = daftar::of_month(eye, glance);
            row.standing = text;
            row.date = behind.map(|fakta| fakta.date);
        }
        _ => {
            let standing = if glance.suspended { "ditangguhkan" } else { "berjalan" };
            standing.clone_into(&mut row.standing);
            row.date = eye.last(group).map(|fakta| fakta.date);
        }
    }
    row
}
