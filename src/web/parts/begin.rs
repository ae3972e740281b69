//! The first steps of an office that has nothing yet, for pages that stay empty until then.

use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::page::Link;

/// What an admin does first, in order; none where there are kelompok already, or others do it.
pub(crate) fn steps(state: &State, viewer: Viewer<'_>) -> Vec<Link> {
    let manages = viewer.areas().into_iter().any(|area| viewer.manage_groups(area));
    if !manages || !state.groups().is_empty() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    if state.wilayah.is_empty() {
        steps.push(Link::new("Muat daftar wilayah", "/impor?jenis=wilayah"));
    }
    steps.push(Link::new("Muat kelompok dari berkas", "/impor?jenis=kelompok"));
    steps.push(Link::new("Tambah satu kelompok", "/tambah-kelompok"));
    steps
}
