//! One [`Fakta`] as bytes, and back.
//!
//! A record is its id, the mark of its values, a byte of flags, and varints for the rest, with what
//! can be told from the rest left out. Behind it stands its length, so that a list of records can
//! be walked from both ends and any record can be read by itself. About 45 bytes for a pertemuan of
//! one sesi, against 200 of the unpacked value.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::ids::{AccountId, Mark};
use crate::kelompok::pertemuan::{Attendance, Extent, Source};

use crate::kelompok::varint::{Reader, date, days, signed, unsigned, zigzag};

use super::{Fakta, FaktaSesi};

const WITHDRAWN: u8 = 1;
const NOT_DOUBLE: u8 = 1 << 1;
const OPEN_QUESTION: u8 = 1 << 2;
const CHANGED: u8 = 1 << 3;
const SEATS: u8 = 1 << 4;
const MEMBERS: u8 = 1 << 5;
/// The upper two bits: nothing, seconds, milliseconds or nanoseconds of the time of receipt.
const RECEIVED: u8 = 6;

/// A nibble that says that the number follows as a varint.
const MORE: u8 = 15;
/// A last byte of a record that says that its length stands in the four bytes before.
const LONG: u8 = 255;

const TUNTAS: u8 = 1;
const ASSUMED: u8 = 1 << 1;
const BUKU_CETAK: u8 = 1 << 2;
const LANGKAH: u8 = 1 << 3;
/// The edition stands in the upper four bits.
const EDITION: u8 = 4;

const ID_BYTES: usize = 16;

/// Appends the packed form of `fakta`.
pub(super) fn pack(fakta: &Fakta, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(fakta.id.as_bytes());
    out.extend_from_slice(&fakta.digest.0);
    let counts = fakta.attendance;
    let sum = u32::from(counts.present) + u32::from(counts.sick) + u32::from(counts.absent);
    let (precision, received) = pack_received(fakta);
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    out.push(
        flag(fakta.withdrawn, WITHDRAWN)
            | flag(fakta.not_double, NOT_DOUBLE)
            | flag(fakta.open_question, OPEN_QUESTION)
            | flag(fakta.version != fakta.first_seq, CHANGED)
            | flag(!fakta.absent_seats.is_empty(), SEATS)
            | flag(sum != u32::from(counts.members), MEMBERS)
            | precision << RECEIVED,
    );
    let (kind, sesi) = (u64::from(fakta.kind), fakta.sesi.len() as u64);
    out.push(nibble(kind) << 4 | nibble(sesi));
    more(out, kind);
    more(out, sesi);
    signed(out, days(fakta.date).into());
    unsigned(out, fakta.first_seq);
    unsigned(out, fakta.author.0.into());
    for count in [counts.present, counts.sick, counts.absent] {
        unsigned(out, count.into());
    }
    if sum != u32::from(counts.members) {
        unsigned(out, counts.members.into());
    }
    if precision != 0 {
        unsigned(out, received);
    }
    if fakta.version != fakta.first_seq {
        unsigned(out, fakta.version << 1 | u64::from(fakta.corrected));
    }
    for one in &fakta.sesi {
        pack_sesi(one, out);
    }
    if !fakta.absent_seats.is_empty() {
        unsigned(out, fakta.absent_seats.len() as u64);
        for seat in &fakta.absent_seats {
            unsigned(out, (*seat).into());
        }
    }
    let length = out.len() - start;
    match u8::try_from(length) {
        Ok(short) if short != LONG => out.push(short),
        _ => {
            out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
            out.push(LONG);
        }
    }
}

fn pack_sesi(one: &FaktaSesi, out: &mut Vec<u8>) {
    unsigned(out, one.sesi.into());
    let (source, edition) = match one.source {
        Source::Edition(number) => (0, u64::from(number)),
        Source::Assumed(number) => (ASSUMED, u64::from(number)),
        Source::BukuCetak => (BUKU_CETAK, 0),
    };
    let extent = if one.extent == Extent::Tuntas { TUNTAS } else { 0 };
    let langkah = if one.langkah == 0 { 0 } else { LANGKAH };
    out.push(extent | source | langkah | nibble(edition) << EDITION);
    more(out, edition);
    if one.langkah != 0 {
        unsigned(out, one.langkah.into());
    }
}

/// The number of the last record's bytes in front of its length, and the length of both.
fn last_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let (last, before) = bytes.split_last()?;
    if *last != LONG {
        return Some((usize::from(*last), usize::from(*last) + 1));
    }
    let long = before.last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*long)).ok()?;
    Some((length, length.checked_add(5)?))
}

/// Where the last record of `bytes` begins; none when there is none.
pub(super) fn last_start(bytes: &[u8]) -> Option<usize> {
    last_length(bytes).and_then(|(_, whole)| bytes.len().checked_sub(whole))
}

/// The id of the record at the beginning of `bytes`.
pub(super) fn id(bytes: &[u8]) -> Option<Uuid> {
    bytes.first_chunk::<ID_BYTES>().map(|id| Uuid::from_bytes(*id))
}

/// What [`Fakta::order`] gives for the record at the beginning of `bytes`, without the rest of it.
pub(super) fn order(bytes: &[u8]) -> Option<(Date, u64, Uuid)> {
    let mut reader = Reader { bytes };
    let id = Uuid::from_bytes(reader.take()?);
    let _digest: [u8; 8] = reader.take()?;
    let [_flags, nibbles] = reader.take()?;
    read_nibble(&mut reader, nibbles >> 4)?;
    read_nibble(&mut reader, nibbles & MORE)?;
    Some((date(reader.signed()?)?, reader.unsigned()?, id))
}

