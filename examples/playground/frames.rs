//! The frames: for each origin, an invisible page that sends the requests that the playground asks for.

use actix_web::{HttpResponse, http::header, web};

use crate::origins::Origins;

pub(crate) fn routes(app: &mut web::ServiceConfig, origins: Origins) {
    let html = include_str!("page/frame.html").replace("{playground}", &origins.playground());
    // The policy lists the URLs of the script. `'self'` may not match in a sandboxed frame, whose origin is opaque.
    let mut scripts: Vec<String> = origins
        .callers()
        .iter()
        .map(|caller| format!("{}.js", caller.page))
        .collect();
    scripts.dedup();
    let policy = format!(
        "default-src 'none'; script-src {}; connect-src {}; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        scripts.join(" "),
        origins.api(),
        origins.playground(),
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

/// A file that is part of the program. The browser does not store it, so that files of two builds are never mixed.
pub(crate) async fn file(content_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}
