//! Why a request is denied, as values, and their text.

use std::fmt;

use crate::{origin::Origin, quote::Quoted};

/// What a request is, by its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestKind {
    /// `OPTIONS` with `Origin` and `Access-Control-Request-Method`.
    Preflight,
    /// Any other request with `Origin`.
    Actual,
    /// A request without `Origin`.
    NotCors,
}

/// The result of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The browser sends the request, and the page may read the response.
    Allowed,
    /// The page may not read the response. If its preflight is denied, the browser does not send the request.
    Denied,
    /// An actual request that does not reach the handler.
    Rejected,
    /// The request is not a CORS request, and goes to the handler.
    NotCors,
    /// The page sends to its own origin, so CORS does not apply: the browser sends the request, and the page may read
    /// the response.
    SameOrigin,
    /// The look-up decides whether the origin is allowed; nothing else denies the request. Only
    /// [`explain`](crate::CorsPolicy::explain) and [`CorsEvent::shadow`](crate::CorsEvent::shadow), which ask no
    /// look-up, have this outcome.
    #[cfg(feature = "lookup")]
    NeedsLookup,
}

/// In words: `allowed`, `denied`, `rejected`, `not CORS`, `same-origin`, `needs a look-up`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Rejected => "rejected",
            Self::NotCors => "not CORS",
            Self::SameOrigin => "same-origin",
            #[cfg(feature = "lookup")]
            Self::NeedsLookup => "needs a look-up",
        })
    }
}

/// Why a request is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Denial {
    /// Several `Origin` lines.
    OriginRepeated,
    /// The origin is not a serialized origin.
    OriginMalformed,
    /// No entry, regex, predicate or look-up admits the origin.
    OriginNotAllowed,
    /// Nothing else admits the origin, and the look-up gave no answer.
    #[cfg(feature = "lookup")]
    LookupFailed,
    /// Several `Access-Control-Request-Method` lines.
    MethodRepeated,
    /// The method is not a token.
    MethodMalformed,
    /// The Fetch standard forbids the method.
    MethodForbidden,
    /// The method is neither safelisted nor configured.
    MethodNotAllowed,
    /// A requested header is not a token.
    HeaderMalformed,
    /// A requested header is not configured.
    HeaderNotAllowed,
    /// More requested headers, or more bytes of them, than are read.
    HeadersOverLimit,
    /// Credentials are sent, and the policy does not allow them.
    CredentialsNotAllowed,
    /// Another site sends a request that may change something, without `Origin`. Only with
    /// [`reject_denied_origins`](crate::CorsPolicyBuilder::reject_denied_origins).
    CrossSiteWithoutOrigin,
    /// The origin is allowed, but may not use credentials, and the request may change something and has cookies or is a
    /// form or a beacon. Only with [`reject_denied_origins`](crate::CorsPolicyBuilder::reject_denied_origins).
    CrossSiteWithCredentials,
}

