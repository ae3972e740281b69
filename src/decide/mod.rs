//! Decides a command on the state: the events that follow, or a refusal in the domain's words.
//!
//! Pure: a refused command changes nothing, and the same command on the same state always gives the
//! same events.

pub mod ahead;
mod curriculum;
mod days;
mod freeze;
mod ganda;
mod groups;
pub mod import;
pub mod life;
mod many;
mod people;
pub mod pertemuan;
pub mod places;
mod plan;
pub mod refusal;
mod setting;
mod visit;

use jiff::civil::Date;

use crate::command::{Actor, Command, Request, Thing};
use crate::event::Event;
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;
use crate::state::State;

pub use refusal::{FieldError, Refusal};

/// What an accepted command leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// These events are to be appended.
    Events(Vec<Event>),
    /// The same command was accepted before, in this line; the answer is the same.
    Repeat(u64),
}

/// What a decision may know besides the command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) state: &'a State,
    pub(crate) viewer: Viewer<'a>,
    pub(crate) request: &'a Request,
}

impl Context<'_> {
    /// Today in the latest zone of the country: what lies behind it has not come anywhere.
    fn latest_today(self) -> Date {
        Zone::Wit.date(self.request.now)
    }

    /// Today in WIB, the zone of dates that belong to no kelompok.
    fn today(self) -> Date {
        Zone::Wib.date(self.request.now)
    }
}

/// Decides `request` on `state`.
///
/// # Errors
/// A [`Refusal`] that says what is wrong and what to do; nothing has changed then.
pub fn decide(state: &State, request: &Request) -> Result<Decision, Refusal> {
    let viewer = viewer(state, request.actor)?;
    let context = Context { state, viewer, request };
    if let Some(accepted) = state.accepted(request.id) {
        return repeat(context, accepted);
    }
    events(context).map(Decision::Events)
}

/// The person who stands behind an actor.
///
/// # Errors
/// When the account is unknown or disabled.
pub fn viewer(state: &State, actor: Actor) -> Result<Viewer<'_>, Refusal> {
    match actor {
        Actor::System => Ok(Viewer::System),
        Actor::Anyone => Ok(Viewer::Anyone),
        Actor::Account(id) => match state.account(id) {
            Some(account) if !account.disabled => Ok(Viewer::Account(account)),
            _ => Err(Refusal::Forbidden(
                "Akun Anda tidak aktif lagi. Hubungi admin wilayah Anda.".to_owned(),
            )),
        },
    }
}

fn repeat(context: Context<'_>, accepted: crate::state::Accepted) -> Result<Decision, Refusal> {
    if accepted.by != context.viewer.id() {
        return Err(Refusal::NotFound("Permintaan ini"));
    }
    if accepted.digest != context.request.digest().into() {
        return Err(Refusal::SameIdOtherValues("id"));
    }
    Ok(Decision::Repeat(accepted.seq))
}

fn one(event: Event) -> Vec<Event> {
    vec![event]
}

fn events(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &context.request.command {
        Command::CreateAccount { .. }
        | Command::ChangeAccount { .. }
        | Command::CreateLink { .. }
        | Command::UseLink { .. }
        | Command::OpenLogin { .. }
        | Command::CloseLogin { .. }
        | Command::ChangePassword { .. } => people::decide(context),
        Command::CreateGroup { .. }
        | Command::RenameGroup { .. }
        | Command::ChangeHeads { .. }
        | Command::Assign { .. }
        | Command::Dissolve { .. }
        | Command::Suspend { .. }
        | Command::Resume { .. } => groups::decide(context),
        Command::LogVisit { .. }
        | Command::CorrectVisit { .. }
        | Command::WithdrawVisit { .. }
        | Command::LogCheck { .. }
        | Command::ResolveCheck { .. } => visit::decide(context),
        Command::JoinRecords { keep, withdraw, record, versions } => {
            ganda::join(context, (*keep, *withdraw), record.as_deref(), *versions)
        }
        Command::NamePlace { kode, names } => places::name_place(context, *kode, names),
        Command::Merge { .. }
        | Command::Split { .. }
        | Command::Restore { .. }
        | Command::NumberSeats { .. } => life::decide(context),
        Command::HandOver { .. } | Command::ChangeMany { .. } => many::decide(context),
        Command::Record(input) => pertemuan::record(context, input),
        Command::Correct { .. }
        | Command::Withdraw { .. }
        | Command::Ask { .. }
        | Command::Answer { .. }
        | Command::NotDouble { .. } => pertemuan::change(context),
        Command::LoadSkema { .. }
        | Command::LoadEdition { .. }
        | Command::Submit { .. }
        | Command::Return { .. }
        | Command::Publish { .. } => curriculum::decide(context),
        Command::ChangeSetting { from, setting, version } => {
            let decided = if let crate::event::Setting::Holidays(holidays) = &**setting {
                plan::holidays(context, *from, holidays).map(one)?
            } else {
                setting::decide(context, *from, setting)?
            };
            let current = context.state.setting_version(setting);
            if version.is_some_and(|version| version != current) {
                return Err(Refusal::Stale { current });
            }
            Ok(decided)
        }
        Command::ChangeHolidays { area, change, version } => {
            plan::change_holidays(context, *area, change, *version).map(one)
        }
        Command::FreezeMonth { month, after } => freeze::decide(context, *month, *after).map(one),
        Command::ChangePlan { .. } => plan::change(context).map(one),
        Command::Redact { lines, reason } => redact(context, lines, reason).map(one),
        Command::Import(import) => import::decide(context, import),
    }
}

