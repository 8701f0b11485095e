//! Origins checked by code: each tenant's own origin, for that tenant's requests: `cargo run --example predicate`.

use std::collections::HashMap;

use actix_cors_policy::{Cors, CorsPolicy, request_host};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    // The host by which a request came in, and the one origin that may read what is there.
    let origins = HashMap::from([
        ("api.red.example", "https://red.example"),
        ("api.blue.example", "https://blue.example:8443"),
    ]);
    let policy = CorsPolicy::builder()
        // Whole values are compared: `starts_with` would admit https://red.example.evil.example.
        .allow_origin_fn(move |origin, head| {
            // Over HTTP/2 a request has no `Host`; this reads `:authority` there.
            let host = request_host(head);
            host.and_then(|host| origins.get(host)) == Some(&origin.as_str())
        })
        // A request header that the predicate reads is part of what the answer depends on.
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
