//! A request as the standard has it, on its way.

use url::Url;

use super::{
    blocked::Blocked,
    headers::{self, Headers},
    page::{Credentials, Fetch, Mode, Redirect},
};
use crate::{
    fetch::{self, client},
    origin::{NULL, Origin, registrable_domain},
};

/// A [request](https://fetch.spec.whatwg.org/#concept-request). Of its URL list, only what is asked about it is kept.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) origin: PageOrigin,
    pub(super) method: String,
    /// The current URL.
    pub(super) url: Url,
    pub(super) headers: Headers,
    pub(super) body: Option<Vec<u8>>,
    /// The body's source is null: it cannot be sent twice.
    pub(super) body_is_stream: bool,
    pub(super) mode: Mode,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    pub(super) use_cors_preflight: bool,
    pub(super) tainting: Tainting,
    pub(super) redirects: u8,
    pub(super) wants_body: bool,
    /// Whether the [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin) is another one than
    /// `same-origin`.
    is_tainted: bool,
    /// The farthest of the URL list from the origin.
    site: Nearness,
}

/// [Response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting): what the page will get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
    Opaque,
}

/// How near a URL is to an origin, nearest first: of the same origin, of the same site, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Origin,
    Site,
    Cross,
}

/// The origin of a page: its serialization, or none of its own.
#[derive(Clone, Debug)]
pub(super) enum PageOrigin {
    Tuple(String),
    Opaque,
}

impl Request {
    /// [`new Request()`](https://fetch.spec.whatwg.org/#dom-request), and the first steps of
    /// [fetch](https://fetch.spec.whatwg.org/#concept-fetch).
    pub(super) fn new(origin: &PageOrigin, asked: Fetch) -> Result<Self, Blocked> {
        if asked.mode == Mode::WebSocket {
            return Self::websocket(origin, asked.url);
        }
        // new Request(), step 5.
        let url = match origin.parse(&asked.url) {
            Some(url) if !has_credentials(&url) => url,
            _ => return Err(Blocked::Url(asked.url)),
        };

        // Step 25.
        let method = asked.method;
        if !fetch::is_token(method.as_bytes()) || fetch::is_forbidden_method(method.as_bytes()) {
            return Err(Blocked::Method(method));
        }
        let method = match fetch::normalized_method(&method) {
            Some(normal) => normal.to_owned(),
            None => method,
        };

        // Step 32.
        let mode = asked.mode;
        if mode == Mode::NoCors && !fetch::is_safelisted_method(method.as_bytes()) {
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
            site: origin.site(&url),
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
        let Some(mut url) = origin.parse(&asked) else {
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
        for (name, value) in client::WEBSOCKET_HEADERS {
            headers.append(name, value);
        }
        Ok(Self {
            site: origin.site(&url),
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
    pub(super) fn serialized_origin(&self) -> &str {
        if self.is_tainted {
            NULL
        } else {
            self.origin.serialized()
        }
    }

    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), sorted, in
    /// lower case.
    pub(super) fn unsafe_header_names(&self) -> Vec<&str> {
        let (safe, mut names): (Vec<_>, Vec<_>) = self
            .headers
            .iter()
            .partition(|(name, value)| client::is_safelisted_request_header(name, value));
        // Steps 3 to 5.
        let size: usize = safe.iter().map(|(_, value)| value.len()).sum();
        if size > client::MAX_SAFELISTED_VALUES {
            names.extend(safe);
        }
        let mut names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether the credentials mode is one by which the server must allow credentials.
    pub(super) fn includes_credentials(&self) -> bool {
        self.credentials == Credentials::Include
    }

    /// Appends to the [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list).
    pub(super) fn move_to(&mut self, url: Url) {
        // Redirect-taint: it is left for another origin a URL that was not of the request's origin.
        if url.origin() != self.url.origin() && !self.origin.is_of(&self.url) {
            self.is_tainted = true;
        }
        self.site = self.site.max(self.origin.site(&url));
        self.url = url;
    }

    /// What `Sec-Fetch-Site` says ([Fetch Metadata, section 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)):
    /// a redirect does not bring it nearer.
    pub(super) fn site(&self) -> &'static str {
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
            if fetch::is_token(name.as_bytes())
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
        if !client::is_no_cors_safelisted_request_header(&lower, &together) {
            return Ok(());
        }
    } else if client::is_forbidden_request_header(&lower, &value) {
        return Ok(());
    }
    list.append(&lower, value);
    Ok(())
}

/// [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
pub(super) fn is_http(url: &Url) -> bool {
    ["http", "https"].contains(&url.scheme())
}

/// [Includes credentials](https://url.spec.whatwg.org/#include-credentials).
pub(super) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// [Is potentially trustworthy](https://www.w3.org/TR/secure-contexts/#is-url-trustworthy), of `http` and `https`.
pub(super) fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(url::Host::Domain(host)) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                host == "localhost" || host.ends_with(".localhost")
            }
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

impl PageOrigin {
    pub(super) fn serialized(&self) -> &str {
        match self {
            Self::Tuple(text) => text,
            Self::Opaque => NULL,
        }
    }

    /// Whether a URL's origin is [the same](https://html.spec.whatwg.org/multipage/browsers.html#same-origin).
    pub(super) fn is_of(&self, url: &Url) -> bool {
        match self {
            // An opaque origin of a URL is serialized as `null`, which this never is.
            Self::Tuple(text) => *text == url.origin().ascii_serialization(),
            Self::Opaque => false,
        }
    }

    /// The URL that relative ones are relative to.
    pub(super) fn base(&self) -> Option<Url> {
        match self {
            Self::Tuple(text) => Url::parse(&format!("{text}/")).ok(),
            Self::Opaque => None,
        }
    }

    /// A URL as a page writes it.
    fn parse(&self, url: &str) -> Option<Url> {
        match self.base() {
            Some(base) => base.join(url).ok(),
            None => Url::parse(url).ok(),
        }
    }

    pub(super) fn scheme(&self) -> &str {
        match self {
            Self::Tuple(text) => text.split_once(':').map_or("", |(scheme, _)| scheme),
            Self::Opaque => "",
        }
    }

    fn site(&self, url: &Url) -> Nearness {
        if self.is_of(url) {
            Nearness::Origin
        } else if self.scheme() == url.scheme() && self.is_schemelessly_same_site(url) {
            Nearness::Site
        } else {
            Nearness::Cross
        }
    }

    /// [Schemelessly same site](https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site).
    pub(super) fn is_schemelessly_same_site(&self, url: &Url) -> bool {
        let (Self::Tuple(text), Some(host)) = (self, url.host_str()) else {
            return false;
        };
        let domain = matches!(url.host(), Some(url::Host::Domain(_)))
            .then(|| registrable_domain(host))
            .flatten();
        Origin::parse(text).is_some_and(|origin| {
            origin.host() == host
                || domain.is_some_and(|domain| registrable_domain(origin.host()) == Some(domain))
        })
    }
}
