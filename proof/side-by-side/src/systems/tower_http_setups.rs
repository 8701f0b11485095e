//! The options of tower-http, as code that the table shows and that runs.

use std::time::Duration;

use axum::{
    Router,
    handler::Handler,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::{get, options},
};
use tower_http::cors::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer, MaxAge,
};

use crate::{
    raw::HANDLER,
    row::{Ours, Row},
};
/// An option: its name, its source, and the API with the layer that it makes.
pub type Setup = (&'static str, &'static str, fn() -> Router);

/// Keeps the source of an option, which is what the table shows.
macro_rules! theirs {
    ($name:literal, $theirs:expr) => {
        ($name, stringify!($theirs), || api().layer($theirs))
    };
}

const ALLOWED: HeaderValue = HeaderValue::from_static("https://your-allowed-origin.com");
const SUBDOMAIN: HeaderValue = HeaderValue::from_static("https://admin.your-allowed-origin.com");

pub const SETUPS: [Setup; 17] = [
    theirs!("new", CorsLayer::new()),
    theirs!("permissive", CorsLayer::permissive()),
    theirs!("very-permissive", CorsLayer::very_permissive()),
    theirs!(
        "exact",
        CorsLayer::new()
            .allow_origin(ALLOWED)
            .allow_methods([Method::GET, Method::POST, Method::PUT])
            .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
            .allow_credentials(true)
            .max_age(Duration::from_secs(600))
    ),
    theirs!(
        "list",
        CorsLayer::new()
            .allow_origin([ALLOWED, SUBDOMAIN])
            .allow_methods(AllowMethods::mirror_request())
            .allow_headers(AllowHeaders::mirror_request())
    ),
    theirs!(
        "any",
        CorsLayer::new()
            .allow_origin(Any)
            .allow_methods(Any)
            .allow_headers(Any)
    ),
    theirs!(
        "predicate",
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(|origin, _| origin
                .as_bytes()
                .ends_with(b".your-allowed-origin.com")))
            .allow_methods(Any)
            .allow_headers(Any)
    ),
    theirs!(
        "async-predicate",
        CorsLayer::new()
            .allow_origin(AllowOrigin::async_predicate(|origin, _| async move {
                origin == "https://your-allowed-origin.com"
            }))
            .allow_methods(Any)
            .allow_headers(Any)
    ),
    theirs!(
        "mirror",
        CorsLayer::new().allow_origin(AllowOrigin::mirror_request())
    ),
    theirs!(
        "mirror-credentials",
        CorsLayer::new()
            .allow_origin(AllowOrigin::mirror_request())
            .allow_methods(AllowMethods::mirror_request())
            .allow_headers(AllowHeaders::mirror_request())
            .allow_credentials(true)
    ),
    theirs!(
        "expose",
        CorsLayer::new()
            .allow_origin(ALLOWED)
            .expose_headers([HeaderName::from_static("x-request-id")])
    ),
    theirs!(
        "expose-any",
        CorsLayer::new().allow_origin(ALLOWED).expose_headers(Any)
    ),
    theirs!(
        "vary",
        CorsLayer::new().allow_origin([ALLOWED, SUBDOMAIN]).vary([])
    ),
    theirs!(
        "private-network",
        CorsLayer::new()
            .allow_origin(ALLOWED)
            .allow_private_network(true)
    ),
    theirs!(
        "credentials-predicate",
        CorsLayer::new()
            .allow_origin(AllowOrigin::mirror_request())
            .allow_credentials(AllowCredentials::predicate(
                |origin, _| origin == "https://your-allowed-origin.com"
            ))
    ),
    theirs!(
        "max-age-dynamic",
        CorsLayer::new()
            .allow_origin(ALLOWED)
            .max_age(MaxAge::dynamic(|_, _| Duration::from_secs(600)))
    ),
    (
        "route",
        "Router::new().route(\"/ok\", get(ok.layer(cors)).put(ok.layer(cors)))…",
        || {
            let cors = || {
                CorsLayer::new()
                    .allow_origin(ALLOWED)
                    .allow_methods(Any)
                    .allow_headers(Any)
            };
            let ok = get(ran.layer(cors())).put(ran.layer(cors()));
            let ok = ok.post(ran).delete(ran);
            errors().route("/ok", ok)
        },
    ),
];

fn api() -> Router {
    errors().route("/ok", get(ran).put(ran).post(ran).delete(ran))
}

fn errors() -> Router {
    Router::new()
        .route("/options", options(ran))
        .route("/broken", get(StatusCode::INTERNAL_SERVER_ERROR))
        // Errors of inner layers are responses: the type system of axum permits no others.
        .route("/inner", get(StatusCode::INTERNAL_SERVER_ERROR))
        .route("/private", get(StatusCode::UNAUTHORIZED))
        .route("/moved", get(async || Redirect::to("ok")))
}

async fn ran() -> impl IntoResponse {
    (
        [
            (HANDLER, "ran"),
            ("x-request-id", "7"),
            ("cache-control", "public, max-age=600"),
        ],
        "ok",
    )
}

/// A row whose option is the source of the setup with this name.
pub fn row(name: &'static str, ours: Ours) -> Row {
    let setup = SETUPS.iter().find(|(known, ..)| *known == name);
    Row::new(name, setup.map_or("", |(_, source, _)| source), ours)
}
