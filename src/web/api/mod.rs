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
mod perubahan;
mod query;
pub mod shape;
pub mod sistem;

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::Web;
use super::error::{Problem, WebError};
use super::extract::Params;
use super::query::invalid;

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
        route("/perubahan", &["get"], get(perubahan::get_changes)),
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
        .route_layer(middleware::from_fn(known_query))
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed);
    Router::new()
        .nest("/v1", v1)
        .route("/openapi.json", get(sistem::get_document))
        .route("/", get(sistem::get_page))
}

/// The names that the query of each call may have, by method and path, from the document.
static NAMES: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let calls = document::groups().into_iter().flat_map(|group| group.calls);
    calls
        .map(|call| {
            let query = call.parameters.iter().filter(|one| one.place == "query");
            (format!("{} {}", call.method, call.path), query.map(|one| one.name).collect())
        })
        .collect()
});

/// Refuses a query with a name that the call does not know, as an unknown field of a body is
/// refused: whoever misspells `cursor` would otherwise read the first page for ever.
async fn known_query(path: MatchedPath, params: Params, request: Request, next: Next) -> Response {
    let below = path.as_str().strip_prefix("/api/v1").unwrap_or(path.as_str());
    let known = NAMES.get(&format!("{} {below}", request.method()));
    let stranger = params
        .pairs()
        .iter()
        .map(|(name, _)| name.as_str())
        .find(|name| !known.is_some_and(|known| known.contains(name)));
    match stranger {
        None => next.run(request).await,
        Some(name) => {
            let name: String = name.chars().take(40).collect();
            let message = format!("“{name}” tidak dikenal di sini. Hapus atau periksa ejaannya.");
            Problem(invalid(&name, message)).into_response()
        }
    }
}

async fn unknown() -> Problem {
    Problem(WebError::not_found("Alamat API ini"))
}

async fn not_allowed() -> Problem {
    Problem(WebError::Method("Alamat ini tidak menerima metode itu. Lihat /api.".to_owned()))
}
