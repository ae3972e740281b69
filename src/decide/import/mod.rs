//! Many rows at once: wilayah, kelompok, pengguna, pertemuan.
//!
//! Rows arrive with their shapes already checked. Differences become dated events; nothing that is
//! absent from a file is deleted; importing the same file again gives no event at all.

pub mod pertemuan;

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::command::RecordInput;
use crate::event::Event;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::people::account::{Grant, Login};
use crate::people::policy::Viewer;
use crate::private::Private;
use crate::state::State;

use self::pertemuan::Decider;
use super::places::{AliasRow, EditionRows, PetaRow};
use super::{Context, FieldError, Refusal, groups, places};

/// One row with the number of its line in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row<T> {
    /// The line in the file, from 1, the header included.
    pub line: u32,
    /// What it says.
    pub value: T,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WilayahRow {
    /// Its code.
    pub kode: Kode,
    /// Its name.
    pub name: String,
}

/// A kelompok.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KelompokRow {
    /// Its id.
    pub id: KelompokId,
    /// Its name.
    pub name: String,
    /// Its desa.
    pub desa: Vec<Kode>,
    /// How many members it has.
    pub members: u16,
    /// Who meets it.
    pub pendamping: Option<Login>,
    /// The first day.
    pub start: Date,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PenggunaRow {
    /// The login.
    pub login: Login,
    /// The name.
    pub name: String,
    /// What the user may do.
    pub grants: Vec<Grant>,
}

/// A pertemuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PertemuanRow {
    /// Its id, made from the text in the file.
    pub id: PertemuanId,
    /// What was recorded.
    pub input: RecordInput,
    /// When it reached someone's records; none when the file does not say.
    pub received: Option<jiff::Timestamp>,
}

/// The rows of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Rows {
    /// Places.
    Wilayah(Vec<Row<WilayahRow>>),
    /// A newer list of places.
    WilayahEdition(EditionRows),
    /// Codes that became others.
    WilayahPeta(Vec<Row<PetaRow>>),
    /// Other names of places.
    WilayahAlias(Vec<Row<AliasRow>>),
    /// Kelompok.
    Kelompok(Vec<Row<KelompokRow>>),
    /// Users.
    Pengguna(Vec<Row<PenggunaRow>>),
    /// Pertemuan.
    Pertemuan(Vec<Row<PertemuanRow>>),
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// Its rows.
    pub rows: Rows,
    /// Whether bad rows are left out instead of refusing the whole file.
    pub skip_bad: bool,
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// The line in the file.
    pub line: u32,
    /// The column, or the field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The events, in order.
    pub events: Vec<Event>,
    /// Rows that are new.
    pub new: u32,
    /// Rows that change what is known.
    pub changed: u32,
    /// Rows that are known as they are.
    pub same: u32,
    /// What is wrong, by line.
    pub errors: Vec<RowError>,
}

impl Plan {
    pub(super) fn fail(&mut self, line: u32, error: FieldError) {
        self.errors.push(RowError { line, field: error.field, message: error.message });
    }

    pub(super) fn row(&mut self, known: bool, events: Vec<Event>) {
        match (known, events.is_empty()) {
            (false, _) => self.new += 1,
            (true, true) => self.same += 1,
            (true, false) => self.changed += 1,
        }
        self.events.extend(events);
    }
}

pub(super) fn decide(context: Context<'_>, import: &Import) -> Result<Vec<Event>, Refusal> {
    let plan = plan(context.state, context.viewer, &import.rows, context.request.now);
    if plan.errors.is_empty() || import.skip_bad {
        return Ok(plan.events);
    }
    Err(Refusal::Invalid(
        plan.errors
            .into_iter()
            .map(|error| {
                FieldError::new(format!("baris {}: {}", error.line, error.field), error.message)
            })
            .collect(),
    ))
}

