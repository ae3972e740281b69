//! What can be asked for. A command is decided on the state and becomes events, or is refused.

mod input;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::skema::Skema;
use crate::event::{ChangeKind, LoginKind, Setting, SuspensionTarget};
use crate::ids::{AccountId, Digest};
use crate::kelompok::KelompokId;
use crate::kelompok::group::HeadReason;
use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::rates::Month;
use crate::kelompok::visit::{CheckNo, CheckOutcome, VisitId};
use crate::kelompok::wilayah::Kode;
use crate::people::account::{Grant, Login};

pub use input::{
    CheckInput, GroupChange, HolidayChange, PartInput, PlanChange, RecordInput, TaughtInput,
    Versioned, VisitInput,
};

/// Who asks for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The owner of the data directory at the command line, and the program itself.
    System,
    /// Someone who logged in.
    Account(AccountId),
    /// Someone who has not logged in yet.
    Anyone,
}

/// A command with everything that `decide` may know besides the state.
#[derive(Debug, Clone)]
pub struct Request {
    /// The id of the request, from the client or the form.
    pub id: Uuid,
    /// Who asks.
    pub actor: Actor,
    /// The time at the server.
    pub now: Timestamp,
    /// What is asked for.
    pub command: Command,
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Command {
    /// Make an account.
    CreateAccount {
        /// Its login.
        login: String,
        /// Its name.
        name: String,
        /// What it may do.
        grants: Vec<Grant>,
    },
    /// Change name, grants or the disabled mark of an account.
    ChangeAccount {
        /// Which.
        id: AccountId,
        /// The new name.
        name: Option<String>,
        /// The new grants.
        grants: Option<Vec<Grant>>,
        /// The new disabled mark.
        disabled: Option<bool>,
    },
    /// Make a one-time link.
    CreateLink {
        /// For this account; none for the first admin.
        account: Option<AccountId>,
        /// The digest of the secret.
        token: Digest,
        /// It ends at this time.
        expires: Timestamp,
    },
    /// Use a one-time link: set a password and log in; the first admin also gets an account.
    UseLink {
        /// The digest of the secret.
        token: Digest,
        /// The argon2id hash of the new password.
        hash: String,
        /// For the first admin: the login and the name.
        first: Option<(String, String)>,
        /// The digest of the new login's token.
        login: Digest,
        /// The login ends at this time.
        expires: Timestamp,
    },
    /// Log in; the password was checked before.
    OpenLogin {
        /// Who.
        account: AccountId,
        /// The digest of the token.
        token: Digest,
        /// For a browser or a program.
        kind: LoginKind,
        /// It ends at this time.
        expires: Timestamp,
    },
    /// Log out.
    CloseLogin {
        /// The digest of the token.
        token: Digest,
    },
    /// Change one's own password; the old one was checked before.
    ChangePassword {
        /// The argon2id hash of the new password.
        hash: String,
    },
    /// Enter a kelompok.
    CreateGroup {
        /// Its id.
        id: KelompokId,
        /// Its name.
        name: String,
        /// Its desa.
        desa: Vec<Kode>,
        /// Members on the first day.
        members: u16,
        /// The first day.
        start: Date,
        /// Who meets it.
        pendamping: Option<Login>,
    },
    /// Rename a kelompok.
    RenameGroup {
        /// Which.
        id: KelompokId,
        /// The new name.
        name: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Change the number of members.
    ChangeHeads {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// From this day on.
        date: Date,
        /// By how many.
        delta: i32,
        /// Why.
        reason: HeadReason,
        /// In words.
        note: String,
        /// The seats that end, where members are numbered; new ones get the next numbers.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        seats: Vec<u16>,
        /// The version that the change was made on.
        version: u64,
    },
    /// Hand a kelompok to a pendamping.
    Assign {
        /// Which kelompok.
        kelompok: KelompokId,
        /// From this day on.
        from: Date,
        /// To whom.
        account: Option<AccountId>,
        /// The version that the change was made on.
        version: u64,
    },
    /// Dissolve a kelompok.
    Dissolve {
        /// Which.
        kelompok: KelompokId,
        /// The first day on which it is no longer active.
        on: Date,
        /// Why.
        reason: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Merge kelompok into a new one.
    Merge {
        /// Those that end.
        parents: Vec<Versioned>,
        /// The id of the new one.
        id: KelompokId,
        /// Its name.
        name: String,
        /// Who meets it.
        pendamping: Option<AccountId>,
        /// Its first day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// Split a kelompok into new ones.
    Split {
        /// The one that ends.
        parent: Versioned,
        /// The new ones.
        into: Vec<PartInput>,
        /// Their first day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// Undo the merge, split or dissolution of a kelompok.
    Restore {
        /// One of the kelompok that it concerned.
        kelompok: KelompokId,
        /// The journal line that said so.
        line: u64,
        /// Why.
        reason: String,
    },
    /// Number the members of a kelompok.
    NumberSeats {
        /// Which kelompok.
        kelompok: KelompokId,
        /// From this day on members come and go by number.
        date: Date,
        /// The version that the change was made on.
        version: u64,
    },
    /// Hand the kelompok of one pendamping to another, all at once.
    HandOver {
        /// Who met them.
        from: AccountId,
        /// Who meets them then.
        to: AccountId,
        /// Which.
        kelompok: Vec<Versioned>,
        /// From this day on.
        day: Date,
    },
    /// Change several kelompok at once: all of them or none.
    ChangeMany {
        /// Which.
        kelompok: Vec<Versioned>,
        /// How.
        change: GroupChange,
    },
    /// Begin a suspension.
    Suspend {
        /// Where.
        target: SuspensionTarget,
        /// First day.
        from: Date,
        /// Last day, if known.
        to: Option<Date>,
        /// Why.
        reason: String,
    },
    /// End a suspension.
    Resume {
        /// The journal line that began it.
        suspension: u64,
        /// Its last day.
        to: Date,
        /// Of this kelompok alone, where one was begun for several.
        #[serde(skip_serializing_if = "Option::is_none")]
        kelompok: Option<KelompokId>,
    },
    /// Log a visit, with the head-count check that was made on it.
    LogVisit {
        /// What is said of it.
        visit: Box<VisitInput>,
        /// What was counted, for a kelompok whose members were counted.
        check: Option<CheckInput>,
    },
    /// Correct a visit.
    CorrectVisit {
        /// Which.
        id: VisitId,
        /// What is said now.
        visit: Box<VisitInput>,
        /// Why.
        reason: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Withdraw a visit.
    WithdrawVisit {
        /// Which.
        id: VisitId,
        /// Why.
        reason: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Log a head-count check by a visitor.
    LogCheck {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// On this day.
        date: Date,
        /// By which office.
        office: String,
        /// What was found.
        check: CheckInput,
    },
    /// Settle a head-count check.
    ResolveCheck {
        /// Which check.
        check: CheckNo,
        /// How.
        outcome: CheckOutcome,
        /// Why the number of members changed, when it is changed.
        reason: Option<HeadReason>,
        /// In words.
        note: String,
    },
    /// Join two records of one pertemuan: one stays, the other is withdrawn.
    JoinRecords {
        /// The record that stays.
        keep: PertemuanId,
        /// The record that is withdrawn.
        withdraw: PertemuanId,
        /// What the one that stays says then; none leaves it as it is.
        record: Option<Box<RecordInput>>,
        /// The versions of both that were looked at, in this order.
        versions: (u64, u64),
    },
    /// Change one holiday of a place, from today on.
    ChangeHolidays {
        /// Which place.
        area: Kode,
        /// How.
        change: HolidayChange,
        /// How often the list was changed when it was looked at.
        version: u64,
    },
    /// Say how else people call a place; replaces what was said before.
    NamePlace {
        /// Its code.
        kode: Kode,
        /// All of its other names.
        names: Vec<String>,
    },
    /// Record a pertemuan.
    Record(Box<RecordInput>),
    /// Correct a pertemuan.
    Correct {
        /// Which.
        id: PertemuanId,
        /// What is said now.
        record: Box<RecordInput>,
        /// Why.
        reason: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Withdraw a pertemuan.
    Withdraw {
        /// Which.
        id: PertemuanId,
        /// Why.
        reason: String,
        /// The version that the change was made on.
        version: u64,
    },
    /// Ask about a pertemuan.
    Ask {
        /// Which.
        id: PertemuanId,
        /// The question.
        text: String,
    },
    /// Answer a question.
    Answer {
        /// Which.
        id: PertemuanId,
        /// The answer.
        text: String,
    },
    /// Say that a pertemuan is no double.
    NotDouble {
        /// Which.
        id: PertemuanId,
    },
    /// Enter a skema.
    LoadSkema {
        /// All of it.
        skema: Box<Skema>,
    },
    /// Enter a text that came with the program as an edition.
    LoadEdition(Box<TextFacts>),
    /// Hand a text in for review.
    Submit {
        /// Of which sesi.
        sesi: SesiId,
        /// The text.
        revision: RevisionId,
        /// The edition on which it was made.
        base: Option<u16>,
        /// Everyone who edited it.
        authors: Vec<AccountId>,
        /// What changed, in words.
        summary: String,
    },
    /// Return a text to its authors.
    Return {
        /// Of which sesi.
        sesi: SesiId,
        /// The text.
        revision: RevisionId,
        /// Why.
        reason: String,
    },
    /// Publish exactly this text.
    Publish {
        /// What the text says of itself.
        text: Box<TextFacts>,
        /// Whether the substance changed.
        kind: ChangeKind,
        /// What changed, in words.
        note: String,
    },
    /// Change a setting from a date on.
    ChangeSetting {
        /// From this date on.
        from: Date,
        /// What, and to which value.
        setting: Box<Setting>,
        /// The version that the change was made on; none overwrites whatever stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
    },
    /// Set down the figures of a month that is over, kabupaten by kabupaten, as far as one line
    /// holds.
    FreezeMonth {
        /// The month.
        month: Month,
        /// Go on behind this kabupaten; none for the first line of a month.
        after: Option<Kode>,
    },
    /// Change the plan of a kelompok.
    ChangePlan {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// How.
        change: PlanChange,
        /// The version of the plan that the change was made on; 0 for one never changed.
        version: u64,
    },
    /// Blank the private parts of lines, for good.
    Redact {
        /// The sequence numbers of the lines.
        lines: Vec<u64>,
        /// Why, without what is blanked.
        reason: String,
    },
    /// Enter many rows at once.
    Import(Box<crate::decide::import::Import>),
}

/// What the state needs to know of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextFacts {
    /// Of which sesi.
    pub sesi: SesiId,
    /// The text.
    pub revision: RevisionId,
    /// How many langkah it has.
    pub langkah: u8,
    /// How many minutes they add up to.
    pub minutes: u16,
    /// Its title.
    pub title: String,
}

/// A thing that a command changes. Two commands that change the same thing never stand in one
/// batch, so each is decided on the state that the other left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Thing {
    /// One kelompok and its pertemuan, by its number in the state.
    Kelompok(u32),
    /// One kelompok that is to be, by folded id.
    NewKelompok(Box<str>),
    /// One sesi.
    Sesi(SesiId),
    /// One visit.
    Visit(VisitId),
    /// One account.
    Account(AccountId),
    /// The list of accounts: numbers and logins are given out here.
    Accounts,
    /// One link or login.
    Token(Digest),
    /// Everything: the command goes alone.
    Everything,
}
