//! The home page, by role.

mod admin;
mod pelatih;
mod pendamping;
mod supervisor;
mod umum;

use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;

use crate::people::account::Role;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Visitor};
use crate::web::page::{main_role, show};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/", get(get_home))
}

async fn get_home(
    FromState(web): FromState<Web>,
    visitor: Visitor,
    member: Option<Member>,
) -> Result<Response, WebError> {
    let Some(member) = member else { return show(&umum::page(&web, &visitor)) };
    match main_role(&visitor) {
        Some(Role::Pendamping) => show(&pendamping::page(&web, &member)?),
        Some(Role::Supervisor) => show(&supervisor::page(&web, &member)?),
        Some(Role::Pelatih | Role::Penelaah) => show(&pelatih::page(&web, &member)?),
        Some(Role::Admin) => show(&admin::page(&web, &member)?),
        None => show(&umum::page(&web, &visitor)),
    }
}
