//! The request of the Fetch standard, as it changes during a fetch.

use url::Url;

use crate::{
    blocked::Blocked,
    fetch::{Credentials, Fetch, Mode, Redirect},
    header_list::{HeaderList, isomorphic_encode},
    page_origin::{NULL, PageOrigin, SiteRelation},
    urls::has_credentials,
};

/// A [request](https://fetch.spec.whatwg.org/#concept-request). Of its URL list, only the current URL and the
/// facts that depend on the others are kept.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) origin: PageOrigin,
    pub(crate) method: String,
    /// The current URL.
    pub(crate) url: Url,
    pub(crate) headers: HeaderList,
    pub(crate) body: Option<Vec<u8>>,
    /// Whether the body's source is null, so that the body cannot be sent a second time.
    pub(crate) body_is_stream: bool,
    pub(crate) mode: Mode,
    pub(crate) credentials: Credentials,
    pub(crate) redirect: Redirect,
    pub(crate) use_cors_preflight: bool,
    pub(crate) response_tainting: ResponseTainting,
    pub(crate) redirect_count: u8,
    pub(crate) reads_response_body: bool,
    /// Whether the [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin) is not
    /// `same-origin`. The request then has the origin `null`.
    is_tainted: bool,
    /// The relation to the origin of that URL in the URL list which is farthest from it.
    site_relation: SiteRelation,
}

/// [Response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting): which type of response the
/// page will get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseTainting {
    Basic,
    Cors,
    Opaque,
}

impl Request {
    /// [`new Request()`](https://fetch.spec.whatwg.org/#dom-request), and the first steps of
    /// [fetch](https://fetch.spec.whatwg.org/#concept-fetch).
    pub(crate) fn new(origin: &PageOrigin, fetch: Fetch) -> Result<Self, Blocked> {
        if fetch.mode == Mode::WebSocket {
            return Self::websocket(origin, fetch.url);
        }
        // new Request(), step 5.
        let url = match origin.resolve(&fetch.url) {
            Some(url) if !has_credentials(&url) => url,
            _ => return Err(Blocked::Url(fetch.url)),
        };

        // Step 25.
        let method = fetch.method;
        if !fetch_standard::is_token(method.as_bytes())
            || fetch_standard::is_forbidden_method(method.as_bytes())
        {
            return Err(Blocked::Method(method));
        }
        let method = match fetch_standard::normalized_method(&method) {
            Some(normal) => normal.to_owned(),
            None => method,
        };

        // Step 32.
        let mode = fetch.mode;
        if mode == Mode::NoCors && !fetch_standard::is_safelisted_method(method.as_bytes()) {
            return Err(Blocked::NoCorsMethod(method));
        }

        // Step 33.
        let mut headers = HeaderList::default();
        for (name, value) in &fetch.headers {
            append(&mut headers, mode, name, value)?;
        }

        // Steps 35 to 39.
        let mut body = None;
        let mut body_is_stream = false;
        if let Some(fetch_body) = fetch.body {
            let is_without_body = ["GET", "HEAD"].contains(&method.as_str());
            if is_without_body || (fetch_body.is_stream && mode == Mode::NoCors) {
                return Err(Blocked::Body(method));
            }
            if let Some(content_type) = fetch_body.content_type
                && !headers.contains("content-type")
            {
                append(&mut headers, mode, "content-type", content_type)?;
            }
            body = Some(fetch_body.bytes);
            body_is_stream = fetch_body.is_stream;
        }

        // Fetch, step 12. Step 14, `Accept-Language`, is skipped: this browser has no language of its own.
        if !headers.contains("accept") {
            headers.append("accept", "*/*");
        }
        Ok(Self {
            site_relation: origin.site_relation(&url),
            origin: origin.clone(),
            method,
            url,
            headers,
            body,
            body_is_stream,
            mode,
            credentials: fetch.credentials,
            redirect: fetch.redirect,
            use_cors_preflight: fetch.use_cors_preflight || body_is_stream,
            response_tainting: ResponseTainting::Basic,
            redirect_count: 0,
            reads_response_body: fetch.reads_response_body,
            is_tainted: false,
        })
    }

