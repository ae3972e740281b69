//! Settings: what may be set, by whom, from which day.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::event::{Event, Setting};
use crate::kelompok::rules::{Kind, Rules, TargetSet};
use crate::kelompok::text::{self, MAX_SHORT_CHARS};
use crate::kelompok::wilayah::Kode;
use crate::state::State;

use super::{Context, FieldError, Refusal, days};

/// The most kinds of pertemuan.
const MAX_KINDS: usize = 20;
/// The most tema.
const MAX_TEMA: usize = 20;
/// The most sesi of a target set.
const MAX_TARGET: usize = 200;
/// The kind that forms and the API take where nothing is said.
const USUAL_KIND: &str = "lengkap";

pub(super) fn decide(
    context: Context<'_>,
    from: Date,
    setting: &Setting,
) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, .. } = context;
    let allowed = match setting {
        // A supervisor says by which sesi the own area is measured.
        Setting::Target(target) => viewer.supervise(target.area) || viewer.change_settings(),
        _ => viewer.change_settings(),
    };
    if !allowed {
        return Err(Refusal::forbidden("mengubah setelan"));
    }
    let today = context.today();
    if from < today {
        return Err(Refusal::invalid(
            "from",
            "Setelan tidak dapat berlaku surut. Pilih tanggal hari ini atau sesudahnya.",
        ));
    }
    if let Some(message) = days::unlikely(from, today) {
        return Err(Refusal::invalid("from", message));
    }
    let mut errors = Vec::new();
    let setting = match setting {
        Setting::Rules(wanted) => Setting::Rules(rules(wanted, &mut errors)),
        Setting::Target(target) => {
            check_target(state, target, from, &mut errors);
            setting.clone()
        }
        Setting::PrintedBook { sesi, generation } => {
            if state.sesi(sesi).is_none() {
                errors.push(FieldError::new("sesi", "Sesi itu tidak dikenal. Pilih dari daftar."));
            }
            if *generation > 99 {
                errors.push(FieldError::new("generation", "Isi angka 0 sampai 99."));
            }
            setting.clone()
        }
        Setting::Tema(wanted) => Setting::Tema(tema(wanted, &mut errors)),
        // Decided with the plans, before this is asked.
        Setting::Holidays(_) => setting.clone(),
        Setting::FolioWidth(width) => {
            if !matches!(width, 210 | 215) {
                errors.push(FieldError::new("width", "Pilih lebar 210 atau 215 milimeter."));
            }
            setting.clone()
        }
        Setting::Crosswalk(table) => {
            for category in table.categories() {
                if let Err(error) = text::clean(category, MAX_SHORT_CHARS) {
                    errors.push(FieldError::new("category", error.to_string()));
                }
            }
            setting.clone()
        }
        Setting::PublicReading(_) => setting.clone(),
    };
    let at_once =
        matches!(setting, Setting::PublicReading(_) | Setting::Tema(_) | Setting::FolioWidth(_));
    if at_once && from != today {
        errors.push(FieldError::new("from", "Setelan ini berlaku sejak hari ini juga."));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    Ok(vec![Event::SettingChanged { from, setting: Box::new(setting) }])
}

fn rules(wanted: &Rules, errors: &mut Vec<FieldError>) -> Rules {
    for (field, percent) in [
        ("min_present_percent", wanted.min_present_percent),
        ("expected_days_percent", wanted.expected_days_percent),
    ] {
        if percent > 100 {
            errors.push(FieldError::new(field, "Isi angka 0 sampai 100."));
        }
    }
    if !(1..=28).contains(&wanted.on_time_day) {
        errors.push(FieldError::new("on_time_day", "Isi tanggal 1 sampai 28."));
    }
    let mut said = |message: &str| errors.push(FieldError::new("kinds", message));
    if wanted.kinds.len() > MAX_KINDS {
        said("Paling banyak 20 jenis pertemuan.");
    }
    let mut ids = HashSet::new();
    if !wanted.kinds.iter().all(|kind| ids.insert(kind.id.as_str())) {
        said("Setiap jenis pertemuan perlu kode sendiri. Ada kode yang tertulis dua kali.");
    }
    if !ids.contains(USUAL_KIND) {
        said("Jenis “lengkap” adalah jenis yang biasa dan tidak dapat dihapus.");
    }
    if !wanted.kinds.iter().any(|kind| kind.counts) {
        said("Paling sedikit satu jenis pertemuan harus dihitung dalam cakupan.");
    }
    let kinds = wanted.kinds.iter().filter_map(|kind| kind_of(kind, errors)).collect();
    Rules { kinds, ..wanted.clone() }
}

fn kind_of(kind: &Kind, errors: &mut Vec<FieldError>) -> Option<Kind> {
    let plain = kind.id.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if !plain || kind.id.len() > 40 {
        errors.push(FieldError::new(
            "kinds",
            format!(
                "Kode jenis “{}” tidak dapat dipakai. Pakai huruf kecil, angka dan tanda hubung.",
                kind.id.chars().take(40).collect::<String>()
            ),
        ));
        return None;
    }
    match text::clean(&kind.name, 40) {
        Ok(name) if name.is_empty() => {
            let message = format!("Tulis nama untuk jenis “{}”.", kind.id);
            errors.push(FieldError::new("kinds", message));
            None
        }
        Ok(name) => Some(Kind { name, ..kind.clone() }),
        Err(error) => {
            errors.push(FieldError::new("kinds", error.to_string()));
            None
        }
    }
}

fn check_target(state: &State, target: &TargetSet, from: Date, errors: &mut Vec<FieldError>) {
    if target.area != Kode::NASIONAL && !state.wilayah.contains_key(&target.area) {
        let message = "Wilayah itu belum ada di daftar wilayah. Pilih dari daftar.";
        errors.push(FieldError::new("area", message));
    }
    if target.from != from {
        errors.push(FieldError::new("from", "Tanggal berlaku sasaran tertulis berbeda."));
    }
    if target.sesi.is_empty() || target.sesi.len() > MAX_TARGET {
        errors.push(FieldError::new("sesi", "Pilih paling sedikit satu sesi sasaran."));
    }
    let mut seen = HashSet::new();
    for sesi in &target.sesi {
        if state.sesi(sesi).is_none() {
            let message = format!("Sesi “{sesi}” tidak dikenal. Pilih dari daftar.");
            errors.push(FieldError::new("sesi", message));
        }
        if !seen.insert(sesi) {
            let message = format!("Sesi “{sesi}” tertulis dua kali. Cukup satu kali.");
            errors.push(FieldError::new("sesi", message));
        }
    }
}

fn tema(wanted: &[String], errors: &mut Vec<FieldError>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in wanted {
        match text::clean(one, 40) {
            Ok(tema) if tema.is_empty() => {}
            Ok(tema) if tema.contains('\n') => {
                errors.push(FieldError::new("tema", "Tulis satu tema pada satu baris."));
            }
            Ok(tema) => {
                let tema = tema.to_lowercase();
                if !kept.contains(&tema) {
                    kept.push(tema);
                }
            }
            Err(error) => errors.push(FieldError::new("tema", error.to_string())),
        }
    }
    if kept.is_empty() || kept.len() > MAX_TEMA {
        errors.push(FieldError::new("tema", format!("Tulis 1 sampai {MAX_TEMA} tema.")));
    }
    kept
}
