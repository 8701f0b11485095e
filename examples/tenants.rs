//! Regexes that allow the origins of tenants and preview deployments: `cargo run --example tenants`.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, io};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let policy = CorsPolicy::builder()
        // Escape dots and write the scheme. The whole origin must match, with or without anchors.
        .allow_origin_regex(r"https://tenant-[a-z0-9]+\.example\.com")
        .allow_origin_regex(r"https://pr-[0-9]+\.preview\.example\.com")
        .allow_headers(["content-type", "authorization"])
        .build()?;

    let cors = Cors::new(policy);
    let port = env::var("PORT").unwrap_or_else(|_| "8083".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address} -H 'Origin: https://tenant-7.example.com'");
    }
    server.run().await
}
