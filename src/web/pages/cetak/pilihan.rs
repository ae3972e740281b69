//! What was chosen for a print: read from the address, remembered in a cookie of this browser.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::decide::FieldError;
use crate::print::{Binding, Options, Paper, UnknownPaper};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Values, cookie};

/// The cookie that holds the last choice and nothing else.
const COOKIE: &str = "cetak";
/// How long a choice is remembered, in seconds: a year.
const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// What was chosen for one print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) options: Options,
    /// The lembar balik is bound at the top.
    pub(super) bound: bool,
}

/// A choice that is on or off: its name in an address, and where it is kept.
type Switch = (&'static str, fn(&mut Chosen) -> &mut bool);

const SWITCHES: [Switch; 5] = [
    ("hemat", |chosen| &mut chosen.options.saving),
    ("besar", |chosen| &mut chosen.options.large),
    ("bacaan", |chosen| &mut chosen.options.reading),
    ("dua", |chosen| &mut chosen.options.two_up),
    ("jilid", |chosen| &mut chosen.bound),
];

impl Chosen {
    /// What the address says, and the default for what it leaves open: a link that is passed on
    /// gives everybody the same paper.
    ///
    /// `f4` is folio as the office buys it: `folio_mm` is its width.
    pub(super) fn said(params: &Values, folio_mm: u16) -> Result<Self, WebError> {
        let mut chosen = Self::default();
        if params.has("kertas") {
            chosen.options.paper =
                params.get("kertas").parse().map_err(|error: UnknownPaper| {
                    WebError::Invalid(vec![FieldError::new("kertas", error.to_string())])
                })?;
        }
        for (name, place) in SWITCHES {
            *place(&mut chosen) = params.yes(name)?;
        }
        chosen.on_folio(folio_mm);
        Ok(chosen)
    }

    /// What the address says; what was chosen last where it says nothing at all.
    pub(super) fn said_or_last(
        params: &Values,
        headers: &HeaderMap,
        folio_mm: u16,
    ) -> Result<Self, WebError> {
        let says = params.has("kertas") || SWITCHES.iter().any(|(name, _)| params.has(name));
        if says {
            return Self::said(params, folio_mm);
        }
        let mut chosen = Self::last(headers);
        chosen.on_folio(folio_mm);
        Ok(chosen)
    }

    fn on_folio(&mut self, folio_mm: u16) {
        if self.options.paper == Paper::F4 && folio_mm == Paper::F4Narrow.size_mm().0 {
            self.options.paper = Paper::F4Narrow;
        }
    }

    /// The same for a document that is printed on everyday paper only.
    pub(super) fn for_reading(
        params: &Values,
        headers: &HeaderMap,
        folio_mm: u16,
    ) -> Result<Self, WebError> {
        let mut chosen = Self::said_or_last(params, headers, folio_mm)?;
        if !params.has("kertas") && matches!(chosen.options.paper, Paper::A3 | Paper::A5Booklet) {
            chosen.options.paper = Paper::A4;
        }
        Ok(chosen)
    }

    /// The same for a form of the office, which goes on office paper: A5 only where it is asked for
    /// by name, not because it was chosen for something to carry along.
    pub(super) fn for_office(
        params: &Values,
        headers: &HeaderMap,
        folio_mm: u16,
    ) -> Result<Self, WebError> {
        let mut chosen = Self::for_reading(params, headers, folio_mm)?;
        if !params.has("kertas") && chosen.options.paper == Paper::A5 {
            chosen.options.paper = Paper::A4;
        }
        Ok(chosen)
    }

    /// What was chosen last in this browser. What is not understood is left out.
    fn last(headers: &HeaderMap) -> Self {
        let kept = cookie(headers, COOKIE).unwrap_or_default();
        let mut words = kept.split('.');
        let mut chosen = Self::default();
        chosen.options.paper = words.next().and_then(|name| name.parse().ok()).unwrap_or_default();
        for word in words {
            if let Some((_, place)) = SWITCHES.iter().find(|(name, _)| *name == word) {
                *place(&mut chosen) = true;
            }
        }
        chosen
    }

    /// The names of what is switched on.
    fn switched_on(mut self) -> Vec<&'static str> {
        let all = SWITCHES.into_iter();
        all.filter(|(_, place)| *place(&mut self)).map(|(name, _)| name).collect()
    }

    pub(super) fn is_on(self, name: &str) -> bool {
        self.switched_on().contains(&name)
    }

    /// As it stands in an address: `kertas=f4&hemat=ya`.
    pub(super) fn query(self) -> String {
        let mut query = format!("kertas={}", self.paper());
        for name in self.switched_on() {
            query.push_str(&format!("&{name}=ya"));
        }
        query
    }

    /// The name of the paper as it stands in an address.
    pub(super) fn paper(self) -> String {
        self.options.paper.name().to_ascii_lowercase()
    }

    pub(super) fn binding(self) -> Binding {
        if self.bound { Binding::Bound } else { Binding::Loose }
    }

    /// Has the browser remember the choice, where the form asked for it.
    pub(super) fn remember(self, web: &Web, params: &Values, response: &mut Response) {
        if params.get("ingat") != "ya" {
            return;
        }
        let mut words = vec![self.paper()];
        words.extend(self.switched_on().into_iter().map(str::to_owned));
        let secure = if web.config.secure() { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={}; Path=/cetak; Max-Age={REMEMBERED}; HttpOnly; SameSite=Lax{secure}",
            words.join(".")
        );
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers
    }

    #[test]
    fn an_address_that_says_nothing_takes_what_was_chosen_last() {
        for (query, kept, expected) in [
            ("", "", "kertas=a4"),
            ("", "cetak=f4.hemat", "kertas=f4&hemat=ya"),
            ("kertas=a5", "cetak=f4.hemat", "kertas=a5"),
            ("besar=ya", "cetak=f4.hemat", "kertas=a4&besar=ya"),
            ("", "masuk=x; cetak=a3.jilid", "kertas=a4&jilid=ya"),
            ("kertas=a3", "", "kertas=a3"),
            ("", "cetak=letter.x.dua.hemat", "kertas=a4&hemat=ya&dua=ya"),
            ("hemat=tidak", "cetak=f4", "kertas=a4"),
        ] {
            let params = Values::parse(query.as_bytes()).unwrap();
            let chosen = Chosen::for_reading(&params, &headers(kept), 215).unwrap();
            assert_eq!(chosen.query(), expected, "{query:?} {kept:?}");
        }
    }

    #[test]
    fn a_form_of_the_office_goes_on_office_paper() {
        for (query, kept, expected) in [
            ("", "cetak=a5.hemat", "kertas=a4&hemat=ya"),
            ("", "cetak=a5-lipat", "kertas=a4"),
            ("", "cetak=f4", "kertas=f4"),
            ("kertas=a5", "cetak=f4", "kertas=a5"),
        ] {
            let params = Values::parse(query.as_bytes()).unwrap();
            let chosen = Chosen::for_office(&params, &headers(kept), 215).unwrap();
            assert_eq!(chosen.query(), expected, "{query:?} {kept:?}");
        }
    }

    #[test]
    fn folio_is_as_wide_as_the_office_says() {
        let params = Values::parse(b"kertas=f4").unwrap();
        for (folio, paper) in [(215, Paper::F4), (210, Paper::F4Narrow)] {
            assert_eq!(Chosen::said(&params, folio).unwrap().options.paper, paper);
            let last = Chosen::for_reading(&Values::default(), &headers("cetak=f4"), folio);
            assert_eq!(last.unwrap().options.paper, paper);
        }
    }

    #[test]
    fn a_link_gives_everybody_the_same() {
        let params = Values::parse(b"hemat=ya").unwrap();
        assert_eq!(Chosen::said(&params, 215).unwrap().query(), "kertas=a4&hemat=ya");
        let error = Chosen::said(&Values::parse(b"kertas=letter").unwrap(), 215).unwrap_err();
        assert!(error.detail().starts_with("Ukuran kertas ini tidak dikenal."));
    }
}
