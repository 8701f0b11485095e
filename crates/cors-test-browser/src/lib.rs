//! A browser for tests: the client side of the [Fetch standard](https://fetch.spec.whatwg.org/), which tells what a page
//! may read.
//!
//! A CORS policy is right if browsers let the right pages read the right answers, and what headers do that is easy to
//! believe and hard to know. So ask a browser:
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
//! let fetched = browser.fetch(&app, save.clone()).await;
//! assert!(fetched.readable());
//! assert_eq!(fetched.header("x-request-id"), Some("7"));
//! assert_eq!(fetched.preflights(), 1);
//!
//! let fetched = browser.fetch(&app, save.header("x-tenant", "a")).await;
//! assert_eq!(fetched.blocked_by().unwrap().to_string(),
//!     "response to the preflight does not pass the CORS check: no Access-Control-Allow-Origin header is present");
//! # Ok(()) }
//! ```
//!
//! # What it plays
//!
//! All of it by the standard, each step with its section in the source: what the constructor of `Request` refuses and
//! leaves out, main fetch, HTTP fetch, CORS-preflight fetch and its cache, the CORS check, redirects, which response
//! headers a page may read; `Origin`, `Referer`, `Sec-Fetch-Site`, `-Mode` and `-Dest` as browsers send them; the ports
//! that no browser connects to, mixed content, and `Cross-Origin-Resource-Policy` in mode `no-cors`.
//!
//! # What it does not play
//!
//! - Navigations, what goes through a WebSocket once it is open, service workers, `data:` and `blob:` URLs, content
//!   security policies, embedder policies, opaque response blocking, and permission to reach a local network.
//! - The HTTP cache: each fetch reaches the server. `Accept-Encoding` is sent with `Range` only, so nothing is compressed.
//! - A cookie jar: [`set_cookie`](Browser::set_cookie) says what is sent, and `Set-Cookie` is not obeyed.
//! - Pages with a [referrer policy](https://www.w3.org/TR/referrer-policy/) of their own, and prompts for a password.
//!
//! # Where it differs
//!
//! - In the preflight cache, `*` counts only if it was given to a request without credentials. The standard says so where
//!   it checks a preflight, and forgets it where it looks into the cache; Chromium does not, and Firefox remembers no `*`.
//! - An entry of the cache that is confirmed lasts from then on, where the standard could be read as: from its beginning.
//! - Control characters in the value of a request header are refused: the types of actix-web cannot carry them.
//!
//! # Features
//!
//! `actix`: a [`Server`] is also an app under `actix_web::test`, as in the example above. Without it, servers are asked over
//! sockets, by [`Wire`].

mod blocked;
mod browser;
mod cache;
mod check;
mod fetching;
mod headers;
#[cfg(feature = "actix")]
mod in_process;
mod page;
mod page_origin;
mod preflight;
mod request;
mod response;
mod sending;
mod server;
mod state;
mod urls;
mod wire;

pub use self::{
    blocked::{Blocked, CorsCheck},
    browser::Browser,
    page::{Body, Credentials, Fetch, Mode, Redirect},
    response::{Exchange, Fetched, Kind},
    server::Server,
    wire::Wire,
};