/// Blanking is for the owner of the data alone, with a reason that stays.
fn redact(context: Context<'_>, lines: &[u64], reason: &str) -> Result<Event, Refusal> {
    if !matches!(context.request.actor, Actor::System) {
        return Err(Refusal::forbidden("menghapus teks dari jurnal"));
    }
    if lines.is_empty() || lines.iter().any(|seq| *seq == 0 || *seq > context.state.seq) {
        return Err(Refusal::invalid(
            "lines",
            format!("Sebutkan nomor baris jurnal dari 1 sampai {}.", context.state.seq),
        ));
    }
    match crate::kelompok::text::clean(reason, crate::kelompok::text::MAX_TEXT_CHARS) {
        Ok(reason) if !reason.is_empty() => Ok(Event::Redacted { lines: lines.to_vec(), reason }),
        Ok(_) => Err(Refusal::invalid("reason", "Tulis alasan penghapusannya.")),
        Err(error) => Err(Refusal::invalid("reason", error.to_string())),
    }
}

impl Request {
    /// The digest of the command's values, to know a repeat from another command of the same id.
    #[must_use]
    pub fn digest(&self) -> crate::ids::Digest {
        match &self.command {
            // The values alone, as they will be kept: what was sent with a blank too many is the
            // same as what an export of it says.
            Command::Record(input) if input.is_clean() => crate::ids::Digest::of(input),
            Command::Record(input) => crate::ids::Digest::of(&input.cleaned()),
            other => crate::ids::Digest::of(other),
        }
    }

    /// The things that the command changes.
    #[must_use]
    pub fn things(&self, state: &State) -> Vec<Thing> {
        let thing = |id: &crate::kelompok::KelompokId| match state.group_ix(id.as_str()) {
            Some(ix) => Thing::Kelompok(ix),
            None => Thing::NewKelompok(id.folded()),
        };
        let group = |id: &crate::kelompok::KelompokId| vec![thing(id)];
        let pertemuan = |id: &uuid::Uuid| match state.pertemuan(*id) {
            Some((kelompok, _)) => group(&kelompok.id),
            None => Vec::new(),
        };
        match &self.command {
            Command::CreateAccount { .. } | Command::UseLink { .. } => vec![Thing::Accounts],
            Command::ChangeAccount { id, .. } => vec![Thing::Account(*id)],
            Command::OpenLogin { account, .. } => vec![Thing::Account(*account)],
            Command::ChangePassword { .. } => match self.actor {
                Actor::Account(id) => vec![Thing::Account(id)],
                _ => Vec::new(),
            },
            Command::CreateLink { token, .. } | Command::CloseLogin { token } => {
                vec![Thing::Token(*token)]
            }
            Command::CreateGroup { id, .. } | Command::RenameGroup { id, .. } => group(id),
            Command::ChangeHeads { kelompok, .. }
            | Command::Assign { kelompok, .. }
            | Command::Dissolve { kelompok, .. }
            | Command::ChangePlan { kelompok, .. }
            | Command::NumberSeats { kelompok, .. } => group(kelompok),
            Command::LogVisit { visit, check } => {
                let mut things = vec![Thing::Visit(self.id)];
                if let (Some(_), VisitPlace::Kelompok(id)) = (check, &visit.place) {
                    things.extend(group(id));
                }
                things
            }
            Command::CorrectVisit { id, .. } | Command::WithdrawVisit { id, .. } => {
                vec![Thing::Visit(*id)]
            }
            Command::LogCheck { kelompok, .. } => group(kelompok),
            Command::ResolveCheck { check, .. } => {
                state.check(*check).map_or_else(Vec::new, |(_, one)| group(&one.id))
            }
            Command::JoinRecords { keep, .. } => pertemuan(keep),
            Command::HandOver { kelompok, .. } | Command::ChangeMany { kelompok, .. } => {
                kelompok.iter().map(|one| thing(&one.id)).collect()
            }
            Command::Record(input) => group(&input.kelompok),
            Command::Correct { id, .. }
            | Command::Withdraw { id, .. }
            | Command::Ask { id, .. }
            | Command::Answer { id, .. }
            | Command::NotDouble { id } => pertemuan(id),
            Command::Submit { sesi, .. } | Command::Return { sesi, .. } => {
                vec![Thing::Sesi(sesi.clone())]
            }
            Command::Publish { text, .. } => vec![Thing::Sesi(text.sesi.clone())],
            Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::NamePlace { .. }
            | Command::LoadSkema { .. }
            | Command::LoadEdition { .. }
            | Command::ChangeSetting { .. }
            | Command::ChangeHolidays { .. }
            | Command::FreezeMonth { .. }
            | Command::Redact { .. }
            | Command::Import(_)
            | Command::Merge { .. }
            | Command::Split { .. }
            | Command::Restore { .. } => vec![Thing::Everything],
        }
    }
}
