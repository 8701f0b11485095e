//! A small JSON API with CORS: `cargo run --example server`.
//!
//! It listens on 127.0.0.1:8080 (`PORT` changes the port) and reads its policy from the `CORS_*` variables. If none
//! is set, it allows the demonstration origin <http://localhost:5173>.
#![expect(clippy::print_stdout, reason = "it prints commands to try")]

use std::{env, io};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{
    App, Error, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorInternalServerError, ErrorUnauthorized},
    http::header,
    middleware::{Next, from_fn},
    web,
};

const DEMONSTRATION_ORIGIN: &str = "http://localhost:5173";

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("warn"));

    let is_set = env::vars_os().any(|(name, _)| name.to_string_lossy().starts_with("CORS_"));
    let policy = if is_set {
        CorsPolicy::from_env()?
    } else {
        println!("No CORS_* variable is set: using the demonstration policy.");
        CorsPolicy::from_vars(
            "CORS_",
            [
                ("CORS_ALLOWED_ORIGINS", DEMONSTRATION_ORIGIN),
                ("CORS_ALLOWED_METHODS", "PUT, DELETE"),
                ("CORS_ALLOWED_HEADERS", "content-type, authorization"),
                ("CORS_EXPOSED_HEADERS", "x-request-id"),
                ("CORS_MAX_AGE", "600"),
            ],
        )?
    };
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let address = format!("127.0.0.1:{port}");

    let cors = Cors::new(policy.clone());
    let server = HttpServer::new(move || {
        App::new()
            .service(
                web::scope("/api")
                    .route("/items", web::get().to(items))
                    .route("/items", web::post().to(created))
                    .route("/items/{id}", web::put().to(changed))
                    .route("/items/{id}", web::delete().to(HttpResponse::NoContent))
                    .route("/fail", web::get().to(fail)),
            )
            .service(
                web::scope("/private")
                    .wrap(from_fn(authenticate))
                    .route("/me", web::get().to(me)),
            )
            // The last `wrap` is the outermost middleware: it is the first to see a request and the last to see a response.
            // Middleware that rewrites paths (NormalizePath) or only observes (Logger) goes after it, so outside of it.
            // Inside, a Logger would never see a preflight.
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;

    for address in server.addrs() {
        println!("Listening on http://{address}");
        println!("Policy: {policy:?}");
        println!("Try: curl -i http://{address}/api/items -H 'Origin: {DEMONSTRATION_ORIGIN}'");
    }
    server.run().await
}

async fn items() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("x-request-id", "1"))
        .json(["apple", "pear"])
}

async fn created(item: web::Json<String>) -> HttpResponse {
    HttpResponse::Created().json(item.into_inner())
}

async fn changed(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().json(request.match_info().query("id"))
}

async fn fail() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("the handler failed"))
}

/// A middleware inside of `Cors`: its errors have CORS headers too, so that a page can read the 401.
async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let token = request.headers().get(header::AUTHORIZATION);
    if token.is_some_and(|token| token.as_bytes() == b"Bearer demonstration") {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized(
            "send: Authorization: Bearer demonstration",
        ))
    }
}

async fn me() -> HttpResponse {
    HttpResponse::Ok().json("you")
}
