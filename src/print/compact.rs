//! Makes a finished PDF smaller without changing what it says.
//!
//! The engine writes every small object (most of them tags for readers of the screen) as plain text.
//! PDF 1.5 and later may pack them, compressed, into streams of objects: that is done here. What is
//! not written as the engine writes it is left as it is.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// How many objects are packed together: a reader that wants one of them unpacks them all.
const PACKED_TOGETHER: usize = 400;

/// Where an object is found in the new file.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// It does not exist.
    Free,
    /// It begins at this byte.
    At(usize),
    /// It is the object with this index in the stream of objects with this number.
    Packed { stream: usize, index: usize },
}

/// One object of the old file.
#[derive(Debug, Clone, Copy)]
struct Object<'a> {
    number: usize,
    /// From `5 0 obj` to `endobj`.
    whole: &'a [u8],
    /// What stands between those; none for a stream, which cannot be packed.
    body: Option<&'a [u8]>,
}

/// The same document in fewer bytes; the bytes themselves where they are not as expected.
pub(super) fn compacted(pdf: Vec<u8>) -> Vec<u8> {
    match rewritten(&pdf) {
        Some(small) if small.len() < pdf.len() => small,
        _ => pdf,
    }
}

fn rewritten(pdf: &[u8]) -> Option<Vec<u8>> {
    let (offsets, trailer, end) = read_table(pdf)?;
    let objects = objects(pdf, &offsets, end)?;
    let head = offsets.iter().flatten().min().copied()?;
    let mut out = pdf.get(..head)?.to_vec();
    let mut places = vec![Place::Free; offsets.len()];
    for object in objects.iter().filter(|object| object.body.is_none()) {
        places[object.number] = Place::At(out.len());
        out.extend_from_slice(object.whole);
        out.extend_from_slice(b"\n\n");
    }
    let small: Vec<&Object<'_>> = objects.iter().filter(|one| one.body.is_some()).collect();
    for chunk in small.chunks(PACKED_TOGETHER) {
        let stream = places.len();
        places.push(Place::At(out.len()));
        for (index, object) in chunk.iter().enumerate() {
            places[object.number] = Place::Packed { stream, index };
        }
        push_packed(&mut out, stream, chunk)?;
    }
    push_table(&mut out, places, trailer)?;
    Some(out)
}

/// The offset of every object by its number, what stands in the trailer, and where the table begins.
fn read_table(pdf: &[u8]) -> Option<(Vec<Option<usize>>, &str, usize)> {
    let tail = pdf.len().saturating_sub(64);
    let marked = std::str::from_utf8(&pdf[tail..]).ok()?;
    let start: usize = marked.split("startxref").nth(1)?.split_whitespace().next()?.parse().ok()?;
    let table = std::str::from_utf8(pdf.get(start..)?).ok()?;
    let (entries, rest) = table.strip_prefix("xref")?.split_once("trailer")?;
    let mut lines = entries.trim().lines();
    let count: usize = lines.next()?.strip_prefix("0 ")?.trim().parse().ok()?;
    let offsets: Vec<Option<usize>> = lines.map(offset).collect::<Option<_>>()?;
    let trailer = rest.split("startxref").next()?.trim();
    let inner = trailer.strip_prefix("<<")?.strip_suffix(">>")?;
    (offsets.len() == count).then_some((offsets, inner, start))
}

/// One line of the table: `0000000016 00000 n`; none inside for an object that does not exist.
fn offset(line: &str) -> Option<Option<usize>> {
    let mut words = line.split_whitespace();
    let (at, generation, kind) = (words.next()?, words.next()?, words.next()?);
    match kind {
        "f" => Some(None),
        "n" if generation == "00000" => Some(Some(at.parse().ok()?)),
        _ => None,
    }
}

fn objects<'a>(pdf: &'a [u8], offsets: &[Option<usize>], end: usize) -> Option<Vec<Object<'a>>> {
    let mut starts: Vec<(usize, usize)> = offsets
        .iter()
        .enumerate()
        .filter_map(|(number, offset)| offset.map(|offset| (offset, number)))
        .collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([end]);
    starts
        .iter()
        .zip(ends)
        .map(|((start, number), end)| object(pdf.get(*start..end)?, *number))
        .collect()
}

fn object(bytes: &[u8], number: usize) -> Option<Object<'_>> {
    let whole = bytes.trim_ascii_end();
    let inner = whole.strip_prefix(format!("{number} 0 obj").as_bytes())?;
    let inner = inner.strip_suffix(b"endobj")?.trim_ascii();
    let body = (!inner.ends_with(b"endstream")).then_some(inner);
    Some(Object { number, whole, body })
}

