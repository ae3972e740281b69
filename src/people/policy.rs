//! Who may do what. The only place that says so; everything that is not allowed here is refused.
//!
//! Grants are role x area subtree and unite. Existence of a kelompok is a secret to those who may
//! not read it, so callers answer "not found" and never "forbidden" for one.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::ids::AccountId;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::Kode;

use super::account::{Account, Role};

/// Days for which a pendamping may still read and write after handing a kelompok over.
pub const HANDOVER_DAYS: i32 = 30;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Viewer<'a> {
    /// Someone without a login.
    Anyone,
    /// The owner of the data directory at the command line, and the program itself.
    System,
    /// Someone who logged in.
    Account(&'a Account),
}

impl<'a> Viewer<'a> {
    /// The account, if someone logged in.
    #[must_use]
    pub fn account(self) -> Option<&'a Account> {
        match self {
            Self::Account(account) if !account.disabled => Some(account),
            _ => None,
        }
    }

    /// The number of the account, if someone logged in.
    #[must_use]
    pub fn id(self) -> Option<AccountId> {
        self.account().map(|account| account.id)
    }

    fn role_at(self, role: Role, area: Kode) -> bool {
        matches!(self, Self::System)
            || self.account().is_some_and(|account| account.has_role_at(role, area))
    }

    fn role(self, role: Role) -> bool {
        matches!(self, Self::System) || self.account().is_some_and(|account| account.has_role(role))
    }

    /// Read, search and print the live texts.
    #[must_use]
    pub fn read_live(self, public_reading: bool) -> bool {
        public_reading || matches!(self, Self::System) || self.account().is_some()
    }

    /// Read drafts and what waits for review.
    #[must_use]
    pub fn read_drafts(self) -> bool {
        self.role(Role::Pelatih) || self.role(Role::Penelaah)
    }

    /// Write a draft and hand it in.
    #[must_use]
    pub fn write_draft(self) -> bool {
        self.role(Role::Pelatih)
    }

    /// Return a text to its authors.
    #[must_use]
    pub fn review(self) -> bool {
        self.role(Role::Penelaah)
    }

    /// Publish a text that others wrote: nobody approves their own change.
    #[must_use]
    pub fn publish(self, authors: &[AccountId]) -> bool {
        self.review() && self.id().is_none_or(|id| !authors.contains(&id))
    }

    /// Read a kelompok and its pertemuan: where it has members, and where it belonged before, since
    /// it still counts there for the days before its move.
    #[must_use]
    pub fn read_group(self, group: &Kelompok, today: Date) -> bool {
        group.all_desa(today).iter().any(|desa| self.role_at(Role::Supervisor, *desa))
            || group
                .homes()
                .any(|home| self.role_at(Role::Supervisor, home) || self.role_at(Role::Admin, home))
            || self.assigned(group, today)
    }

    /// Whether a pendamping meets the kelompok today or did within the days of a hand-over.
    fn assigned(self, group: &Kelompok, today: Date) -> bool {
        let Some(account) = self.account().filter(|account| account.has_role(Role::Pendamping))
        else {
            return false;
        };
        group.assigned.iter().enumerate().any(|(at, (_, who))| {
            *who == Some(account.id)
                && group
                    .assigned
                    .get(at + 1)
                    .is_none_or(|(until, _)| today < until.saturating_add(HANDOVER_DAYS.days()))
        })
    }

    /// Whether the kelompok belongs to the pendamping today, as "my kelompok".
    #[must_use]
    pub fn meets(self, group: &Kelompok, today: Date) -> bool {
        self.id().is_some_and(|id| {
            group.active(today)
                && (group.pendamping(today) == Some(id)
                    // An assignment that begins later is already hers to prepare.
                    || group.assigned.last().is_some_and(|(from, who)| *from > today && *who == Some(id)))
        })
    }

    /// For someone who handed the kelompok over and may still record what she held: the last day of
    /// hers, and the last day on which she may record it.
    #[must_use]
    pub fn still_records(self, group: &Kelompok, today: Date) -> Option<(Date, Date)> {
        let id = self.id().filter(|_| self.assigned(group, today))?;
        if group.pendamping(today) == Some(id) {
            return None;
        }
        let ended = group.assigned.windows(2).rev().find_map(|pair| match pair {
            [(_, who), (until, _)] if *who == Some(id) && *until <= today => Some(*until),
            _ => None,
        })?;
        let last = ended.saturating_sub(1.day());
        Some((last, last.saturating_add(HANDOVER_DAYS.days())))
    }

    /// Record a pertemuan of the kelompok dated `date`.
    #[must_use]
    pub fn record(self, group: &Kelompok, date: Date, today: Date) -> bool {
        matches!(self, Self::System)
            || (self.assigned(group, today)
                && self.id().is_some_and(|id| group.pendamping(date) == Some(id)))
    }

    /// Correct or withdraw a pertemuan: its author, the pendamping of its date, or a supervisor of
    /// the area.
    #[must_use]
    pub fn correct(self, group: &Kelompok, fakta: &Fakta, today: Date) -> bool {
        self.role_at(Role::Supervisor, group.home(today))
            || self.record(group, fakta.date, today)
            || (self.assigned(group, today) && self.id() == Some(fakta.author))
    }

    /// Answer a supervisor's question about a pertemuan.
    #[must_use]
    pub fn answer(self, group: &Kelompok, today: Date) -> bool {
        matches!(self, Self::System) || self.assigned(group, today)
    }

    /// Ask about a pertemuan, log visits and checks, set suspensions in the area.
    #[must_use]
    pub fn supervise(self, area: Kode) -> bool {
        self.role_at(Role::Supervisor, area)
    }

    /// Enter, import and assign kelompok in the area.
    #[must_use]
    pub fn manage_groups(self, area: Kode) -> bool {
        self.role_at(Role::Admin, area)
    }

    /// Import files; each row is decided by itself.
    #[must_use]
    pub fn import(self) -> bool {
        self.role(Role::Admin)
    }

    /// Change the number of members: whoever meets it, or keeps the area's kelompok in order.
    #[must_use]
    pub fn change_heads(self, group: &Kelompok, today: Date) -> bool {
        self.manage_groups(group.home(today))
            || self.supervise(group.home(today))
            || self.meets(group, today)
    }

    /// Change the plan of a kelompok: whoever meets it, or looks after the area.
    #[must_use]
    pub fn change_plan(self, group: &Kelompok, today: Date) -> bool {
        self.supervise(group.home(today)) || self.meets(group, today)
    }

    /// Set the holidays of an area, around which plans go.
    #[must_use]
    pub fn change_holidays(self, area: Kode) -> bool {
        self.supervise(area) || self.manage_groups(area)
    }

    /// See the rows of kelompok in the coverage of an area.
    #[must_use]
    pub fn see_groups(self, area: Kode) -> bool {
        self.role_at(Role::Supervisor, area) || self.role_at(Role::Admin, area)
    }

    /// See the totals of an area without its kelompok.
    #[must_use]
    pub fn see_totals(self, area: Kode) -> bool {
        self.see_groups(area)
            || self.role_at(Role::Pelatih, area)
            || self.role_at(Role::Penelaah, area)
    }

    /// The areas whose totals the viewer may see, outermost first.
    #[must_use]
    pub fn areas(self) -> Vec<Kode> {
        if matches!(self, Self::System) {
            return vec![Kode::NASIONAL];
        }
        let Some(account) = self.account() else { return Vec::new() };
        let mut areas: Vec<Kode> = [Role::Supervisor, Role::Admin, Role::Pelatih, Role::Penelaah]
            .into_iter()
            .flat_map(|role| account.areas(role))
            .collect();
        areas.sort_unstable();
        areas.dedup();
        let all = areas.clone();
        areas.retain(|area| !all.iter().any(|other| other != area && other.contains(*area)));
        areas
    }

    /// Make and change accounts whose grants all lie in the area.
    #[must_use]
    pub fn manage_users(self, area: Kode) -> bool {
        self.role_at(Role::Admin, area)
    }

    /// Change settings of the whole program.
    #[must_use]
    pub fn change_settings(self) -> bool {
        self.role_at(Role::Admin, Kode::NASIONAL)
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
