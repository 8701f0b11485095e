//! A browser for tests: the client side of the [Fetch standard](https://fetch.spec.whatwg.org/), which tells what a page
//! may read.
//!
//! A CORS policy is right if browsers let the right pages read the right answers, and what headers do that is easy to
//! believe and hard to know. So ask a browser:
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy, browser::{Blocked, Browser, Fetch}};
//! use actix_web::{App, HttpResponse, test, web};
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
//!   it judges a preflight, and forgets it where it looks into the cache; Chromium does not, and Firefox remembers no `*`.
//! - An entry of the cache that is confirmed lasts from then on, where the standard could be read as: from its beginning.
//! - Control characters in the value of a request header are refused: the types of actix-web cannot carry them.

mod blocked;
mod cache;
mod check;
mod fetching;
mod headers;
mod page;
mod preflight;
mod request;
mod response;
mod sending;
mod server;
mod wire;

use std::time::Duration;

use url::Url;

pub use self::{
    blocked::{Blocked, CorsCheck},
    page::{Body, Credentials, Fetch, Mode, Redirect},
    response::{Exchange, Fetched, Kind},
    server::Server,
    wire::Wire,
};
use self::{
    cache::PreflightCache,
    fetching::Fetching,
    request::{PageOrigin, Request},
};
use crate::{
    fetch::client,
    origin::{NULL, Origin},
};

/// A page of some origin, in a browser with a preflight cache and some cookies.
///
/// Its clock stands still but for [`advance`](Self::advance).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use std::time::Duration;
/// use actix_cors_policy::{Cors, CorsPolicy, browser::{Browser, Fetch}};
///
/// # #[actix_web::main] async fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
/// # let app = |policy| App::new().default_service(web::to(HttpResponse::Ok)).wrap(Cors::new(policy));
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_methods(["DELETE"])
///     .max_age(Duration::from_secs(60))
///     .build()?;
/// let app = test::init_service(app(policy)).await;
///
/// let mut browser = Browser::at("https://app.example.com");
/// let delete = Fetch::delete("https://api.example.com/items/7");
/// assert_eq!(browser.fetch(&app, delete.clone()).await.preflights(), 1);
/// assert_eq!(browser.fetch(&app, delete.clone()).await.preflights(), 0);
/// browser.advance(Duration::from_secs(60));
/// assert_eq!(browser.fetch(&app, delete).await.preflights(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Browser {
    origin: PageOrigin,
    cache: PreflightCache,
    max_age_limit: Duration,
    now: Duration,
    /// By host: cookies know no port and no scheme.
    cookies: Vec<(String, String)>,
}

impl Browser {
    /// A page of this origin, such as `https://app.example.com`, `http://localhost:5173` or `tauri://localhost`.
    ///
    /// # Panics
    ///
    /// If it is not a [serialized origin](Origin#grammar).
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that is not one should say so")]
    pub fn at(origin: &str) -> Self {
        if origin == NULL {
            panic!("a page whose origin is \"null\" is Browser::opaque()");
        }
        if Origin::parse(origin).is_none() {
            panic!("{origin:?} is not a serialized origin such as \"https://app.example.com\"");
        }
        Self::new(PageOrigin::Tuple(origin.to_owned()))
    }

    /// A page with an opaque origin, which sends `Origin: null`: a sandboxed frame, a file.
    #[must_use]
    pub fn opaque() -> Self {
        Self::new(PageOrigin::Opaque)
    }

    fn new(origin: PageOrigin) -> Self {
        Self {
            origin,
            cache: PreflightCache::default(),
            max_age_limit: Duration::from_secs(client::CHROMIUM_MAX_AGE),
            now: Duration::ZERO,
            cookies: Vec::new(),
        }
    }

    /// How long a preflight is remembered at most, whatever `Access-Control-Max-Age` says. Two hours, as in Chromium, if
    /// it is not called; in Firefox it is a day.
    #[must_use]
    pub fn max_age_limit(mut self, limit: Duration) -> Self {
        self.max_age_limit = limit;
        self
    }

    /// Sets what is sent as `Cookie` to the host of this URL with every request that has credentials, in place of what was
    /// set before. It is a cookie with `SameSite=None`.
    ///
    /// # Panics
    ///
    /// If `url` is not a URL with a host, or `cookie` not a header value.
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that is not one should say so")]
    pub fn set_cookie(&mut self, url: &str, cookie: &str) {
        let parsed = Url::parse(url).ok();
        let Some(host) = parsed.as_ref().and_then(Url::host_str) else {
            panic!("{url:?} is not a URL with a host, such as \"https://api.example.com\"");
        };
        if crate::http::HeaderValue::from_str(cookie).is_err() {
            panic!("{cookie:?} is not the value of a header");
        }
        self.cookies.retain(|(known, _)| known != host);
        self.cookies.push((host.to_owned(), cookie.to_owned()));
    }

    /// Lets time pass, for the preflight cache.
    pub fn advance(&mut self, time: Duration) {
        self.now = self.now.saturating_add(time);
    }

    /// Empties the preflight cache.
    pub fn forget_preflights(&mut self) {
        self.cache.forget();
    }

    /// Does what `fetch()` does for this page: [fetch](https://fetch.spec.whatwg.org/#concept-fetch).
    ///
    /// It does not fail: what goes wrong is what the page gets.
    pub async fn fetch<S: Server>(&mut self, server: &S, fetch: Fetch) -> Fetched {
        let with_credentials = fetch.credentials == Credentials::Include;
        let request = match Request::new(&self.origin, fetch) {
            Ok(request) => request,
            Err(blocked) => return Fetched::error(blocked),
        };
        let mut fetching = Fetching::new(self, server, request);
        let fetched = match fetching.run().await {
            Err(blocked) => Fetched::error(blocked),
            Ok((kind, response)) => {
                let Request { url, redirects, .. } = &fetching.request;
                let mut url = url.clone();
                url.set_fragment(None);
                Fetched::filter(kind, response, with_credentials, url.into(), *redirects > 0)
            }
        };
        fetched.after(fetching.exchanges)
    }

    /// What is sent as `Cookie` with a request that has credentials.
    fn cookie(&self, url: &Url) -> Option<&str> {
        let host = url.host_str()?;
        self.cookies
            .iter()
            .find(|(known, _)| known == host)
            .map(|(_, cookie)| cookie.as_str())
    }
}
