//! Why a page gets a network error: one variant for each step of the standard that ends in one.

use std::fmt;

/// Why a page gets a network error in response to a [`Fetch`](crate::Fetch): the step of the standard that failed.
///
/// A page cannot learn this: `fetch()` rejects with a `TypeError` for all of these, and only the console of the browser says
/// more. `Display` uses the words of the consoles where they are precise.
///
/// # Examples
///
/// ```
/// use cors_test_browser::{Blocked, CorsCheckError};
///
/// assert_eq!(
///     Blocked::PreflightCorsCheck(CorsCheckError::Missing).to_string(),
///     "response to the preflight does not pass the CORS check: no Access-Control-Allow-Origin header is present"
/// );
/// assert_eq!(
///     Blocked::PreflightHeader("x-tenant".to_owned()).to_string(),
///     "request header x-tenant is not allowed by Access-Control-Allow-Headers in the response to the preflight"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blocked {
    /// The URL does not parse, contains a username or password, or is relative although the page has an opaque origin
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 5). Nothing was sent.
    Url(String),
    /// The method is not a token, or it is [forbidden](https://fetch.spec.whatwg.org/#forbidden-method)
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 25). Nothing was sent.
    Method(String),
    /// The method is not [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-method), as mode
    /// [`NoCors`](crate::Mode::NoCors) requires
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 32). Nothing was sent.
    NoCorsMethod(String),
    /// A request header has an invalid name or an invalid value
    /// ([validate](https://fetch.spec.whatwg.org/#headers-validate), step 1). Nothing was sent.
    ///
    /// A *forbidden* request header is not an error: it is not sent, as in a browser.
    Header(String),
    /// A request with this method cannot have a body, or the body is a stream in mode [`NoCors`](crate::Mode::NoCors)
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), steps 35 and 39). Nothing was sent.
    Body(String),
    /// The URL has a [bad port](https://fetch.spec.whatwg.org/#bad-port), to which browsers do not connect.
    Port(u16),
    /// The page was loaded over `https:`, and the URL is `http:` and not loopback
    /// ([Mixed Content](https://www.w3.org/TR/mixed-content/#should-block-fetch)).
    MixedContent(String),
    /// In mode [`SameOrigin`](crate::Mode::SameOrigin), the URL or the target of a redirect has this other origin
    /// ([main fetch](https://fetch.spec.whatwg.org/#main-fetch), step 12).
    SameOriginMode(String),
    /// In mode [`NoCors`](crate::Mode::NoCors), a request to another origin has a redirect mode other than
    /// [`Redirect::Follow`](crate::Redirect::Follow) (same step).
    NoCorsRedirectMode,
    /// The scheme of the URL is not `http` or `https` (same step). `data:` and `blob:`, which browsers fetch, are not
    /// simulated.
    Scheme(String),
    /// The response to the preflight fails the CORS check
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7).
    PreflightCorsCheck(CorsCheckError),
    /// The response to the preflight passes the CORS check, but its status is not 200 to 299 (same step). Redirects of
    /// preflights are not followed.
    PreflightStatus(u16),
    /// This header of the response to the preflight is not a list of tokens (step 7.3).
    PreflightList(&'static str),
    /// The response to the preflight does not allow this method (step 7.5).
    PreflightMethod(String),
    /// The response to the preflight does not allow this request header (steps 7.6 and 7.7).
    PreflightHeader(String),
    /// The response to the actual request fails the CORS check
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 4.4). The server has handled the request nevertheless.
    CorsCheck(CorsCheckError),
    /// In mode [`NoCors`](crate::Mode::NoCors), this value of `Cross-Origin-Resource-Policy` blocks the response
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 5).
    ResourcePolicy(String),
    /// The response is a redirect, and the redirect mode is [`Redirect::Error`](crate::Redirect::Error)
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 6).
    RedirectMode,
    /// The `Location` of a redirect does not parse as a URL, or there are several lines of it
    /// ([HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), step 5).
    RedirectLocation(String),
    /// The target of a redirect has a scheme other than `http` or `https` (step 6).
    RedirectScheme(String),
    /// There were more than twenty redirects (step 7).
    RedirectLimit,
    /// The target of a redirect contains a username or password, and it is of another origin, or an earlier URL was (steps 9
    /// and 10).
    RedirectCredentials(String),
    /// A redirect would send a body again that is a stream: the status is not 303 (step 11).
    RedirectBody,
    /// The response to the handshake of a WebSocket has this status instead of 101
    /// ([WebSockets](https://websockets.spec.whatwg.org/#concept-websocket-establish)).
    WebSocketStatus(u16),
    /// The response to the handshake of a WebSocket has status 101, but this header is missing or wrong
    /// ([RFC 6455, section 4.1](https://www.rfc-editor.org/rfc/rfc6455#section-4.1)).
    WebSocketHandshake(&'static str),
    /// No complete response came. The text says why; it is for people and may change.
    Network(String),
}

