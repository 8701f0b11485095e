//! The API. Its code does not deal with CORS.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde_json::json;

use crate::{requests::REQUEST_ID, state::State};

/// The name of the cookie that the playground sets. A browser sends it in requests with credentials.
pub(crate) const COOKIE: &str = "cors-playground";

pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(
        web::resource("/items")
            .route(web::get().to(items))
            .route(web::post().to(HttpResponse::Created))
            .route(web::put().to(HttpResponse::NoContent))
            .route(web::delete().to(HttpResponse::NoContent)),
    )
    .route("/private", web::get().to(private));
}

async fn items(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let cookies = request.headers().get_all(header::COOKIE);
    let has_cookie = cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .any(|cookie| cookie.trim().starts_with(COOKIE));
    HttpResponse::Ok()
        .insert_header((REQUEST_ID, state.next_request_id()))
        .json(json!({
            "items": ["apple", "pear"],
            "cookie": has_cookie,
        }))
}

async fn private(request: HttpRequest) -> HttpResponse {
    let token = request.headers().get(header::AUTHORIZATION);
    if token.is_some_and(|token| token.as_bytes() == b"Bearer demonstration") {
        HttpResponse::Ok().json(json!({ "you": "may read this" }))
    } else {
        HttpResponse::Unauthorized().body("send: Authorization: Bearer demonstration")
    }
}
