//! Several things in one cell, separated by `|`.

/// The things of a cell. A `|` that belongs to a text is written `\|`, a `\` is written `\\`.
pub(super) fn split(cell: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        let kept = match c {
            '|' => {
                all.push(String::new());
                continue;
            }
            '\\' => chars.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = all.last_mut() {
            last.push(kept);
        }
    }
    for one in &mut all {
        *one = one.trim().to_owned();
    }
    all
}

/// The cell from which [`split`] gives these things back. None of them may be empty or begin or
/// end with a blank.
pub(super) fn join<'t>(items: impl Iterator<Item = &'t str>) -> String {
    let mut cell = String::new();
    for (at, one) in items.enumerate() {
        if at > 0 {
            cell.push('|');
        }
        for c in one.chars() {
            if matches!(c, '|' | '\\') {
                cell.push('\\');
            }
            cell.push(c);
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_back() {
        for items in [vec!["a"], vec!["Bidan desa", "Camat"], vec!["a|b", "c\\", "\\|"]] {
            let cell = join(items.iter().copied());
            assert_eq!(split(&cell), items, "{cell}");
        }
        assert_eq!(split(" a | b "), ["a", "b"]);
        assert_eq!(split("8|"), ["8", ""]);
    }
}
