//! Smaller settings: tema, paper, printed books, reading without a login.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;

use crate::command::Command;
use crate::decide::FieldError;
use crate::event::Setting;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::sesi::{labels, teachable};
use crate::web::parts::when;

use super::{forbidden, from_date, send, trail};

#[derive(Template)]
#[template(path = "pages/setelan_umum.html")]
struct Umum {
    page: Page,
    trail: Vec<Link>,
    sesi: Vec<Choice>,
    widths: Vec<Choice>,
    reading: Vec<Choice>,
    form: Form,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
) -> Result<Response, WebError> {
    let form = Form::new(&web, values(&web))?;
    show(&page(&web, &member, form)?)
}

/// What the forms of the page hold before anything is typed: what is in force.
fn values(web: &Web) -> Vec<(&'static str, String)> {
    let state = web.app.state();
    let reading = if state.public_reading { "terbuka" } else { "masuk" };
    vec![
        ("from", when::today(web).to_string()),
        ("tema", state.tema.join("\n")),
        ("width", state.folio_mm.to_string()),
        ("reading", reading.to_owned()),
        ("generation", "1".to_owned()),
    ]
}

fn page(web: &Web, member: &Member, form: Form) -> Result<Umum, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let state = web.app.state();
    let today = when::today(web);
    let labels = labels(&state);
    let sesi = teachable(&state, |_| false).into_iter().filter_map(|ix| {
        let label = labels.get(usize::from(ix))?;
        let info = state.sesi_info(ix)?;
        let live = info.live(today).map_or(0, |edition| edition.generation);
        let name = format!(
            "{} (buku ke-{}, edisi berlaku ke-{live})",
            label.full(),
            info.printed.on(today)
        );
        Some(Choice::new(label.id.clone(), name))
    });
    let choice = |value: &str, name: &str, hint: &str| Choice {
        hint: hint.to_owned(),
        ..Choice::new(value, name)
    };
    Ok(Umum {
        page: web.page(&member.visitor(), "/setelan"),
        trail: trail(),
        sesi: sesi.collect(),
        widths: vec![
            choice("215", "215 x 330 mm", "Folio yang dijual di kebanyakan toko"),
            choice("210", "210 x 330 mm", "Folio menurut sebagian pencetak"),
        ],
        reading: vec![
            choice(
                "terbuka",
                "Terbuka untuk siapa saja",
                "Tautan dan kode QR langsung membuka materi",
            ),
            choice("masuk", "Hanya setelah masuk", "Setiap pembaca perlu akun"),
        ],
        form,
    })
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    // What holds at once holds from today, whatever else the page says.
    let mut from = when::today(&web);
    let setting = match form.get("apa") {
        "tema" => {
            let lines = form.raw("tema").unwrap_or("").lines().map(str::to_owned);
            Setting::Tema(lines.collect())
        }
        "kertas" => Setting::FolioWidth(form.number("width").unwrap_or(0)),
        "umum" => {
            let open = form.get("reading") == "terbuka";
            if !open && form.get("reading") != "masuk" {
                errors.push(FieldError::new("reading", "Pilih siapa yang boleh membaca materi."));
            }
            Setting::PublicReading(open)
        }
        "buku" => {
            from = from_date(&form, &mut errors);
            let generation = form.number("generation").unwrap_or_else(|| {
                errors.push(FieldError::new("generation", "Isi angka 0 sampai 99."));
                0
            });
            match form.get("sesi").parse() {
                Ok(sesi) => Setting::PrintedBook { sesi, generation },
                Err(_) => {
                    errors.push(FieldError::new("sesi", "Pilih sesi dari daftar."));
                    Setting::FolioWidth(0)
                }
            }
        }
        _ => {
            return Err(WebError::Bad(
                "Setelan itu tidak dikenal. Buka ulang halamannya.".to_owned(),
            ));
        }
    };
    let command = Command::ChangeSetting { from, setting: Box::new(setting), version: None };
    match send(&web, &member, &form, (command, errors)).await? {
        None => Ok(lead_to_done("/setelan", Done::Setting)),
        // One form was sent; the others of the page show what is in force.
        Some((status, form)) => {
            let form = form.with_unsent(values(&web));
            show_with(status, &page(&web, &member, form)?)
        }
    }
}