    /// [`new WebSocket()`](https://websockets.spec.whatwg.org/#dom-websocket-websocket), and
    /// [establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish).
    fn websocket(origin: &PageOrigin, url: String) -> Result<Self, Blocked> {
        // The constructor, steps 1 to 6.
        let Some(mut parsed) = origin.resolve(&url) else {
            return Err(Blocked::Url(url));
        };
        let scheme = match parsed.scheme() {
            "ws" | "http" => "http",
            "wss" | "https" => "https",
            _ => return Err(Blocked::Url(url)),
        };
        if parsed.fragment().is_some() || parsed.set_scheme(scheme).is_err() {
            return Err(Blocked::Url(url));
        }
        // Establish, steps 2 to 9. The forbidden headers are not checked, because it is the browser that sets these, not the
        // page.
        let mut headers = HeaderList::default();
        for (name, value) in fetch_standard::WEBSOCKET_HEADERS {
            headers.append(name, value);
        }
        Ok(Self {
            site_relation: origin.site_relation(&parsed),
            origin: origin.clone(),
            method: "GET".to_owned(),
            url: parsed,
            headers,
            body: None,
            body_is_stream: false,
            mode: Mode::WebSocket,
            credentials: Credentials::Include,
            redirect: Redirect::Error,
            use_cors_preflight: false,
            response_tainting: ResponseTainting::Basic,
            redirect_count: 0,
            reads_response_body: false,
            is_tainted: false,
        })
    }

    /// [Byte-serializing a request origin](https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin).
    pub(crate) fn serialized_origin(&self) -> &str {
        if self.is_tainted {
            NULL
        } else {
            self.origin.serialized()
        }
    }

    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), sorted, in
    /// lower case.
    pub(crate) fn unsafe_header_names(&self) -> Vec<&str> {
        let (safe, mut names): (Vec<_>, Vec<_>) = self
            .headers
            .iter()
            .partition(|(name, value)| fetch_standard::is_safelisted_request_header(name, value));
        // Steps 3 to 5.
        let size: usize = safe.iter().map(|(_, value)| value.len()).sum();
        if size > fetch_standard::MAX_SAFELISTED_VALUES_SIZE {
            names.extend(safe);
        }
        let mut names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether the credentials mode is `include`, so that the server must allow credentials.
    pub(crate) fn includes_credentials(&self) -> bool {
        self.credentials == Credentials::Include
    }

    /// Appends a URL to the [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list).
    pub(crate) fn append_url(&mut self, url: Url) {
        // Redirect-taint: a server that is not of the request's origin redirects to yet another origin. The last server must
        // not trust `Origin` then, because the one before it chose the URL.
        if url.origin() != self.url.origin() && !self.origin.is_same_origin(&self.url) {
            self.is_tainted = true;
        }
        self.site_relation = self.site_relation.max(self.origin.site_relation(&url));
        self.url = url;
    }

    /// The value of `Sec-Fetch-Site`
    /// ([Fetch Metadata, section 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). A request that was once
    /// `cross-site` stays so, even if it is redirected back to its own site.
    pub(crate) fn sec_fetch_site(&self) -> &'static str {
        match self.site_relation {
            SiteRelation::SameOrigin => "same-origin",
            SiteRelation::SameSite => "same-site",
            SiteRelation::CrossSite => "cross-site",
        }
    }
}

/// [Append](https://fetch.spec.whatwg.org/#concept-headers-append) to a `Headers` object, whose guard is `request` or
/// `request-no-cors`.
fn append(list: &mut HeaderList, mode: Mode, name: &str, value: &str) -> Result<(), Blocked> {
    // Normalizing a value also removes line breaks at its ends.
    let value = value.trim_matches(['\n', '\r', '\t', ' ']);
    let lower = name.to_ascii_lowercase();
    let value = match isomorphic_encode(value) {
        // The standard permits control characters. They are refused here because the types of actix-web cannot hold them.
        Some(value)
            if fetch_standard::is_token(name.as_bytes())
                && !value.iter().any(|&byte| byte < b' ' && byte != b'\t')
                && !value.contains(&0x7f) =>
        {
            value
        }
        _ => return Err(Blocked::Header(name.to_owned())),
    };
    if mode == Mode::NoCors {
        // Step 3: a value is checked joined with the values of the same name that are already in the list.
        let mut joined = list.get(&lower).unwrap_or_default();
        if list.contains(&lower) {
            joined.extend_from_slice(b", ");
        }
        joined.extend_from_slice(&value);
        if !fetch_standard::is_no_cors_safelisted_request_header(&lower, &joined) {
            return Ok(());
        }
    } else if fetch_standard::is_forbidden_request_header(&lower, &value) {
        return Ok(());
    }
    list.append(&lower, value);
    Ok(())
}
