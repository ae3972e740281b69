//! What all events add up to. Held in memory; a pure fold without disk, clock or web.

mod curriculum;
mod difference;
mod frozen;
mod groups;
mod outlook;
mod people;
pub mod rollup;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::curriculum::ids::SesiId;
use crate::curriculum::skema::Skema;
use crate::event::{Event, LineInfo, Setting};
use crate::ids::{AccountId, Digest};
use crate::kelompok::coverage::{self, SesiInfo};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::{Kelompok, Suspension};
use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::rules::{Dated, Holidays, Rules, TargetSet};
use crate::kelompok::wilayah::Kode;
use crate::people::account::{Account, Login};

pub use curriculum::{Edition, SesiState, Submission};
pub use difference::{Difference, DifferencePart};
pub use frozen::{FreezeDue, Frozen, FrozenEntry, FrozenMonth, Hit};
pub use outlook::{Ahead, AheadMonth, PlanEdit, PlanState, Quiet};
pub use people::{LinkState, LoginState};

/// The dense number of a kelompok; stable as long as the process lives.
pub type KelompokIx = u32;

/// A suspension of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaSuspension {
    /// The journal line that began it.
    pub id: u64,
    /// The area.
    pub area: Kode,
    /// From and to.
    pub period: Suspension,
}

/// A command that was accepted before, so that a repeat gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The digest of its values.
    pub digest: Digest,
    /// Who sent it.
    pub by: Option<AccountId>,
    /// Its journal line.
    pub seq: u64,
}

/// A head-count check that found another number than was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadCheck {
    /// The journal line that holds it.
    pub seq: u64,
    /// Of which kelompok.
    pub kelompok: KelompokIx,
    /// On this day.
    pub date: Date,
    /// Whether the kelompok was found.
    pub found: bool,
    /// The number recorded for that day.
    pub recorded: u16,
    /// The number counted.
    pub counted: u16,
}

/// The fold of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The last journal line folded in; 0 for an empty journal.
    pub seq: u64,
    /// Accounts by number.
    pub accounts: BTreeMap<AccountId, Account>,
    logins: HashMap<Login, AccountId>,
    links: HashMap<Digest, LinkState>,
    opened: HashMap<Digest, LoginState>,
    /// Names of places, in tree order.
    pub wilayah: BTreeMap<Kode, String>,
    groups: Vec<Kelompok>,
    group_ids: HashMap<Box<str>, KelompokIx>,
    by_area: BTreeSet<(Kode, KelompokIx)>,
    pertemuan: HashMap<PertemuanId, KelompokIx>,
    /// Suspensions of areas, oldest line first.
    pub suspensions: Vec<AreaSuspension>,
    /// Head-count checks, oldest line first.
    pub checks: Vec<HeadCheck>,
    sesi: Vec<SesiState>,
    sesi_ids: HashMap<SesiId, SesiIx>,
    infos: Vec<SesiInfo>,
    /// The skema, in the order in which they were first entered.
    pub skema: Vec<Skema>,
    kinds: Vec<String>,
    /// The rules of counting by date.
    pub rules: Dated<Rules>,
    /// Target sets that were set; where none holds, the default skema does.
    pub targets: Vec<TargetSet>,
    /// Whether live texts may be read without a login.
    pub public_reading: bool,
    frozen: Frozen,
    plans: BTreeMap<KelompokIx, PlanState>,
    holidays: Vec<(Date, Holidays)>,
    commands: HashMap<Uuid, Accepted>,
}

impl Default for State {
    fn default() -> Self {
        let rules = Rules::default();
        let kinds = rules.kinds.iter().map(|kind| kind.id.clone()).collect();
        Self {
            seq: 0,
            accounts: BTreeMap::new(),
            logins: HashMap::new(),
            links: HashMap::new(),
            opened: HashMap::new(),
            wilayah: BTreeMap::new(),
            groups: Vec::new(),
            group_ids: HashMap::new(),
            by_area: BTreeSet::new(),
            pertemuan: HashMap::new(),
            suspensions: Vec::new(),
            checks: Vec::new(),
            sesi: Vec::new(),
            sesi_ids: HashMap::new(),
            infos: Vec::new(),
            skema: Vec::new(),
            kinds,
            rules: Dated::new(rules),
            targets: Vec::new(),
            public_reading: true,
            frozen: Frozen::default(),
            plans: BTreeMap::new(),
            holidays: Vec::new(),
            commands: HashMap::new(),
        }
    }
}

