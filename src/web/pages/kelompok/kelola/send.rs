//! What the forms of the page ask for.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::{Command, GroupChange, PartInput, Versioned};
use crate::decide::FieldError;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::lineage::PARTS;
use crate::kelompok::wilayah::Kode;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, lead_to_done, show_with};
use crate::web::parts::WHOLE_FORM;
use crate::web::parts::seats::numbers;
use crate::web::parts::send::{Sent, renamed, send};
use crate::web::{Web, urls};

use super::{Forms, Part, managed, page};

/// Errors of a command as errors of fields, by the names that the page gives them.
const NAMES: [(Part, &[(&str, &str)]); 4] = [
    (Part::Move, &[("from", "pindah")]),
    (
        Part::Merge,
        &[
            ("id_baru", "gabung_id"),
            ("nama", "gabung_nama"),
            ("on", "gabung_hari"),
            ("pendamping", "gabung_pendamping"),
            ("reason", "gabung_alasan"),
            ("kelompok", "gabung_dengan"),
        ],
    ),
    (Part::Split, &[("on", "pecah_hari"), ("reason", "pecah_alasan")]),
    (Part::Dissolve, &[("on", "bubar_hari"), ("reason", "bubar_alasan")]),
];

/// What a form says and what is wrong with its shape.
struct Read<'a> {
    form: &'a FormData,
    errors: Vec<FieldError>,
}

impl Read<'_> {
    fn date(&mut self, field: &str) -> Date {
        tanggal::parse(self.form.get(field)).unwrap_or_else(|error| {
            self.errors.push(FieldError::new(field, error.to_string()));
            Date::MIN
        })
    }

    fn text(&self, field: &str) -> String {
        self.form.raw(field).unwrap_or("").to_owned()
    }

    /// A text that must not be empty, so that everything missing is said at once.
    fn filled(&mut self, field: &str, missing: &str) -> String {
        if !self.form.has(field) {
            self.errors.push(FieldError::new(field, missing));
        }
        self.text(field)
    }

    fn id(&mut self, field: &str) -> Option<KelompokId> {
        if !self.form.has(field) {
            let message = "Isi id kelompok baru, misalnya OKI-201.";
            self.errors.push(FieldError::new(field, message));
            return None;
        }
        self.form
            .get(field)
            .parse()
            .map_err(|error: crate::kelompok::group::KelompokIdError| {
                self.errors.push(FieldError::new(field, error.to_string()));
            })
            .ok()
    }

    /// The command, unless something could not be read.
    fn then(self, command: Option<Command>) -> Result<Command, Vec<FieldError>> {
        command.filter(|_| self.errors.is_empty()).ok_or(self.errors)
    }
}

/// The kelompok of the address with the version that the form was made on.
fn this(
    web: &Web,
    member: &Member,
    parts: &PathParts,
    form: &FormData,
) -> Result<Versioned, WebError> {
    let state = web.app.state();
    let id = managed(web, &state, member.viewer(), parts.get(0))?.id.clone();
    Ok(Versioned { id, version: form.number("version").unwrap_or(0) })
}

pub(in crate::web::pages::kelompok) async fn post_name(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let Versioned { id, version } = this(&web, &member, &parts, &form)?;
    let name = form.raw("nama").unwrap_or("").to_owned();
    let command = Command::RenameGroup { id, name, version };
    hand_in(&web, &member, &parts, (&form, Part::Name), Ok(command)).await
}

pub(in crate::web::pages::kelompok) async fn post_move(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let this = this(&web, &member, &parts, &form)?;
    let mut read = Read { form: &form, errors: Vec::new() };
    let from = read.date("pindah");
    let desa = desa_of(form.get("desa")).unwrap_or_else(|message| {
        read.errors.push(FieldError::new("desa", message));
        Vec::new()
    });
    let change = GroupChange::Move { from, desa };
    let command = Command::ChangeMany { kelompok: vec![this], change };
    hand_in(&web, &member, &parts, (&form, Part::Move), read.then(Some(command))).await
}

