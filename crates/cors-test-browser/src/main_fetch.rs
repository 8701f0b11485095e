//! One fetch, from the call by the page to the response that the page gets.
//!
//! In the standard, main fetch, HTTP fetch and HTTP-redirect fetch call each other. Here they are one loop, because an async
//! function that calls itself would have to allocate its future.

use url::Url;

use crate::{
    blocked::Blocked,
    browser_state::BrowserState,
    fetch::{Mode, Redirect},
    header_list::isomorphic_decode,
    preflight,
    request::{Request, ResponseTainting},
    request_headers,
    response::{Exchange, ResponseType},
    response_checks::{cors_check, handshake_check, resource_policy_check},
    server::{ReceivedResponse, SentRequest, Server},
    urls,
};

/// A fetch that is in progress, with everything that it has sent and received so far.
pub(crate) struct OngoingFetch<'a, S> {
    pub(crate) state: &'a mut BrowserState,
    pub(crate) server: &'a S,
    pub(crate) request: Request,
    pub(crate) exchanges: Vec<Exchange>,
    /// Whether a URL of this fetch needed a preflight, even if the cache made it unnecessary to send one.
    used_preflight: bool,
}

/// The result of an [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch).
enum HttpFetchResult {
    Response(ResponseType, ReceivedResponse),
    Redirect(ReceivedResponse),
}

impl<'a, S: Server> OngoingFetch<'a, S> {
    pub(crate) fn new(state: &'a mut BrowserState, server: &'a S, request: Request) -> Self {
        Self {
            state,
            server,
            request,
            exchanges: Vec::new(),
            used_preflight: false,
        }
    }

    /// [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), including redirects.
    pub(crate) async fn run(&mut self) -> Result<(ResponseType, ReceivedResponse), Blocked> {
        let result = self.main_fetch().await;
        // Main fetch, step 12: a request that failed after a preflight must not leave permissions in the cache. The server
        // has evidently changed its mind, so the next request has to ask again.
        if result.is_err() && self.used_preflight {
            self.state.cache.clear(&self.request);
        }
        result
    }

    /// Main fetch, once for each URL of the request.
    async fn main_fetch(&mut self) -> Result<(ResponseType, ReceivedResponse), Blocked> {
        loop {
            self.block_bad_port_and_mixed_content()?;
            let make_preflight = self.set_response_tainting()?;
            self.used_preflight |= make_preflight;
            match self.http_fetch(make_preflight).await? {
                HttpFetchResult::Response(kind, response) => return Ok((kind, response)),
                HttpFetchResult::Redirect(response) => {
                    // A redirect without `Location` is an ordinary response.
                    match self.location_url(&response)? {
                        Some(url) => self.http_redirect_fetch(url, response.status)?,
                        None => return Ok((self.response_type(), response)),
                    }
                }
            }
        }
    }

    /// Main fetch, step 7: [bad ports](https://fetch.spec.whatwg.org/#block-bad-port) and
    /// [mixed content](https://www.w3.org/TR/mixed-content/#should-block-fetch).
    fn block_bad_port_and_mixed_content(&self) -> Result<(), Blocked> {
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

    /// Main fetch, step 12: sets the response tainting. The result says whether the request needs a preflight if the cache
    /// does not allow it.
    fn set_response_tainting(&mut self) -> Result<bool, Blocked> {
        let request = &mut self.request;
        let is_http = urls::is_http(&request.url);
        if request.origin.is_same_origin(&request.url)
            && request.response_tainting == ResponseTainting::Basic
        {
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
                request.response_tainting = ResponseTainting::Opaque;
                return Ok(false);
            }
            Mode::Cors => request.response_tainting = ResponseTainting::Cors,
        }
        // `fetch()` always sets the unsafe-request flag, so only the method and the headers count.
        Ok(request.use_cors_preflight
            || !fetch_standard::is_safelisted_method(request.method.as_bytes())
            || !request.unsafe_header_names().is_empty())
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), without a service worker.
    async fn http_fetch(&mut self, make_preflight: bool) -> Result<HttpFetchResult, Blocked> {
        // Step 4.1.
        if make_preflight && self.needs_preflight() {
            self.preflight().await?;
        }
        // Step 4.3.
        let request =
            request_headers::actual_request(&self.request, self.state.cookie(&self.request.url));
        let response = self.exchange(request, false).await?;
        let request = &self.request;
        if request.mode == Mode::WebSocket {
            handshake_check(&response)?;
        }
        // Step 4.4.
        if request.response_tainting == ResponseTainting::Cors {
            cors_check(request, &response.headers).map_err(Blocked::CorsCheck)?;
        }
        // Step 5.
        if request.response_tainting == ResponseTainting::Opaque {
            resource_policy_check(request, &response.headers).map_err(Blocked::ResourcePolicy)?;
        }
        // Step 6.
        if !fetch_standard::is_redirect_status(response.status) {
            return Ok(HttpFetchResult::Response(self.response_type(), response));
        }
        match request.redirect {
            Redirect::Error => Err(Blocked::RedirectMode),
            Redirect::Manual => Ok(HttpFetchResult::Response(
                ResponseType::OpaqueRedirect,
                response,
            )),
            Redirect::Follow => Ok(HttpFetchResult::Redirect(response)),
        }
    }

