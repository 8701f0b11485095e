//! A policy from environment variables, as in production:
//! `CORS_ALLOWED_ORIGINS=https://app.example.com cargo run --example environment`.
//!
//! If there are errors in the variables, all of them are printed before the port is bound, and the exit status is 1.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, io};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("info"));

    let cors = Cors::new(CorsPolicy::from_env()?);
    let port = env::var("PORT").unwrap_or_else(|_| "8081".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address} -H 'Origin: https://app.example.com'");
    }
    server.run().await
}
