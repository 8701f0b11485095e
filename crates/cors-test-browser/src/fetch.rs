//! The arguments of `fetch()`.

/// A call of `fetch(url, { method, headers, body, mode, credentials, redirect })` by a page.
///
/// Nothing is checked when a value of this type is made. If `fetch()` would throw, [`Browser::fetch`](crate::Browser::fetch)
/// returns a network error with the reason ([`Blocked`](crate::Blocked)).
///
/// # Examples
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
/// Elements and other APIs make similar requests:
///
/// | in the page | as a `Fetch` |
/// | --- | --- |
/// | an element with `crossorigin`, a module script, a font | `Fetch::get(url)` |
/// | an element with `crossorigin="use-credentials"` | `Fetch::get(url).credentials(Credentials::Include)` |
/// | an image or a script without `crossorigin` | `Fetch::get(url).mode(Mode::NoCors).credentials(Credentials::Include)` |
/// | `EventSource` | `Fetch::get(url).header("accept", "text/event-stream").ignore_response_body()` |
/// | `XMLHttpRequest` with a listener on `upload` | `Fetch::post(url).use_cors_preflight()` |
/// | `WebSocket` | `Fetch::websocket(url)` |
#[derive(Clone, Debug)]
#[must_use = "this does nothing until it is passed to `Browser::fetch`"]
pub struct Fetch {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
    pub(crate) mode: Mode,
    pub(crate) credentials: Credentials,
    pub(crate) redirect: Redirect,
    pub(crate) use_cors_preflight: bool,
    pub(crate) reads_response_body: bool,
}

/// A [request mode](https://fetch.spec.whatwg.org/#concept-request-mode). Navigations are not
/// simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Requests to another origin use the CORS protocol. This is the default of `fetch()`.
    #[default]
    Cors,
    /// Requests to another origin do not use the CORS protocol: the page can send only simple requests, and it can read
    /// nothing of the response.
    NoCors,
    /// Requests to another origin are a network error.
    SameOrigin,
    /// The handshake of a WebSocket, which any origin may receive and which does not use the CORS protocol:
    /// [`Fetch::websocket`].
    WebSocket,
}

/// A [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode): when cookies are sent. With
/// [`Include`](Self::Include), a server of another origin must allow credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// Cookies are never sent.
    Omit,
    /// Cookies are sent only to the page's own origin. This is the default of `fetch()`.
    #[default]
    SameOrigin,
    /// Cookies are sent to all origins.
    Include,
}

/// A [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Redirect {
    /// Redirects are followed. This is the default of `fetch()`.
    #[default]
    Follow,
    /// A redirect is a network error.
    Error,
    /// The page gets the redirect itself as the response, and can read nothing of it.
    Manual,
}

/// The `body` of a `fetch()`.
///
/// Text sets `Content-Type: text/plain;charset=UTF-8` if the page does not set that header. Bytes do not set it. Both are
/// made by `From`, so that [`Fetch::body`] takes them as they are; [`stream`](Self::stream) makes a stream.
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
    /// A `ReadableStream` of these bytes.
    ///
    /// A request to another origin with such a body always needs a preflight. The body cannot be sent again after a redirect.
    #[must_use]
    pub fn stream(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            is_stream: true,
            ..Self::from(bytes.into())
        }
    }
}

impl Fetch {
    /// A request with any method, spelled as the page spells it.
    ///
    /// The browser normalizes `delete` to `DELETE`, but it sends `patch` as it is
    /// ([normalize](https://fetch.spec.whatwg.org/#concept-method-normalize)).
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
            reads_response_body: true,
        }
    }

    /// A `GET` request. In this and the other constructors, the URL may be relative to the root of the page's origin.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// A `HEAD` request.
    pub fn head(url: impl Into<String>) -> Self {
        Self::new("HEAD", url)
    }

    /// A `POST` request.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// A `PUT` request.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// A `PATCH` request, in upper case. Browsers do not normalize `patch`, so a page has to write it in upper case too.
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new("PATCH", url)
    }

    /// A `DELETE` request.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// The handshake of a WebSocket, as of `new WebSocket("wss://…")`
    /// ([WebSockets](https://websockets.spec.whatwg.org/#concept-websocket-establish)).
    ///
    /// The browser sends it with `Origin` and with cookies. The CORS protocol does not apply: the connection opens if the
    /// server completes the handshake, whatever CORS headers it sends. The page then gets a response with status 101.
    ///
    /// Other settings of this `Fetch` have no effect.
    pub fn websocket(url: impl Into<String>) -> Self {
        Self::get(url).mode(Mode::WebSocket)
    }

    /// Adds a request header.
    ///
    /// A [forbidden](https://fetch.spec.whatwg.org/#forbidden-request-header) request header is not sent, and this is not an
    /// error, as in a browser.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body: text, bytes, or [`Body::stream`]. Requests with `GET` and `HEAD` cannot have a body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the request mode. The default is [`Mode::Cors`].
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the credentials mode. The default is [`Credentials::SameOrigin`].
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the redirect mode. The default is [`Redirect::Follow`].
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// Sets the [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag): a request to
    /// another origin needs a preflight, even if its method and headers do not require one.
    ///
    /// A browser sets the flag for an `XMLHttpRequest` with a listener on `upload`.
    pub fn use_cors_preflight(mut self) -> Self {
        self.use_cors_preflight = true;
        self
    }

    /// Does not read the body of the response, for responses that never end.
    ///
    /// In a browser, the promise of `fetch()` also resolves before the body is read.
    pub fn ignore_response_body(mut self) -> Self {
        self.reads_response_body = false;
        self
    }
}
