//! Settings in the state: what holds from which day, and who set it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::{LineInfo, Setting};
use crate::ids::AccountId;

use super::State;

/// One change of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// From this date on.
    pub from: Date,
    /// What, and to which value.
    pub setting: Setting,
    /// Who changed it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

impl State {
    pub(super) fn apply_setting(&mut self, info: &LineInfo, from: Date, setting: &Setting) {
        match setting {
            Setting::Rules(rules) => {
                for kind in &rules.kinds {
                    if !self.kinds.contains(&kind.id) {
                        self.kinds.push(kind.id.clone());
                    }
                }
                self.rules.set(from, rules.clone());
            }
            Setting::Target(target) => self.targets.push(target.clone()),
            Setting::PublicReading(open) => self.public_reading = *open,
            Setting::Crosswalk(table) => self.crosswalk.set(from, table.clone()),
            Setting::PrintedBook { sesi, generation } => {
                if let Some(ix) = self.sesi_ix(sesi) {
                    self.infos[usize::from(ix)].printed.set(from, *generation);
                }
            }
            Setting::Tema(tema) => self.tema.clone_from(tema),
            Setting::FolioWidth(width) => self.folio_mm = *width,
            Setting::Holidays(holidays) => self.set_holidays(from, holidays),
        }
        let (by, at) = (info.by, info.at);
        self.setting_changes.push(SettingChange { from, setting: setting.clone(), by, at });
    }

    /// How often what this setting is about was set: for rules of counting, the target of an area,
    /// the holidays of an area and so on each by itself. The version that a change names.
    #[must_use]
    pub fn setting_version(&self, of: &Setting) -> u64 {
        self.setting_changes.iter().filter(|one| same_thing(&one.setting, of)).count() as u64
    }

    /// Every change of a setting, in the order of the journal.
    #[must_use]
    pub fn setting_changes(&self) -> &[SettingChange] {
        &self.setting_changes
    }
}

fn same_thing(one: &Setting, other: &Setting) -> bool {
    match (one, other) {
        (Setting::Target(one), Setting::Target(other)) => one.area == other.area,
        (Setting::Holidays(one), Setting::Holidays(other)) => one.area == other.area,
        (Setting::PrintedBook { sesi: one, .. }, Setting::PrintedBook { sesi: other, .. }) => {
            one == other
        }
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}
