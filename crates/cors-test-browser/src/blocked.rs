//! Why a page cannot read an answer: one variant for each step of the standard that ends in a network error.

use std::fmt;

/// Why a page may not read the answer to a [`Fetch`](crate::Fetch): the step that failed.
///
/// A page itself never learns it: `fetch()` rejects with a `TypeError` for each of these, and the console says more.
/// `Display` says it in the words of the consoles, made precise.
///
/// ```
/// use cors_test_browser::{Blocked, CorsCheck};
///
/// assert_eq!(
///     Blocked::PreflightCheck(CorsCheck::Missing).to_string(),
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
    /// The URL does not parse, or has a user or a password in it; or is relative, and the page has no URL of its own
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 5). Nothing was sent.
    Url(String),
    /// The method is no token, or [forbidden](https://fetch.spec.whatwg.org/#forbidden-method)
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 25). Nothing was sent.
    Method(String),
    /// In mode [`NoCors`](crate::Mode::NoCors), the method must be
    /// [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-method)
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), step 32). Nothing was sent.
    NoCorsMethod(String),
    /// This request header is no header name, or its value no header value
    /// ([validate](https://fetch.spec.whatwg.org/#headers-validate), step 1). Nothing was sent.
    ///
    /// A *forbidden* request header is not an error: it is left out in silence, as by a browser.
    Header(String),
    /// A request of this method has no body, or a stream cannot be sent in mode [`NoCors`](crate::Mode::NoCors)
    /// ([`new Request()`](https://fetch.spec.whatwg.org/#dom-request), steps 35 and 39). Nothing was sent.
    Body(String),
    /// A [bad port](https://fetch.spec.whatwg.org/#bad-port).
    Port(u16),
    /// A page of `https:` asks for plain `http:` that is not loopback
    /// ([Mixed Content](https://www.w3.org/TR/mixed-content/#should-block-fetch)).
    MixedContent(String),
    /// Mode [`SameOrigin`](crate::Mode::SameOrigin), and the URL, or one that it redirects to, is of this other origin
    /// ([main fetch](https://fetch.spec.whatwg.org/#main-fetch), step 12).
    SameOriginMode(String),
    /// Mode [`NoCors`](crate::Mode::NoCors) to another origin, and redirects are not followed (same step).
    NoCorsRedirectMode,
    /// The scheme of the URL is not `http` or `https` (same step). `data:` and `blob:` are not played here.
    Scheme(String),
    /// The response to the preflight fails the CORS check
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7).
    PreflightCheck(CorsCheck),
    /// The response to the preflight passes the CORS check and its status is not in 200–299 (same step); a redirect is
    /// not.
    PreflightStatus(u16),
    /// This header of the response to the preflight is no list of tokens (step 7.3).
    PreflightList(&'static str),
    /// The method is not among those that the response to the preflight allows (step 7.5).
    PreflightMethod(String),
    /// A request header is not among those that the response to the preflight allows (steps 7.6 and 7.7).
    PreflightHeader(String),
    /// The response itself fails the CORS check ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 4.4).
    /// The server has acted on the request.
    Check(CorsCheck),
    /// `Cross-Origin-Resource-Policy` has this value, which keeps the response from a page of another origin in mode
    /// [`NoCors`](crate::Mode::NoCors) ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 5).
    ResourcePolicy(String),
    /// A redirect, and [`Redirect::Error`](crate::Redirect::Error) was asked for
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), step 6).
    RedirectMode,
    /// A redirect to what is no URL, or to several
    /// ([HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), step 5).
    RedirectLocation(String),
    /// A redirect to a scheme that is not `http` or `https` (step 6).
    RedirectScheme(String),
    /// The twenty-first redirect (step 7).
    RedirectLimit,
    /// A redirect to a URL with a user or a password in it, to another origin or after one (steps 9 and 10).
    RedirectCredentials(String),
    /// A redirect with a status other than 303 of a request whose body was a stream (step 11).
    RedirectBody,
    /// The handshake of a WebSocket was answered with this status, which is not 101
    /// ([WebSockets](https://websockets.spec.whatwg.org/#concept-websocket-establish)).
    WebSocketStatus(u16),
    /// The handshake of a WebSocket was answered 101, with this header missing or wrong
    /// ([RFC 6455, section 4.1](https://www.rfc-editor.org/rfc/rfc6455#section-4.1)).
    WebSocketHandshake(&'static str),
    /// No answer came; why, in words for a person.
    Network(String),
}

