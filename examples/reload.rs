//! A policy whose origins are in a file, and which follows the file while it serves: `cargo run --example reload`.
//!
//! Change `examples/origins.txt` and look at the log, or name a file of your own: `cargo run --example reload -- FILE`.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, io, time::Duration};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let path = env::args()
        .nth(1)
        .unwrap_or_else(|| "examples/origins.txt".to_owned());
    let load = move || {
        CorsPolicy::builder()
            .allow_origins_from_file(&path)
            .allow_headers(["content-type"])
            .build()
    };
    let public = CorsPolicy::builder().allow_any_origin().build()?;
    let cors = Cors::new(load()?).at("/public", public)?;
    // The policy is read again when the file has changed. If it has errors then, the last good one stays.
    let _follower = cors.handle().follow_files(Duration::from_secs(1), load);

    let port = env::var("PORT").unwrap_or_else(|_| "8085".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .route("/hello", web::get().to(hello))
            .route("/public/hello", web::get().to(hello))
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address}/public/hello -H 'Origin: https://app.example.com'");
    }
    server.run().await
}

async fn hello() -> &'static str {
    "hello"
}
