//! What a page about numbers is asked for, and the addresses of the lists behind them.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::ids::AccountId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{Month, MonthRates};
use crate::state::State;
use crate::state::rollup::SesiCount;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Count, Notice, Page, Ratio};
use crate::web::query::invalid;

use super::scope::Scope;
use super::{address, when};

/// A kelompok whose pendamping is asked for, or those that nobody meets.
pub(crate) type Assigned = Option<AccountId>;

/// Which kelompok, as of which day.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Of which kelompok.
    pub(crate) scope: Scope,
    /// As of this day.
    pub(crate) on: Date,
    /// Today, in WIB.
    pub(crate) today: Date,
    /// The month that was asked for, if one was.
    pub(crate) month: Option<Month>,
    /// Only the kelompok of this pendamping, or of none.
    pub(crate) assigned: Option<Assigned>,
    /// Today in the latest zone, by which the policy counts days.
    pub(crate) latest: Date,
    /// What of the address lies ahead: its field, and what is so of it.
    pub(crate) ahead: Vec<(&'static str, String)>,
}

/// The word that stands for "nobody" in an address.
const NOBODY: &str = "tidak-ada";

impl Ask {
    /// Reads `wilayah=`, `pada=`, `bulan=` and `pendamping=`. A day to come becomes today.
    ///
    /// # Errors
    /// When the viewer may not see what is asked for, it does not exist, or cannot be meant.
    pub(crate) fn of(
        web: &Web,
        state: &State,
        member: &Member,
        params: &Params,
    ) -> Result<Self, WebError> {
        let scope = Scope::of(state, member.viewer(), params.get("wilayah"))?;
        let today = when::today(web);
        let (day, month) = (params.day("pada")?, params.month("bulan")?);
        let ahead = ahead((day, month), today);
        let month = month.filter(|month| month.first() <= today);
        let on = match month {
            Some(month) => month.last().min(today),
            None => day.map_or(today, |date| date.min(today)),
        };
        let assigned = match params.get("pendamping") {
            "" => None,
            NOBODY => Some(None),
            id => {
                let unknown = || WebError::not_found("Pendamping ini");
                Some(Some(AccountId(id.parse().map_err(|_| unknown())?)))
            }
        };
        // Who meets whom is said to those alone who may name kelompok, and of those alone who meet,
        // or met, one that they may see: a number made up tells no name.
        let assigned = assigned.filter(|_| scope.names);
        let latest = when::latest_today(web);
        if let Some(Some(account)) = assigned {
            let mut met = state.given_to(account);
            let own = member.viewer().id() == Some(account);
            if !own && !met.any(|group| member.viewer().read_group(group, latest)) {
                return Err(WebError::not_found("Pendamping ini"));
            }
        }
        Ok(Self { scope, on, today, month, assigned, latest, ahead })
    }

    /// The whole of what a member may see, today.
    ///
    /// # Errors
    /// When that is nothing.
    pub(crate) fn own(web: &Web, state: &State, member: &Member) -> Result<Self, WebError> {
        Self::of(web, state, member, &Params::default())
    }

    /// The frame of the page, which says that a day to come became today.
    pub(crate) fn told(&self, mut page: Page) -> Page {
        let notices = self.ahead.iter().map(|(_, text)| {
            Notice::attention(format!("{text}, jadi yang tampil keadaan hari ini."))
        });
        page.notices.extend(notices);
        page
    }

    /// The same question for a file, which goes where nobody could read such a notice.
    ///
    /// # Errors
    /// When it asks for a day to come.
    pub(crate) fn for_file(self) -> Result<Self, WebError> {
        match self.ahead.first() {
            None => Ok(self),
            Some((field, text)) => {
                Err(invalid(field, format!("{text}. Pilih yang sudah tiba, lalu unduh lagi.")))
            }
        }
    }

