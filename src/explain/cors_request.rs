//! A request to explain: described by a person, or received.

use std::fmt;

use url::Url;

use crate::{
    http::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, COOKIE, HOST, HeaderValue,
        Method, ORIGIN, RequestHead, Uri,
    },
    quote::Quoted,
};

/// A request for [`CorsPolicy::explain`](crate::CorsPolicy::explain): one that a page wants to send, or one that was
/// received.
///
/// ```
/// use actix_cors_policy::{CorsPolicy, CorsRequest};
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_headers(["content-type"])
///     .build()?;
/// let request = CorsRequest::actual("https://app.example.com", "POST").headers(["content-type"]);
/// assert!(policy.explain(&request).is_allowed());
/// assert!(!policy.explain(&request.credentials()).is_allowed());
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone)]
pub struct CorsRequest {
    head: RequestHead,
    is_tls: bool,
    credentials: bool,
    method: String,
    /// The header names that a browser lists in a preflight.
    asked: Vec<String>,
    is_websocket: bool,
    /// The serialized origin of the target URL, if it is known.
    target_origin: Option<String>,
}

impl CorsRequest {
    /// A request that a page of an origin wants to send. If it needs a preflight, the explanation includes [that of the
    /// preflight](crate::Explanation::preflight), and the request is allowed only if the preflight is allowed too.
    ///
    /// `origin` is used as it is (a byte that a header cannot contain becomes `?`). `method` is normalized [as in
    /// browsers](https://fetch.spec.whatwg.org/#concept-method-normalize).
    #[must_use]
    pub fn actual(origin: impl AsRef<str>, method: impl AsRef<str>) -> Self {
        let mut request = Self::of(origin.as_ref(), method.as_ref());
        // Text that is not a method cannot be sent; the explanation of the preflight says so.
        request.head.method = Method::from_bytes(request.method.as_bytes()).unwrap_or(Method::GET);
        request
    }

    /// Only the preflight that a browser sends before a request with this method.
    #[must_use]
    pub fn preflight(origin: impl AsRef<str>, method: impl AsRef<str>) -> Self {
        let mut request = Self::of(origin.as_ref(), method.as_ref());
        request.head = request.preflight_head();
        request
    }

    /// Adds the request headers that a browser lists in a preflight: those that the page sets, without the [safelisted
    /// ones](https://fetch.spec.whatwg.org/#cors-safelisted-request-header). Add `content-type` if its value is not
    /// that of a form or plain text, for example `application/json`.
    #[must_use]
    pub fn headers(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for name in names {
            let name = name.as_ref().to_ascii_lowercase();
            let is_asked_for =
                self.is_preflight() || !fetch_standard::is_mostly_safelisted_request_header(&name);
            if is_asked_for && !self.asked.contains(&name) {
                self.asked.push(name);
            }
        }
        if self.is_preflight() {
            self.head = self.preflight_head();
        }
        self
    }

    /// The page sends credentials and wants to read the response: [credentials
    /// mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) `include`.
    #[must_use]
    pub fn credentials(mut self) -> Self {
        self.credentials = true;
        if !self.is_preflight() {
            self.head.headers_mut().insert(COOKIE, value(""));
        }
        self
    }

    /// Sets the URL to which the request is sent, such as `https://api.example.com/items`, or only its host. It matters
    /// to predicates that read the path or the [host](crate::request_host()), and to
    /// [`reject_denied_origins`](crate::CorsPolicyBuilder::reject_denied_origins). If the URL has the origin of the
    /// page, CORS does not apply, and the outcome is [`SameOrigin`](crate::Outcome::SameOrigin).
    #[must_use]
    pub fn to(mut self, url: impl AsRef<str>) -> Self {
        let target = url.as_ref();
        let target = match Url::parse(target) {
            Ok(url) if url.has_host() => Target::of(&url),
            _ => Target::of_host(target),
        };
        self.is_tls = target.is_tls;
        self.head.headers_mut().insert(HOST, value(&target.host));
        if let Some(path) = target.path {
            self.head.uri = path;
        } else if self.head.uri.authority().is_some() {
            // If a received request has an authority in its target, that would be used instead of the `Host` line.
            let path = self.head.uri.path_and_query().map(ToString::to_string);
            self.head.uri = path.and_then(|path| path.parse().ok()).unwrap_or_default();
        }
        self.target_origin = target.origin;
        self
    }