/// What importing these rows would do, and everything that is wrong with them.
#[must_use]
pub fn plan(state: &State, viewer: Viewer<'_>, rows: &Rows, now: jiff::Timestamp) -> Plan {
    let mut plan = Plan::default();
    let scope = Scope { state, viewer, now };
    match rows {
        Rows::Wilayah(rows) => places::list(state, viewer, rows, &mut plan),
        Rows::WilayahEdition(edition) => places::edition(state, viewer, edition, &mut plan),
        Rows::WilayahPeta(rows) => places::renumber(state, viewer, rows, &mut plan),
        Rows::WilayahAlias(rows) => places::alias(state, viewer, rows, &mut plan),
        Rows::Kelompok(rows) => scope.kelompok(rows, &mut plan),
        Rows::Pengguna(rows) => scope.pengguna(rows, &mut plan),
        Rows::Pertemuan(rows) => pertemuan::all(Decider::new(state, viewer, now), rows, &mut plan),
    }
    plan
}

struct Scope<'a> {
    state: &'a State,
    viewer: Viewer<'a>,
    now: jiff::Timestamp,
}

impl Scope<'_> {
    fn today(&self) -> Date {
        Zone::Wib.date(self.now)
    }

    /// Whether a kelompok has so many members already.
    fn has(&self, group: &Kelompok, members: u16) -> bool {
        group.members(self.today().max(group.start)) == members
    }

    fn kelompok(&self, rows: &[Row<KelompokRow>], plan: &mut Plan) {
        let mut seen: HashMap<Box<str>, u32> = HashMap::new();
        for row in rows {
            let value = &row.value;
            if let Some(first) = seen.insert(value.id.folded(), row.line) {
                let message = format!("Id “{}” sudah ada di baris {first}.", value.id);
                plan.fail(row.line, FieldError::new("id", message));
                continue;
            }
            match self.kelompok_events(value) {
                Err(error) => plan.fail(row.line, error),
                Ok(events) => {
                    plan.row(self.state.group(value.id.as_str()).is_some(), events);
                }
            }
        }
    }

    fn kelompok_events(&self, row: &KelompokRow) -> Result<Vec<Event>, FieldError> {
        // A file may still hold codes that became others.
        let desa = row.desa.iter().map(|kode| self.state.current_kode(*kode)).collect();
        let row = &KelompokRow { desa, ..row.clone() };
        let name = groups::name_of(&row.name)?;
        groups::check_desa(self.state, &row.desa)?;
        let known = self.state.group(row.id.as_str());
        // What a file says of the first day of a kelompok that is known changes nothing.
        let start = known.map_or(row.start, |group| group.start);
        let latest = Zone::Wit.date(self.now);
        for error in groups::check_begin(row.members, start, latest) {
            // Neither does a number or a day that an older journal holds.
            if known.is_none_or(|one| error.field == "anggota" && !self.has(one, row.members)) {
                return Err(error);
            }
        }
        let account = self.pendamping(row.pendamping.as_ref(), known, &row.desa)?;
        let home = row.desa.first().copied().unwrap_or(Kode::NASIONAL);
        let outside = || FieldError::new("kode_desa", "Desa ini di luar wewenang Anda.");
        if !self.viewer.manage_groups(home) {
            return Err(outside());
        }
        let id = row.id.clone();
        let assign = |from: Date| Event::PendampingAssigned { kelompok: id.clone(), from, account };
        let Some(group) = known else {
            let created = Event::KelompokCreated {
                id: row.id.clone(),
                name,
                desa: row.desa.clone(),
                members: row.members,
                start: row.start,
            };
            let assigned = account.map(|_| assign(row.start));
            return Ok(std::iter::once(created).chain(assigned).collect());
        };
        let today = self.today();
        if !self.viewer.manage_groups(group.home(today)) {
            return Err(outside());
        }
        let id = group.id.clone();
        let mut events = Vec::new();
        if group.name != name {
            events.push(Event::KelompokRenamed { id: id.clone(), name });
        }
        if group.all_desa(today) != row.desa {
            let (from, desa) = (today.max(group.start), row.desa.clone());
            events.push(Event::KelompokMoved { id: id.clone(), from, desa });
        }
        let day = today.max(group.start);
        let delta = i32::from(row.members) - i32::from(group.members(day));
        if delta != 0 {
            let (date, reason, note) = (day, HeadReason::Koreksi, None);
            groups::within(group, date, delta)
                .map_err(|message| FieldError::new("anggota", message))?;
            // Who left a numbered seat cannot be read from a number of members.
            let opened = groups::seats_of(group, date, delta, &[])
                .map_err(|_| FieldError::new("anggota", unnamed_seats(group)))?;
            let kelompok = id.clone();
            events.push(Event::HeadChanged { kelompok, date, delta, reason, note });
            if !opened.0.is_empty() {
                let (opened, closed) = opened;
                events.push(Event::SeatsChanged { kelompok: id, date, opened, closed });
            }
        }
        if group.pendamping(day) != account {
            events.push(assign(day));
        }
        if let Some(end) = group.end.filter(|end| *end <= today && !events.is_empty()) {
            return Err(FieldError::new("id", super::life::ended_words(group, end)));
        }
        Ok(events)
    }

    fn pendamping(
        &self,
        login: Option<&Login>,
        group: Option<&Kelompok>,
        desa: &[Kode],
    ) -> Result<Option<AccountId>, FieldError> {
        let Some(login) = login else { return Ok(None) };
        let current = group.and_then(|group| group.pendamping(self.today().max(group.start)));
        if let Some(account) = current.and_then(|id| self.state.account(id))
            && account.login == *login
        {
            // Who meets it already needs no role to go on being named, also when disabled since.
            return Ok(Some(account.id));
        }
        match self.state.account_by_login(login) {
            Some(account) if groups::works_near(account, desa) && account.disabled => {
                Err(FieldError::new("pendamping", groups::disabled_words(account)))
            }
            Some(account) if groups::works_near(account, desa) => Ok(Some(account.id)),
            _ => Err(FieldError::new(
                "pendamping",
                format!(
                    "Tidak ada pendamping di kabupaten ini dengan nama masuk “{login}”. Impor penggunanya lebih dulu."
                ),
            )),
        }
    }

    fn pengguna(&self, rows: &[Row<PenggunaRow>], plan: &mut Plan) {
        let mut seen: HashMap<&Login, u32> = HashMap::new();
        let mut next = self.state.next_account();
        for row in rows {
            let PenggunaRow { login, name, grants } = &row.value;
            let grants = &grants
                .iter()
                .map(|grant| Grant { area: self.state.current_kode(grant.area), ..*grant })
                .collect::<Vec<_>>();
            if let Some(first) = seen.insert(login, row.line) {
                let message = format!("Nama masuk “{login}” sudah ada di baris {first}.");
                plan.fail(row.line, FieldError::new("login", message));
                continue;
            }
            let known = self.state.account_by_login(login);
            let touched = grants.iter().chain(known.iter().flat_map(|account| &account.grants));
            if !touched.clone().all(|grant| self.viewer.manage_users(grant.area)) {
                let message = "Wilayah pengguna ini di luar wewenang Anda.";
                plan.fail(row.line, FieldError::new("wilayah", message));
                continue;
            }
            if let Some(grant) = grants.iter().find(|grant| {
                grant.area != Kode::NASIONAL && !self.state.wilayah.contains_key(&grant.area)
            }) {
                let message = format!("Wilayah {} belum ada di daftar wilayah.", grant.area);
                plan.fail(row.line, FieldError::new("wilayah", message));
                continue;
            }
            let name = match groups::name_of(name) {
                Ok(name) => name,
                Err(error) => {
                    plan.fail(row.line, error);
                    continue;
                }
            };
            let mut grants = grants.clone();
            grants.sort_unstable();
            grants.dedup();
            let events = match known {
                None => {
                    let id = next;
                    next = AccountId(next.0 + 1);
                    let login = Private::from(login.as_str());
                    vec![Event::AccountCreated { id, login, name: Private::from(name), grants }]
                }
                Some(account) if account.name == name && account.grants == grants => Vec::new(),
                Some(account) => vec![Event::AccountChanged {
                    id: account.id,
                    name: (account.name != name).then(|| Private::from(name)),
                    grants: (account.grants != grants).then_some(grants),
                    disabled: None,
                }],
            };
            plan.row(known.is_some(), events);
        }
    }
}

fn unnamed_seats(group: &Kelompok) -> String {
    format!(
        "Kelompok {} memakai nomor urut. Ubah jumlah anggotanya di halamannya dan sebut nomor urut yang keluar.",
        group.id
    )
}