/// Why a [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorsCheck {
    /// There is no `Access-Control-Allow-Origin` (step 2).
    Missing,
    /// `Access-Control-Allow-Origin` is `*`, which counts for nothing with credentials (steps 3 and 4).
    Wildcard,
    /// `Access-Control-Allow-Origin` is something else than the bytes that came in `Origin` (step 4). Several lines of it
    /// are one value with commas.
    Mismatch {
        /// The value of `Access-Control-Allow-Origin`.
        allowed: String,
        /// The origin that the request has, `null` after some redirects.
        origin: String,
    },
    /// The request has credentials, and `Access-Control-Allow-Credentials` is not `true` but this (steps 6 to 8).
    Credentials(Option<String>),
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LISTED: &str = "in the response to the preflight";
        // Escaped, as Rust escapes a string: it may be what a server sent.
        let quoted = |text: &'_ str| format!("{text:?}");
        match self {
            Self::Url(url) => write!(f, "{} is not a URL that a page can ask for", quoted(url)),
            Self::Method(method) => write!(f, "{} is not a valid HTTP method", quoted(method)),
            Self::NoCorsMethod(method) => {
                write!(f, "method {} is unsupported in no-cors mode", quoted(method))
            }
            Self::Header(name) => write!(f, "request header {} is not valid", quoted(name)),
            Self::Body(method) if ["GET", "HEAD"].contains(&method.as_str()) => {
                write!(f, "request with method {method} cannot have a body")
            }
            Self::Body(_) => f.write_str("a stream cannot be sent in no-cors mode"),
            Self::Port(port) => write!(f, "port {port} is unsafe: no browser connects to it"),
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
                "request mode is no-cors, and the redirect mode is not follow: the URL is of another origin",
            ),
            Self::Scheme(scheme) => write!(
                f,
                "cross-origin requests are for http and https only, not for {}",
                quoted(scheme)
            ),
            Self::PreflightCheck(check) => write!(
                f,
                "response to the preflight does not pass the CORS check: {check}"
            ),
            Self::PreflightStatus(status) if fetch_standard::is_redirect_status(*status) => write!(
                f,
                "redirect is not allowed for a preflight: it does not have an ok status, but {status}"
            ),
            Self::PreflightStatus(status) => write!(
                f,
                "response to the preflight does not have an ok status, but {status}"
            ),
            Self::PreflightList(header) => write!(f, "cannot parse {header} {LISTED}"),
            Self::PreflightMethod(method) => write!(
                f,
                "method {method} is not allowed by Access-Control-Allow-Methods {LISTED}"
            ),
            Self::PreflightHeader(name) => {
                write!(
                    f,
                    "request header {name} is not allowed by Access-Control-Allow-Headers {LISTED}"
                )?;
                if name == fetch_standard::NON_WILDCARD_REQUEST_HEADER {
                    f.write_str(", where it must be named: * does not cover it")?;
                }
                Ok(())
            }
            Self::Check(check) => write!(f, "response does not pass the CORS check: {check}"),
            Self::ResourcePolicy(policy) => write!(
                f,
                "response is kept from the page by Cross-Origin-Resource-Policy: {policy}"
            ),
            Self::RedirectMode => f.write_str("response is a redirect, and the redirect mode is error"),
            Self::RedirectLocation(location) => {
                write!(f, "redirect to what is no URL: {}", quoted(location))
            }
            Self::RedirectScheme(scheme) => {
                write!(f, "redirect to the scheme {}", quoted(scheme))
            }
            Self::RedirectLimit => {
                write!(f, "more than {} redirects", fetch_standard::MAX_REDIRECTS)
            }
            Self::RedirectCredentials(url) => write!(
                f,
                "redirect contains a username or password: {}",
                quoted(url)
            ),
            Self::RedirectBody => f.write_str("redirect of a request whose body is a stream"),
            Self::WebSocketStatus(status) => {
                write!(f, "unexpected response code to the handshake of a WebSocket: {status}")
            }
            Self::WebSocketHandshake(header) => {
                write!(f, "{header} in the answer to the handshake of a WebSocket is missing or wrong")
            }
            Self::Network(why) => write!(f, "no answer: {why}"),
        }
    }
}

impl fmt::Display for CorsCheck {
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
                    ", several values"
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

impl std::error::Error for CorsCheck {}
