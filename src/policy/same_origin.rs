//! Whether an actual request is same-origin: what a policy that rejects denied origins must let pass.
//!
//! A browser sends `Origin` with same-origin requests too, if they are not `GET` or `HEAD`, and with WebSockets
//! ([append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header)).

use super::Rules;
use crate::http::{
    FORWARDED, HOST, HeaderName, HeaderValue, ORIGIN, RequestHead, X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
};

/// What the browser itself says of the request; no page can set it
/// ([Fetch Metadata, section 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). Browsers send it to
/// https and loopback only.
pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where the service is known to be reached, what it is asked by there is same-origin. Where it is not known, the browser
/// knows best, and what it does not say is told by comparing the origin with the place that the request was sent to.
pub(super) fn is_same_origin(rules: &Rules, head: &RequestHead, is_tls: bool) -> bool {
    let origin = only_line(head, ORIGIN);
    let site = only_line(head, SEC_FETCH_SITE);
    if !rules.own_origins.is_empty() {
        // The browser's word alone would let in a page whose name was rebound to the address of this service: to the
        // browser, that is same-origin. So the place that it was sent to must be known too.
        let is_own = |origin: &str| rules.own_origins.iter().any(|own| own == origin);
        let was_sent_to = |host: &str| {
            rules.own_origins.iter().any(|own| {
                split(own).is_some_and(|(scheme, authority)| is_same_host(scheme, authority, host))
            })
        };
        return origin.is_some_and(is_own)
            || (site == Some("same-origin") && host(head).is_some_and(was_sent_to));
    }
    match site {
        Some("same-origin") => true,
        Some("same-site" | "cross-site") => false,
        _ => origin.is_some_and(|origin| is_sent_to(origin, rules, head, is_tls)),
    }
}

/// Whether an origin is the place that a request was sent to. A plain connection may be that of a proxy which had the
/// request by https, so there it may be either.
fn is_sent_to(origin: &str, rules: &Rules, head: &RequestHead, is_tls: bool) -> bool {
    let trusted = rules.trust_forwarded_headers.then_some(head);
    let scheme = trusted
        .and_then(|head| forwarded(head, "proto", X_FORWARDED_PROTO))
        .map(without_websocket)
        .or(is_tls.then_some("https"));
    let host = trusted
        .and_then(|head| forwarded(head, "host", X_FORWARDED_HOST))
        .or_else(|| host(head));
    split(origin).is_some_and(|(origin_scheme, authority)| {
        ["http", "https"].contains(&origin_scheme)
            && scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case(origin_scheme))
            && host.is_some_and(|host| is_same_host(origin_scheme, authority, host))
    })
}

/// Some proxies say `wss` of a handshake. The page that opens a WebSocket has an origin of `https` all the same.
fn without_websocket(scheme: &str) -> &str {
    let is = |other: &str| scheme.eq_ignore_ascii_case(other);
    match scheme {
        _ if is("ws") => "http",
        _ if is("wss") => "https",
        _ => scheme,
    }
}

fn split(origin: &str) -> Option<(&str, &str)> {
    origin.split_once("://")
}

/// Whether `host[:port]` of an origin, which has no default port, and of a request, which may, are the same.
fn is_same_host(scheme: &str, of_origin: &str, of_request: &str) -> bool {
    let is_default = |port: &str| {
        fetch_standard::default_port(scheme).is_some_and(|default| port.parse() == Ok(default))
    };
    let of_request = match of_request.rsplit_once(':') {
        Some((host, port)) if is_default(port) => host,
        _ => of_request,
    };
    of_origin.eq_ignore_ascii_case(of_request)
}

/// The place that a request was sent to, `host[:port]`, as its connection has it
/// ([RFC 9112, section 3.3](https://www.rfc-editor.org/rfc/rfc9112#section-3.3)).
fn host(head: &RequestHead) -> Option<&str> {
    match head.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only_line(head, HOST),
    }
}

/// The same as the nearest proxy to the client saw it: the first element of `Forwarded`
/// ([RFC 7239, section 4](https://www.rfc-editor.org/rfc/rfc7239#section-4)), else of its older kin.
fn forwarded<'r>(head: &'r RequestHead, parameter: &str, older: HeaderName) -> Option<&'r str> {
    let first = |name: HeaderName| {
        let line = head.headers().get(name)?.to_str().ok()?;
        line.split(',').next()
    };
    let of_pair = |pair: &'r str| {
        let (name, value) = pair.split_once('=')?;
        (name.trim().eq_ignore_ascii_case(parameter)).then_some(value.trim().trim_matches('"'))
    };
    first(FORWARDED)
        .and_then(|element| element.split(';').find_map(of_pair))
        .or_else(|| first(older).map(str::trim))
        .filter(|value| !value.is_empty())
}

/// The value of a header that came in one line, which is how browsers send those that are read here.
fn only_line(head: &RequestHead, name: HeaderName) -> Option<&str> {
    match head.headers().get_all(name).as_slice() {
        [value] => HeaderValue::to_str(value).ok(),
        _ => None,
    }
}