    /// HTTP fetch, step 4.1: whether the preflight cache lacks a permission that the request needs.
    fn needs_preflight(&self) -> bool {
        let (request, now) = (&self.request, self.state.now);
        let cache = &self.state.cache;
        let method_needs_permission = request.use_cors_preflight
            || !fetch_standard::is_safelisted_method(request.method.as_bytes());
        (method_needs_permission && !cache.allows_method(&request.method, request, now))
            || request
                .unsafe_header_names()
                .into_iter()
                .any(|name| !cache.allows_header(name, request, now))
    }

    async fn preflight(&mut self) -> Result<(), Blocked> {
        let request = request_headers::preflight_request(&self.request);
        let response = self.exchange(request, true).await?;
        let permissions = preflight::check_response(&self.request, &response)?;
        let state = &mut *self.state;
        state.cache.store(
            &self.request,
            permissions.methods,
            permissions.header_names,
            state.now,
            // Step 7.10.
            permissions.max_age.min(state.max_age_limit),
        );
        Ok(())
    }

    async fn exchange(
        &mut self,
        request: SentRequest,
        is_preflight: bool,
    ) -> Result<ReceivedResponse, Blocked> {
        let response = self.server.send(&request).await;
        self.exchanges.push(Exchange::new(
            &request,
            response.as_ref().ok(),
            is_preflight,
        ));
        let mut response = response.map_err(Blocked::Network)?;
        // HTTP-network-or-cache fetch, step 16: only a proxy may ask for this authentication, and there is no proxy.
        if response.status == 407 {
            return Err(Blocked::Network(
                "status 407 (Proxy Authentication Required), but there is no proxy".to_owned(),
            ));
        }
        // Main fetch, step 22.
        if request.method == "HEAD" || fetch_standard::is_null_body_status(response.status) {
            response.body.clear();
        }
        Ok(response)
    }

    /// [Location URL](https://fetch.spec.whatwg.org/#concept-response-location-url), and
    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), steps 3 to 5.
    fn location_url(&self, response: &ReceivedResponse) -> Result<Option<Url>, Blocked> {
        let current = &self.request.url;
        let mut lines = response.headers.lines("location");
        let (Some(location), others) = (lines.next(), lines.count()) else {
            return Ok(None);
        };
        let fail = || Blocked::RedirectLocation(isomorphic_decode(location));
        if others > 0 {
            return Err(fail());
        }
        // The standard decodes byte by byte. Browsers decode as UTF-8 if the bytes are valid UTF-8.
        let location =
            String::from_utf8(location.to_vec()).unwrap_or_else(|_| isomorphic_decode(location));
        let mut url = current.join(&location).map_err(|_| fail())?;
        if url.fragment().is_none() {
            url.set_fragment(current.fragment());
        }
        Ok(Some(url))
    }

    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), from step 6.
    fn http_redirect_fetch(&mut self, url: Url, status: u16) -> Result<(), Blocked> {
        let request = &mut self.request;
        // Step 6.
        if !urls::is_http(&url) {
            return Err(Blocked::RedirectScheme(url.scheme().to_owned()));
        }
        // Steps 7 and 8.
        if request.redirect_count == fetch_standard::MAX_REDIRECTS {
            return Err(Blocked::RedirectLimit);
        }
        request.redirect_count += 1;
        // Steps 9 and 10.
        if urls::has_credentials(&url)
            && ((request.mode == Mode::Cors && !request.origin.is_same_origin(&url))
                || request.response_tainting == ResponseTainting::Cors)
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
        request.append_url(url);
        Ok(())
    }

    fn response_type(&self) -> ResponseType {
        match self.request.response_tainting {
            ResponseTainting::Basic => ResponseType::Basic,
            ResponseTainting::Cors => ResponseType::Cors,
            ResponseTainting::Opaque => ResponseType::Opaque,
        }
    }
}
