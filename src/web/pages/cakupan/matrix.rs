//! Kelompok by sesi.

use crate::kelompok::coverage::Status;
use crate::kelompok::fakta::SesiIx;
use crate::state::rollup::Totals;
use crate::web::page::Count;
use crate::web::parts::ask::Ask;
use crate::web::parts::glance::{Eye, Glance};
use crate::web::parts::sesi::{Label, by_modul};
use crate::web::parts::strip::{MatrixCell, Tally, cell_of, cell_words};
use crate::web::parts::{Pages, place};
use crate::web::urls;

/// The matrix of one page of kelompok.
pub(super) struct Matrix {
    pub(super) groups: Vec<HeadGroup>,
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<MatrixRow>,
    pub(super) foot: Vec<Foot>,
    pub(super) pages: Pages,
}

/// A modul over its sesi.
pub(super) struct HeadGroup {
    pub(super) title: String,
    pub(super) span: usize,
}

/// One sesi.
pub(super) struct Head {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) edge: bool,
}

/// One kelompok.
pub(super) struct MatrixRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) place: String,
    pub(super) suspended: bool,
    pub(super) cells: Vec<MatrixCell>,
    pub(super) done: Count,
}

/// The number of one sesi over all kelompok of the area.
pub(super) struct Foot {
    pub(super) text: String,
    pub(super) label: String,
    pub(super) href: String,
    pub(super) edge: bool,
}

/// The matrix of `shown`, with the numbers of the whole area below; only the sesi of `modul`
/// unless that is empty.
pub(super) fn of(
    eye: &Eye<'_>,
    ask: &Ask,
    shown: &[Glance<'_>],
    (total, labels): (&Totals, &[Label]),
    modul: &str,
) -> Matrix {
    let order: Vec<SesiIx> = total.per_sesi.iter().map(|(ix, _)| *ix).collect();
    let mut groups = by_modul(labels, &order);
    if groups.iter().any(|group| group.id == modul) {
        groups.retain(|group| group.id == modul);
    }
    let columns: Vec<(SesiIx, bool)> = groups
        .iter()
        .flat_map(|group| group.sesi.iter().enumerate().map(|(at, ix)| (*ix, at == 0)))
        .collect();
    let list = |label: &Label| ask.list("tuntas", &label.id).unwrap_or_else(|| label.href.clone());
    let head = |(ix, edge): &(SesiIx, bool)| {
        let label = labels.get(usize::from(*ix))?;
        Some(Head { number: label.number, title: label.full(), href: list(label), edge: *edge })
    };
    let foot = |(ix, edge): &(SesiIx, bool)| {
        let (label, count) = (labels.get(usize::from(*ix))?, total.sesi(*ix));
        let words = format!("{}: {} dari {} kelompok", label.full(), count.covered, count.target);
        let text = count.covered.to_string();
        Some(Foot { text, label: words, href: list(label), edge: *edge })
    };
    Matrix {
        heads: columns.iter().filter_map(head).collect(),
        foot: columns.iter().filter_map(foot).collect(),
        rows: shown.iter().map(|glance| row(eye, glance, &columns, labels)).collect(),
        groups: groups
            .into_iter()
            .map(|group| HeadGroup { span: group.sesi.len(), title: group.title })
            .collect(),
        pages: Pages { text: String::new(), previous: None, next: None },
    }
}

impl Matrix {
    pub(super) fn with_pages(mut self, pages: Pages) -> Self {
        self.pages = pages;
        self
    }
}

fn row(
    eye: &Eye<'_>,
    glance: &Glance<'_>,
    columns: &[(SesiIx, bool)],
    labels: &[Label],
) -> MatrixRow {
    let group = glance.group;
    let href = urls::kelompok(&group.id);
    let cell = |(ix, edge): &(SesiIx, bool)| {
        let label = labels.get(usize::from(*ix))?;
        let cell = cell_of(&glance.cells, *ix);
        let taught = cell.status != Status::Belum;
        Some(MatrixCell {
            status: cell.status.slug(),
            label: cell_words(label, &cell),
            href: taught.then(|| format!("{href}#s-{}", label.id)),
            edge: *edge,
        })
    };
    let tally = Tally::of(&glance.target, &glance.cells);
    MatrixRow {
        name: group.name.clone(),
        place: place::short(eye.state, group.home(eye.on)),
        suspended: glance.suspended,
        cells: columns.iter().filter_map(cell).collect(),
        done: Count {
            text: format!("{}/{}", tally.covered, tally.target),
            href: Some(format!("{href}#cakupan")),
        },
        href,
    }
}