fn push_packed(out: &mut Vec<u8>, number: usize, chunk: &[&Object<'_>]) -> Option<()> {
    let (mut index, mut bodies) = (String::new(), Vec::new());
    for object in chunk {
        index.push_str(&format!("{} {} ", object.number, bodies.len()));
        bodies.extend_from_slice(object.body?);
        bodies.push(b'\n');
    }
    let first = index.len();
    let mut plain = index.into_bytes();
    plain.append(&mut bodies);
    let entries = format!("/Type/ObjStm/N {}/First {first}", chunk.len());
    push_stream(out, number, &entries, &plain)
}

fn push_stream(out: &mut Vec<u8>, number: usize, entries: &str, plain: &[u8]) -> Option<()> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    let packed = encoder.finish().ok()?;
    let length = packed.len();
    let head =
        format!("{number} 0 obj\n<<{entries}/Length {length}/Filter/FlateDecode>>\nstream\n");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&packed);
    out.extend_from_slice(b"\nendstream\nendobj\n\n");
    Some(())
}

/// Bytes of one line of the table: a kind, where, and which.
const WIDTHS: [usize; 3] = [1, 4, 2];
const LINE: usize = WIDTHS[0] + WIDTHS[1] + WIDTHS[2];

/// The table as a stream, each line as the difference to the one above, and the end of the file.
fn push_table(out: &mut Vec<u8>, mut places: Vec<Place>, trailer: &str) -> Option<()> {
    let (start, number) = (out.len(), places.len());
    places.push(Place::At(start));
    let mut before = [0; LINE];
    let mut lines = Vec::with_capacity(places.len() * (LINE + 1));
    for place in &places {
        let line = line_of(*place)?;
        lines.push(2);
        lines.extend(line.iter().zip(before).map(|(now, before)| now.wrapping_sub(before)));
        before = line;
    }
    let kept = without_size(trailer);
    let [kind, whither, which] = WIDTHS;
    let entries = format!(
        "/Type/XRef/Size {}/W[{kind} {whither} {which}]\
         /DecodeParms<</Predictor 12/Columns {LINE}>>{kept}",
        places.len()
    );
    push_stream(out, number, &entries, &lines)?;
    out.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    Some(())
}

fn line_of(place: Place) -> Option<[u8; LINE]> {
    let (kind, whither, which) = match place {
        Place::Free => (0_u8, 0, u16::MAX),
        Place::At(at) => (1, u32::try_from(at).ok()?, 0),
        Place::Packed { stream, index } => {
            (2, u32::try_from(stream).ok()?, u16::try_from(index).ok()?)
        }
    };
    let mut line = [kind; LINE];
    line[1..5].copy_from_slice(&whither.to_be_bytes());
    line[5..].copy_from_slice(&which.to_be_bytes());
    Some(line)
}

/// What the trailer says beside the number of objects, which changes.
fn without_size(trailer: &str) -> String {
    let Some((before, after)) = trailer.split_once("/Size") else { return trailer.to_owned() };
    let rest = after.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{rest}", before.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_as_expected_stays() {
        for bytes in
            [&b""[..], b"%PDF-1.7", b"startxref\n9\n%%EOF", b"startxref\n99999999999999999"]
        {
            assert_eq!(compacted(bytes.to_vec()), bytes);
        }
    }

    #[test]
    fn small_objects_are_packed_and_streams_stay() {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        for number in 1..=60 {
            offsets.push(pdf.len());
            pdf.extend(format!("{number} 0 obj\n<</Type/StructElem/P 3 0 R>>\nendobj\n\n").bytes());
        }
        offsets.push(pdf.len());
        pdf.extend(b"61 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj\n\n");
        let start = pdf.len();
        pdf.extend(b"xref\n0 62\n0000000000 65535 f\r\n");
        for offset in offsets {
            pdf.extend(format!("{offset:010} 00000 n\r\n").bytes());
        }
        pdf.extend(b"trailer\n<<\n/Size 62\n/Root 1 0 R\n>>\n");
        pdf.extend(format!("startxref\n{start}\n%%EOF").bytes());
        let small = compacted(pdf.clone());
        assert!(small.len() * 2 < pdf.len(), "{} of {}", small.len(), pdf.len());
        let text = String::from_utf8_lossy(&small);
        assert!(text.contains("stream\nabc\nendstream") && text.contains("/Root 1 0 R"), "{text}");
        assert!(!text.contains("StructElem") && text.contains("/Size 64"), "{text}");
    }
}
