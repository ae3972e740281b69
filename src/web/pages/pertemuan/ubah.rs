//! Correcting a pertemuan: the same fields as when it was recorded, and a reason.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::app::SubmitError;
use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::kelompok::pertemuan::Pertemuan;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Choice, Form, Link, Page, lead_to, show, show_with};
use crate::web::parts::record::{
    ModulChoice, RecordFields, Row, Tapping, parse, summary, values_of,
};
use crate::web::parts::{WHOLE_FORM, when, words};
use crate::web::{Web, history, urls};

use super::find;

#[derive(Template)]
#[template(path = "pages/pertemuan_ubah.html")]
struct Ubah {
    page: Page,
    trail: Vec<Link>,
    title: String,
    action: String,
    version: u64,
    back: String,
    stale: Option<String>,
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
    let entries = history::of_pertemuan(&web, &group, id)?;
    let record =
        history::last_form(&entries).ok_or_else(|| WebError::not_found("Pertemuan ini"))?;
    let form = filled(&web, record)?;
    show(&page(&web, &member, parts.get(0), form, None)?)
}

/// The form with the record as it stands.
fn filled(web: &Web, record: &Pertemuan) -> Result<Form, WebError> {
    let values = values_of(record);
    Form::new(web, values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect())
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let (group, pertemuan) = find(&web, &member, parts.get(0))?;
    let again = |errors: Vec<FieldError>| Form::again(&form.0, errors);
    if form.has("refresh") {
        let version = form.number("version");
        return show(&page(&web, &member, parts.get(0), again(Vec::new()), version)?);
    }
    let parsed = parse(&form.0, &group);
    let (errors, version, status) = if parsed.errors.is_empty() {
        let version = form.number("version").unwrap_or(0);
        let request = match form.id("id").filter(|id| !id.is_nil()) {
            Some(id) => id,
            None => web.app.clock().new_id()?,
        };
        let command = Command::Correct {
            id: pertemuan,
            record: Box::new(parsed.input.clone()),
            reason: form.raw("reason").unwrap_or("").to_owned(),
            version,
        };
        match web.app.submit(web.app.request_as(request, member.actor(), command)).await {
            Ok(_) => return Ok(lead_to(&urls::pertemuan(pertemuan))),
            Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
                (parsed.place_errors(errors), Some(version), StatusCode::UNPROCESSABLE_ENTITY)
            }
            Err(SubmitError::Refused(refusal @ Refusal::Stale { .. })) => {
                let errors = vec![FieldError::new(WHOLE_FORM, refusal.to_string())];
                // The page carries the version that stands now, so that what is typed can be sent
                // once the person has compared the two.
                (errors, None, StatusCode::PRECONDITION_FAILED)
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        (parsed.errors, form.number("version"), StatusCode::UNPROCESSABLE_ENTITY)
    };
    show_with(status, &page(&web, &member, parts.get(0), again(errors), version)?)
}

fn page(
    web: &Web,
    member: &Member,
    id: &str,
    form: Form,
    version: Option<u64>,
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
    let stale =
        form.errors.iter().any(|error| error.field == WHOLE_FORM).then(|| {
            format!("Yang tersimpan sekarang: {}.", words::sentence(&state, group, &fakta))
        });
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
        stale,
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
