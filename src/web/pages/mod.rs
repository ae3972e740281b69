//! The pages, one file each; its template has the same name.

mod bandingkan;
mod bantuan;
mod beranda;
mod cari;
#[cfg(feature = "pdf")]
mod cetak;
mod checks;
mod kurikulum;
mod masuk;
mod modul;
mod pendek;
mod profil;
mod reading;
mod riwayat;
mod sajian;
mod sesi;
mod sunting;
mod tinjauan;

use axum::Router;

use super::Web;

/// The routes of all pages.
pub fn routes() -> Router<Web> {
    let routes = Router::new()
        .merge(beranda::routes())
        .merge(cari::routes())
        .merge(masuk::routes())
        .merge(kurikulum::routes())
        .merge(modul::routes())
        .merge(sesi::routes())
        .merge(sajian::routes())
        .merge(riwayat::routes())
        .merge(bandingkan::routes())
        .merge(sunting::routes())
        .merge(tinjauan::routes())
        .merge(bantuan::routes())
        .merge(profil::routes())
        .merge(pendek::routes());
    #[cfg(feature = "pdf")]
    let routes = routes.merge(cetak::routes());
    routes
}