impl State {
    /// Folds one accepted command in: all of its events, in order.
    pub fn apply_line(&mut self, info: &LineInfo, events: &[Event]) {
        for event in events {
            self.apply(info, event);
        }
        if !info.command.is_nil() {
            self.commands
                .insert(info.command, Accepted { digest: info.digest, by: info.by, seq: info.seq });
        }
        self.seq = info.seq;
    }

    /// Folds one event in. An event about something unknown changes nothing: the journal holds only
    /// what `decide` accepted, so that cannot come of a sound journal.
    pub fn apply(&mut self, info: &LineInfo, event: &Event) {
        self.remember(info, event);
        match event {
            Event::AccountCreated { .. }
            | Event::AccountChanged { .. }
            | Event::LinkCreated { .. }
            | Event::LinkUsed { .. }
            | Event::PasswordChanged { .. }
            | Event::LoginOpened { .. }
            | Event::LoginClosed { .. } => self.apply_people(event),
            Event::SkemaLoaded { .. }
            | Event::RevisionSubmitted { .. }
            | Event::RevisionReturned { .. }
            | Event::EditionPublished { .. } => self.apply_curriculum(info, event),
            Event::SettingChanged { from, setting } => self.apply_setting(*from, setting),
            Event::MonthFrozen { .. } => self.apply_frozen(info, event),
            Event::PlanChanged { .. } => self.apply_plan(info, event),
            Event::Redacted { .. } => {}
            _ => self.apply_group(info, event),
        }
    }

    fn apply_setting(&mut self, from: Date, setting: &Setting) {
        match setting {
            Setting::Rules(rules) => {
                for kind in &rules.kinds {
                    if !self.kinds.contains(&kind.id) {
                        self.kinds.push(kind.id.clone());
                    }
                }
                self.rules.set(from, rules.clone());
            }
            Setting::Target(target) => self.targets.push(target.clone()),
            Setting::PublicReading(open) => self.public_reading = *open,
            Setting::Holidays(holidays) => self.set_holidays(from, holidays),
        }
    }

    /// What the numbers depend on outside a kelompok.
    #[must_use]
    pub fn setting(&self) -> coverage::Setting<'_> {
        coverage::Setting { rules: &self.rules, kinds: &self.kinds, sesi: &self.infos }
    }

    /// The id of the kind that [`crate::kelompok::fakta::Fakta::kind`] names.
    #[must_use]
    pub fn kind_id(&self, kind: u8) -> &str {
        self.kinds.get(usize::from(kind)).map_or("", String::as_str)
    }

    /// The command with this id, if it was accepted before.
    #[must_use]
    pub fn accepted(&self, command: Uuid) -> Option<Accepted> {
        self.commands.get(&command).copied()
    }

    /// The name of a place, or its code when no name is known.
    #[must_use]
    pub fn place(&self, kode: Kode) -> String {
        match self.wilayah.get(&kode) {
            Some(name) => name.clone(),
            None if kode == Kode::NASIONAL => "Indonesia".to_owned(),
            None => kode.to_string(),
        }
    }

    /// The places directly below `kode`, in tree order.
    pub fn places_below(&self, kode: Kode) -> impl Iterator<Item = (Kode, &str)> {
        let level = kode.level().below();
        self.wilayah
            .range(kode..kode.end())
            .filter(move |(place, _)| Some(place.level()) == level)
            .map(|(place, name)| (*place, name.as_str()))
    }

    /// Drops logins and links that ended before `now`; they can do nothing any more, so this changes
    /// no answer and keeps memory small.
    pub fn forget_ended(&mut self, now: Timestamp) {
        self.links.retain(|_, link| link.expires > now);
        self.opened.retain(|_, login| login.expires > now);
    }
}
