//! One fetch, from the page's call to what the page gets: main fetch, HTTP fetch and HTTP-redirect fetch, which the
//! standard has call each other and which stand here in one loop.

use url::Url;

use crate::{
    blocked::Blocked,
    check::{cors_check, handshake_check, resource_policy_check},
    headers::text,
    page::{Mode, Redirect},
    preflight,
    request::{Request, Tainting},
    response::{Exchange, Kind},
    sending,
    server::{Received, Sent, Server},
    state::State,
    urls,
};

/// A fetch under way, and what it sent and received so far.
pub(crate) struct Fetching<'a, S> {
    pub(crate) state: &'a mut State,
    pub(crate) server: &'a S,
    pub(crate) request: Request,
    pub(crate) exchanges: Vec<Exchange>,
    /// Some URL of it was asked with a preflight, or would have been but for the cache.
    is_preflighted: bool,
}

/// Where an [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch) leads.
enum Step {
    Done(Kind, Received),
    Redirect(Received),
}

impl<'a, S: Server> Fetching<'a, S> {
    pub(crate) fn new(state: &'a mut State, server: &'a S, request: Request) -> Self {
        Self {
            state,
            server,
            request,
            exchanges: Vec::new(),
            is_preflighted: false,
        }
    }

    /// [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), again for each URL that is redirected to.
    pub(crate) async fn run(&mut self) -> Result<(Kind, Received), Blocked> {
        let fetched = self.follow().await;
        // Main fetch, step 12: what was blocked in spite of a preflight is not remembered as allowed.
        if fetched.is_err() && self.is_preflighted {
            self.state.cache.clear(&self.request);
        }
        fetched
    }

    async fn follow(&mut self) -> Result<(Kind, Received), Blocked> {
        loop {
            self.block_by_url()?;
            let make_preflight = self.taint()?;
            self.is_preflighted |= make_preflight;
            match self.http_fetch(make_preflight).await? {
                Step::Done(kind, response) => return Ok((kind, response)),
                Step::Redirect(response) => {
                    // Without `Location`, a redirect is a response like any other.
                    match self.location(&response)? {
                        Some(url) => self.redirect_to(url, response.status)?,
                        None => return Ok((self.kind(), response)),
                    }
                }
            }
        }
    }

    /// Main fetch, step 7: [bad ports](https://fetch.spec.whatwg.org/#block-bad-port) and
    /// [mixed content](https://www.w3.org/TR/mixed-content/#should-block-fetch).
    fn block_by_url(&self) -> Result<(), Blocked> {
        let url = &self.request.url;
        if let Some(port) = url.port()
            && urls::is_http(url)
            && fetch_standard::is_bad_port(port)
        {
            return Err(Blocked::Port(port));
        }
        if self.request.origin.scheme() == "https"
            && url.scheme() == "http"
            && !urls::is_trustworthy(url)
        {
            return Err(Blocked::MixedContent(url.to_string()));
        }
        Ok(())
    }

    /// Main fetch, step 12: what the page will get, and whether a preflight may be needed.
    fn taint(&mut self) -> Result<bool, Blocked> {
        let request = &mut self.request;
        let is_http = urls::is_http(&request.url);
        if request.origin.is_of(&request.url) && request.tainting == Tainting::Basic {
            return if is_http {
                Ok(false)
            } else {
                Err(Blocked::Scheme(request.url.scheme().to_owned()))
            };
        }
        match request.mode {
            Mode::SameOrigin => {
                let origin = request.url.origin().ascii_serialization();
                return Err(Blocked::SameOriginMode(origin));
            }
            Mode::WebSocket => return Ok(false),
            Mode::NoCors if request.redirect != Redirect::Follow => {
                return Err(Blocked::NoCorsRedirectMode);
            }
            _ if !is_http => return Err(Blocked::Scheme(request.url.scheme().to_owned())),
            Mode::NoCors => {
                request.tainting = Tainting::Opaque;
                return Ok(false);
            }
            Mode::Cors => request.tainting = Tainting::Cors,
        }
        // The unsafe-request flag is set: this is `fetch()`.
        Ok(request.use_cors_preflight
            || !fetch_standard::is_safelisted_method(request.method.as_bytes())
            || !request.unsafe_header_names().is_empty())
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), without a service worker.
    async fn http_fetch(&mut self, make_preflight: bool) -> Result<Step, Blocked> {
        // Step 4.1.
        if make_preflight && self.needs_preflight() {
            self.preflight().await?;
        }
        // Step 4.3.
        let sent = sending::request(&self.request, self.state.cookie(&self.request.url));
        let response = self.exchange(sent, false).await?;
        let request = &self.request;
        if request.mode == Mode::WebSocket {
            handshake_check(&response)?;
        }
        // Step 4.4.
        if request.tainting == Tainting::Cors {
            cors_check(request, &response.headers).map_err(Blocked::Check)?;
        }
        // Step 5.
        if request.tainting == Tainting::Opaque {
            resource_policy_check(request, &response.headers).map_err(Blocked::ResourcePolicy)?;
        }
        // Step 6.
        if !fetch_standard::is_redirect_status(response.status) {
            return Ok(Step::Done(self.kind(), response));
        }
        match request.redirect {
            Redirect::Error => Err(Blocked::RedirectMode),
            Redirect::Manual => Ok(Step::Done(Kind::OpaqueRedirect, response)),
            Redirect::Follow => Ok(Step::Redirect(response)),
        }
    }

