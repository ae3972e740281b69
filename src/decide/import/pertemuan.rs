//! Rows of pertemuan: each is decided by itself, so that many can be decided at once.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::command::RecordInput;
use crate::decide::{FieldError, pertemuan};
use crate::event::{Event, Receipt};
use crate::ids::Digest;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;
use crate::state::{KelompokIx, State};

use super::{PertemuanRow, Plan, Row};

/// Beyond so many sesi from a printed book not every way of having said so is tried.
const MAX_TRIED: usize = 6;

/// What a row leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is known as it is.
    Same,
    /// A new pertemuan of a kelompok, and the head-count check that it opens.
    New(KelompokIx, Box<[Option<Event>; 2]>),
    /// Everything that is wrong with it.
    Bad(Vec<FieldError>),
}

/// Decides rows on one state.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'a> {
    state: &'a State,
    viewer: Viewer<'a>,
    latest: Date,
}

impl<'a> Decider<'a> {
    /// Decides for `viewer` as of `now`.
    #[must_use]
    pub fn new(state: &'a State, viewer: Viewer<'a>, now: jiff::Timestamp) -> Self {
        Self { state, viewer, latest: Zone::Wit.date(now) }
    }

    /// What a row leads to; `kelompok` is the one that it names. That another row of the file has its
    /// id is the caller's to notice.
    #[must_use]
    pub fn row(&self, row: &PertemuanRow, kelompok: Option<KelompokIx>) -> Outcome {
        let PertemuanRow { id, input, received } = row;
        let digest =
            if input.is_clean() { Digest::of(input) } else { Digest::of(&input.cleaned()) };
        if let Some((group, fakta)) = self.state.pertemuan(*id) {
            let known = fakta.digest == digest.into()
                || says_more(&fakta, input)
                || self.says_the_same(group, &fakta, input);
            if known {
                return Outcome::Same;
            }
            let message = "Id ini sudah tercatat dengan isi lain. Ubah catatan itu di halamannya, atau beri id baru.";
            return Outcome::Bad(vec![FieldError::new("id", message)]);
        }
        let found = kelompok.and_then(|ix| Some((ix, self.state.group_at(ix)?)));
        let found = found.filter(|(_, group)| {
            self.viewer.manage_groups(group.home(self.latest))
                || self.viewer.record(group, input.date, self.latest)
        });
        let Some((ix, group)) = found else {
            let message = format!(
                "Kelompok “{}” tidak ada di daftar. Impor kelompoknya lebih dulu, atau periksa idnya.",
                input.kelompok
            );
            return Outcome::Bad(vec![FieldError::new("kelompok", message)]);
        };
        match pertemuan::shape(self.state, group, input, self.latest) {
            Err(errors) => Outcome::Bad(errors.into_iter().map(|error| in_file(&error)).collect()),
            Ok((record, check)) => {
                let receipt = received.map_or(Receipt::Unknown, Receipt::At);
                // A file of years past says fewer members where fewer there were; the kelompok
                // that it comes with says how many there are now.
                let more = |event: &Event| matches!(event, Event::HeadChecked { recorded, counted, .. } if counted > recorded);
                let recorded = Event::PertemuanRecorded { id: *id, digest, receipt, record };
                Outcome::New(ix, Box::new([Some(recorded), check.filter(more)]))
            }
        }
    }

    /// Whether a row tells the last form of a record that was corrected since: an export of it.
    fn says_the_same(&self, group: &Kelompok, fakta: &Fakta, input: &RecordInput) -> bool {
        if !fakta.corrected || !group.id.is_same(&input.kelompok) {
            return false;
        }
        let Ok((record, _)) = pertemuan::shape(self.state, group, input, self.latest) else {
            return false;
        };
        let sesi = fakta.sesi.iter().map(|one| {
            let id = self.state.sesi_at(one.sesi).map(|sesi| &sesi.id);
            (id, one.extent, one.source.edition())
        });
        record.date == fakta.date
            && record.kind == self.state.kind_id(fakta.kind)
            && record.attendance == fakta.attendance
            && *record.absent_seats == *fakta.absent_seats
            && record
                .sesi
                .iter()
                .map(|one| (Some(&one.sesi), one.extent, one.source.edition()))
                .eq(sesi)
    }
}

/// Whether a row is what was sent, and says besides what was not: how many members there were, or
/// that a sesi was given from a printed book. An export says both.
fn says_more(fakta: &Fakta, input: &RecordInput) -> bool {
    let said = input.cleaned();
    let books: Vec<usize> = (0..said.sesi.len())
        .filter(|at| said.sesi[*at].edition == Some(0))
        .take(MAX_TRIED)
        .collect();
    let known = said.members == Some(fakta.attendance.members);
    let members: &[Option<u16>] = if known { &[said.members, None] } else { &[said.members] };
    members.iter().any(|members| {
        (0..1_usize << books.len()).any(|unsaid| {
            let mut sent = RecordInput { members: *members, ..said.clone() };
            for (bit, at) in books.iter().enumerate() {
                if unsaid >> bit & 1 == 1 {
                    sent.sesi[*at].edition = None;
                }
            }
            fakta.digest == Digest::of(&sent).into()
        })
    })
}

/// What is wrong with a record, under the name of its column in a file. A sentence that speaks of the
/// field of a form speaks of that column.
fn in_file(error: &FieldError) -> FieldError {
    let field = match error.field.as_str() {
        "date" => "tanggal",
        "kind" => "jenis",
        "present" => "hadir",
        "sick" => "sakit",
        "absent" => "alfa",
        "members" => "anggota",
        "absent_seats" => "nomor_tidak_hadir",
        "start" => "jam_mulai",
        "end" => "jam_selesai",
        "place" => "tempat",
        "discussion" => "diskusi",
        "speakers" => "pembicara",
        "topics" => "topik",
        "obstacles" => "kendala",
        "follow_up" => "tindak_lanjut",
        "note" => "catatan",
        other => match other.strip_prefix("sesi.").map(|rest| rest.rsplit('.').next()) {
            Some(Some("edition")) => "edisi",
            Some(Some("langkah")) => "langkah",
            Some(Some("extent")) => "keterangan_sesi",
            Some(_) => "sesi",
            None => other,
        },
    };
    let message = error.message.replace(pertemuan::MEMBERS, "kolom anggota");
    FieldError::new(field, message)
}

/// What is wrong with a row whose id another row of the file has.
#[must_use]
pub fn doubled() -> FieldError {
    let message = "Id ini sudah ada di baris lain berkas ini. Setiap baris perlu id sendiri.";
    FieldError::new("id", message)
}

/// Plans all rows of a file.
pub(super) fn all(decider: Decider<'_>, rows: &[Row<PertemuanRow>], plan: &mut Plan) {
    let mut seen: HashSet<PertemuanId> = HashSet::new();
    for row in rows {
        if !seen.insert(row.value.id) {
            plan.fail(row.line, doubled());
            continue;
        }
        let kelompok = decider.state.group_ix(row.value.input.kelompok.as_str());
        match decider.row(&row.value, kelompok) {
            Outcome::Same => plan.row(true, Vec::new()),
            Outcome::New(_, events) => plan.row(false, events.into_iter().flatten().collect()),
            Outcome::Bad(errors) => errors.into_iter().for_each(|error| plan.fail(row.line, error)),
        }
    }
}
