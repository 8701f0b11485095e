//! The options of actix-cors, as code that the table shows and that runs.

use actix_cors::Cors;
use actix_web::http::header;

use crate::row::{Ours, Row};
/// An option: its name, its source, and the middleware that it makes.
pub type Setup = (&'static str, &'static str, fn() -> Cors);

/// Keeps the source of an option, which is what the table shows.
macro_rules! theirs {
    ($name:literal, $theirs:expr) => {
        ($name, stringify!($theirs), || $theirs)
    };
}

pub const SETUPS: [Setup; 16] = [
    theirs!("default", Cors::default()),
    theirs!(
        "origin",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allowed_methods(["GET", "POST", "PUT"])
            .allowed_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
            .supports_credentials()
            .max_age(600)
    ),
    theirs!(
        "origins",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allowed_origin("https://admin.your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!("permissive", Cors::permissive()),
    theirs!(
        "any",
        Cors::default()
            .allow_any_origin()
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!(
        "wildcard",
        Cors::default()
            .allow_any_origin()
            .send_wildcard()
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!(
        "function",
        Cors::default()
            .allowed_origin_fn(|origin, _| origin.as_bytes().ends_with(b"your-allowed-origin.com"))
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!(
        "starts-with",
        Cors::default()
            .allowed_origin_fn(|origin, _| origin
                .as_bytes()
                .starts_with(b"https://your-allowed-origin.com"))
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!(
        "expose",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
            .expose_headers(["x-request-id"])
    ),
    theirs!(
        "expose-any",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
            .expose_any_header()
    ),
    theirs!(
        "block",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
            .block_on_origin_mismatch(true)
    ),
    theirs!(
        "no-preflight",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
            .disable_preflight()
    ),
    theirs!(
        "no-vary",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allow_any_method()
            .allow_any_header()
            .disable_vary_header()
    ),
    theirs!(
        "null",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allowed_origin("null")
            .allow_any_method()
            .allow_any_header()
    ),
    theirs!(
        "wildcard-credentials",
        Cors::default()
            .allow_any_origin()
            .allow_any_method()
            .allow_any_header()
            .supports_credentials()
    ),
    theirs!(
        "header",
        Cors::default()
            .allowed_origin("https://your-allowed-origin.com")
            .allowed_methods(["GET", "DELETE"])
            .allowed_header("x-custom")
    ),
];

/// A row whose option is the source of the setup with this name.
pub fn row(name: &'static str, ours: Ours) -> Row {
    let setup = SETUPS.iter().find(|(known, ..)| *known == name);
    Row::new(name, setup.map_or("", |(_, source, _)| source), ours)
}
