//! Whether an actual request is same-origin. A policy that rejects denied origins must not reject it.
//!
//! A browser sends `Origin` with same-origin requests too, if they are not `GET` or `HEAD`, and with WebSockets
//! ([append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header)).

use super::{
    request_host::{only_line, request_host},
    rules::Rules,
};
use crate::http::{
    FORWARDED, HeaderName, ORIGIN, RequestHead, X_FORWARDED_HOST, X_FORWARDED_PROTO,
};

/// What the browser itself says about the request; no page can set it ([Fetch Metadata, section
/// 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). Browsers send it only to https and loopback.
pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The comparison that showed that a request is not same-origin.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compared<'r> {
    /// Its origin was compared with the own origins.
    OwnOrigins,
    /// Its host was compared with those of the own origins: the browser says that it is same-origin, but its origin is
    /// not one of them.
    OwnHosts,
    /// Nothing was compared: the browser says it.
    SecFetchSite,
    /// Its origin was compared with the target.
    SentTo(Target<'r>),
}

/// The target of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'r> {
    /// `None` if it may be `http` or `https`.
    pub(super) scheme: Option<&'r str>,
    /// The host according to a trusted proxy; `None` if the host of the request itself is used.
    pub(super) forwarded_host: Option<&'r str>,
}

/// If own origins are set, a request from one of them is same-origin, and so is a request to one of them if the browser's
/// `Sec-Fetch-Site` says so. If they are not set, `Sec-Fetch-Site` decides. Without it, the origin is compared with the
/// target of the request.
///
/// # Errors
///
/// What was compared, if the request is not same-origin.
pub(super) fn check<'r>(
    rules: &Rules,
    head: &'r RequestHead,
    is_tls: bool,
) -> Result<(), Compared<'r>> {
    let origin = only_line(head, ORIGIN);
    let site = only_line(head, SEC_FETCH_SITE);
    let unless = |is_same: bool, compared| if is_same { Ok(()) } else { Err(compared) };
    if !rules.own_origins.is_empty() {
        // `Sec-Fetch-Site` is not enough: if the name of a page was rebound to the address of this service (DNS
        // rebinding), the browser says same-origin. So the host must be one of the own origins too.
        let is_own = |origin: &str| rules.own_origins.iter().any(|own| own == origin);
        let was_sent_to = |host: &str| {
            rules.own_origins.iter().any(|own| {
                split(own).is_some_and(|(scheme, authority)| is_same_host(scheme, authority, host))
            })
        };
        return if origin.is_some_and(is_own) {
            Ok(())
        } else if site == Some("same-origin") {
            unless(
                request_host(head).is_some_and(was_sent_to),
                Compared::OwnHosts,
            )
        } else {
            Err(Compared::OwnOrigins)
        };
    }
    match site {
        Some("same-origin") => Ok(()),
        Some("same-site" | "cross-site") => Err(Compared::SecFetchSite),
        _ => {
            let target = Target::of(rules, head, is_tls);
            let is_same = origin.is_some_and(|origin| target.is_origin(origin, head));
            unless(is_same, Compared::SentTo(target))
        }
    }
}

impl<'r> Target<'r> {
    /// A connection without TLS may come from a proxy that received the request by https, so the scheme may be either.
    fn of(rules: &Rules, head: &'r RequestHead, is_tls: bool) -> Self {
        let trusted = rules.trust_forwarded_headers.then_some(head);
        Self {
            scheme: trusted
                .and_then(|head| forwarded(head, "proto", X_FORWARDED_PROTO))
                .map(without_websocket)
                .or(is_tls.then_some("https")),
            forwarded_host: trusted.and_then(|head| forwarded(head, "host", X_FORWARDED_HOST)),
        }
    }

    fn is_origin(&self, origin: &str, head: &RequestHead) -> bool {
        let host = self.forwarded_host.or_else(|| request_host(head));
        split(origin).is_some_and(|(origin_scheme, authority)| {
            // A native client may send the scheme of its handshake.
            let origin_scheme = without_websocket(origin_scheme);
            ["http", "https"].contains(&origin_scheme)
                && self
                    .scheme
                    .is_none_or(|scheme| scheme.eq_ignore_ascii_case(origin_scheme))
                && host.is_some_and(|host| is_same_host(origin_scheme, authority, host))
        })
    }
}

/// Some proxies report `wss` for a handshake. The page that opens a WebSocket has an origin with `https`.
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

/// Whether `host[:port]` of an origin and of a request are the same. An origin never has the default port, a request
/// may.
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

/// The target of a request, as the proxy nearest to the client saw it: the first element of `Forwarded` ([RFC 7239,
/// section 4](https://www.rfc-editor.org/rfc/rfc7239#section-4)), otherwise of the older header.
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
