//! All ways to read a word as prefixes, a known root and suffixes, and the cheapest of them.
//!
//! Each affix costs, each letter that the root explains earns. A letter that a nasal prefix
//! swallowed (`menulis`, `tulis`) earns nothing, so that of two readings the one that needs no
//! such letter wins, and pairs of prefix and suffix that the language does not form cost extra.

use super::LONGEST;
use super::roots;

/// What one affix costs.
const AFFIX: i32 = 10;
/// What one letter of the root that stands in the word earns.
const LETTER: i32 = 7;
/// What a letter costs that has to be put back.
const SWALLOWED: i32 = 3;
/// What a pair of prefix and suffix costs that the grammar does not know.
const ILLEGAL: i32 = 22;
/// What an everyday-speech prefix or suffix costs beside [`AFFIX`].
const COLLOQUIAL: i32 = 6;
/// Readings dearer than this are more likely to be a foreign word.
const TOO_DEAR: i32 = 16;
/// No word of the field has more prefixes than this (`dikesampingkan` has 2, `memperberdayakan` 3).
const DEEPEST: u8 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    None,
    Ber,
    Di,
    Ke,
    Me,
    Pe,
    Per,
    Se,
    Ter,
    Ku,
    /// The first letter with an e, in a doubling with -an.
    Doubling,
    /// The bare nasal of everyday speech.
    Everyday,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    Kan,
    An,
    I,
    In,
}

/// The word up to `end`, when what follows is read as suffixes.
#[derive(Clone, Copy)]
struct Cut {
    end: usize,
    cost: i32,
    suffix: Suffix,
}

/// The root of the cheapest reading, or `None` if no reading has a known root.
///
/// `word` is 4 to 40 letters from `a` to `z` and no root itself.
pub(super) fn best_root(word: &str) -> Option<&'static str> {
    let mut letters = [0; LONGEST];
    letters.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    let cuts = Cuts::of(word.as_bytes());
    let mut search = Search { letters, cut: WHOLE, outer: Prefix::None, best: None };
    for cut in &cuts.all[..cuts.count] {
        search.cut = *cut;
        search.outer = Prefix::None;
        let start = Step { at: 0, depth: 0, inner: Prefix::None, cost: cut.cost };
        search.walk(start, false);
    }
    search.best.filter(|(cost, _)| *cost <= TOO_DEAR).map(|(_, root)| root)
}

/// Whether `doubled` is `root` without the first letter that a nasal prefix swallowed, perhaps
/// with a nasal in its place: `mukul` or `ukul` for `pukul`.
pub(super) fn swallowed(root: &str, doubled: &str) -> bool {
    let (Some(first), Some(tail)) = (root.bytes().next(), root.get(1..)) else {
        return false;
    };
    if tail.len() < 3 {
        return false;
    }
    let nasal = match first {
        b'p' => "m",
        b't' => "n",
        b's' => "ny",
        b'k' => "ng",
        _ => return false,
    };
    let Some(rest) = doubled.strip_prefix(nasal).and_then(|rest| rest.strip_prefix(tail)) else {
        return false;
    };
    matches!(rest, "" | "kan" | "an" | "i" | "nya")
}

const WHOLE: Cut = Cut { end: 0, cost: 0, suffix: Suffix::None };

/// Every way to end a word: particle, then possessive, then derivational suffix, each optional.
struct Cuts {
    all: [Cut; 24],
    count: usize,
}

impl Cuts {
    fn of(word: &[u8]) -> Self {
        let mut cuts = Self { all: [WHOLE; 24], count: 1 };
        cuts.all[0].end = word.len();
        for particle in [&b"lah"[..], b"kah", b"tah", b"pun"] {
            cuts.add(word, 0, particle, Suffix::None);
        }
        for i in 0..cuts.count {
            for owner in [&b"nya"[..], b"ku", b"mu"] {
                cuts.add(word, i, owner, Suffix::None);
            }
        }
        for i in 0..cuts.count {
            cuts.add(word, i, b"kan", Suffix::Kan);
            cuts.add(word, i, b"an", Suffix::An);
            cuts.add(word, i, b"i", Suffix::I);
            cuts.add(word, i, b"in", Suffix::In);
        }
        cuts
    }

