//! A predicate that decides which origins are allowed. Here, each tenant's API allows the origin of that tenant:
//! `cargo run --example predicate`.

use std::collections::HashMap;

use actix_cors_policy::{Cors, CorsPolicy, request_host};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    // For each host of the API, the only origin that may read its responses.
    let origins = HashMap::from([
        ("api.red.example", "https://red.example"),
        ("api.blue.example", "https://blue.example:8443"),
    ]);
    let policy = CorsPolicy::builder()
        // Compare complete values. `starts_with` would allow https://red.example.evil.example.
        .allow_origin_fn(move |origin, head| {
            // A request over HTTP/2 has no `Host`. This reads `:authority` then.
            let host = request_host(head);
            host.and_then(|host| origins.get(host)) == Some(&origin.as_str())
        })
        // The response depends on each request header that the predicate reads, so caches must know them.
        .vary_on(["host"])
        .build()?;

    let cors = Cors::new(policy);
    HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(("127.0.0.1", 8084))?
    .run()
    .await
}
