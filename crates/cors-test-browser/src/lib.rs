//! A simulated browser for tests. It implements the client side of the [Fetch standard](https://fetch.spec.whatwg.org/) and
//! shows what a page may read of a response.
//!
//! Response headers alone do not show whether a CORS policy is right, because it is hard to predict what a browser does
//! with them. With this crate, a test checks what a page gets.
//!
//! # Examples
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy};
//! use actix_web::{App, HttpResponse, test, web};
//! use cors_test_browser::{Browser, Fetch};
//!
//! # #[actix_web::main] async fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
//! let policy = CorsPolicy::builder()
//!     .allow_origin("https://app.example.com")
//!     .allow_methods(["PUT"])
//!     .allow_headers(["content-type"])
//!     .expose_headers(["x-request-id"])
//!     .build()?;
//! let saved = || HttpResponse::Ok().insert_header(("x-request-id", "7")).finish();
//! let app = test::init_service(
//!     App::new()
//!         .route("/items/{id}", web::put().to(move || async move { saved() }))
//!         .wrap(Cors::new(policy)),
//! )
//! .await;
//!
//! let save = Fetch::put("https://api.example.com/items/7")
//!     .header("content-type", "application/json")
//!     .body("{}");
//! let mut browser = Browser::at("https://app.example.com");
//! let response = browser.fetch(&app, save.clone()).await;
//! assert!(response.readable());
//! assert_eq!(response.header("x-request-id"), Some("7"));
//! assert_eq!(response.preflights(), 1);
//!
//! let response = browser.fetch(&app, save.header("x-tenant", "a")).await;
//! assert_eq!(response.blocked_by().unwrap().to_string(),
//!     "response to the preflight does not pass the CORS check: no Access-Control-Allow-Origin header is present");
//! # Ok(()) }
//! ```
//!
//! # What it simulates
//!
//! The source follows the algorithms of the standard, with a link to the section of each step:
//!
//! - the constructor of `Request`: which requests it refuses, and which request headers it leaves out;
//! - main fetch, HTTP fetch, CORS-preflight fetch with its cache, the CORS check, and redirects;
//! - which response headers a page may read;
//! - `Origin`, `Referer`, `Sec-Fetch-Site`, `Sec-Fetch-Mode` and `Sec-Fetch-Dest`, as browsers send them;
//! - bad ports, mixed content, and `Cross-Origin-Resource-Policy` in mode `no-cors`;
//! - the handshake of a WebSocket.
//!
//! # What it does not simulate
//!
//! - Navigations, messages of a WebSocket, service workers, `data:` and `blob:` URLs, content security policies, embedder
//!   policies, opaque response blocking, and permission to access a local network.
//! - The HTTP cache: each fetch reaches the server. `Accept-Encoding` is sent only with `Range`, so that responses are not
//!   compressed.
//! - A cookie jar: [`set_cookie`](Browser::set_cookie) sets what is sent, and `Set-Cookie` has no effect.
//! - Pages with a [referrer policy](https://www.w3.org/TR/referrer-policy/) of their own, and dialogs for a password.
//!
//! # Differences from the standard
//!
//! - In the preflight cache, `*` is a wildcard only if a request without credentials stored it. The standard has this rule
//!   for the check of a preflight, but not for the cache. Chromium and WebKit apply it to both; Firefox does not cache `*`.
//! - When a preflight confirms a cache entry, the time of the entry starts anew. The standard could also mean that the time
//!   counts from when the entry was made.
//! - A request header whose value contains control characters is an error, because the types of actix-web cannot hold them.
//!
//! # Features
//!
//! - `actix`: a [`Server`] can also be an app under `actix_web::test`, as in the example above. Without this feature,
//!   requests go to servers over sockets ([`Wire`]). It is off by default: write
//!   `cors-test-browser = { version = "0.1", features = ["actix"] }` under `[dev-dependencies]`.

mod blocked;
mod browser;
mod browser_state;
mod cache;
mod fetch;
mod header_list;
#[cfg(feature = "actix")]
mod in_process;
mod main_fetch;
mod page_origin;
mod preflight;
mod request;
mod request_headers;
mod response;
mod response_checks;
mod server;
mod urls;
mod wire;

pub use self::{
    blocked::{Blocked, CorsCheckError},
    browser::Browser,
    fetch::{Body, Credentials, Fetch, Mode, Redirect},
    response::{Exchange, Response, ResponseType},
    server::Server,
    wire::Wire,
};
