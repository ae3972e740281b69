//! Kelompok written down for a snapshot, in a tenth of the bytes and the time that a form with
//! names of fields takes. Never kept longer than the program that wrote it.

use serde::de::{Deserializer, Error};
use serde::ser::Serializer;

use crate::ids::AccountId;

use super::fakta::FaktaList;
use super::few::{Few, Rare};
use super::group::{HeadChange, HeadReason, Kelompok, Suspension};
use super::lineage::{Ending, Origin};
use super::seats::Seat;
use super::varint::{Reader, date, days, signed, unsigned};
use super::wilayah::Kode;

/// Every reason by its number here.
const REASONS: [HeadReason; 7] = [
    HeadReason::Awal,
    HeadReason::AnggotaBaru,
    HeadReason::GraduasiMandiri,
    HeadReason::GraduasiAlamiah,
    HeadReason::Pindah,
    HeadReason::Meninggal,
    HeadReason::Koreksi,
];
const ENDED: u8 = 1;
const SELDOM: u8 = 2;

/// What few kelompok have; it is written with the names of its fields.
type Seldom = (Vec<(u64, Suspension)>, Vec<Seat>, Option<Box<Origin>>, Option<Box<Ending>>);

/// Writes all of them as one piece.
///
/// # Errors
/// Those of the format.
pub(crate) fn serialize<S: Serializer>(groups: &[Kelompok], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(groups.len() * 96);
    unsigned(&mut bytes, groups.len() as u64);
    for group in groups {
        write(group, &mut bytes).map_err(serde::ser::Error::custom)?;
    }
    crate::bytes::serialize(&bytes, to)
}

/// Reads them back.
///
/// # Errors
/// Those of the format; or when the piece is not one that was written.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Kelompok>, D::Error> {
    let bytes = crate::bytes::deserialize(from)?;
    let mut reader = Reader { bytes: &bytes };
    let broken = || D::Error::custom("kelompok are not as they were written");
    let count: usize = reader.number().ok_or_else(broken)?;
    // Each takes some bytes, so a damaged count cannot ask for memory without bound.
    let mut groups = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        groups.push(read(&mut reader).ok_or_else(broken)?);
    }
    if reader.bytes.is_empty() { Ok(groups) } else { Err(broken()) }
}

fn write(group: &Kelompok, out: &mut Vec<u8>) -> Result<(), ciborium::ser::Error<std::io::Error>> {
    let seldom = !group.suspensions.is_empty()
        || !group.seats.is_empty()
        || group.origin.is_some()
        || group.ending.is_some();
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    out.push(flag(group.end.is_some(), ENDED) | flag(seldom, SELDOM));
    text(group.id.as_str(), out);
    text(&group.name, out);
    signed(out, days(group.start).into());
    signed(out, days(group.known).into());
    if let Some(end) = group.end {
        signed(out, days(end).into());
    }
    unsigned(out, group.desa.len() as u64);
    for (from, desa) in &group.desa {
        signed(out, days(*from).into());
        unsigned(out, desa.len() as u64);
        desa.iter().for_each(|kode| unsigned(out, kode.to_bits()));
    }
    unsigned(out, group.heads.len() as u64);
    for change in &group.heads {
        signed(out, days(change.date).into());
        signed(out, change.delta.into());
        let reason = REASONS.iter().position(|one| *one == change.reason).unwrap_or(0);
        unsigned(out, reason as u64);
    }
    unsigned(out, group.assigned.len() as u64);
    for (from, who) in &group.assigned {
        signed(out, days(*from).into());
        unsigned(out, who.map_or(0, |who| u64::from(who.0) + 1));
    }
    unsigned(out, group.version);
    unsigned(out, group.last_seq);
    group.fakta.write(out);
    if seldom {
        let (suspensions, seats) = (group.suspensions.to_vec(), group.seats.to_vec());
        let seldom: Seldom = (suspensions, seats, group.origin.clone(), group.ending.clone());
        let mut bytes = Vec::new();
        ciborium::into_writer(&seldom, &mut bytes)?;
        unsigned(out, bytes.len() as u64);
        out.extend_from_slice(&bytes);
    }
    Ok(())
}

fn text(text: &str, out: &mut Vec<u8>) {
    unsigned(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn read_text<'b>(reader: &mut Reader<'b>) -> Option<&'b str> {
    let length = reader.number()?;
    std::str::from_utf8(reader.bytes(length)?).ok()
}

fn read(reader: &mut Reader<'_>) -> Option<Kelompok> {
    let [flags] = reader.take()?;
    let id = read_text(reader)?.parse().ok()?;
    let name = read_text(reader)?.to_owned();
    let (start, known) = (date(reader.signed()?)?, date(reader.signed()?)?);
    let end = if flags & ENDED == 0 { None } else { Some(date(reader.signed()?)?) };
    let desa = few(reader, &mut |reader| {
        let from = date(reader.signed()?)?;
        Some((from, few(reader, &mut |reader| Kode::from_bits(reader.unsigned()?))?))
    })?;
    let heads = few(reader, &mut |reader| {
        let (date, delta) = (date(reader.signed()?)?, i32::try_from(reader.signed()?).ok()?);
        let reason = *REASONS.get(reader.number::<usize>()?)?;
        Some(HeadChange { date, delta, reason })
    })?;
    let assigned = few(reader, &mut |reader| {
        let from = date(reader.signed()?)?;
        let who = reader.unsigned()?.checked_sub(1);
        Some((from, who.map(u32::try_from).transpose().ok()?.map(AccountId)))
    })?;
    let (version, last_seq) = (reader.unsigned()?, reader.unsigned()?);
    let fakta = FaktaList::read(reader)?;
    let mut seldom = Seldom::default();
    if flags & SELDOM != 0 {
        let length = reader.number()?;
        let bytes = reader.bytes(length)?;
        seldom = ciborium::from_reader(bytes).ok()?;
    }
    let (suspensions, seats, origin, ending) = seldom;
    let (suspensions, seats) = (Rare::from(suspensions), Rare::from(seats));
    Some(Kelompok {
        id,
        name,
        desa,
        start,
        known,
        end,
        heads,
        assigned,
        suspensions,
        seats,
        origin,
        ending,
        fakta,
        version,
        last_seq,
    })
}

fn few<T>(
    reader: &mut Reader<'_>,
    one: &mut dyn FnMut(&mut Reader<'_>) -> Option<T>,
) -> Option<Few<T>> {
    let count: usize = reader.number()?;
    (0..count).map(|_| one(reader)).collect::<Option<Few<T>>>()
}