    /// The kelompok asked for in tree order, active or not.
    pub(crate) fn groups<'a>(&'a self, state: &'a State, member: &'a Member) -> Vec<&'a Kelompok> {
        self.scope
            .groups(state, member.viewer(), self.latest)
            .filter(|group| self.assigned.is_none_or(|wanted| group.pendamping(self.on) == wanted))
            .collect()
    }

    /// `pada=` of an address; empty for today.
    pub(crate) fn pada(&self) -> String {
        if self.on == self.today { String::new() } else { self.on.to_string() }
    }

    /// The area in the name of a file.
    pub(crate) fn slug(&self) -> String {
        match self.scope.areas.as_slice() {
            [] => "kelompok-saya".to_owned(),
            [area] => area.to_string(),
            _ => "wilayah-saya".to_owned(),
        }
    }

    fn assigned_word(&self) -> String {
        match self.assigned {
            None => String::new(),
            Some(None) => NOBODY.to_owned(),
            Some(Some(id)) => id.to_string(),
        }
    }

    /// The address of a page about the same kelompok and day, with more in its query.
    pub(crate) fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let (pada, assigned) = (self.pada(), self.assigned_word());
        let month = self.month.map_or_else(String::new, Month::id);
        let pada = if self.month.is_some() { String::new() } else { pada };
        let mut query = vec![
            ("wilayah", self.scope.param.as_str()),
            ("pada", pada.as_str()),
            ("bulan", month.as_str()),
            ("pendamping", assigned.as_str()),
        ];
        query.extend(more);
        address(path, &query)
    }

    /// The list behind a number; none for those who see totals only.
    pub(crate) fn list(&self, what: &str, sesi: &str) -> Option<String> {
        self.scope.names.then(|| self.href("/cakupan/daftar", &[("apa", what), ("sesi", sesi)]))
    }

    /// The same question about another place.
    pub(crate) fn at(&self, place: crate::kelompok::wilayah::Kode) -> Self {
        let scope = Scope { areas: vec![place], param: place.to_string(), ..self.scope.clone() };
        Self { scope, ..self.clone() }
    }

    /// The same question about the kelompok of one pendamping, or of none.
    pub(crate) fn by(&self, assigned: Assigned) -> Self {
        Self { assigned: Some(assigned), ..self.clone() }
    }
}

/// What of the day and the month in an address lies ahead.
fn ahead((day, month): (Option<Date>, Option<Month>), today: Date) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    if let Some(month) = month.filter(|month| month.first() > today) {
        all.push(("bulan", format!("Bulan {} belum tiba", tanggal::month(month.first()))));
    }
    if let Some(day) = day.filter(|day| *day > today) {
        all.push(("pada", format!("Tanggal {} belum tiba", tanggal::long(day))));
    }
    all
}

/// Covered cells of the target, leading to their list.
pub(crate) fn coverage(ask: &Ask, count: SesiCount) -> Ratio {
    Ratio::new(count.covered.into(), count.target.into(), ask.list("tuntas", ""))
}

/// Kelompok that met, of those expected to.
pub(crate) fn met(ask: &Ask, month: MonthRates) -> Ratio {
    Ratio::new(month.actual.into(), month.expected.into(), ask.list("bertemu", ""))
}

/// Kelompok whose record came in time, of those expected whose time is known.
pub(crate) fn on_time(ask: &Ask, month: MonthRates) -> Ratio {
    Ratio::new(month.on_time.into(), month.expected_known().into(), ask.list("tepat-waktu", ""))
}

/// A number that leads to its list.
pub(crate) fn count(ask: &Ask, number: u32, what: &str) -> Count {
    Count {
        text: crate::bahasa::angka::count(number.into()),
        href: ask.list(what, "").filter(|_| number > 0),
    }
}

/// A number of the page with what it is counted from.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// Of what.
    pub(crate) name: &'static str,
    /// The number.
    pub(crate) ratio: Ratio,
    /// What it is counted from, in words.
    pub(crate) hint: String,
    /// Where pages that explain their numbers say what it means: `arti-bertemu`.
    pub(crate) about: &'static str,
}

/// The honest numbers of a month.
pub(crate) fn month_figures(ask: &Ask, month: MonthRates) -> Vec<Figure> {
    let unknown = match month.unknown_time {
        0 => String::new(),
        number => format!("; {number} tanpa waktu catat"),
    };
    vec![
        Figure {
            name: "Bertemu",
            ratio: met(ask, month),
            hint: "dari yang diharapkan".to_owned(),
            about: "arti-bertemu",
        },
        Figure {
            name: "Dicatat tepat waktu",
            ratio: on_time(ask, month),
            hint: format!("dari yang diharapkan{unknown}"),
            about: "arti-tepat",
        },
    ]
}