    /// Adds the cut before `ending`, if that is how the word ends at the cut `from`.
    fn add(&mut self, word: &[u8], from: usize, ending: &[u8], suffix: Suffix) {
        let from = self.all[from];
        let rest = &word[..from.end];
        if rest.len() > ending.len() + 2 && rest.ends_with(ending) && self.count < self.all.len() {
            let everyday = if suffix == Suffix::In { COLLOQUIAL } else { 0 };
            let end = from.end - ending.len();
            self.all[self.count] = Cut { end, cost: from.cost + AFFIX + everyday, suffix };
            self.count += 1;
        }
    }
}

/// Where a reading has got to: what starts at `at` stands behind the prefix `inner`.
#[derive(Clone, Copy)]
struct Step {
    at: usize,
    depth: u8,
    inner: Prefix,
    cost: i32,
}

impl Step {
    fn dearer(self, cost: i32) -> Self {
        Self { cost: self.cost + cost, ..self }
    }

    /// The same place, with no further prefix to come.
    fn last(self) -> Self {
        Self { depth: DEEPEST, ..self }
    }
}

struct Search {
    /// The word; a swallowed letter is put over the nasal before it while a reading is tried.
    letters: [u8; LONGEST],
    cut: Cut,
    outer: Prefix,
    best: Option<(i32, &'static str)>,
}

impl Search {
    /// Takes what starts at the step for a root, then for a prefix and more.
    fn walk(&mut self, step: Step, restored: bool) {
        self.try_root(step, restored);
        if step.depth < DEEPEST && self.cut.end >= step.at + 4 {
            self.first_prefixes(step);
            self.inner_prefixes(step);
            self.nasal_prefixes(step);
        }
    }

    fn try_root(&mut self, step: Step, restored: bool) {
        let Some(root) = self.letters.get(step.at..self.cut.end).filter(|root| root.len() >= 3)
        else {
            return;
        };
        let earned = LETTER * (root.len() as i32 - i32::from(restored));
        let mut cost = step.cost - earned + if restored { SWALLOWED } else { 0 };
        if illegal(self.outer, self.cut.suffix) {
            cost += ILLEGAL;
        }
        if self.best.is_some_and(|(best, _)| best <= cost) {
            return;
        }
        if let Some(root) = roots::find(root) {
            self.best = Some((cost, root));
        }
    }

    /// Goes on behind a prefix of `len` letters.
    fn behind(&mut self, step: Step, len: usize, prefix: Prefix) {
        self.go(step, step.at + len, prefix, false);
    }

    /// Goes on behind a prefix that swallowed a letter, putting `letter` over the last of its
    /// `len` own.
    fn restored(&mut self, step: Step, len: usize, letter: u8, prefix: Prefix) {
        let at = step.at + len - 1;
        let nasal = std::mem::replace(&mut self.letters[at], letter);
        self.go(step, at, prefix, true);
        self.letters[at] = nasal;
    }

    fn go(&mut self, step: Step, at: usize, prefix: Prefix, restored: bool) {
        if step.inner == Prefix::None {
            self.outer = prefix;
        }
        let cost = step.cost + AFFIX;
        let depth = (step.depth + 1).min(DEEPEST);
        self.walk(Step { at, depth, inner: prefix, cost }, restored);
    }

    fn starts(&self, at: usize, with: &[u8]) -> bool {
        self.letters.get(at..self.cut.end).is_some_and(|rest| rest.starts_with(with))
    }

    /// The letter at `at`, or 0 behind the end of the cut.
    fn letter(&self, at: usize) -> u8 {
        if at < self.cut.end { self.letters[at] } else { 0 }
    }

