//! A browser that shows one page.

use std::time::Duration;

use hyper::header::HeaderValue;
use url::Url;

use crate::{
    browser_state::BrowserState,
    fetch::{Credentials, Fetch},
    main_fetch::OngoingFetch,
    page_origin::{NULL, PageOrigin},
    request::Request,
    response::Response,
    server::Server,
};

/// A browser that shows a page of one origin, with its own CORS-preflight cache and cookies.
///
/// Time passes in this browser only when [`advance`](Self::advance) is called.
///
/// # Examples
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
    state: BrowserState,
}

impl Browser {
    /// A browser that shows a page of this origin, such as `https://app.example.com`, `http://localhost:5173` or
    /// `tauri://localhost`.
    ///
    /// # Panics
    ///
    /// If `origin` is not a
    /// [serialized origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin).
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test should stop the test")]
    pub fn at(origin: &str) -> Self {
        if origin == NULL {
            panic!("a page whose origin is \"null\" is Browser::opaque()");
        }
        let Some(origin) = PageOrigin::parse(origin) else {
            panic!("{origin:?} is not a serialized origin such as \"https://app.example.com\"");
        };
        Self::new(origin)
    }

    /// A browser that shows a page with an opaque origin, such as a sandboxed frame or a file. The page sends `Origin: null`.
    #[must_use]
    pub fn opaque() -> Self {
        Self::new(PageOrigin::Opaque)
    }

    fn new(origin: PageOrigin) -> Self {
        Self {
            origin,
            state: BrowserState::default(),
        }
    }

    /// Sets the maximum time for which the browser caches a preflight, even if `Access-Control-Max-Age` is greater.
    ///
    /// The default is two hours, as in Chromium. In Firefox it is a day, in WebKit ten minutes.
    #[must_use]
    pub fn max_age_limit(mut self, limit: Duration) -> Self {
        self.state.max_age_limit = limit;
        self
    }

    /// Sets the `Cookie` header for requests with credentials to the host of `url`. It replaces the cookie that was set for
    /// this host before.
    ///
    /// The cookie has the effect of one with `SameSite=None`: the browser sends it from pages of other sites too.
    ///
    /// # Panics
    ///
    /// If `url` is not a URL with a host, or if `cookie` is not a valid header value.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_test_browser::Browser;
    ///
    /// let mut browser = Browser::at("https://app.example.com");
    /// browser.set_cookie("https://api.example.com", "session=7; theme=dark");
    /// ```
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test should stop the test")]
    pub fn set_cookie(&mut self, url: &str, cookie: &str) {
        let parsed = Url::parse(url).ok();
        let Some(host) = parsed.as_ref().and_then(Url::host_str) else {
            panic!("{url:?} is not a URL with a host, such as \"https://api.example.com\"");
        };
        if HeaderValue::from_str(cookie).is_err() {
            panic!("{cookie:?} is not a valid header value");
        }
        self.state.cookies.retain(|(known, _)| known != host);
        self.state
            .cookies
            .push((host.to_owned(), cookie.to_owned()));
    }

    /// Moves the clock of the browser forward, so that entries of the preflight cache expire.
    pub fn advance(&mut self, time: Duration) {
        self.state.now = self.state.now.saturating_add(time);
    }

    /// Empties the preflight cache.
    pub fn clear_preflight_cache(&mut self) {
        self.state.cache.clear_all();
    }

    /// Does what `fetch()` does for this page: sends the request to `server`, with a preflight if it needs one
    /// ([fetch](https://fetch.spec.whatwg.org/#concept-fetch)).
    ///
    /// This never fails. If the page would get an error, the response is a network error, and
    /// [`Response::blocked_by`] says why.
    pub async fn fetch<S: Server>(&mut self, server: &S, fetch: Fetch) -> Response {
        let includes_credentials = fetch.credentials == Credentials::Include;
        let request = match Request::new(&self.origin, fetch) {
            Ok(request) => request,
            Err(blocked) => return Response::error(blocked),
        };
        let mut ongoing = OngoingFetch::new(&mut self.state, server, request);
        let response = match ongoing.run().await {
            Err(blocked) => Response::error(blocked),
            Ok((response_type, response)) => {
                let Request {
                    url,
                    redirect_count,
                    ..
                } = &ongoing.request;
                let mut url = url.clone();
                url.set_fragment(None);
                Response::filter(
                    response_type,
                    response,
                    includes_credentials,
                    url.into(),
                    *redirect_count > 0,
                )
            }
        };
        response.with_exchanges(ongoing.exchanges)
    }
}
