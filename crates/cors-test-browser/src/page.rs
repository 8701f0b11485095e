//! What a page asks for: the arguments of `fetch()`.

/// What a page asks for: `fetch(url, { method, headers, body, mode, credentials, redirect })`.
///
/// Nothing is checked here: what `fetch()` would throw for is reported as [`Blocked`](crate::Blocked).
///
/// ```
/// use cors_test_browser::{Credentials, Fetch};
///
/// let save = Fetch::put("https://api.example.com/items/7")
///     .header("content-type", "application/json")
///     .credentials(Credentials::Include)
///     .body("{}");
/// ```
///
/// What a page loads by an element is one as well. With `crossorigin` (a module script, a font), it is [`get`](Self::get);
/// with `crossorigin="use-credentials"`, so with [`Credentials::Include`]; an image or a script without the attribute has
/// [`Mode::NoCors`] and [`Credentials::Include`]. An `EventSource` is
/// `get(url).header("accept", "text/event-stream").without_body()`.
#[derive(Clone, Debug)]
#[must_use = "a browser has to fetch it"]
pub struct Fetch {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
    pub(crate) mode: Mode,
    pub(crate) credentials: Credentials,
    pub(crate) redirect: Redirect,
    pub(crate) use_cors_preflight: bool,
    pub(crate) wants_body: bool,
}

/// A [request mode](https://fetch.spec.whatwg.org/#concept-request-mode). Navigations are not played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// With another origin, by the CORS protocol: the default of `fetch()`.
    #[default]
    Cors,
    /// With another origin without the CORS protocol: the page can send little, and read nothing.
    NoCors,
    /// Not with another origin.
    SameOrigin,
    /// The handshake of a WebSocket, to any origin and without the CORS protocol: [`Fetch::websocket`].
    WebSocket,
}

/// A [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode): whether cookies are sent, and
/// whether the server must allow credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin: the default of `fetch()`.
    #[default]
    SameOrigin,
    /// Always.
    Include,
}

/// A [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Redirect {
    /// Redirects are followed: the default of `fetch()`.
    #[default]
    Follow,
    /// A redirect is an error.
    Error,
    /// A redirect is the answer, of which the page can read nothing.
    Manual,
}

/// What `fetch()` takes as `body`: text, which brings `Content-Type: text/plain;charset=UTF-8` where the page names no
/// other, or bytes, which bring none.
#[derive(Clone, Debug)]
pub struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) is_stream: bool,
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self {
            bytes: text.into_bytes(),
            content_type: Some("text/plain;charset=UTF-8"),
            is_stream: false,
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            content_type: None,
            is_stream: false,
        }
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl Body {
    /// A `ReadableStream` of these bytes: always asks by a preflight, and cannot be sent again after a redirect.
    #[must_use]
    pub fn stream(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            is_stream: true,
            ..Self::from(bytes.into())
        }
    }
}

impl Fetch {
    /// By any method, in the case in which the page writes it: `delete` is normalized by the browser, `patch` is not.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            mode: Mode::default(),
            credentials: Credentials::default(),
            redirect: Redirect::default(),
            use_cors_preflight: false,
            wants_body: true,
        }
    }

    /// By `GET`, of a URL that may be relative to the browser's origin.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// By `HEAD`.
    pub fn head(url: impl Into<String>) -> Self {
        Self::new("HEAD", url)
    }

    /// By `POST`.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// By `PUT`.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// By `PATCH`, in upper case, as a page has to write it.
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new("PATCH", url)
    }

    /// By `DELETE`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// By the handshake of a WebSocket: `new WebSocket("wss://…")`
    /// ([WebSockets](https://websockets.spec.whatwg.org/#concept-websocket-establish)).
    ///
    /// It is sent with `Origin` and with cookies, and CORS does not cover it: it opens wherever the server answers 101,
    /// which is then what the page gets. What else is set of this fetch does not count.
    pub fn websocket(url: impl Into<String>) -> Self {
        Self::get(url).mode(Mode::WebSocket)
    }

    /// Adds a request header. One that is [forbidden](https://fetch.spec.whatwg.org/#forbidden-request-header) is left out
    /// in silence, as by a browser.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body: text, bytes, or [`Body::stream`].
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the mode; [`Mode::Cors`] if it is not called.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the credentials mode; [`Credentials::SameOrigin`] if it is not called.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the redirect mode; [`Redirect::Follow`] if it is not called.
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// Sets the [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag): a preflight even where
    /// method and headers need none, as for an `XMLHttpRequest` with listeners on `upload`.
    pub fn use_cors_preflight(mut self) -> Self {
        self.use_cors_preflight = true;
        self
    }

    /// Leaves the body of the response unread, which may never end: the promise of `fetch()` is fulfilled by the head.
    pub fn without_body(mut self) -> Self {
        self.wants_body = false;
        self
    }
}
