//! Help: short answers by task, and where the words of the field are explained.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::Visitor;
use crate::web::page::{Link, Page, show};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/bantuan", get(get_help))
}

#[derive(Template)]
#[template(path = "pages/bantuan.html")]
struct Bantuan {
    page: Page,
    panduan: Vec<Link>,
}

async fn get_help(Shared(web): Shared<Web>, visitor: Visitor) -> Result<Response, WebError> {
    let panduan = {
        let state = web.app.state();
        let open = visitor.viewer().read_live(state.public_reading);
        if open { super::kurikulum::panduan(&state) } else { Vec::new() }
    };
    show(&Bantuan { page: web.page(&visitor, "/bantuan"), panduan })
}
