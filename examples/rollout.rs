//! A stricter policy is tried before it is in force: `cargo run --example rollout`.
//!
//! 1. The candidate is the shadow policy: it decides about each request too, and is never obeyed.
//! 2. The log names the first requests that it would deny, each with the fix. `GET /differences` counts them all.
//! 3. When nothing would break any more, `POST /replace` puts the candidate in force.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{
    env, io,
    sync::atomic::{AtomicUsize, Ordering},
};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy};
use actix_web::{App, HttpResponse, HttpServer, Responder, web};

/// How many requests the candidate would have decided otherwise.
static DIFFERENCES: AtomicUsize = AtomicUsize::new(0);

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let current = CorsPolicy::builder()
        .allow_origin("https://*.example.com")
        .build()?;
    // In production: CorsPolicy::from_env_with_prefix("CANDIDATE_CORS_")?
    let candidate = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .build()?;
    let cors = Cors::new(current).shadow(candidate).observe(|event| {
        if event
            .shadow()
            .is_some_and(|shadow| shadow != event.outcome())
        {
            DIFFERENCES.fetch_add(1, Ordering::Relaxed);
        }
    });
    let handle = web::Data::new(cors.handle());

    let port = env::var("PORT").unwrap_or_else(|_| "8088".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .app_data(handle.clone())
            .route("/hello", web::get().to(|| async { "hello" }))
            .route("/differences", web::get().to(differences))
            // In production, only for operators.
            .route("/replace", web::post().to(replace))
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Then: curl http://{address}/differences");
        println!("Try: curl -i http://{address}/hello -H 'Origin: https://old.example.com'");
    }
    server.run().await
}

async fn differences() -> String {
    DIFFERENCES.load(Ordering::Relaxed).to_string()
}

async fn replace(handle: web::Data<CorsHandle>) -> impl Responder {
    match handle.shadow(None) {
        Some(candidate) => {
            handle.replace(candidate);
            HttpResponse::Ok().body("the candidate is in force")
        }
        None => HttpResponse::Conflict().body("there is no candidate"),
    }
}