    /// The prefixes that only start a word.
    fn first_prefixes(&mut self, step: Step) {
        let (at, end) = (step.at, self.cut.end);
        if step.inner != Prefix::None {
            return;
        }
        if self.starts(at, b"di") {
            self.behind(step, 2, Prefix::Di);
        }
        if self.starts(at, b"ku") && end >= at + 6 {
            self.behind(step.dearer(COLLOQUIAL), 2, Prefix::Ku);
        }
        if self.starts(at, b"kau") && end >= at + 7 {
            self.behind(step.dearer(COLLOQUIAL), 3, Prefix::Ku);
        }
        // `pepohonan`, `dedaunan`: the first letter doubled with an e, and -an.
        let twice = self.letter(at) == self.letter(at + 2) && self.letter(at + 1) == b'e';
        if twice && self.cut.suffix == Suffix::An && end >= at + 6 {
            self.behind(step.last(), 2, Prefix::Doubling);
        }
        self.everyday_prefixes(step.dearer(COLLOQUIAL));
    }

    fn inner_prefixes(&mut self, step: Step) {
        if self.starts(step.at, b"se") && may_follow(step.inner, Prefix::Se) {
            self.behind(step, 2, Prefix::Se);
        }
        if self.starts(step.at, b"ke") && may_follow(step.inner, Prefix::Ke) {
            self.behind(step, 2, Prefix::Ke);
        }
        self.r_prefix(step, b"be", Prefix::Ber);
        self.r_prefix(step, b"te", Prefix::Ter);
        self.r_prefix(step, b"pe", Prefix::Per);
    }

    /// `ber-`, `ter-`, `per-`, and how they lose or change their r: `bekerja`, `berasa`, `belajar`.
    fn r_prefix(&mut self, step: Step, start: &[u8], prefix: Prefix) {
        let at = step.at;
        if !self.starts(at, start) || !may_follow(step.inner, prefix) {
            return;
        }
        if self.letter(at + 2) == b'r' {
            self.behind(step, 3, prefix);
            // `berisi` is of `isi`: the r is the prefix's own unless only the longer root is known.
            let shared = if prefix == Prefix::Per { 0 } else { LETTER };
            self.behind(step.dearer(shared), 2, prefix);
        } else if self.starts(at + 2, b"lajar") {
            self.behind(step, 3, prefix);
        } else if self.starts(at + 3, b"er") && !is_vowel(self.letter(at + 2)) {
            self.behind(step, 2, prefix);
        }
    }

    fn nasal_prefixes(&mut self, step: Step) {
        let at = step.at;
        let prefix = match (self.letter(at), self.letter(at + 1)) {
            (b'm', b'e') => Prefix::Me,
            (b'p', b'e') => Prefix::Pe,
            _ => return,
        };
        if !may_follow(step.inner, prefix) {
            return;
        }
        self.nasal(step, prefix);
        // pe- also stands before roots that take no nasal: `petani`, `pekerja`, `pedagang`.
        let soft = matches!(self.letter(at + 2), b'l' | b'm' | b'n' | b'r' | b'w' | b'y');
        if prefix == Prefix::Pe || soft {
            self.behind(step, 2, prefix);
        }
    }

    /// The nasal of me- and pe-, and the letter that it may have swallowed.
    fn nasal(&mut self, step: Step, prefix: Prefix) {
        let (nasal, next) = (self.letter(step.at + 2), self.letter(step.at + 3));
        match nasal {
            b'm' if is_vowel(next) => self.restored(step, 3, b'p', prefix),
            b'm' if matches!(next, b'b' | b'f' | b'p' | b'v') => self.behind(step, 3, prefix),
            b'n' if is_vowel(next) => self.restored(step, 3, b't', prefix),
            b'n' if matches!(next, b'c' | b'd' | b'j' | b't' | b's' | b'z') => {
                self.behind(step, 3, prefix);
            }
            b'n' if next == b'y' => {
                self.restored(step, 4, b's', prefix);
                self.restored(step.dearer(COLLOQUIAL), 4, b'c', prefix);
            }
            b'n' if next == b'g' => self.nasal_ng(step, prefix),
            _ => {}
        }
    }

