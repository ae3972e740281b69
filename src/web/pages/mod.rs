//! The pages, one file each; its template has the same name.

mod bandingkan;
mod bantuan;
mod beranda;
mod cakupan;
mod cari;
mod catat;
#[cfg(feature = "pdf")]
mod cetak;
mod ganda;
mod impor;
mod kelompok;
mod kunjungan;
mod kurikulum;
mod laporan;
mod libur;
mod masuk;
mod modul;
mod pemeriksaan;
mod penangguhan;
mod pendek;
mod pengguna;
mod pertemuan;
mod profil;
mod reading;
mod rencana;
mod riwayat;
mod sajian;
mod serah;
mod sesi;
mod setelan;
mod sunting;
mod tinjauan;
mod wilayah;

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
        .merge(pendek::routes())
        .merge(kelompok::routes())
        .merge(penangguhan::routes())
        .merge(serah::routes())
        .merge(rencana::routes())
        .merge(libur::routes())
        .merge(catat::routes())
        .merge(pertemuan::routes())
        .merge(cakupan::routes())
        .merge(laporan::routes())
        .merge(wilayah::routes())
        .merge(kunjungan::routes())
        .merge(pemeriksaan::routes())
        .merge(ganda::routes())
        .merge(impor::routes())
        .merge(setelan::routes())
        .merge(pengguna::routes());
    #[cfg(feature = "pdf")]
    let routes = routes.merge(cetak::routes());
    routes
}
