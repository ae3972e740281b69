//! The API: JSON over HTTP, one file a resource. Every route stands in one table, from which the
//! router is made and against which the `OpenAPI` document is held by a test.

mod cakupan;
mod cari;
pub mod document;
mod kelola;
mod kelompok;
mod kurikulum;
mod libur;
mod naskah;
mod pengawasan;
mod pertemuan;
mod query;
pub mod shape;
pub mod sistem;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use super::Web;
use super::error::{Problem, WebError};

/// One address with its methods.
pub struct Route {
    /// The path, below `/api/v1`.
    pub path: &'static str,
    /// Its methods in lower case.
    pub methods: &'static [&'static str],
    handler: MethodRouter<Web>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.path, self.methods)
    }
}

fn route(
    path: &'static str,
    methods: &'static [&'static str],
    handler: MethodRouter<Web>,
) -> Route {
    Route { path, methods, handler }
}

/// Every route below `/api/v1`.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        route("/health", &["get"], get(sistem::get_health)),
        route("/perubahan", &["get"], get(sistem::get_changes)),
        route("/skema", &["get"], get(kurikulum::get_skema)),
        route("/modul", &["get"], get(kurikulum::get_modul)),
        route("/sesi/{id}", &["get"], get(kurikulum::get_sesi)),
        route("/sesi/{id}/revisi", &["get"], get(kurikulum::get_revisions)),
        route("/sesi/{id}/diff", &["get"], get(kurikulum::get_diff)),
        route("/sesi/{id}/draf", &["get", "put"], get(naskah::get_draft).put(naskah::put_draft)),
        route("/sesi/{id}/ajukan", &["post"], post(naskah::post_submit)),
        route("/sesi/{id}/kembalikan", &["post"], post(naskah::post_return)),
        route("/sesi/{id}/terbitkan", &["post"], post(naskah::post_publish)),
        route("/cari", &["get"], get(cari::get_search)),
        route("/kelompok", &["get"], get(kelompok::get_list)),
        route(
            "/kelompok/{id}",
            &["get", "post"],
            get(kelompok::get_one).post(kelompok::post_change),
        ),
        route("/kelompok/{id}/pertemuan", &["get"], get(kelompok::get_meetings)),
        route("/kelompok/{id}/gabung", &["post"], post(kelola::post_merge)),
        route("/kelompok/{id}/pecah", &["post"], post(kelola::post_split)),
        route("/kelompok/{id}/bubarkan", &["post"], post(kelola::post_dissolve)),
        route("/kelompok/{id}/batalkan", &["post"], post(kelola::post_restore)),
        route("/kelompok/{id}/pendamping", &["post"], post(kelola::post_assign)),
        route(
            "/kelompok/{id}/kursi",
            &["get", "post"],
            get(kelola::get_seats).post(kelola::post_seats),
        ),
        route(
            "/kelompok/{id}/rencana",
            &["get", "post"],
            get(kelola::get_plan).post(kelola::post_plan),
        ),
        route("/serah-terima", &["post"], post(kelola::post_hand_over)),
        route("/ubah-bersama", &["post"], post(kelola::post_many)),
        route("/wilayah/{id}/libur", &["get", "post"], get(libur::get_list).post(libur::post_list)),
        route("/pertemuan", &["post"], post(pertemuan::post_record)),
        route("/pertemuan/{id}", &["get"], get(pertemuan::get_one)),
        route("/pertemuan/{id}/koreksi", &["post"], post(pertemuan::post_correct)),
        route("/pertemuan/{id}/tarik", &["post"], post(pertemuan::post_withdraw)),
        route("/pertemuan/{id}/tanya", &["post"], post(pertemuan::post_ask)),
        route(
            "/kunjungan",
            &["get", "post"],
            get(pengawasan::get_visits).post(pengawasan::post_visit),
        ),
        route("/kunjungan/{id}", &["get"], get(pengawasan::get_visit)),
        route("/kunjungan/{id}/koreksi", &["post"], post(pengawasan::post_correct)),
        route("/kunjungan/{id}/tarik", &["post"], post(pengawasan::post_withdraw)),
        route(
            "/pemeriksaan",
            &["get", "post"],
            get(pengawasan::get_checks).post(pengawasan::post_check),
        ),
        route("/pemeriksaan/{id}", &["get"], get(pengawasan::get_check)),
        route("/pemeriksaan/{id}/selesaikan", &["post"], post(pengawasan::post_resolve)),
        route("/cakupan", &["get"], get(cakupan::get_coverage)),
    ]
}

/// The routes below `/api`.
pub fn routes() -> Router<Web> {
    let v1 = table()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler))
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed);
    Router::new()
        .nest("/v1", v1)
        .route("/openapi.json", get(sistem::get_document))
        .route("/", get(sistem::get_page))
}

async fn unknown() -> Problem {
    Problem(WebError::not_found("Alamat API ini"))
}

async fn not_allowed() -> Problem {
    Problem(WebError::Method("Alamat ini tidak menerima metode itu. Lihat /api.".to_owned()))
}
