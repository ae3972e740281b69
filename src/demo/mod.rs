//! A made-up district, from a seed: places, users, kelompok and months of pertemuan.
//!
//! Pure: the same [`Params`] always give the same district. The places of the two kabupaten are
//! real and public (`wilayah.csv` beside this file); everything else, and every place beyond them,
//! is made up. No person's name occurs: kelompok are called after flowers, fruits and trees, users
//! after their work.

mod files;
mod meeting;
mod people;
mod place;
mod rng;
mod story;
mod texts;

use jiff::civil::Date;

use crate::decide::import::{KelompokRow, PenggunaRow, PertemuanRow, WilayahRow};
use crate::kelompok::KelompokId;
use crate::kelompok::group::HeadReason;
use crate::kelompok::wilayah::Kode;
use crate::people::account::Login;
use crate::transfer::read::pertemuan_id;

pub use self::files::{Counts, write_files};
pub use self::meeting::Report;
pub use self::place::MAX_KELOMPOK;
pub use self::story::Story;

use self::place::Places;
use self::story::Course;

/// What a made-up district is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Another seed gives another district of the same size.
    pub seed: u64,
    /// The day on which it is looked at: everything lies before it.
    pub today: Date,
    /// How many kelompok, 1 to [`MAX_KELOMPOK`]; more are cut off.
    pub kelompok: u32,
    /// How many months of pertemuan, the month of `today` included; 1 to 240, more are cut off.
    pub months: u32,
}

impl Params {
    /// The district of the demonstration: 60 kelompok, 14 months.
    #[must_use]
    pub fn demo(seed: u64, today: Date) -> Self {
        Self { seed, today, kelompok: 60, months: 14 }
    }
}

/// A time without pertemuan in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaSuspension {
    /// Where.
    pub area: Kode,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// A change of the number of members of one kelompok.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadChange {
    /// Of which kelompok.
    pub kelompok: KelompokId,
    /// From this day on.
    pub date: Date,
    /// By how many.
    pub delta: i32,
    /// Why.
    pub reason: HeadReason,
}

/// A kelompok that another pendamping takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Which kelompok.
    pub kelompok: KelompokId,
    /// From this day on.
    pub from: Date,
    /// Who meets it then.
    pub pendamping: Login,
}

/// A user to show a role with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLogin {
    /// `admin`, `pelatih`, `penelaah`, `supervisor`, `pendamping`, and `supervisor-2` and
    /// `pendamping-2` of the second kabupaten.
    pub label: &'static str,
    /// Its login.
    pub login: Login,
}

/// Makes the parts of a district one by one, so that a nation need not stand in memory.
#[derive(Debug)]
pub struct Generator {
    params: Params,
    places: Places,
    course: Course,
}

impl Generator {
    /// Prepares a district; nothing large is made yet.
    #[must_use]
    pub fn new(params: &Params) -> Self {
        let mut params = *params;
        params.kelompok = params.kelompok.clamp(1, MAX_KELOMPOK);
        params.months = params.months.clamp(1, 240);
        Self { params, places: Places::new(params.kelompok), course: Course::new(&params) }
    }

    /// The places, each behind the one it lies in.
    pub fn wilayah(&self) -> impl Iterator<Item = WilayahRow> {
        self.places.rows()
    }

    /// The users: those who show a role first, then a supervisor of every further kabupaten, then
    /// the pendamping.
    pub fn pengguna(&self) -> impl Iterator<Item = PenggunaRow> {
        people::rows(&self.places)
    }

    /// The users to show the roles with.
    #[must_use]
    pub fn logins(&self) -> Vec<DemoLogin> {
        people::demo_logins(&self.places)
    }

    /// The suspension in the middle of the months; none in less than five months.
    #[must_use]
    pub fn suspensions(&self) -> Vec<AreaSuspension> {
        self.course.suspension.clone().into_iter().collect()
    }

    /// How many kelompok there are.
    #[must_use]
    pub fn kelompok(&self) -> u32 {
        self.params.kelompok
    }

    /// The life of the kelompok with this number, from 0; none beyond [`Self::kelompok`].
    #[must_use]
    pub fn story(&self, number: u32) -> Option<Story> {
        let known = number < self.params.kelompok;
        known
            .then(|| self.places.slot(number))
            .and_then(|slot| story::story(&self.params, &self.course, &slot))
    }

    /// The kelompok with their lives, in order.
    pub fn stories(&self) -> impl Iterator<Item = Story> {
        (0..self.params.kelompok).filter_map(|number| self.story(number))
    }

    /// The pertemuan of a kelompok, in the order of their dates.
    #[must_use]
    pub fn reports(&self, story: &Story) -> Vec<Report> {
        meeting::reports(&self.params, &self.course, story)
    }
}

/// A whole made-up district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Its places.
    pub wilayah: Vec<WilayahRow>,
    /// Its users.
    pub pengguna: Vec<PenggunaRow>,
    /// Which of them show a role.
    pub logins: Vec<DemoLogin>,
    /// Its kelompok as they were on their first day.
    pub kelompok: Vec<KelompokRow>,
    /// Its pertemuan, by kelompok and date. They count the members as of their day: the head
    /// changes have to be made before they are imported.
    pub pertemuan: Vec<PertemuanRow>,
    /// When no pertemuan were expected.
    pub suspensions: Vec<AreaSuspension>,
    /// How the numbers of members changed, by kelompok and date.
    pub head_changes: Vec<HeadChange>,
    /// Who took over from whom.
    pub handovers: Vec<Handover>,
}

impl District {
    /// Makes the whole district at once. For a large one use [`Generator`] or [`write_files`].
    #[must_use]
    pub fn generate(params: &Params) -> Self {
        let generator = Generator::new(params);
        let mut district = Self {
            wilayah: generator.wilayah().collect(),
            pengguna: generator.pengguna().collect(),
            logins: generator.logins(),
            kelompok: Vec::new(),
            pertemuan: Vec::new(),
            suspensions: generator.suspensions(),
            head_changes: Vec::new(),
            handovers: Vec::new(),
        };
        for story in generator.stories() {
            let reports = generator.reports(&story);
            district.pertemuan.extend(reports.into_iter().map(|report| PertemuanRow {
                id: pertemuan_id(&report.id),
                input: report.input,
                received: Some(report.received),
            }));
            district.kelompok.push(story.kelompok);
            district.head_changes.extend(story.heads);
            district.handovers.extend(story.handover);
        }
        district
    }
}
