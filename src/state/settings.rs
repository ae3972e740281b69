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

    /// Every change of a setting, in the order of the journal.
    #[must_use]
    pub fn setting_changes(&self) -> &[SettingChange] {
        &self.setting_changes
    }
}
