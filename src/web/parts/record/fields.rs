//! What the form of a record shows around the values that were typed.

use jiff::civil::Date;

use super::parse::counted;
use crate::bahasa::{angka, tanggal};
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::decide::pertemuan::MAX_SESI;
use crate::kelompok::group::Kelompok;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::page::{Choice, Form};
use crate::web::parts::sesi::{Label, by_modul, label, labels, teachable};

/// Everything that `parts/record.html` shows besides the values of the form.
#[derive(Debug, Clone)]
pub(crate) struct RecordFields {
    /// The last date allowed.
    pub(crate) today: String,
    /// The rows of sesi.
    pub(crate) rows: Vec<Row>,
    /// What can be chosen.
    pub(crate) modul: Vec<ModulChoice>,
    /// The kinds of pertemuan.
    pub(crate) kinds: Vec<Choice>,
    /// Whether the rows behind the first are open.
    pub(crate) more: bool,
    /// Whether the details are open.
    pub(crate) details: bool,
}

/// One sesi of the form.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its position.
    pub(crate) at: usize,
    /// Its name.
    pub(crate) label: String,
    /// The id of the chosen sesi; empty for none.
    pub(crate) sesi: String,
    /// Whether all of it was taught.
    pub(crate) tuntas: bool,
    /// The langkah of its text.
    pub(crate) langkah: Vec<Step>,
    /// From which text it may have been taught.
    pub(crate) editions: Vec<EditionChoice>,
    /// What is wrong with it.
    pub(crate) error: Option<String>,
    revision: Option<RevisionId>,
}

/// One langkah that can be ticked.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Its number.
    pub(crate) number: u8,
    /// Its name.
    pub(crate) name: String,
    /// Whether it is ticked.
    pub(crate) done: bool,
}

/// One text from which a sesi may have been taught.
#[derive(Debug, Clone)]
pub(crate) struct EditionChoice {
    /// What is sent.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) name: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// A modul with the sesi that can be chosen.
#[derive(Debug, Clone)]
pub(crate) struct ModulChoice {
    /// Its title.
    pub(crate) title: String,
    /// Its sesi.
    pub(crate) sesi: Vec<SesiChoice>,
}

/// One sesi that can be chosen.
#[derive(Debug, Clone)]
pub(crate) struct SesiChoice {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// `sesi 8`.
    pub(crate) short: String,
    /// How many langkah its live text has.
    pub(crate) langkah: u8,
}

/// Fields of the folded part; when one of them says something, the part is open.
const DETAILS: [&str; 11] = [
    "members",
    "absent_seats",
    "start",
    "end",
    "place",
    "discussion",
    "speakers",
    "topics",
    "obstacles",
    "follow_up",
    "note",
];

impl RecordFields {
    /// What the form shows on `today`, the local date of the kelompok.
    ///
    /// # Errors
    /// When a text cannot be read.
    pub(crate) fn of(web: &Web, form: &Form, today: Date) -> Result<Self, WebError> {
        let mut fields = Self::choices(&web.app.state(), form, today);
        // Texts are read from disk once, so never while the state is held.
        for row in &mut fields.rows {
            let Some(revision) = row.revision else { continue };
            let text = web.app.texts().get(revision)?;
            let name = format!("sesi.{}.langkah", row.at);
            row.langkah = (1..=32)
                .zip(&text.sesi.langkah)
                .map(|(number, step)| Step {
                    number,
                    name: step.nama.clone(),
                    done: form.checked(&name, &number.to_string()),
                })
                .collect();
        }
        Ok(fields)
    }