    /// Says that the request came over TLS, because the head of a received request does not show it.
    #[must_use]
    pub fn over_tls(mut self) -> Self {
        self.is_tls = true;
        self
    }

    pub(crate) fn head(&self) -> &RequestHead {
        &self.head
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The request as text, escaped and shortened.
    pub(super) fn describe(&self, is_preflight: bool) -> String {
        let mut text = if is_preflight {
            "preflight for ".to_owned()
        } else {
            String::new()
        };
        if fetch_standard::is_token(self.method.as_bytes()) && self.method.len() <= 32 {
            text.push_str(&self.method);
        } else {
            text.push_str(&Quoted(self.method.as_bytes()).to_string());
        }
        if let Some(origin) = self.head.headers().get(ORIGIN) {
            text.push_str(&format!(" from {}", Quoted(origin.as_bytes())));
        }
        if !self.asked.is_empty() {
            let names = self.asked.join(", ");
            text.push_str(&format!(" with {}", Quoted(names.as_bytes())));
        }
        if self.credentials {
            text.push_str(" and credentials");
        }
        text
    }

    /// Whether the page sends to its own origin; `None` if the origin of the target is not known.
    pub(super) fn is_same_origin(&self) -> Option<bool> {
        let target = self.target_origin.as_ref()?;
        let origin = self.head.headers().get(ORIGIN);
        Some(origin.is_some_and(|origin| origin.as_bytes() == target.as_bytes()))
    }

    pub(super) fn has_credentials(&self) -> bool {
        self.credentials
    }

    fn of(origin: &str, method: &str) -> Self {
        let mut head = RequestHead::default();
        head.headers_mut().append(ORIGIN, value(origin));
        Self {
            head,
            is_tls: false,
            credentials: false,
            method: fetch_standard::normalized_method(method)
                .unwrap_or(method)
                .to_owned(),
            asked: Vec::new(),
            is_websocket: false,
            target_origin: None,
        }
    }

    fn is_preflight(&self) -> bool {
        self.head.method == Method::OPTIONS
            && self
                .head
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Why a browser sends a preflight before this request; `None` if it does not.
    pub(super) fn needs_preflight(&self) -> Option<String> {
        if self.is_preflight()
            || self.is_websocket
            || self.is_same_origin() == Some(true)
            || !self.head.headers().contains_key(ORIGIN)
        {
            return None;
        }
        if !fetch_standard::is_safelisted_method(self.method.as_bytes()) {
            return Some(format!(
                "method {} is not safelisted",
                Quoted(self.method.as_bytes())
            ));
        }
        let name = self.asked.first()?;
        Some(if name == CONTENT_TYPE {
            "`content-type` is not safelisted, unless it is that of a form or plain text".to_owned()
        } else {
            format!("header {} is not safelisted", Quoted(name.as_bytes()))
        })
    }

    /// The preflight of an actual request that needs one.
    pub(crate) fn to_preflight(&self) -> Option<Self> {
        self.needs_preflight()?;
        Some(Self {
            head: self.preflight_head(),
            ..self.clone()
        })
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 1 to 5.
    fn preflight_head(&self) -> RequestHead {
        let mut head = RequestHead::default();
        head.method = Method::OPTIONS;
        head.uri = self.head.uri.clone();
        head.version = self.head.version;
        let headers = head.headers_mut();
        for name in [ORIGIN, HOST] {
            for line in self.head.headers().get_all(&name) {
                headers.append(name.clone(), line.clone());
            }
        }
        headers.append(ACCESS_CONTROL_REQUEST_METHOD, value(&self.method));
        if !self.asked.is_empty() {
            let mut names: Vec<&str> = self.asked.iter().map(String::as_str).collect();
            names.sort_unstable();
            headers.append(ACCESS_CONTROL_REQUEST_HEADERS, value(&names.join(",")));
        }
        head
    }
}

/// The URL to which a request is sent, in parts.
struct Target {
    is_tls: bool,
    /// With its port, unless that is the default of the scheme.
    host: String,
    path: Option<Uri>,
    origin: Option<String>,
}

impl Target {
    fn of(url: &Url) -> Self {
        let scheme = match url.scheme() {
            // For the comparison with a page, a handshake's target has the scheme `http` or `https`.
            "wss" => "https",
            "ws" => "http",
            other => other,
        };
        let host = url.host_str().unwrap_or_default();
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let query = url
            .query()
            .map_or(String::new(), |query| format!("?{query}"));
        Self {
            is_tls: scheme == "https",
            path: format!("{}{query}", url.path()).parse().ok(),
            origin: Some(format!("{scheme}://{host}")),
            host,
        }
    }

    /// Without a scheme: it may be `http` or `https`.
    fn of_host(host: &str) -> Self {
        let host = host.strip_prefix("//").unwrap_or(host);
        Self {
            is_tls: false,
            host: host.to_owned(),
            path: None,
            origin: None,
        }
    }
}

/// As text, escaped, because a request may contain anything.
impl fmt::Debug for CorsRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CorsRequest({})", self.describe(self.is_preflight()))
    }
}

const CONTENT_TYPE: &str = "content-type";

/// A received request. If its `Sec-Fetch-Site`, or its host, shows that a page sent it to its own origin, the outcome is
/// [`SameOrigin`](crate::Outcome::SameOrigin), as in the log. From the header names of an actual request, those that
/// browsers set themselves are left out, as far as they are known.
impl From<&RequestHead> for CorsRequest {
    fn from(head: &RequestHead) -> Self {
        let mut request = Self {
            head: head.clone(),
            is_tls: false,
            credentials: false,
            method: head.method.to_string(),
            asked: Vec::new(),
            is_websocket: head
                .headers()
                .get("upgrade")
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket")),
            target_origin: None,
        };
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        if request.is_preflight() {
            if let Some(method) = head.headers().get(ACCESS_CONTROL_REQUEST_METHOD) {
                request.method = text(method);
            }
            for line in head.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
                let line = text(line);
                for name in line.split(',') {
                    request.asked.push(name.trim().to_owned());
                }
            }
            request.asked.retain(|name| !name.is_empty());
        } else {
            for (name, value) in head.headers() {
                let (name, value) = (name.as_str(), value.as_bytes());
                let is_by_page = !fetch_standard::is_forbidden_request_header(name, value)
                    && !SET_BY_BROWSERS.contains(&name)
                    && !fetch_standard::is_safelisted_request_header(name, value);
                if is_by_page && !request.asked.iter().any(|known| known == name) {
                    request.asked.push(name.to_owned());
                }
            }
        }
        request
    }
}

/// Headers that a page may set, but that are nearly always set by the browser.
const SET_BY_BROWSERS: [&str; 8] = [
    "cache-control",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "priority",
    "upgrade-insecure-requests",
    "user-agent",
    "x-forwarded-for",
];

/// The header value for a text. A byte that a header cannot contain becomes `?`.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| {
        let mut bytes = text.as_bytes().to_vec();
        for byte in &mut bytes {
            if byte.is_ascii_control() {
                *byte = b'?';
            }
        }
        HeaderValue::from_bytes(&bytes).unwrap_or(HeaderValue::from_static("?"))
    })
}
