//! What can happen. Every change is one of these events; they are what the journal keeps.
//!
//! An event is named by its word in the journal (`pertemuan.dicatat`). Fields may be added with
//! defaults, meanings never change. What is [`Private`] stands in the private part of a line and
//! can be blanked without breaking the chain.

mod parts;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::skema::Skema;
use crate::ids::{AccountId, Digest};
use crate::kelompok::KelompokId;
use crate::kelompok::frozen::FrozenRow;
use crate::kelompok::group::HeadReason;
use crate::kelompok::lineage::Successor;
use crate::kelompok::pertemuan::{Pertemuan, PertemuanId};
use crate::kelompok::plan::Pin;
use crate::kelompok::rates::Month;
use crate::kelompok::visit::{CheckNo, CheckOutcome, Visit, VisitId};
use crate::kelompok::wilayah::Kode;
use crate::people::account::Grant;
use crate::private::Private;

pub use parts::{ChangeKind, LineInfo, LoginKind, Receipt, Setting, SuspensionTarget};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// An account was made.
    #[serde(rename = "akun.dibuat")]
    AccountCreated {
        /// Its number.
        id: AccountId,
        /// Its login.
        login: Private,
        /// The name shown.
        name: Private,
        /// What it may do.
        grants: Vec<Grant>,
    },
    /// Name, grants or the disabled mark of an account changed.
    #[serde(rename = "akun.diubah")]
    AccountChanged {
        /// Which account.
        id: AccountId,
        /// The new name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Private>,
        /// The new grants.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grants: Option<Vec<Grant>>,
        /// The new disabled mark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disabled: Option<bool>,
    },
    /// A one-time link was made, with which a password can be set.
    #[serde(rename = "tautan.dibuat")]
    LinkCreated {
        /// For this account; none for the link that makes the first admin.
        account: Option<AccountId>,
        /// The digest of the secret in the link.
        token: Digest,
        /// It ends at this time.
        expires: Timestamp,
    },
    /// A one-time link was used.
    #[serde(rename = "tautan.dipakai")]
    LinkUsed {
        /// The digest of its secret.
        token: Digest,
    },
    /// A password was set; every login of the account has ended.
    #[serde(rename = "sandi.diganti")]
    PasswordChanged {
        /// Whose.
        account: AccountId,
        /// The argon2id hash in PHC form.
        hash: Private,
    },
    /// Someone logged in, or an API token was made.
    #[serde(rename = "masuk.dibuka")]
    LoginOpened {
        /// Who.
        account: AccountId,
        /// The digest of the token.
        token: Digest,
        /// For a browser or a program.
        kind: LoginKind,
        /// It ends at this time.
        expires: Timestamp,
    },
    /// Someone logged out, or a token was taken back.
    #[serde(rename = "masuk.ditutup")]
    LoginClosed {
        /// The digest of the token.
        token: Digest,
    },
    /// A place was entered or renamed.
    #[serde(rename = "wilayah.dimuat")]
    WilayahLoaded {
        /// Its code.
        kode: Kode,
        /// Its name.
        name: String,
    },
    /// A newer list of places came into force; what follows in its import belongs to it.
    #[serde(rename = "wilayah.edisi")]
    WilayahEdition {
        /// How its source is called.
        name: String,
        /// In force from this date on.
        date: Date,
    },
    /// Places that a newer list no longer holds. They stay readable for what was recorded there.
    #[serde(rename = "wilayah.dihapus")]
    WilayahRetired {
        /// Their codes.
        codes: Vec<Kode>,
    },
    /// Places got other codes and stayed what they were: no kelompok moved.
    #[serde(rename = "wilayah.dinomori")]
    WilayahRenumbered {
        /// The old and the new code of each. All of them change at once.
        codes: Vec<(Kode, Kode)>,
    },
    /// How else people call or spell a place; replaces what was said before.
    #[serde(rename = "wilayah.alias")]
    WilayahAliased {
        /// Its code.
        kode: Kode,
        /// All of its other names.
        names: Vec<String>,
    },
    /// A kelompok was entered.
    #[serde(rename = "kelompok.dibuat")]
    KelompokCreated {
        /// Its id.
        id: KelompokId,
        /// Its name.
        name: String,
        /// The desa of its members; the first is the one it belongs to.
        desa: Vec<Kode>,
        /// Members on the first day.
        members: u16,
        /// The first day.
        start: Date,
    },
    /// A kelompok was renamed.
    #[serde(rename = "kelompok.diganti_nama")]
    KelompokRenamed {
        /// Which.
        id: KelompokId,
        /// The new name.
        name: String,
    },
    /// The desa of a kelompok's members changed from a day on.
    #[serde(rename = "kelompok.pindah")]
    KelompokMoved {
        /// Which.
        id: KelompokId,
        /// From this day on.
        from: Date,
        /// The desa; the first is the one it belongs to.
        desa: Vec<Kode>,
    },
    /// A kelompok is no longer active from a day on.
    #[serde(rename = "kelompok.bubar")]
    KelompokDissolved {
        /// Which.
        id: KelompokId,
        /// The first day on which it is no longer active.
        on: Date,
        /// Why.
        reason: Private,
    },
    /// Several kelompok became a new one.
    #[serde(rename = "kelompok.digabung")]
    KelompokMerged {
        /// Those that end, in the order to which its seats refer.
        parents: Vec<KelompokId>,
        /// The new one.
        into: Successor,
        /// Its first day, and the first on which the others are no longer active.
        on: Date,
        /// Why.
        reason: Private,
    },
    /// A kelompok became several new ones.
    #[serde(rename = "kelompok.dipecah")]
    KelompokSplit {
        /// The one that ends.
        parent: KelompokId,
        /// The new ones.
        into: Vec<Successor>,
        /// Their first day, and the first on which the other is no longer active.
        on: Date,
        /// Why.
        reason: Private,
    },
    /// A merge, split or dissolution was undone: it never was.
    #[serde(rename = "kelompok.dibatalkan")]
    KelompokRestored {
        /// The journal line that said so.
        line: u64,
        /// Every kelompok that it concerned.
        kelompok: Vec<KelompokId>,
        /// Why.
        reason: Private,
    },
    /// The members of a kelompok were numbered: seats 1 to `count`.
    #[serde(rename = "kursi.dinomori")]
    SeatsNumbered {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// From this day on members come and go by number.
        date: Date,
        /// How many.
        count: u16,
    },
    /// Seats were opened or ended; stands beside the change of the number of members.
    #[serde(rename = "kursi.diubah")]
    SeatsChanged {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// The first day of those opened, and the first day without those ended.
        date: Date,
        /// The numbers that were opened.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        opened: Vec<u16>,
        /// The numbers that were ended.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        closed: Vec<u16>,
    },
    /// The number of members changed.
    #[serde(rename = "anggota.diubah")]
    HeadChanged {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// From this day on.
        date: Date,
        /// By how many.
        delta: i32,
        /// Why.
        reason: HeadReason,
        /// In words, if more is to be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Private>,
    },
    /// Someone counted the members, or reported more present than members.
    #[serde(rename = "anggota.diperiksa")]
    HeadChecked {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// On this day.
        date: Date,
        /// Whether the kelompok was found.
        found: bool,
        /// The number recorded for that day.
        recorded: u16,
        /// The number counted.
        counted: u16,
        /// By which office.
        office: Private,
    },
    /// A head-count check was settled.
    #[serde(rename = "anggota.pemeriksaan_selesai")]
    HeadCheckResolved {
        /// Which check.
        check: CheckNo,
        /// Of which kelompok.
        kelompok: KelompokId,
        /// How.
        outcome: CheckOutcome,
        /// In words, if more is to be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Private>,
    },
    /// An office visited a place or a kelompok.
    #[serde(rename = "kunjungan.dicatat")]
    VisitLogged {
        /// Its id.
        id: VisitId,
        /// What is said of it.
        visit: Visit,
    },
    /// A visit was corrected; the former form stays readable.
    #[serde(rename = "kunjungan.dikoreksi")]
    VisitCorrected {
        /// Which.
        id: VisitId,
        /// What is said now.
        visit: Visit,
        /// Why.
        reason: Private,
    },
    /// A visit was withdrawn; it stays readable and counts for nothing.
    #[serde(rename = "kunjungan.ditarik")]
    VisitWithdrawn {
        /// Which.
        id: VisitId,
        /// Why.
        reason: Private,
    },
    /// A kelompok was handed to a pendamping, or to nobody.
    #[serde(rename = "pendamping.ditugaskan")]
    PendampingAssigned {
        /// Which kelompok.
        kelompok: KelompokId,
        /// From this day on.
        from: Date,
        /// To whom.
        account: Option<AccountId>,
    },
    /// Pertemuan are not expected for a while.
    #[serde(rename = "penangguhan.dimulai")]
    SuspensionStarted {
        /// Where.
        target: SuspensionTarget,
        /// First day.
        from: Date,
        /// Last day, if it is known.
        to: Option<Date>,
        /// Why.
        reason: Private,
    },
    /// The last day of a suspension became known or changed.
    #[serde(rename = "penangguhan.berakhir")]
    SuspensionEnded {
        /// The journal line that began it.
        suspension: u64,
        /// Its last day.
        to: Date,
        /// Of this kelompok alone, where the line began one for several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kelompok: Option<KelompokId>,
    },
    /// A pertemuan was recorded.
    #[serde(rename = "pertemuan.dicatat")]
    PertemuanRecorded {
        /// Its id.
        id: PertemuanId,
        /// The digest of the values that were sent.
        digest: Digest,
        /// When it reached the server.
        #[serde(default, skip_serializing_if = "Receipt::is_line")]
        receipt: Receipt,
        /// What was said.
        record: Pertemuan,
    },
    /// A pertemuan was corrected; the former form stays readable.
    #[serde(rename = "pertemuan.dikoreksi")]
    PertemuanCorrected {
        /// Which.
        id: PertemuanId,
        /// What is said now.
        record: Pertemuan,
        /// Why.
        reason: Private,
    },
    /// A pertemuan was withdrawn; it stays readable and counts for nothing.
    #[serde(rename = "pertemuan.ditarik")]
    PertemuanWithdrawn {
        /// Which.
        id: PertemuanId,
        /// Of which kelompok.
        kelompok: KelompokId,
        /// Why.
        reason: Private,
        /// The record of the same pertemuan that stays, when two were joined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joined: Option<PertemuanId>,
    },
    /// A supervisor asked about a pertemuan.
    #[serde(rename = "pertemuan.ditanya")]
    PertemuanQuestioned {
        /// Which.
        id: PertemuanId,
        /// Of which kelompok.
        kelompok: KelompokId,
        /// The question.
        text: Private,
    },
    /// The pendamping answered.
    #[serde(rename = "pertemuan.dijawab")]
    PertemuanAnswered {
        /// Which.
        id: PertemuanId,
        /// Of which kelompok.
        kelompok: KelompokId,
        /// The answer.
        text: Private,
    },
    /// Someone said that a pertemuan is no double of another of its day.
    #[serde(rename = "pertemuan.bukan_ganda")]
    PertemuanSeparate {
        /// Which.
        id: PertemuanId,
        /// Of which kelompok.
        kelompok: KelompokId,
    },
    /// A skema was entered or replaced by a newer one of the same id.
    #[serde(rename = "skema.dimuat")]
    SkemaLoaded {
        /// All of it.
        skema: Box<Skema>,
    },
    /// A text was handed in for review.
    #[serde(rename = "revisi.diajukan")]
    RevisionSubmitted {
        /// Of which sesi.
        sesi: SesiId,
        /// The text.
        revision: RevisionId,
        /// The edition on which it was made, if there was one.
        base: Option<u16>,
        /// Everyone who wrote or edited it.
        authors: Vec<AccountId>,
        /// What changed, in words.
        summary: Private,
    },
    /// A text was returned to its authors.
    #[serde(rename = "revisi.dikembalikan")]
    RevisionReturned {
        /// Of which sesi.
        sesi: SesiId,
        /// The text.
        revision: RevisionId,
        /// Why.
        reason: Private,
    },
    /// A text became the live edition of its sesi.
    #[serde(rename = "sesi.diterbitkan")]
    EditionPublished {
        /// Of which sesi.
        sesi: SesiId,
        /// The text.
        revision: RevisionId,
        /// The number of the edition, from 1.
        edition: u16,
        /// Whether the substance changed.
        kind: ChangeKind,
        /// Live from this date on (WIB).
        date: Date,
        /// How many langkah the text has.
        langkah: u8,
        /// How many minutes its langkah add up to.
        minutes: u16,
        /// The title of the text.
        title: String,
        /// What changed, in words.
        note: Private,
        /// Everyone who wrote or edited it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        authors: Vec<AccountId>,
    },
    /// A setting changed from a date on.
    #[serde(rename = "setelan.diubah")]
    SettingChanged {
        /// From this date on.
        from: Date,
        /// What, and to which value.
        setting: Box<Setting>,
    },
    /// The figures of a month that is over were set down as they were known then. The areas of one
    /// month may stand in several of these, each kabupaten whole in one.
    #[serde(rename = "bulan.dibekukan")]
    MonthFrozen {
        /// The month.
        month: Month,
        /// A row for each kabupaten with kelompok, and behind it one for each of its kecamatan.
        rows: Vec<FrozenRow>,
        /// Whether no other rows of this month follow.
        whole: bool,
    },
    /// The plan of a kelompok was changed by hand, or put back into the order of the skema.
    #[serde(rename = "rencana.diubah")]
    PlanChanged {
        /// Of which kelompok.
        kelompok: KelompokId,
        /// The first month that may be different from before.
        from: Month,
        /// Every sesi whose month was chosen by hand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pins: Vec<Pin>,
        /// Every sesi that was left out by hand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        out: Vec<SesiId>,
    },
    /// The private parts of lines were blanked.
    #[serde(rename = "jurnal.disunting")]
    Redacted {
        /// The sequence numbers of the lines.
        lines: Vec<u64>,
        /// Why, without what was blanked.
        reason: String,
    },
}
