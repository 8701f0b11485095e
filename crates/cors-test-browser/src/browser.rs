//! A page of some origin, in a browser.

use std::time::Duration;

use hyper::header::HeaderValue;
use url::Url;

use crate::{
    fetching::Fetching,
    page::{Credentials, Fetch},
    page_origin::{NULL, PageOrigin},
    request::Request,
    response::Fetched,
    server::Server,
    state::State,
};

/// A page of some origin, in a browser with a preflight cache and some cookies.
///
/// Its clock stands still but for [`advance`](Self::advance).
///
/// ```
/// # use actix_web::{App, HttpResponse, test, web};
/// use std::time::Duration;
/// use actix_cors_policy::{Cors, CorsPolicy};
/// use cors_test_browser::{Browser, Fetch};
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
    state: State,
}

impl Browser {
    /// A page of this origin, such as `https://app.example.com`, `http://localhost:5173` or `tauri://localhost`.
    ///
    /// # Panics
    ///
    /// If it is not a
    /// [serialized origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin).
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that is not one should say so")]
    pub fn at(origin: &str) -> Self {
        if origin == NULL {
            panic!("a page whose origin is \"null\" is Browser::opaque()");
        }
        let Some(origin) = PageOrigin::parse(origin) else {
            panic!("{origin:?} is not a serialized origin such as \"https://app.example.com\"");
        };
        Self::new(origin)
    }

    /// A page with an opaque origin, which sends `Origin: null`: a sandboxed frame, a file.
    #[must_use]
    pub fn opaque() -> Self {
        Self::new(PageOrigin::Opaque)
    }

    fn new(origin: PageOrigin) -> Self {
        Self {
            origin,
            state: State::default(),
        }
    }

    /// How long a preflight is remembered at most, whatever `Access-Control-Max-Age` says. Two hours, as in Chromium, if
    /// it is not called; in Firefox it is a day.
    #[must_use]
    pub fn max_age_limit(mut self, limit: Duration) -> Self {
        self.state.max_age_limit = limit;
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
        if HeaderValue::from_str(cookie).is_err() {
            panic!("{cookie:?} is not the value of a header");
        }
        self.state.cookies.retain(|(known, _)| known != host);
        self.state
            .cookies
            .push((host.to_owned(), cookie.to_owned()));
    }

    /// Lets time pass, for the preflight cache.
    pub fn advance(&mut self, time: Duration) {
        self.state.now = self.state.now.saturating_add(time);
    }

    /// Empties the preflight cache.
    pub fn forget_preflights(&mut self) {
        self.state.cache.forget();
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
        let mut fetching = Fetching::new(&mut self.state, server, request);
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
}