/// Why a [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorsCheckError {
    /// The response has no `Access-Control-Allow-Origin` (step 2).
    Missing,
    /// `Access-Control-Allow-Origin` is `*`, which does not allow requests with credentials (steps 3 and 4).
    Wildcard,
    /// `Access-Control-Allow-Origin` is not equal, byte by byte, to the origin of the request (step 4). If the header has
    /// several lines, their values are joined by `, `, and so never match.
    Mismatch {
        /// The value of `Access-Control-Allow-Origin`.
        allowed: String,
        /// The origin of the request. It is `null` after some redirects.
        origin: String,
    },
    /// The request has credentials mode `include`, and `Access-Control-Allow-Credentials` has this value instead of `true`;
    /// `None` if the header is missing (steps 6 to 8).
    Credentials(Option<String>),
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const IN_RESPONSE: &str = "in the response to the preflight";
        // `Debug` escapes control characters, which a text from a server may contain.
        let quoted = |text: &'_ str| format!("{text:?}");
        match self {
            Self::Url(url) => write!(f, "{} is not a URL that a page can fetch", quoted(url)),
            Self::Method(method) => write!(f, "{} is not a valid HTTP method", quoted(method)),
            Self::NoCorsMethod(method) => {
                write!(
                    f,
                    "method {} is unsupported in no-cors mode",
                    quoted(method)
                )
            }
            Self::Header(name) => write!(f, "request header {} is not valid", quoted(name)),
            Self::Body(method) if ["GET", "HEAD"].contains(&method.as_str()) => {
                write!(f, "request with method {method} cannot have a body")
            }
            Self::Body(_) => f.write_str("a stream cannot be sent in no-cors mode"),
            Self::Port(port) => write!(f, "port {port} is unsafe: browsers do not connect to it"),
            Self::MixedContent(url) => write!(
                f,
                "mixed content: the page was loaded over https, and {} is insecure",
                quoted(url)
            ),
            Self::SameOriginMode(origin) => write!(
                f,
                "request mode is same-origin, and the URL's origin is {}",
                quoted(origin)
            ),
            Self::NoCorsRedirectMode => f.write_str(
                "request to another origin in no-cors mode must have redirect mode follow",
            ),
            Self::Scheme(scheme) => write!(
                f,
                "cross-origin requests are for http and https only, not for {}",
                quoted(scheme)
            ),
            Self::PreflightCorsCheck(check) => write!(
                f,
                "response to the preflight does not pass the CORS check: {check}"
            ),
            Self::PreflightStatus(status) if fetch_standard::is_redirect_status(*status) => write!(
                f,
                "redirect is not allowed for a preflight: the response has status {status}"
            ),
            Self::PreflightStatus(status) => write!(
                f,
                "response to the preflight has status {status}, which is not an ok status"
            ),
            Self::PreflightList(header) => write!(f, "cannot parse {header} {IN_RESPONSE}"),
            Self::PreflightMethod(method) => write!(
                f,
                "method {method} is not allowed by Access-Control-Allow-Methods {IN_RESPONSE}"
            ),
            Self::PreflightHeader(name) => {
                write!(
                    f,
                    "request header {name} is not allowed by Access-Control-Allow-Headers {IN_RESPONSE}"
                )?;
                if name == fetch_standard::NON_WILDCARD_REQUEST_HEADER {
                    f.write_str(": it must be listed by name, because * does not cover it")?;
                }
                Ok(())
            }
            Self::CorsCheck(check) => write!(f, "response does not pass the CORS check: {check}"),
            Self::ResourcePolicy(policy) => write!(
                f,
                "response is blocked by Cross-Origin-Resource-Policy: {policy}"
            ),
            Self::RedirectMode => {
                f.write_str("response is a redirect, and the redirect mode is error")
            }
            Self::RedirectLocation(location) => {
                write!(
                    f,
                    "redirect location is not a valid URL: {}",
                    quoted(location)
                )
            }
            Self::RedirectScheme(scheme) => {
                write!(f, "redirect to scheme {} is not allowed", quoted(scheme))
            }
            Self::RedirectLimit => {
                write!(f, "more than {} redirects", fetch_standard::MAX_REDIRECTS)
            }
            Self::RedirectCredentials(url) => write!(
                f,
                "redirect contains a username or password: {}",
                quoted(url)
            ),
            Self::RedirectBody => {
                f.write_str("redirect would send the body again, and the body is a stream")
            }
            Self::WebSocketStatus(status) => {
                write!(
                    f,
                    "response to the WebSocket handshake has status {status}, not 101"
                )
            }
            Self::WebSocketHandshake(header) => {
                write!(
                    f,
                    "{header} in the response to the WebSocket handshake is missing or wrong"
                )
            }
            Self::Network(why) => write!(f, "no response: {why}"),
        }
    }
}

impl fmt::Display for CorsCheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no Access-Control-Allow-Origin header is present"),
            Self::Wildcard => f.write_str(
                "Access-Control-Allow-Origin must not be * when the request's credentials mode is include",
            ),
            Self::Mismatch { allowed, origin } => write!(
                f,
                "Access-Control-Allow-Origin is {}{}, not the origin {}",
                format_args!("{allowed:?}"),
                if allowed.contains(',') {
                    " (several values)"
                } else {
                    ""
                },
                format_args!("{origin:?}")
            ),
            Self::Credentials(value) => {
                f.write_str("Access-Control-Allow-Credentials ")?;
                match value {
                    None => f.write_str("is not present")?,
                    Some(value) => write!(f, "is {}", format_args!("{value:?}"))?,
                }
                f.write_str(", and must be true when the request's credentials mode is include")
            }
        }
    }
}

impl std::error::Error for Blocked {}

impl std::error::Error for CorsCheckError {}
