//! Regexes that allow the origins of tenants and preview deployments: `cargo run --example tenants`.

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let policy = CorsPolicy::builder()
        // Escape dots and write the scheme. The whole origin must match, with or without anchors.
        .allow_origin_regex(r"https://tenant-[a-z0-9]+\.example\.com")
        .allow_origin_regex(r"https://pr-[0-9]+\.preview\.example\.com")
        .allow_headers(["content-type", "authorization"])
        .build()?;

    let cors = Cors::new(policy);
    HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(("127.0.0.1", 8083))?
    .run()
    .await
}
