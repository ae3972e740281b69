//! Lists of which a nation has hundreds of thousands, most of them with one entry or none.

use std::ops::{Deref, DerefMut};

/// A list that mostly has one entry; one takes no memory beside the list itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<T>(Kept<T>);

#[expect(
    clippy::box_collection,
    reason = "one word instead of three, hundreds of thousands of times"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kept<T> {
    One(T),
    /// None, or more than one.
    Other(Option<Box<Vec<T>>>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Kept::Other(None))
    }
}

impl<T> Few<T> {
    /// The entries.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Kept::One(one) => std::slice::from_ref(one),
            Kept::Other(all) => all.as_ref().map_or(&[], |all| all.as_slice()),
        }
    }

    /// Puts an entry in front of the one at `at`, or behind all when there is none.
    pub fn insert(&mut self, at: usize, entry: T) {
        let mut all: Vec<T> = std::mem::take(self).into();
        all.insert(at.min(all.len()), entry);
        *self = all.into();
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Kept::One(one) => std::slice::from_mut(one),
            Kept::Other(all) => all.as_mut().map_or(&mut [], |all| all.as_mut_slice()),
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut all: Vec<T>) -> Self {
        match all.len() {
            0 => Self::default(),
            1 => all.pop().map_or_else(Self::default, |one| Self(Kept::One(one))),
            _ => {
                all.shrink_to_fit();
                Self(Kept::Other(Some(Box::new(all))))
            }
        }
    }
}

impl<T> From<Few<T>> for Vec<T> {
    fn from(few: Few<T>) -> Self {
        match few.0 {
            Kept::One(one) => vec![one],
            Kept::Other(all) => all.map_or_else(Self::new, |all| *all),
        }
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        all.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Few<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// A list that mostly is empty; then it takes one word.
#[expect(
    clippy::box_collection,
    reason = "one word instead of three, hundreds of thousands of times"
)]
#[derive(Debug, Clone)]
pub struct Rare<T>(Option<Box<Vec<T>>>);

/// One that was asked for its list and got nothing into it is as empty as any.
impl<T: PartialEq> PartialEq for Rare<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Rare<T> {}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Rare<T> {
    /// The entries, to be changed.
    pub fn list(&mut self) -> &mut Vec<T> {
        self.0.get_or_insert_with(Box::default)
    }
}

impl<T> Deref for Rare<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |all| all.as_slice())
    }
}

impl<T> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.as_mut().map_or(&mut [], |all| all.as_mut_slice())
    }
}

impl<T> From<Vec<T>> for Rare<T> {
    fn from(all: Vec<T>) -> Self {
        Self((!all.is_empty()).then(|| Box::new(all)))
    }
}

impl<'a, T> IntoIterator for &'a Rare<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_is_a_list_like_any_other() {
        let (mut few, mut plain) = (Few::default(), Vec::new());
        for (at, entry) in [(0, 5), (0, 3), (2, 9), (1, 4)] {
            few.insert(at, entry);
            plain.insert(at, entry);
            assert_eq!(few.as_slice(), plain);
            assert_eq!(few, Few::from(plain.clone()));
            few.iter_mut().for_each(|one| *one += 1);
            plain.iter_mut().for_each(|one| *one += 1);
        }
        assert_eq!(Vec::from(few), plain);
        let mut rare = Rare::default();
        assert!(rare.is_empty());
        assert!(rare.list().is_empty());
        assert_eq!(rare, Rare::default());
        rare.list().push(1);
        assert_eq!(*rare, [1]);
        assert_eq!(size_of::<Rare<u64>>(), 8);
    }
}