/// Why a request is denied. It borrows what the request sent; only `Display` formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason<'r> {
    /// Several `Origin` lines.
    OriginRepeated { lines: usize },
    /// No entry, regex or predicate admits the origin, whether it is well formed or not.
    OriginNotAllowed(&'r [u8]),
    /// Nothing else admits the origin, and the look-up gave no answer.
    #[cfg(feature = "lookup")]
    LookupFailed(&'r [u8]),
    /// Several `Access-Control-Request-Method` lines.
    MethodRepeated { lines: usize },
    /// Not a token.
    MethodMalformed(&'r [u8]),
    /// Forbidden by the Fetch standard.
    MethodForbidden(&'r [u8]),
    /// Neither safelisted nor configured.
    MethodNotAllowed(&'r [u8]),
    /// A requested header is not a token.
    HeaderMalformed(&'r [u8]),
    /// A requested header is not configured.
    HeaderNotAllowed(&'r [u8]),
    /// More bytes of requested headers than are read.
    HeadersTooLong { bytes: usize },
    /// More requested headers than are read.
    HeadersTooMany,
    /// More empty elements than are tolerated.
    HeadersTooEmpty,
    /// Another site sends a request with this method, without `Origin`.
    CrossSiteWithoutOrigin(&'r [u8]),
    /// An allowed origin, which may not use credentials, sends a request that may change something.
    CrossSiteWithCredentials(Sign),
}

/// What shows that a request has credentials, or may have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A form.
    Navigate,
    /// A beacon, or `fetch` in the mode `no-cors`.
    NoCors,
    /// Cookies.
    Cookie,
}

impl Reason<'_> {
    /// Its kind.
    pub(crate) fn denial(&self) -> Denial {
        match self {
            Self::OriginRepeated { .. } => Denial::OriginRepeated,
            Self::OriginNotAllowed(value) if !Origin::is_serialized(value) => {
                Denial::OriginMalformed
            }
            Self::OriginNotAllowed(_) => Denial::OriginNotAllowed,
            #[cfg(feature = "lookup")]
            Self::LookupFailed(_) => Denial::LookupFailed,
            Self::MethodRepeated { .. } => Denial::MethodRepeated,
            Self::MethodMalformed(_) => Denial::MethodMalformed,
            Self::MethodForbidden(_) => Denial::MethodForbidden,
            Self::MethodNotAllowed(_) => Denial::MethodNotAllowed,
            Self::HeaderMalformed(_) => Denial::HeaderMalformed,
            Self::HeaderNotAllowed(_) => Denial::HeaderNotAllowed,
            Self::HeadersTooLong { .. } | Self::HeadersTooMany | Self::HeadersTooEmpty => {
                Denial::HeadersOverLimit
            }
            Self::CrossSiteWithoutOrigin(_) => Denial::CrossSiteWithoutOrigin,
            Self::CrossSiteWithCredentials(_) => Denial::CrossSiteWithCredentials,
        }
    }

    /// Whether it is the origin that is denied.
    pub(crate) fn is_of_origin(&self) -> bool {
        match self {
            Self::OriginRepeated { .. } | Self::OriginNotAllowed(_) => true,
            #[cfg(feature = "lookup")]
            Self::LookupFailed(_) => true,
            _ => false,
        }
    }
}

/// Escaped and bounded, whatever the request sent.
impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OriginRepeated { lines } => write!(f, "{lines} Origin lines instead of one"),
            Self::OriginNotAllowed(value) => {
                let what = if Origin::is_serialized(value) {
                    "is not allowed"
                } else {
                    "is not a serialized origin"
                };
                write!(f, "origin {} {what}", Quoted(value))
            }
            #[cfg(feature = "lookup")]
            Self::LookupFailed(value) => {
                write!(f, "origin {} could not be looked up", Quoted(value))
            }
            Self::MethodRepeated { lines } => write!(
                f,
                "{lines} Access-Control-Request-Method lines instead of one"
            ),
            Self::MethodMalformed(value) => write!(f, "method {} is not a token", Quoted(value)),
            Self::MethodForbidden(value) => {
                write!(
                    f,
                    "method {} is forbidden by the Fetch standard",
                    Quoted(value)
                )
            }
            Self::MethodNotAllowed(value) => write!(f, "method {} is not allowed", Quoted(value)),
            Self::HeaderMalformed(value) => {
                write!(f, "request header {} is not a token", Quoted(value))
            }
            Self::HeaderNotAllowed(value) => {
                write!(f, "request header {} is not allowed", Quoted(value))
            }
            Self::HeadersTooLong { bytes } => write!(
                f,
                "{bytes} bytes of Access-Control-Request-Headers, more than the 8192 that are read"
            ),
            Self::HeadersTooMany => f.write_str("more than 256 requested headers"),
            Self::HeadersTooEmpty => {
                f.write_str("more than 32 empty elements in Access-Control-Request-Headers")
            }
            Self::CrossSiteWithoutOrigin(method) => {
                write!(f, "method {} has no Origin", Quoted(method))
            }
            Self::CrossSiteWithCredentials(sign) => {
                let what = match sign {
                    Sign::Navigate => "sends a form (sec-fetch-mode `navigate`)",
                    Sign::NoCors => "sends a beacon or the like (sec-fetch-mode `no-cors`)",
                    Sign::Cookie => "sends cookies",
                };
                write!(f, "the origin may read but not use credentials, and {what}")
            }
        }
    }
}
