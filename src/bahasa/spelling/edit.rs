//! How far a typed word is from a meant one, with Indonesian ears and a phone's keyboard.

/// Longer words are compared for equality only.
const LONGEST: usize = 40;

/// Two spellings of one sound.
const PHONETIC: f32 = 0.4;
/// A letter doubled or not, an h heard or not.
const SLIGHT: f32 = 0.4;
/// A vowel for another.
const VOWEL: f32 = 0.7;
/// The key next to the right one.
const NEIGHBOUR: f32 = 0.7;

/// The cost of turning `a` into `b`, or `None` if it is above `max`.
///
/// A letter more, less, other, or two neighbours swapped cost 1 each; less if the two sound alike
/// (`z`/`s`, `f`/`p`/`v`, `oe`/`u`, a dropped `h`, a doubled letter) or lie beside each other on
/// the keyboard. Both words are lowercase. Symmetric; 0 only for equal words. Words of more than
/// 40 letters have a cost only if they are equal. Does not allocate.
pub fn edit_cost(a: &str, b: &str, max: f32) -> Option<f32> {
    if a == b {
        return (max >= 0.0).then_some(0.0);
    }
    let (mut a_letters, mut b_letters) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let a = letters(a, &mut a_letters)?;
    let b = letters(b, &mut b_letters)?;
    // The cheapest insertion costs SLIGHT, so words too unlike in length need no table.
    if a.len().abs_diff(b.len()) as f32 * SLIGHT > max {
        return None;
    }
    // Each step off the diagonal costs at least SLIGHT, so only a band around it can matter.
    let band = (max / SLIGHT + 0.01).min(LONGEST as f32) as usize;
    let mut rows = [[f32::INFINITY; LONGEST + 2]; 3];
    rows[0][0] = 0.0;
    for j in 1..=b.len().min(band) {
        rows[0][j] = rows[0][j - 1] + one_more(b, j - 1);
    }
    let mut lowest_before = 0.0;
    for i in 1..=a.len() {
        let lowest = fill_row(&mut rows, (a, b), i, band);
        // A swap or a digraph reaches over one row, so two rows above the limit end it.
        if lowest > max && lowest_before > max {
            return None;
        }
        lowest_before = lowest;
    }
    // The last row reaches the end of `b`, since the lengths differ by no more than the band.
    let cost = rows[a.len() % 3][b.len()];
    (cost <= max).then_some(cost)
}

fn letters<'a>(word: &str, buffer: &'a mut [char; LONGEST]) -> Option<&'a [char]> {
    let mut count = 0;
    for letter in word.chars() {
        *buffer.get_mut(count)? = letter;
        count += 1;
    }
    Some(&buffer[..count])
}

/// Fills row `i` (of three kept in turn) within the band and returns its lowest cost.
fn fill_row(
    rows: &mut [[f32; LONGEST + 2]; 3],
    (a, b): (&[char], &[char]),
    i: usize,
    band: usize,
) -> f32 {
    let (this, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
    let (low, high) = (i.saturating_sub(band), (i + band).min(b.len()));
    // What the row held three rounds ago must not be read at the rims of the band.
    rows[this][high + 1] = f32::INFINITY;
    let mut lowest = f32::INFINITY;
    if low > 0 {
        rows[this][low - 1] = f32::INFINITY;
    } else {
        rows[this][0] = rows[last][0] + one_more(a, i - 1);
        lowest = rows[this][0];
    }
    for j in low.max(1)..=high {
        let (from, to) = (a[i - 1], b[j - 1]);
        let mut cost = rows[last][j - 1] + replace(from, to);
        cost = cost.min(rows[last][j] + one_more(a, i - 1));
        cost = cost.min(rows[this][j - 1] + one_more(b, j - 1));
        if i > 1 && j > 1 && from == b[j - 2] && a[i - 2] == to && from != to {
            cost = cost.min(rows[before][j - 2] + 1.0);
        }
        if i > 1 && same_sound(a[i - 2], from, to) {
            cost = cost.min(rows[before][j - 1] + PHONETIC);
        }
        if j > 1 && same_sound(b[j - 2], to, from) {
            cost = cost.min(rows[last][j - 2] + PHONETIC);
        }
        rows[this][j] = cost;
        lowest = lowest.min(cost);
    }
    lowest
}

/// What the letter at `at` costs if the other word does not have it.
fn one_more(word: &[char], at: usize) -> f32 {
    let letter = word[at];
    let doubled = at > 0 && word[at - 1] == letter;
    if letter == 'h' || doubled { SLIGHT } else { 1.0 }
}

fn replace(a: char, b: char) -> f32 {
    if a == b {
        return 0.0;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    match (a, b) {
        ('s', 'z')
        | ('j', 'z')
        | ('f', 'p')
        | ('f', 'v')
        | ('p', 'v')
        | ('k', 'q')
        | ('i', 'y')
        | ('e', 'i')
        | ('o', 'u')
        | ('c', 'k')
        | ('u', 'w') => PHONETIC,
        _ if is_vowel(a) && is_vowel(b) => VOWEL,
        ('d', 't') | ('b', 'p') | ('g', 'k') => NEIGHBOUR,
        _ if beside(a, b) => NEIGHBOUR,
        _ => 1.0,
    }
}

/// Two letters that older or careless spelling writes for one.
fn same_sound(first: char, second: char, one: char) -> bool {
    matches!(
        (first, second, one),
        ('k', 's', 'x')
            | ('s', 'y', 's')
            | ('k', 'h', 'h' | 'k')
            | ('o', 'e', 'u')
            | ('d', 'j', 'j')
            | ('t', 'j', 'c')
            | ('c', 'h', 'c' | 'k')
            | ('a', 'i', 'e')
            | ('a', 'u', 'o')
            | ('n', 'g', 'n')
            | ('t', 'h', 't')
            | ('d', 'h', 'd')
            | ('p', 'h', 'f' | 'p')
    )
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Whether two keys touch on a QWERTY keyboard.
fn beside(a: char, b: char) -> bool {
    let keys = |letter: char| u8::try_from(letter).ok().filter(u8::is_ascii_lowercase);
    let (Some(a), Some(b)) = (keys(a), keys(b)) else { return false };
    TOUCHING[usize::from(a - b'a')] & (1 << (b - b'a')) != 0
}

/// For each key the keys that touch it, as bits from `a` on.
const TOUCHING: [u32; 26] = touching();

const fn touching() -> [u32; 26] {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let mut keys = [0_u32; 26];
    let mut row = 0;
    while row < ROWS.len() {
        let mut at = 0;
        while at < ROWS[row].len() {
            if at + 1 < ROWS[row].len() {
                keys = joined(keys, ROWS[row][at], ROWS[row][at + 1]);
            }
            // Each row stands half a key to the right of the one above.
            if row > 0 {
                keys = joined(keys, ROWS[row][at], ROWS[row - 1][at]);
                keys = joined(keys, ROWS[row][at], ROWS[row - 1][at + 1]);
            }
            at += 1;
        }
        row += 1;
    }
    keys
}

const fn joined(mut keys: [u32; 26], a: u8, b: u8) -> [u32; 26] {
    keys[(a - b'a') as usize] |= 1 << (b - b'a');
    keys[(b - b'a') as usize] |= 1 << (a - b'a');
    keys
}