    fn choices(state: &State, form: &Form, today: Date) -> Self {
        let labels = labels(state);
        let chosen = |id: &str| (0..MAX_SESI).any(|at| form.value(&format!("sesi.{at}.id")) == id);
        let order = teachable(state, chosen);
        let modul = by_modul(&labels, &order).into_iter().map(|group| ModulChoice {
            title: group.title,
            sesi: group
                .sesi
                .iter()
                .filter_map(|ix| {
                    let label = labels.get(usize::from(*ix))?;
                    let live = state.sesi_info(*ix).and_then(|info| info.live(today));
                    Some(SesiChoice {
                        id: label.id.clone(),
                        name: option_name(label),
                        short: label.short.clone(),
                        langkah: live.map_or(0, |edition| edition.langkah),
                    })
                })
                .collect(),
        });
        let kinds = state.rules.on(today).kinds.iter().map(|kind| {
            let counts = if kind.counts { "dihitung" } else { "tidak dihitung dalam cakupan" };
            Choice::new(&kind.id, format!("{} ({counts})", kind.name))
        });
        let rows = rows(state, form);
        let told = |name: &&str| !form.value(name).is_empty() || form.error(name).is_some();
        let kind = form.value("kind");
        Self {
            today: today.to_string(),
            more: rows.iter().skip(1).any(|row| !row.sesi.is_empty() || row.error.is_some()),
            rows,
            modul: modul.collect(),
            kinds: kinds.collect(),
            details: DETAILS.iter().any(told)
                || !matches!(kind, "" | "lengkap")
                || form.error("kind").is_some(),
        }
    }
}

/// `8. Gizi Ibu Hamil`, as it stands under the title of its modul.
fn option_name(label: &Label) -> String {
    if label.number == 0 {
        label.title.clone()
    } else {
        format!("{}. {}", label.number, label.title)
    }
}

fn rows(state: &State, form: &Form) -> Vec<Row> {
    let set = |at: usize| !form.value(&format!("sesi.{at}.id")).is_empty();
    let used = (0..MAX_SESI).rev().find(|at| set(*at)).map_or(0, |at| at + 1);
    let count = (used + 1).clamp(2, MAX_SESI);
    (0..count).map(|at| row(state, form, at)).collect()
}

fn row(state: &State, form: &Form, at: usize) -> Row {
    const PLACES: [&str; MAX_SESI] = [
        "Sesi yang diajarkan",
        "Sesi kedua",
        "Sesi ketiga",
        "Sesi keempat",
        "Sesi kelima",
        "Sesi keenam",
        "Sesi ketujuh",
        "Sesi kedelapan",
        "Sesi kesembilan",
        "Sesi kesepuluh",
        "Sesi kesebelas",
        "Sesi kedua belas",
    ];
    let field = format!("sesi.{at}");
    let id = form.value(&format!("{field}.id")).to_owned();
    let chosen = id.parse::<SesiId>().ok().and_then(|id| state.sesi(&id));
    let edition = form.value(&format!("{field}.edition"));
    let mut editions = Vec::new();
    let mut revision = None;
    if let Some(sesi) = chosen {
        let mut add = |value: String, name: String| {
            let chosen = value == edition;
            editions.push(EditionChoice { value, name, chosen });
        };
        if !sesi.editions.is_empty() {
            add(String::new(), "Edisi yang berlaku pada tanggal itu".to_owned());
        }
        for one in sesi.editions.iter().rev() {
            let name = format!("Edisi {}, terbit {}", one.number, tanggal::short(one.date));
            add(one.number.to_string(), name);
        }
        add("0".to_owned(), "Buku cetak resmi".to_owned());
        let number = edition.parse().ok().and_then(|number| sesi.edition(number));
        revision = number.or_else(|| sesi.live()).map(|edition| edition.revision);
    }
    let inside = format!("{field}.");
    let error = form
        .errors
        .iter()
        .find(|error| error.field == field || error.field.starts_with(&inside))
        .map(|error| error.message.clone());
    Row {
        at,
        label: PLACES.get(at).copied().unwrap_or("Sesi lain").to_owned(),
        sesi: id,
        tuntas: form.value(&format!("{field}.extent")) != "sebagian",
        langkah: Vec::new(),
        editions,
        error,
        revision,
    }
}

/// The form as one sentence: `Melati 2, 21 November 2026, sesi 8 tuntas, 23 dari 25 hadir`.
pub(crate) fn summary(state: &State, group: &Kelompok, form: &Form) -> String {
    let date = tanggal::parse(form.value("date"));
    let day = date.map_or_else(|_| "tanggal belum diisi".to_owned(), tanggal::long);
    let taught: Vec<String> = (0..MAX_SESI)
        .filter_map(|at| {
            let id = form.value(&format!("sesi.{at}.id")).parse::<SesiId>().ok()?;
            let label = label(state, state.sesi_ix(&id)?);
            let extent = form.value(&format!("sesi.{at}.extent"));
            Some(format!("{} {}", label.short, if extent.is_empty() { "tuntas" } else { extent }))
        })
        .collect();
    let taught = if taught.is_empty() { "tanpa sesi".to_owned() } else { angka::list(&taught) };
    let members =
        form.value("members").parse().ok().or_else(|| date.ok().map(|date| group.members(date)));
    let (present, sick, absent) = counted(form.values());
    let mut words =
        format!("{}, {day}, {taught}, {present} dari {} hadir", group.name, members.unwrap_or(0));
    for (count, word) in [(sick, "sakit"), (absent, "alfa")] {
        if count > 0 {
            words.push_str(&format!(", {count} {word}"));
        }
    }
    words
}
