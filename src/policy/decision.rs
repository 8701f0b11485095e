//! Which kind of request it is, and whether it is allowed. Pure and synchronous; auditors should read this file.
//!
//! Words and order are those of the Fetch standard: [HTTP CORS protocol], [CORS check], [CORS-preflight fetch].
//!
//! [HTTP CORS protocol]: https://fetch.spec.whatwg.org/#http-cors-protocol
//! [CORS check]: https://fetch.spec.whatwg.org/#concept-cors-check
//! [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch

use super::{
    reason::Reason,
    rejection::{self, Rejection},
    request_headers::{self, RequestedHeaders},
    rules::{Origins, Rules},
};
use crate::{
    http::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue,
        Method, ORIGIN, RequestHead,
    },
    origin::Match,
};

/// The decision about a request. It borrows values from the request, and makes no text.
#[derive(Debug)]
pub(crate) enum Decision<'r> {
    /// No `Origin`: not a CORS request.
    NotCors,
    /// An actual request, and whether its origin is allowed.
    Actual(Result<AllowedOrigin<'r>, Reason<'r>>),
    /// A request that must not reach the handler, because its page may not act.
    Rejected(Rejection<'r>),
    /// A preflight, and whether its origin, its method and its request headers all are allowed.
    Preflight(Result<Preflight<'r>, Reason<'r>>),
    /// Nothing admits the origin of a CORS request, so the look-up is asked. Then `looked_up.rs` decides.
    #[cfg(feature = "lookup")]
    NeedsLookup,
}

/// An origin that is allowed, and by what.
#[derive(Debug)]
pub(crate) enum AllowedOrigin<'r> {
    /// Any origin is allowed.
    Any,
    /// This origin is allowed, by this part of the allowlist.
    Listed(&'r HeaderValue, Match),
    /// This one is, with credentials, which others may not send.
    WithCredentials(&'r HeaderValue, Match),
}

/// A preflight that is allowed.
#[derive(Debug)]
pub(crate) struct Preflight<'r> {
    pub(crate) origin: AllowedOrigin<'r>,
    pub(crate) method: &'r HeaderValue,
    pub(crate) headers: RequestedHeaders<'r>,
}

/// Decides about a request. `is_tls` says whether the connection has TLS.
#[inline]
pub(crate) fn decide<'r>(rules: &Rules, head: &'r RequestHead, is_tls: bool) -> Decision<'r> {
    let origin = lines(head, ORIGIN);
    if origin.is_empty() {
        let rejection = rejection::without_origin(rules, head);
        return rejection.map_or(Decision::NotCors, Decision::Rejected);
    }
    let origin = decide_origin(rules, origin, head);
    #[cfg(feature = "lookup")]
    if rules.asks_about(origin.as_ref().err()) {
        return Decision::NeedsLookup;
    }
    decide_request(rules, origin, head, is_tls)
}

/// Decides about a CORS request, when it is known whether its origin is allowed.
#[inline]
pub(super) fn decide_request<'r>(
    rules: &Rules,
    origin: Result<AllowedOrigin<'r>, Reason<'r>>,
    head: &'r RequestHead,
    is_tls: bool,
) -> Decision<'r> {
    if head.method == Method::OPTIONS {
        let method = lines(head, ACCESS_CONTROL_REQUEST_METHOD);
        if !method.is_empty() {
            return Decision::Preflight(decide_preflight(rules, origin, method, head));
        }
    }
    let may_use_credentials = origin
        .as_ref()
        .map(|origin| origin.may_use_credentials(rules));
    match rejection::of_actual(rules, may_use_credentials, head, is_tls) {
        Some(rejection) => Decision::Rejected(rejection),
        None => Decision::Actual(origin),
    }
}

/// Method and request headers depend only on whether the origin is allowed, so the caller decides about the origin.
#[inline]
fn decide_preflight<'r>(
    rules: &Rules,
    origin: Result<AllowedOrigin<'r>, Reason<'r>>,
    method: &'r [HeaderValue],
    head: &'r RequestHead,
) -> Result<Preflight<'r>, Reason<'r>> {
    Ok(Preflight {
        origin: origin?,
        method: decide_method(rules, method)?,
        headers: request_headers::decide(rules, lines(head, ACCESS_CONTROL_REQUEST_HEADERS))?,
    })
}

/// Whether the origin of a request with these lines of `Origin` is allowed.
#[inline]
pub(crate) fn decide_origin<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
    head: &RequestHead,
) -> Result<AllowedOrigin<'r>, Reason<'r>> {
    if let Some(entries) = &rules.credentials_for
        && let [value] = lines
        && let Some(by) = entries.admit(value.as_bytes(), head)
    {
        return Ok(AllowedOrigin::WithCredentials(value, by));
    }
    let list = match &rules.origins {
        Origins::Any => return Ok(AllowedOrigin::Any),
        Origins::Listed(list) => list,
    };
    let [value] = lines else {
        return Err(Reason::OriginRepeated { lines: lines.len() });
    };
    let bytes = value.as_bytes();
    list.admit(bytes, head)
        .map(|by| AllowedOrigin::Listed(value, by))
        .ok_or(Reason::OriginNotAllowed(bytes))
}

pub(super) fn decide_method<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
) -> Result<&'r HeaderValue, Reason<'r>> {
    let [value] = lines else {
        return Err(Reason::MethodRepeated { lines: lines.len() });
    };
    let method = value.as_bytes();
    // The methods of a policy are tokens, and not forbidden.
    if rules.names_method(method) {
        Ok(value)
    } else if !fetch_standard::is_token(method) {
        Err(Reason::MethodMalformed(method))
    } else if fetch_standard::is_forbidden_method(method) {
        Err(Reason::MethodForbidden(method))
    } else if rules.any_method {
        Ok(value)
    } else {
        Err(Reason::MethodNotAllowed(method))
    }
}

/// All lines of a request header. An empty header has one line.
#[inline]
pub(super) fn lines(head: &RequestHead, name: HeaderName) -> &[HeaderValue] {
    head.headers().get_all(name).as_slice()
}