/// The record at the beginning of `bytes`, and how many bytes it takes with its length; none when
/// there is no sound one.
pub(super) fn unpack(bytes: &[u8]) -> Option<(Fakta, usize)> {
    let mut reader = Reader { bytes };
    let id = Uuid::from_bytes(reader.take()?);
    let digest = Mark(reader.take()?);
    let [flags, nibbles] = reader.take()?;
    let kind = u8::try_from(read_nibble(&mut reader, nibbles >> 4)?).ok()?;
    let count = usize::try_from(read_nibble(&mut reader, nibbles & MORE)?).ok()?;
    let date = date(reader.signed()?)?;
    let first_seq = reader.unsigned()?;
    let author = AccountId(reader.number()?);
    let (present, sick, absent) = (reader.number()?, reader.number()?, reader.number()?);
    let members = if flags & MEMBERS == 0 {
        let sum = u32::from(present) + u32::from(sick) + u32::from(absent);
        u16::try_from(sum).ok()?
    } else {
        reader.number()?
    };
    let received = unpack_received(&mut reader, flags >> RECEIVED, date)?;
    // A correction is a later line, so what never changed needs no room to say that it is none.
    let changed = if flags & CHANGED == 0 { first_seq << 1 } else { reader.unsigned()? };
    let (version, corrected) = (changed >> 1, changed & 1 == 1);
    // A damaged count must not ask for memory that the bytes cannot fill.
    let mut sesi = Vec::with_capacity(count.min(reader.bytes.len()));
    for _ in 0..count {
        sesi.push(unpack_sesi(&mut reader)?);
    }
    let absent_seats = if flags & SEATS == 0 { Vec::new() } else { unpack_seats(&mut reader)? };
    let fakta = Fakta {
        id,
        digest,
        date,
        kind,
        attendance: Attendance { present, sick, absent, members },
        absent_seats: absent_seats.into_boxed_slice(),
        sesi: sesi.into_boxed_slice(),
        received,
        author,
        first_seq,
        version,
        corrected,
        withdrawn: flags & WITHDRAWN != 0,
        not_double: flags & NOT_DOUBLE != 0,
        open_question: flags & OPEN_QUESTION != 0,
    };
    let length = bytes.len() - reader.bytes.len();
    let trailer = if length < usize::from(LONG) { 1 } else { 5 };
    let whole = length + trailer;
    let record = bytes.get(..whole)?;
    (last_length(record)? == (length, whole)).then_some((fakta, whole))
}

fn unpack_sesi(reader: &mut Reader<'_>) -> Option<FaktaSesi> {
    let sesi = reader.number()?;
    let [flags] = reader.take()?;
    let edition = u16::try_from(read_nibble(reader, flags >> EDITION)?).ok()?;
    let source = match flags & (ASSUMED | BUKU_CETAK) {
        0 => Source::Edition(edition),
        ASSUMED => Source::Assumed(edition),
        _ => Source::BukuCetak,
    };
    let extent = if flags & TUNTAS == 0 { Extent::Sebagian } else { Extent::Tuntas };
    let langkah = if flags & LANGKAH == 0 { 0 } else { reader.number()? };
    Some(FaktaSesi { sesi, extent, langkah, source })
}

fn unpack_seats(reader: &mut Reader<'_>) -> Option<Vec<u16>> {
    let count = reader.unsigned()?;
    (0..count).map(|_| reader.number()).collect()
}

/// Nanoseconds from the beginning of the Unix epoch to that of the date in UTC.
fn midnight(date: Date) -> i128 {
    let from_day_0 = i128::from(days(date)) * 86_400;
    (from_day_0 + 1_577_836_800) * 1_000_000_000
}

/// The precision and the time since the date began; the finest that is needed.
fn pack_received(fakta: &Fakta) -> (u8, u64) {
    let Some(received) = fakta.received else { return (0, 0) };
    let since = received.as_nanosecond() - midnight(fakta.date);
    // Below three centuries, which is always so, numbers of 64 bits do and are much quicker.
    if let Ok(since) = i64::try_from(since) {
        let units = [(1, 1_000_000_000), (2, 1_000_000), (3, 1)];
        let found = units.into_iter().find(|(_, unit)| since % unit == 0);
        let (precision, unit) = found.unwrap_or((3, 1));
        return (precision, zigzag(since / unit));
    }
    for (precision, unit) in [(1, 1_000_000_000), (2, 1_000_000), (3, 1)] {
        if since % unit == 0
            && let Ok(count) = i64::try_from(since / unit)
        {
            return (precision, zigzag(count));
        }
    }
    // Centuries between meeting and receipt, to the nanosecond: whole seconds will do.
    (1, zigzag(i64::try_from(since / 1_000_000_000).unwrap_or(0)))
}

fn unpack_received(reader: &mut Reader<'_>, how: u8, date: Date) -> Option<Option<Timestamp>> {
    let unit = match how {
        0 => return Some(None),
        1 => 1_000_000_000,
        2 => 1_000_000,
        _ => 1,
    };
    let since = i128::from(reader.signed()?) * unit;
    Timestamp::from_nanosecond(midnight(date) + since).ok().map(Some)
}

fn nibble(number: u64) -> u8 {
    u8::try_from(number).unwrap_or(MORE).min(MORE)
}

fn more(out: &mut Vec<u8>, number: u64) {
    if number >= MORE.into() {
        unsigned(out, number);
    }
}

fn read_nibble(reader: &mut Reader<'_>, nibble: u8) -> Option<u64> {
    if nibble == MORE { reader.unsigned() } else { Some(nibble.into()) }
}
