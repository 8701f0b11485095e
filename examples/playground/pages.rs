//! The page of every origin: a frame without looks, which sends what the playground's page asks it to.

use actix_web::{HttpResponse, http::header, web};

use crate::addresses::Addresses;

pub(crate) fn routes(app: &mut web::ServiceConfig, addresses: Addresses) {
    let html = include_str!("page/frame.html").replace("{playground}", &addresses.playground());
    // The script is named by its addresses: the origin of a sandboxed frame is opaque, so `'self'` might not mean it.
    let mut scripts: Vec<String> = addresses
        .callers()
        .iter()
        .map(|caller| format!("{}.js", caller.page))
        .collect();
    scripts.dedup();
    let policy = format!(
        "default-src 'none'; script-src {}; connect-src {}; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        scripts.join(" "),
        addresses.api(),
        addresses.playground(),
    );
    app.route(
        "/frame",
        web::get().to(move || {
            let page = HttpResponse::Ok()
                .insert_header((header::CONTENT_SECURITY_POLICY, policy.clone()))
                .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .body(html.clone());
            async move { page }
        }),
    )
    .route(
        "/frame.js",
        web::get().to(|| {
            file(
                "text/javascript; charset=utf-8",
                include_str!("page/frame.js"),
            )
        }),
    );
}

/// A file that is compiled in. It is not stored by the browser, so that the next build's is not mixed with it.
pub(crate) async fn file(content_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}