/// Codes of desa, separated by commas.
pub(in crate::web::pages::kelompok) fn desa_of(text: &str) -> Result<Vec<Kode>, String> {
    text.split([',', '|', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<Kode>().map_err(|error| error.to_string()))
        .collect()
}

/// Reads `ID:VERSION`, as the boxes of a list send it.
pub(in crate::web::pages) fn versioned(text: &str) -> Option<Versioned> {
    let (id, version) = text.rsplit_once(':')?;
    Some(Versioned { id: id.parse().ok()?, version: version.parse().ok()? })
}

pub(in crate::web::pages::kelompok) async fn post_merge(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let mut parents = vec![this(&web, &member, &parts, &form)?];
    parents.extend(form.all("gabung_dengan").filter_map(versioned));
    let mut read = Read { form: &form, errors: Vec::new() };
    if parents.len() < 2 {
        let message = "Pilih paling sedikit satu kelompok yang digabung dengan kelompok ini.";
        read.errors.push(FieldError::new("gabung_dengan", message));
    }
    let name = read.filled("gabung_nama", "Isi nama kelompok baru.");
    let (id, on) = (read.id("gabung_id"), read.date("gabung_hari"));
    let pendamping = form.number("gabung_pendamping").map(AccountId);
    let reason = read.filled("gabung_alasan", "Tulis alasan penggabungannya.");
    let command = id.map(|id| Command::Merge { parents, id, name, pendamping, on, reason });
    hand_in(&web, &member, &parts, (&form, Part::Merge), read.then(command)).await
}

pub(in crate::web::pages::kelompok) async fn post_split(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let parent = this(&web, &member, &parts, &form)?;
    let mut read = Read { form: &form, errors: Vec::new() };
    let on = read.date("pecah_hari");
    let mut into = Vec::new();
    for row in 0..*PARTS.end() {
        let field = |name: &str| format!("bagian.{row}.{name}");
        if !["id", "nama", "anggota", "kursi"].iter().any(|name| form.has(&field(name))) {
            continue;
        }
        // The command counts rows without those left empty; the page leaves none between.
        let seats = numbers(form.get(&field("kursi"))).unwrap_or_else(|message| {
            read.errors.push(FieldError::new(field("kursi"), message));
            Vec::new()
        });
        let members = form.number(&field("anggota"));
        if let Some(id) = read.id(&field("id")) {
            into.push(PartInput { id, name: read.text(&field("nama")), members, seats });
        }
    }
    let reason = read.text("pecah_alasan");
    let command = read.then(Some(Command::Split { parent, into, on, reason }));
    hand_in(&web, &member, &parts, (&form, Part::Split), command).await
}

pub(in crate::web::pages::kelompok) async fn post_dissolve(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let Versioned { id, version } = this(&web, &member, &parts, &form)?;
    let mut read = Read { form: &form, errors: Vec::new() };
    let (on, reason) = (read.date("bubar_hari"), read.text("bubar_alasan"));
    let command = Command::Dissolve { kelompok: id, on, reason, version };
    hand_in(&web, &member, &parts, (&form, Part::Dissolve), read.then(Some(command))).await
}

pub(in crate::web::pages::kelompok) async fn post_restore(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = this(&web, &member, &parts, &form)?.id;
    let line = form.number("line").unwrap_or(0);
    let reason = form.raw("reason").unwrap_or("").to_owned();
    let command = Command::Restore { kelompok, line, reason };
    hand_in(&web, &member, &parts, (&form, Part::Restore), Ok(command)).await
}

/// Hands a command in and leads to the kelompok that is there afterwards, or shows the page with
/// what is wrong.
async fn hand_in(
    web: &Web,
    member: &Member,
    parts: &PathParts,
    (form, part): (&FormData, Part),
    command: Result<Command, Vec<FieldError>>,
) -> Result<Response, WebError> {
    let (errors, status) = match command {
        Err(errors) => (errors, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(command) => {
            let (to, done) = match &command {
                Command::Merge { id, .. } => (urls::kelompok(id), Done::Merged),
                _ => (urls::kelompok(parts.get(0)), Done::Saved),
            };
            match send(web, member, form, command).await? {
                Sent::Done(_) => return Ok(lead_to_done(&to, done)),
                Sent::Wrong(errors, status) => (errors, status),
            }
        }
    };
    let names = NAMES.iter().find(|(of, _)| *of == part).map_or(&[][..], |(_, names)| names);
    let mut errors = renamed(errors, names);
    // There is one kelompok here, so what is wrong with it needs no field of its own.
    for error in errors.iter_mut().filter(|error| error.field.starts_with("kelompok.")) {
        WHOLE_FORM.clone_into(&mut error.field);
    }
    let sent = Form::again(&form.0, errors);
    let mut forms = Forms::fresh(web, member, parts.get(0))?;
    let slot = match part {
        Part::Name => &mut forms.name,
        Part::Move => &mut forms.moving,
        Part::Merge => &mut forms.merge,
        Part::Split => &mut forms.split,
        Part::Dissolve => &mut forms.dissolve,
        Part::Restore => &mut forms.restore,
    };
    *slot = sent;
    show_with(status, &page(web, member, parts.get(0), forms)?)
}
