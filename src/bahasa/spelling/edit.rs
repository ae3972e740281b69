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
    let mut rows = [[0.0_f32; LONGEST + 1]; 3];
    for j in 1..=b.len() {
        rows[0][j] = rows[0][j - 1] + one_more(b, j - 1);
    }
    let mut lowest_before = 0.0;
    for i in 1..=a.len() {
        let lowest = fill_row(&mut rows, (a, b), i);
        // A swap or a digraph reaches over one row, so two rows above the limit end it.
        if lowest > max && lowest_before > max {
            return None;
        }
        lowest_before = lowest;
    }
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

/// Fills row `i` (of three kept in turn) and returns its lowest cost.
fn fill_row(rows: &mut [[f32; LONGEST + 1]; 3], (a, b): (&[char], &[char]), i: usize) -> f32 {
    let (this, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
    rows[this][0] = rows[last][0] + one_more(a, i - 1);
    let mut lowest = rows[this][0];
    for j in 1..=b.len() {
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
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |letter: char| {
        ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(letter)?)))
    };
    let (Some((row_a, a)), Some((row_b, b))) = (place(a), place(b)) else { return false };
    match (row_a.abs_diff(row_b), row_a < row_b) {
        (0, _) => a.abs_diff(b) == 1,
        // Each row stands half a key to the right of the one above.
        (1, true) => b == a || b + 1 == a,
        (1, false) => a == b || a + 1 == b,
        _ => false,
    }
}
