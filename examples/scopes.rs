//! A separate policy for each scope: `cargo run --example scopes`.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, io};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let app = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "https://www.example.com"])
        .allow_methods(["PUT", "DELETE"])
        .allow_headers(["content-type"])
        .allow_credentials()
        .build()?;
    let admin = CorsPolicy::builder()
        .allow_origin("https://admin.example.com")
        .allow_any_method()
        .allow_credentials()
        .build()?;
    let public = CorsPolicy::builder().allow_any_origin().build()?;

    // Create these once, outside of the factory, which runs once for each worker.
    let (app, admin, public) = (Cors::new(app), Cors::new(admin), Cors::new(public));
    let port = env::var("PORT").unwrap_or_else(|_| "8082".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .service(
                web::scope("/app")
                    .wrap(app.clone())
                    .route("", web::get().to(hello)),
            )
            .service(
                web::scope("/admin")
                    .wrap(admin.clone())
                    .route("", web::get().to(hello)),
            )
            .service(
                web::scope("/public")
                    .wrap(public.clone())
                    .route("", web::get().to(hello)),
            )
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address}/admin -H 'Origin: https://admin.example.com'");
    }
    server.run().await
}

async fn hello() -> &'static str {
    "hello"
}
