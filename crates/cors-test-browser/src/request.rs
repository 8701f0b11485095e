//! A request as the standard has it, on its way.

use url::Url;

use crate::{
    blocked::Blocked,
    headers::{self, Headers},
    page::{Credentials, Fetch, Mode, Redirect},
    page_origin::{NULL, Nearness, PageOrigin},
    urls::has_credentials,
};

/// A [request](https://fetch.spec.whatwg.org/#concept-request). Of its URL list, only what is asked about it is kept.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) origin: PageOrigin,
    pub(crate) method: String,
    /// The current URL.
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Vec<u8>>,
    /// The body's source is null: it cannot be sent twice.
    pub(crate) body_is_stream: bool,
    pub(crate) mode: Mode,
    pub(crate) credentials: Credentials,
    pub(crate) redirect: Redirect,
    pub(crate) use_cors_preflight: bool,
    pub(crate) tainting: Tainting,
    pub(crate) redirects: u8,
    pub(crate) wants_body: bool,
    /// Whether the [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin) is another one than
    /// `same-origin`.
    is_tainted: bool,
    /// The farthest of the URL list from the origin.
    site: Nearness,
}

/// [Response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting): what the page will get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tainting {
    Basic,
    Cors,
    Opaque,
}

impl Request {
    /// [`new Request()`](https://fetch.spec.whatwg.org/#dom-request), and the first steps of
    /// [fetch](https://fetch.spec.whatwg.org/#concept-fetch).
    pub(crate) fn new(origin: &PageOrigin, asked: Fetch) -> Result<Self, Blocked> {
        if asked.mode == Mode::WebSocket {
            return Self::websocket(origin, asked.url);
        }
        // new Request(), step 5.
        let url = match origin.resolve(&asked.url) {
            Some(url) if !has_credentials(&url) => url,
            _ => return Err(Blocked::Url(asked.url)),
        };

        // Step 25.
        let method = asked.method;
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
        let mode = asked.mode;
        if mode == Mode::NoCors && !fetch_standard::is_safelisted_method(method.as_bytes()) {
            return Err(Blocked::NoCorsMethod(method));
        }

        // Step 33.
        let mut list = Headers::default();
        for (name, value) in &asked.headers {
            append(&mut list, mode, name, value)?;
        }

        // Steps 35 to 39.
        let mut body = None;
        let mut body_is_stream = false;
        if let Some(asked) = asked.body {
            let has_none = ["GET", "HEAD"].contains(&method.as_str());
            if has_none || (asked.is_stream && mode == Mode::NoCors) {
                return Err(Blocked::Body(method));
            }
            if let Some(content_type) = asked.content_type
                && !list.contains("content-type")
            {
                append(&mut list, mode, "content-type", content_type)?;
            }
            body = Some(asked.bytes);
            body_is_stream = asked.is_stream;
        }

        // Fetch, step 12. `Accept-Language` (step 14) is left to the page.
        if !list.contains("accept") {
            list.append("accept", "*/*");
        }
        Ok(Self {
            site: origin.nearness(&url),
            origin: origin.clone(),
            method,
            url,
            headers: list,
            body,
            body_is_stream,
            mode,
            credentials: asked.credentials,
            redirect: asked.redirect,
            use_cors_preflight: asked.use_cors_preflight || body_is_stream,
            tainting: Tainting::Basic,
            redirects: 0,
            wants_body: asked.wants_body,
            is_tainted: false,
        })
    }

    /// [`new WebSocket()`](https://websockets.spec.whatwg.org/#dom-websocket-websocket), and
    /// [establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish).
    fn websocket(origin: &PageOrigin, asked: String) -> Result<Self, Blocked> {
        // The constructor, steps 1 to 6.
        let Some(mut url) = origin.resolve(&asked) else {
            return Err(Blocked::Url(asked));
        };
        let scheme = match url.scheme() {
            "ws" | "http" => "http",
            "wss" | "https" => "https",
            _ => return Err(Blocked::Url(asked)),
        };
        if url.fragment().is_some() || url.set_scheme(scheme).is_err() {
            return Err(Blocked::Url(asked));
        }
        // Establish, steps 2 to 9. It is no fetch of a page, which could set nothing of this.
        let mut headers = Headers::default();
        for (name, value) in fetch_standard::WEBSOCKET_HEADERS {
            headers.append(name, value);
        }
        Ok(Self {
            site: origin.nearness(&url),
            origin: origin.clone(),
            method: "GET".to_owned(),
            url,
            headers,
            body: None,
            body_is_stream: false,
            mode: Mode::WebSocket,
            credentials: Credentials::Include,
            redirect: Redirect::Error,
            use_cors_preflight: false,
            tainting: Tainting::Basic,
            redirects: 0,
            wants_body: false,
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

    /// Whether the credentials mode is one by which the server must allow credentials.
    pub(crate) fn includes_credentials(&self) -> bool {
        self.credentials == Credentials::Include
    }

    /// Appends to the [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list).
    pub(crate) fn move_to(&mut self, url: Url) {
        // Redirect-taint: it is left for another origin a URL that was not of the request's origin.
        if url.origin() != self.url.origin() && !self.origin.is_of(&self.url) {
            self.is_tainted = true;
        }
        self.site = self.site.max(self.origin.nearness(&url));
        self.url = url;
    }

    /// What `Sec-Fetch-Site` says ([Fetch Metadata, section 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)):
    /// a redirect does not bring it nearer.
    pub(crate) fn site(&self) -> &'static str {
        match self.site {
            Nearness::Origin => "same-origin",
            Nearness::Site => "same-site",
            Nearness::Cross => "cross-site",
        }
    }
}

/// [Append](https://fetch.spec.whatwg.org/#concept-headers-append) to a `Headers` object, whose guard is `request` or
/// `request-no-cors`.
fn append(list: &mut Headers, mode: Mode, name: &str, value: &str) -> Result<(), Blocked> {
    // HTTP whitespace bytes: line breaks too, at the ends.
    let value = value.trim_matches(['\n', '\r', '\t', ' ']);
    let lower = name.to_ascii_lowercase();
    let value = match headers::bytes(value) {
        // A control character is a value to the standard; the types of actix-web cannot carry it.
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
        // Step 3: judged together with what is there.
        let mut together = list.get(&lower).unwrap_or_default();
        if list.contains(&lower) {
            together.extend_from_slice(b", ");
        }
        together.extend_from_slice(&value);
        if !fetch_standard::is_no_cors_safelisted_request_header(&lower, &together) {
            return Ok(());
        }
    } else if fetch_standard::is_forbidden_request_header(&lower, &value) {
        return Ok(());
    }
    list.append(&lower, value);
    Ok(())
}
