//! Correcting a pertemuan: the same fields as when it was recorded, and a reason.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::decide::pertemuan::UNCHANGED;
use crate::index::Entry;
use crate::kelompok::KelompokId;
use crate::kelompok::pertemuan::{Pertemuan, PertemuanId};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::record::{
    ModulChoice, RecordFields, Row, Tapping, parse, summary, values_of,
};
use crate::web::parts::send::{Sent, send};
use crate::web::parts::{WHOLE_FORM, when};
use crate::web::{Web, history, urls};

use super::find;
use super::meanwhile::{self, Difference};

/// What the form says when the record was changed while it was open.
const OVERTAKEN: &str = "Catatan ini sudah berubah sejak Anda membukanya. Bandingkan di bawah, perbaiki bila perlu, lalu simpan lagi.";

#[derive(Template)]
#[template(path = "pages/pertemuan_ubah.html")]
struct Ubah {
    page: Page,
    trail: Vec<Link>,
    title: String,
    action: String,
    version: u64,
    back: String,
    differences: Vec<Difference>,
    summary: String,
    kelompok: OfGroup,
    form: Form,
    today: String,
    rows: Vec<Row>,
    modul: Vec<ModulChoice>,
    kinds: Vec<Choice>,
    more: bool,
    details: bool,
    /// Always empty: which of the absent were ill is not kept, so it cannot be shown again.
    tapping: Tapping,
}

struct OfGroup {
    name: String,
    members: u16,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let (group, id) = find(&web, &member, parts.get(0))?;
    let version = version_of(&web, id)?;
    let entries = history::of_pertemuan(&web, &group, id)?;
    let record = last(&entries)?;
    show(&page(&web, &member, parts.get(0), Shown::new(filled(&web, record)?, Some(version)))?)
}

/// The version that stands. It is asked for before the record is read, so that a change in between
/// makes the form an old one and never lets it overwrite what it does not show.
fn version_of(web: &Web, id: PertemuanId) -> Result<u64, WebError> {
    let state = web.app.state();
    let found = state.pertemuan(id).map(|(_, fakta)| fakta.version);
    found.ok_or_else(|| WebError::not_found("Pertemuan ini"))
}

fn last(entries: &[Entry]) -> Result<&Pertemuan, WebError> {
    history::last_form(entries).ok_or_else(|| WebError::not_found("Pertemuan ini"))
}

/// The form with the record as it stands.
fn filled(web: &Web, record: &Pertemuan) -> Result<Form, WebError> {
    let values = values_of(record);
    Form::new(web, values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect())
}

/// The form that is shown, and on which version of the record it is made.
struct Shown {
    form: Form,
    /// None for the one that stands.
    version: Option<u64>,
    /// What was stored otherwise in the meantime.
    differences: Vec<Difference>,
}

impl Shown {
    fn new(form: Form, version: Option<u64>) -> Self {
        Self { form, version, differences: Vec::new() }
    }
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let (group, pertemuan) = find(&web, &member, parts.get(0))?;
    let version = form.number("version");
    let again = |errors| Shown::new(Form::again(&form.0, errors), version);
    if form.has("refresh") {
        return show(&page(&web, &member, parts.get(0), again(Vec::new()))?);
    }
    let parsed = parse(&form.0, &group);
    let asked = (pertemuan, version.unwrap_or(0));
    let (shown, status) = if !parsed.errors.is_empty() {
        (again(parsed.errors), StatusCode::UNPROCESSABLE_ENTITY)
    } else if history::changes_nothing(&web, member.viewer(), asked, &parsed.input)? {
        let errors = vec![FieldError::new(WHOLE_FORM, UNCHANGED)];
        (again(errors), StatusCode::CONFLICT)
    } else {
        let command = Command::Correct {
            id: pertemuan,
            record: Box::new(parsed.input.clone()),
            reason: form.raw("reason").unwrap_or("").to_owned(),
            version: version.unwrap_or(0),
        };
        match send(&web, &member, &form, command).await? {
            Sent::Done(_) => return Ok(lead_to_done(&urls::pertemuan(pertemuan), Done::Corrected)),
            Sent::Wrong(_, status @ StatusCode::PRECONDITION_FAILED) => {
                (overtaken(&web, (&group, pertemuan), &form)?, status)
            }
            Sent::Wrong(errors, status) => (again(parsed.place_errors(errors)), status),
        }
    };
    show_with(status, &page(&web, &member, parts.get(0), shown)?)
}

/// The form that was sent on an older state of the record, joined with what is stored now. It is
/// made on what is shown beside it, so that it can be sent once the person has compared the two.
fn overtaken(
    web: &Web,
    (group, id): (&KelompokId, PertemuanId),
    form: &FormData,
) -> Result<Shown, WebError> {
    let version = version_of(web, id)?;
    let entries = history::of_pertemuan(web, group, id)?;
    let stored = last(&entries)?;
    let base = form.number("version").and_then(|line| history::form_at(&entries, id, line));
    let joined = meanwhile::join(&web.app.state(), &form.0, base, stored);
    let errors = vec![FieldError::new(WHOLE_FORM, OVERTAKEN)];
    let form = Form::again(&joined.values, errors);
    Ok(Shown { form, version: Some(version), differences: joined.differences })
}

fn page(
    web: &Web,
    member: &Member,
    id: &str,
    Shown { form, version, differences }: Shown,
) -> Result<Ubah, WebError> {
    let (group_id, id) = find(web, member, id)?;
    let missing = || WebError::not_found("Pertemuan ini");
    let home = web.app.state().group(group_id.as_str()).ok_or_else(missing)?.home(Date::MAX);
    let fields = RecordFields::of(web, &form, when::today_at(web, home))?;
    let state = web.app.state();
    let (group, fakta) = state.pertemuan(id).ok_or_else(missing)?;
    if fakta.withdrawn || !member.viewer().correct(group, &fakta, when::latest_today(web)) {
        return Err(WebError::Forbidden(
            "Catatan ini tidak dapat Anda ubah. Yang mengubah adalah penulisnya, pendamping pada tanggal itu, atau supervisor wilayahnya; catatan yang sudah ditarik tidak diubah lagi."
                .to_owned(),
        ));
    }
    let title = format!("Pertemuan {}", tanggal::long(fakta.date));
    let back = urls::pertemuan(id);
    Ok(Ubah {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
            Link::new(title.clone(), back.clone()),
        ],
        title,
        action: format!("{back}/koreksi"),
        version: version.unwrap_or(fakta.version),
        back,
        differences,
        summary: summary(&state, group, &form),
        kelompok: OfGroup { name: group.name.clone(), members: group.members(fakta.date) },
        form,
        today: fields.today,
        rows: fields.rows,
        modul: fields.modul,
        kinds: fields.kinds,
        more: fields.more,
        details: fields.details,
        tapping: Tapping::default(),
    })
}
