//! A predicate that decides which origins are allowed. Here, each tenant's API allows the origin of that tenant:
//! `cargo run --example predicate`.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{collections::HashMap, env, io};

use actix_cors_policy::{Cors, CorsPolicy, request_host};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
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
    let port = env::var("PORT").unwrap_or_else(|_| "8084".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!(
            "Try: curl -i http://{address} -H 'Host: api.red.example' -H 'Origin: https://red.example'"
        );
    }
    server.run().await
}
