//! The list of sealed segments with their roots: a small text that can be printed and compared.

use std::collections::BTreeMap;
use std::path::Path;

use crate::journal::disk::{Disk, DiskResult, read_whole, replace};
use crate::journal::hash::{Hash128, Head};
use crate::journal::segment::DIRECTORY;

/// The name of the list in the directory of segments.
pub(in crate::journal) const NAME: &str = "segel";
/// A nation of sixty years has no longer one.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// What the list says of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Entry {
    /// Its last line.
    pub(in crate::journal) head: Head,
    pub(in crate::journal) root: Hash128,
}

/// The sealed segments by number.
pub(in crate::journal) type List = BTreeMap<u32, Entry>;

/// The path of the list relative to the data directory.
pub(in crate::journal) fn path() -> std::path::PathBuf {
    Path::new(DIRECTORY).join(NAME)
}

/// The list; none if there is none or it is not as it was written.
pub(in crate::journal) fn read(disk: &dyn Disk, dir: &Path) -> DiskResult<Option<List>> {
    let bytes = read_whole(disk, &dir.join(path()), BYTES_MAX)?;
    Ok(bytes.and_then(|bytes| parse(std::str::from_utf8(&bytes).ok()?)))
}

/// Puts a list in the place of the one before.
pub(in crate::journal) fn write(disk: &dyn Disk, dir: &Path, list: &List) -> DiskResult<()> {
    replace(disk, &dir.join(path()), show(list).as_bytes())
}

fn show(list: &List) -> String {
    let mut text = String::from("p2k2 segel 1\n");
    for (number, Entry { head, root }) in list {
        text.push_str(&format!("{number} {head} {root}\n"));
    }
    let sum = Hash128::of(text.as_bytes());
    text.push_str(&format!("{sum}\n"));
    text
}

fn parse(text: &str) -> Option<List> {
    let mut list = List::new();
    let lines = text.strip_prefix("p2k2 segel 1\n")?.strip_suffix('\n')?;
    let (lines, _) = lines.rsplit_once('\n').unwrap_or(("", lines));
    for line in lines.lines() {
        let mut words = line.split(' ');
        let number = words.next()?.parse().ok()?;
        let head = words.next()?.parse().ok()?;
        let root = words.next()?.parse().ok()?;
        list.insert(number, Entry { head, root });
    }
    // One text for one list: whatever was changed by hand or by accident shows.
    (show(&list) == text).then_some(list)
}