    fn nasal_ng(&mut self, step: Step, prefix: Prefix) {
        let next = self.letter(step.at + 4);
        self.behind(step, 4, prefix);
        if is_vowel(next) {
            self.restored(step, 4, b'k', prefix);
        }
        // menge- stands before roots of one syllable: `mengecat`, `pengesahan`.
        let root = self.letters.get(step.at + 5..self.cut.end).unwrap_or_default();
        if next == b'e' && root.iter().filter(|letter| is_vowel(**letter)).count() == 1 {
            self.behind(step, 5, prefix);
        }
    }

    /// The prefixes of everyday speech: `ngatur`, `ngebantu`, `nyuci`, `nabung`, `mukul`.
    fn everyday_prefixes(&mut self, step: Step) {
        let (at, prefix) = (step.at, Prefix::Everyday);
        if self.cut.end < at + 5 {
            return;
        }
        let next = self.letter(at + 1);
        match self.letter(at) {
            b'n' if next == b'g' => {
                self.behind(step.last(), 2, prefix);
                if is_vowel(self.letter(at + 2)) {
                    self.restored(step.last(), 2, b'k', prefix);
                }
                if self.letter(at + 2) == b'e' {
                    self.behind(step.last(), 3, prefix);
                }
            }
            b'n' if next == b'y' && is_vowel(self.letter(at + 2)) => {
                self.restored(step.last(), 2, b's', prefix);
                self.restored(step.last(), 2, b'c', prefix);
            }
            b'n' if is_vowel(next) => self.restored(step.last(), 1, b't', prefix),
            b'n' if matches!(next, b'c' | b'd' | b'j' | b't') => {
                self.behind(step.last(), 1, prefix);
            }
            b'm' if is_vowel(next) => self.restored(step.last(), 1, b'p', prefix),
            b'm' if next == b'b' => self.behind(step.last(), 1, prefix),
            _ => {}
        }
    }
}

/// Whether `prefix` can stand directly inside `outer`: `diper-`, `keber-`, but not `kedi-`.
fn may_follow(outer: Prefix, prefix: Prefix) -> bool {
    match outer {
        Prefix::None => true,
        Prefix::Di | Prefix::Me => !matches!(prefix, Prefix::Di | Prefix::Me | Prefix::Ku),
        Prefix::Ke | Prefix::Se | Prefix::Ber | Prefix::Ter => {
            matches!(prefix, Prefix::Ber | Prefix::Ter | Prefix::Pe | Prefix::Per | Prefix::Ke)
                || (prefix == Prefix::Se && outer != Prefix::Se)
        }
        Prefix::Pe | Prefix::Per => matches!(prefix, Prefix::Ber | Prefix::Ke | Prefix::Se),
        Prefix::Ku => matches!(prefix, Prefix::Per),
        Prefix::Doubling | Prefix::Everyday => false,
    }
}

/// Pairs of outer prefix and suffix that do not form a word (the table of Nazief and Adriani, and
/// everyday -in, which goes with verbs only).
fn illegal(prefix: Prefix, suffix: Suffix) -> bool {
    match suffix {
        Suffix::None => false,
        Suffix::I => matches!(prefix, Prefix::Ber | Prefix::Ke | Prefix::Se),
        Suffix::An => matches!(prefix, Prefix::Di | Prefix::Me | Prefix::Ter | Prefix::Ku),
        Suffix::Kan => matches!(prefix, Prefix::Ke | Prefix::Se),
        Suffix::In => !matches!(prefix, Prefix::None | Prefix::Di | Prefix::Everyday | Prefix::Ku),
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}