    /// HTTP fetch, step 4.1: what the cache does not know.
    fn needs_preflight(&self) -> bool {
        let (request, now) = (&self.request, self.state.now);
        let cache = &self.state.cache;
        let asks_for_method = request.use_cors_preflight
            || !fetch_standard::is_safelisted_method(request.method.as_bytes());
        (asks_for_method && !cache.allows_method(&request.method, request, now))
            || request
                .unsafe_header_names()
                .into_iter()
                .any(|name| !cache.allows_header(name, request, now))
    }

    async fn preflight(&mut self) -> Result<(), Blocked> {
        let sent = sending::preflight(&self.request);
        let response = self.exchange(sent, true).await?;
        let allowed = preflight::check(&self.request, &response)?;
        let state = &mut *self.state;
        state.cache.store(
            &self.request,
            allowed.methods,
            allowed.names,
            state.now,
            // Step 7.10.
            allowed.max_age.min(state.max_age_limit),
        );
        Ok(())
    }

    async fn exchange(&mut self, sent: Sent, is_preflight: bool) -> Result<Received, Blocked> {
        let received = self.server.answer(&sent).await;
        self.exchanges
            .push(Exchange::new(&sent, received.as_ref().ok(), is_preflight));
        let mut received = received.map_err(Blocked::Network)?;
        // HTTP-network-or-cache fetch, step 16: there is no proxy to authenticate to.
        if received.status == 407 {
            return Err(Blocked::Network(
                "407 Proxy Authentication Required, without a proxy".to_owned(),
            ));
        }
        // Main fetch, step 22.
        if sent.method == "HEAD" || fetch_standard::is_null_body_status(received.status) {
            received.body.clear();
        }
        Ok(received)
    }

    /// [Location URL](https://fetch.spec.whatwg.org/#concept-response-location-url), and
    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), steps 3 to 5.
    fn location(&self, response: &Received) -> Result<Option<Url>, Blocked> {
        let current = &self.request.url;
        let mut lines = response.headers.lines("location");
        let (Some(location), others) = (lines.next(), lines.count()) else {
            return Ok(None);
        };
        let fail = || Blocked::RedirectLocation(text(location));
        if others > 0 {
            return Err(fail());
        }
        // Browsers read the bytes as UTF-8 where they are.
        let location = String::from_utf8(location.to_vec()).unwrap_or_else(|_| text(location));
        let mut url = current.join(&location).map_err(|_| fail())?;
        if url.fragment().is_none() {
            url.set_fragment(current.fragment());
        }
        Ok(Some(url))
    }

    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), from step 6.
    fn redirect_to(&mut self, url: Url, status: u16) -> Result<(), Blocked> {
        let request = &mut self.request;
        // Step 6.
        if !urls::is_http(&url) {
            return Err(Blocked::RedirectScheme(url.scheme().to_owned()));
        }
        // Steps 7 and 8.
        if request.redirects == fetch_standard::MAX_REDIRECTS {
            return Err(Blocked::RedirectLimit);
        }
        request.redirects += 1;
        // Steps 9 and 10.
        if urls::has_credentials(&url)
            && ((request.mode == Mode::Cors && !request.origin.is_of(&url))
                || request.tainting == Tainting::Cors)
        {
            return Err(Blocked::RedirectCredentials(url.to_string()));
        }
        // Step 11.
        if status != 303 && request.body_is_stream {
            return Err(Blocked::RedirectBody);
        }
        // Step 12.
        let method = request.method.as_str();
        if (matches!(status, 301 | 302) && method == "POST")
            || (status == 303 && !["GET", "HEAD"].contains(&method))
        {
            "GET".clone_into(&mut request.method);
            request.body = None;
            request.body_is_stream = false;
            for name in fetch_standard::REQUEST_BODY_HEADERS {
                request.headers.delete(name);
            }
        }
        // Step 13.
        if request.url.origin() != url.origin() {
            request
                .headers
                .delete(fetch_standard::NON_WILDCARD_REQUEST_HEADER);
        }
        // Step 18.
        request.move_to(url);
        Ok(())
    }

    fn kind(&self) -> Kind {
        match self.request.tainting {
            Tainting::Basic => Kind::Basic,
            Tainting::Cors => Kind::Cors,
            Tainting::Opaque => Kind::Opaque,
        }
    }
}
