//! Why a request is denied: facts, and the words for them.

use std::fmt;

use crate::{
    error::Quoted,
    http::{HOST, HeaderName, RequestHead},
    origin::Origin,
};

/// Why a request is denied. It borrows what the request sent; only `Display` formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason<'r> {
    /// Several `Origin` lines.
    OriginRepeated { lines: usize },
    /// No entry, regex or predicate admits it, well formed or not.
    OriginNotAllowed(&'r [u8]),
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
        }
    }
}

/// Why a request is rejected: its origin is denied, and it is not seen to be same-origin by what it says.
pub(crate) struct Rejection<'r>(pub(crate) &'r Reason<'r>, pub(crate) &'r RequestHead);

impl fmt::Display for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(reason, head) = self;
        write!(
            f,
            "{reason}, nor is it same-origin (host {}, sec-fetch-site {})",
            Said(head, HOST),
            Said(head, super::same_origin::SEC_FETCH_SITE),
        )
    }
}

/// What a request header says.
struct Said<'r>(&'r RequestHead, HeaderName);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.headers().get(&self.1) {
            Some(value) => Quoted(value.as_bytes()).fmt(f),
            None => f.write_str("absent"),
        }
    }
}
