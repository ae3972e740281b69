//! Sesi as pages name them, and their order under modul.

use crate::kelompok::fakta::SesiIx;
use crate::state::State;
use crate::web::urls;

/// One sesi as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// Its id.
    pub(crate) id: String,
    /// Its number in its skema; 0 for a sesi outside every skema.
    pub(crate) number: u32,
    /// `sesi 8`, or `stunting sesi 3` outside of the default skema.
    pub(crate) short: String,
    /// The title.
    pub(crate) title: String,
    /// Its page.
    pub(crate) href: String,
    /// The id of its modul; empty outside every skema.
    pub(crate) modul: String,
    /// The title of its modul.
    pub(crate) modul_title: String,
}

impl Label {
    /// `Sesi 8: Gizi Ibu Hamil`.
    pub(crate) fn full(&self) -> String {
        if self.number == 0 {
            self.title.clone()
        } else {
            format!("{}: {}", capital(&self.short), self.title)
        }
    }
}

/// A text that begins with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The names of a sesi.
pub(crate) fn label(state: &State, ix: SesiIx) -> Label {
    let Some(sesi) = state.sesi_at(ix) else {
        return Label {
            id: String::new(),
            number: 0,
            short: "sesi lain".to_owned(),
            title: "Sesi lain".to_owned(),
            href: "/kurikulum".to_owned(),
            modul: String::new(),
            modul_title: "Sesi lain".to_owned(),
        };
    };
    let (id, title) = (sesi.id.to_string(), sesi.title.clone());
    let href = urls::sesi(&sesi.id);
    match state.placement(&sesi.id) {
        Some(place) => {
            let number = place.entry.nomor;
            let default = state.default_skema().is_some_and(|skema| skema.id == place.skema.id);
            let short = if default {
                format!("sesi {number}")
            } else {
                let word = place.skema.alias.first().unwrap_or(&place.skema.judul);
                format!("{word} sesi {number}")
            };
            let (modul, modul_title) = (place.modul.id.to_string(), place.modul.judul.clone());
            Label { id, number, short, title, href, modul, modul_title }
        }
        None => Label {
            short: format!("“{title}”"),
            id,
            number: 0,
            title,
            href,
            modul: String::new(),
            modul_title: "Sesi lain".to_owned(),
        },
    }
}

/// The names of every sesi, by dense number.
pub(crate) fn labels(state: &State) -> Vec<Label> {
    state.all_sesi().map(|(ix, _)| label(state, ix)).collect()
}

/// Sesi under the heading of their modul, both in the order in which they come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModulGroup {
    /// The id of the modul; empty for sesi outside every skema.
    pub(crate) id: String,
    /// Its title.
    pub(crate) title: String,
    /// Its sesi among those asked for.
    pub(crate) sesi: Vec<SesiIx>,
}

/// The sesi of `order` under their modul.
pub(crate) fn by_modul(labels: &[Label], order: &[SesiIx]) -> Vec<ModulGroup> {
    let mut groups: Vec<ModulGroup> = Vec::new();
    for ix in order {
        let Some(label) = labels.get(usize::from(*ix)) else { continue };
        match groups.iter_mut().find(|group| group.id == label.modul) {
            Some(group) => group.sesi.push(*ix),
            None => groups.push(ModulGroup {
                id: label.modul.clone(),
                title: label.modul_title.clone(),
                sesi: vec![*ix],
            }),
        }
    }
    groups
}

/// Every sesi in the order of the skema, the default one first.
pub(crate) fn all_in_order(state: &State) -> Vec<SesiIx> {
    let first = state.default_skema().into_iter();
    let default = state.default_skema().map(|skema| skema.id.clone());
    let others = state.skema.iter().filter(|skema| Some(&skema.id) != default.as_ref());
    let mut order: Vec<SesiIx> = Vec::new();
    for ix in first.chain(others).flat_map(|skema| state.order(skema)) {
        if !order.contains(&ix) {
            order.push(ix);
        }
    }
    let rest: Vec<SesiIx> =
        state.all_sesi().map(|(ix, _)| ix).filter(|ix| !order.contains(ix)).collect();
    order.extend(rest);
    order
}

/// The sesi that can be taught, in order: those that stand in a skema. What stands outside of every
/// skema (the glossary, the guide) is there to be read; it stays in the list only where `kept` says
/// that it was chosen before.
pub(crate) fn teachable(state: &State, kept: impl Fn(&str) -> bool) -> Vec<SesiIx> {
    let mut order = all_in_order(state);
    order.retain(|ix| {
        state
            .sesi_at(*ix)
            .is_some_and(|sesi| state.placement(&sesi.id).is_some() || kept(sesi.id.as_str()))
    });
    order
}

/// `langkah 1 sampai 4`, `langkah 2, 5, dan 7`, from the bits of the numbers; empty for none.
pub(crate) fn langkah_words(bits: u32) -> String {
    let numbers: Vec<u32> = (1..=32).filter(|n| bits & (1 << (n - 1)) != 0).collect();
    match numbers.as_slice() {
        [] => String::new(),
        [one] => format!("langkah {one}"),
        [first, .., last] if (last - first) as usize + 1 == numbers.len() && numbers.len() > 2 => {
            format!("langkah {first} sampai {last}")
        }
        _ => {
            let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            format!("langkah {}", crate::bahasa::angka::list(&words))
        }
    }
}

/// The bits of the langkah `1..=count`.
pub(crate) fn all_langkah(count: u8) -> u32 {
    u32::MAX.checked_shr(32 - u32::from(count.min(32))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn langkah_in_words() {
        for (bits, words) in [
            (0, ""),
            (0b1, "langkah 1"),
            (0b11, "langkah 1 dan 2"),
            (0b1111, "langkah 1 sampai 4"),
            (0b101_0010, "langkah 2, 5, dan 7"),
        ] {
            assert_eq!(langkah_words(bits), words);
        }
        assert_eq!((all_langkah(0), all_langkah(3), all_langkah(32)), (0, 7, u32::MAX));
    }
}
