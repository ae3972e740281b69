//! What all events add up to. Held in memory; a pure fold without disk, clock or web.

mod brief;
pub mod columns;
mod curriculum;
mod difference;
mod frozen;
mod groups;
mod ids;
pub mod import;
mod life;
mod outlook;
mod people;
mod places;
pub mod rollup;
mod settings;
pub mod shelving;
mod trend;
mod visits;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::curriculum::headings::TEMA;
use crate::curriculum::ids::SesiId;
use crate::curriculum::skema::Skema;
use crate::event::{Event, LineInfo};
use crate::ids::{AccountId, Digest, Mark};
use crate::kelompok::coverage::{self, SesiInfo};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::{Kelompok, Suspension};
use crate::kelompok::rules::{Dated, Holidays, Rules, TargetSet};
use crate::kelompok::siksng::Crosswalk;
use crate::kelompok::visit::VisitId;
use crate::kelompok::wilayah::Kode;
use crate::people::account::{Account, Login};

use columns::Changes;
use ids::{Commands, IdIndex};
use shelving::Unshelved;

pub use brief::{Brief, Waiting};
pub use curriculum::{Edition, SesiState, Submission};
pub use difference::{Difference, DifferencePart};
pub use frozen::{FreezeDue, Frozen, FrozenEntry, FrozenMonth, Hit};
pub use life::Owed;
pub use outlook::{Ahead, AheadMonth, PlanEdit, PlanState, Quiet};
pub use people::{LinkState, LoginState};
pub use places::{PlaceEdition, PlaceNameError, PlaceNames, Places};
pub use settings::SettingChange;
pub use trend::{Months, Part};
pub use visits::{CheckResolved, HeadCheck, VisitForm, VisitState, Visited};

/// The dense number of a kelompok; stable as long as the process lives.
pub type KelompokIx = u32;

/// A suspension of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The mark of its values.
    pub digest: Mark,
    /// Who sent it.
    pub by: Option<AccountId>,
    /// Its journal line.
    pub seq: u64,
}

/// The fold of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The last journal line folded in; 0 for an empty journal.
    pub seq: u64,
    /// The last line that blanked private texts; 0 for none. What was written down before it may
    /// still hold them.
    pub redacted: u64,
    /// The last line that told of anything but pertemuan; 0 for none.
    beside: u64,
    /// Accounts by number.
    pub accounts: BTreeMap<AccountId, Account>,
    logins: HashMap<Login, AccountId>,
    links: HashMap<Digest, LinkState>,
    opened: HashMap<Digest, LoginState>,
    /// Names of places, in tree order.
    pub wilayah: BTreeMap<Kode, String>,
    /// What is known of places besides their names.
    pub places: Places,
    #[serde(with = "crate::kelompok::written")]
    groups: Vec<Kelompok>,
    /// By the keys of their ids.
    group_ids: IdIndex,
    /// By where each belongs in the end.
    by_area: BTreeSet<(Kode, KelompokIx)>,
    /// Those that belonged to more than one place in their time.
    moved: BTreeSet<KelompokIx>,
    /// Every kelompok that was ever given to an account, in the order in which that was said first.
    given: BTreeMap<AccountId, Vec<KelompokIx>>,
    /// To which kelompok a pertemuan belongs.
    pertemuan: IdIndex,
    /// Suspensions of areas, oldest line first.
    pub suspensions: Vec<AreaSuspension>,
    /// Head-count checks, oldest line first.
    pub checks: Vec<HeadCheck>,
    visits: Vec<VisitState>,
    visit_ids: HashMap<VisitId, usize>,
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
    /// Commands that recorded no pertemuan of their id; those that did are found there.
    commands: Commands,
    #[serde(skip)]
    changes: Changes,
    #[serde(skip)]
    unshelved: Unshelved,
    /// Which category of the ministry's form stands for which modul and sesi, by date.
    pub crosswalk: Dated<Crosswalk>,
    /// The tema that a sesi may have, in the order of lists.
    pub tema: Vec<String>,
    /// The width of folio paper (F4) in mm.
    pub folio_mm: u16,
    setting_changes: Vec<SettingChange>,
}

