//! What several pages show: places, kelompok, coverage marks, records; mirrors `templates/parts`.

pub(crate) mod ask;
pub(crate) mod begin;
pub(crate) mod checks;
pub(crate) mod glance;
pub(crate) mod host;
pub(crate) mod pengawasan;
pub(crate) mod place;
pub(crate) mod record;
pub(crate) mod scope;
pub(crate) mod seats;
pub(crate) mod send;
pub(crate) mod sesi;
pub(crate) mod sheet;
pub(crate) mod siks;
pub(crate) mod strip;
pub(crate) mod survey;
pub(crate) mod target;
pub(crate) mod trend;
pub(crate) mod when;
pub(crate) mod words;

use std::ops::Range;

use crate::bahasa::angka;

use super::urls::encode;

/// A form field with one error that belongs to no field of it; shown in the summary.
pub(crate) const WHOLE_FORM: &str = "isi";

/// A path with the parts of a query that are not empty.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut first = true;
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if first { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
        first = false;
    }
    address
}

/// Where a long list goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pages {
    /// `51 sampai 100 dari 312`.
    pub(crate) text: String,
    /// The page before.
    pub(crate) previous: Option<String>,
    /// The page behind.
    pub(crate) next: Option<String>,
}

/// One page of a list of `total` rows; pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    page: usize,
    size: usize,
    total: usize,
}

impl Window {
    /// The page that `asked` names, or the nearest one that exists.
    pub(crate) fn new(asked: Option<usize>, size: usize, total: usize) -> Self {
        let last = total.div_ceil(size).max(1);
        Self { page: asked.unwrap_or(1).clamp(1, last), size, total }
    }

    /// The rows of this page.
    pub(crate) fn range(self) -> Range<usize> {
        let start = (self.page - 1) * self.size;
        start..(start + self.size).min(self.total)
    }

    /// Where the list goes on; `at` gives the address of a page.
    pub(crate) fn pages(self, at: impl Fn(&str) -> String) -> Pages {
        let Range { start, end } = self.range();
        let total = angka::count(self.total as u64);
        let text = if self.total == 0 {
            "Tidak ada yang ditampilkan".to_owned()
        } else if self.total <= self.size {
            format!("{total} ditampilkan")
        } else {
            let (from, to) = (angka::count(start as u64 + 1), angka::count(end as u64));
            format!("{from} sampai {to} dari {total}")
        };
        let href = |page: usize| at(&if page == 1 { String::new() } else { page.to_string() });
        Pages {
            text,
            previous: (self.page > 1).then(|| href(self.page - 1)),
            next: (end < self.total).then(|| href(self.page + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_leave_out_what_is_empty() {
        let query = [("wilayah", "16.02"), ("sesi", ""), ("nama", "Kayu Agung")];
        assert_eq!(address("/cakupan", &query), "/cakupan?wilayah=16.02&nama=Kayu%20Agung");
        assert_eq!(address("/cakupan", &[("a", "")]), "/cakupan");
    }

    #[test]
    fn every_row_stands_on_exactly_one_page() {
        for (total, size) in [(0, 50), (1, 50), (50, 50), (51, 50), (312, 50)] {
            let mut seen = Vec::new();
            let mut page = 1;
            loop {
                let window = Window::new(Some(page), size, total);
                seen.extend(window.range());
                if window.pages(|to| to.to_owned()).next.is_none() {
                    break;
                }
                page += 1;
            }
            assert_eq!(seen, (0..total).collect::<Vec<_>>(), "{total} by {size}");
        }
        let far = Window::new(Some(99), 50, 60).pages(|page| page.to_owned());
        assert_eq!(far.text, "51 sampai 60 dari 60");
        assert_eq!((far.previous.as_deref(), far.next), (Some(""), None));
    }
}
