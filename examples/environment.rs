//! A policy from environment variables, as in production:
//! `CORS_ALLOWED_ORIGINS=https://app.example.com cargo run --example environment`.
//!
//! If there are errors in the variables, all of them are printed before the port is bound, and the exit status is 1.

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("info"));

    let cors = Cors::new(CorsPolicy::from_env()?);
    HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(("127.0.0.1", 8081))?
    .run()
    .await?;
    Ok(())
}