impl Default for State {
    fn default() -> Self {
        let rules = Rules::default();
        let kinds = rules.kinds.iter().map(|kind| kind.id.clone()).collect();
        Self {
            seq: 0,
            redacted: 0,
            beside: 0,
            accounts: BTreeMap::new(),
            logins: HashMap::new(),
            links: HashMap::new(),
            opened: HashMap::new(),
            wilayah: BTreeMap::new(),
            places: Places::default(),
            groups: Vec::new(),
            group_ids: IdIndex::default(),
            by_area: BTreeSet::new(),
            moved: BTreeSet::new(),
            given: BTreeMap::new(),
            pertemuan: IdIndex::default(),
            suspensions: Vec::new(),
            checks: Vec::new(),
            visits: Vec::new(),
            visit_ids: HashMap::new(),
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
            commands: Commands::default(),
            changes: Changes::default(),
            unshelved: Unshelved::default(),
            crosswalk: Dated::new(Crosswalk::shipped()),
            tema: TEMA.iter().map(|tema| (*tema).to_owned()).collect(),
            folio_mm: 215,
            setting_changes: Vec::new(),
        }
    }
}

impl State {
    /// Folds one accepted command in: all of its events, in order.
    pub fn apply_line(&mut self, info: &LineInfo, events: &[Event]) {
        for event in events {
            self.apply(info, event);
        }
        if !events.iter().all(of_one_pertemuan) {
            self.beside = info.seq;
        }
        let recorded = events.iter().any(
            |event| matches!(event, Event::PertemuanRecorded { id, .. } if *id == info.command),
        );
        if !info.command.is_nil() && !recorded {
            let accepted = Accepted { digest: info.digest.into(), by: info.by, seq: info.seq };
            self.commands.insert(info.command, accepted);
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
            Event::MonthFrozen { .. } => self.apply_frozen(info, event),
            Event::PlanChanged { .. } => self.apply_plan(info, event),
            Event::SettingChanged { from, setting } => self.apply_setting(info, *from, setting),
            Event::HeadChecked { .. }
            | Event::HeadCheckResolved { .. }
            | Event::VisitLogged { .. }
            | Event::VisitCorrected { .. }
            | Event::VisitWithdrawn { .. } => self.apply_visit(info, event),
            Event::WilayahLoaded { .. }
            | Event::WilayahEdition { .. }
            | Event::WilayahRetired { .. }
            | Event::WilayahRenumbered { .. }
            | Event::WilayahAliased { .. } => self.apply_place(info, event),
            Event::Redacted { .. } => self.redacted = info.seq,
            Event::KelompokMerged { .. }
            | Event::KelompokSplit { .. }
            | Event::KelompokRestored { .. }
            | Event::SeatsNumbered { .. }
            | Event::SeatsChanged { .. } => self.apply_life(info, event),
            _ => self.apply_group(info, event),
        }
        self.note_change(info, event);
    }

    /// Whether nothing came behind line `seq` that can bear on what may be recorded for `group`:
    /// only pertemuan of other kelompok did.
    #[must_use]
    pub fn unmoved_since(&self, seq: u64, group: &Kelompok) -> bool {
        self.beside <= seq && group.last_seq <= seq
    }

    /// The last line that told of anything but pertemuan; texts, places, people and settings are
    /// as they were then.
    #[must_use]
    pub fn beside(&self) -> u64 {
        self.beside
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
        self.commands.get(command).or_else(|| {
            let (_, fakta) = self.pertemuan(command)?;
            let by = (fakta.author.0 != 0).then_some(fakta.author);
            Some(Accepted { digest: fakta.digest, by, seq: fakta.first_seq })
        })
    }

    /// About how many bytes of memory the pertemuan and the ids of commands take.
    #[must_use]
    pub fn pertemuan_bytes(&self) -> usize {
        let facts: usize = self.groups.iter().map(|group| group.fakta.heap_bytes()).sum();
        facts + self.pertemuan.heap_bytes() + self.commands.heap_bytes()
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

    /// Drops logins and links that ended before `now`; they can do nothing any more, so this changes
    /// no answer and keeps memory small.
    pub fn forget_ended(&mut self, now: Timestamp) {
        self.links.retain(|_, link| link.expires > now);
        self.opened.retain(|_, login| login.expires > now);
    }
}

/// Whether an event tells of one pertemuan and of nothing else.
#[must_use]
pub fn of_one_pertemuan(event: &Event) -> bool {
    matches!(
        event,
        Event::PertemuanRecorded { .. }
            | Event::PertemuanCorrected { .. }
            | Event::PertemuanWithdrawn { .. }
            | Event::PertemuanQuestioned { .. }
            | Event::PertemuanAnswered { .. }
            | Event::PertemuanSeparate { .. }
    )
}
