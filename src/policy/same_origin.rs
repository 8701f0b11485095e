//! Whether an actual request is same-origin: what a policy that rejects denied origins must let pass.
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

/// What the browser itself says of the request; no page can set it
/// ([Fetch Metadata, section 2.3](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). Browsers send it to
/// https and loopback only.
pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a request was found not to be same-origin by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compared<'r> {
    /// Its origin, with the own origins.
    OwnOrigins,
    /// Its host, with that of the own origins: its origin is not one of them, and the browser says that it is same-origin.
    OwnHosts,
    /// Nothing: the browser says it.
    SecFetchSite,
    /// Its origin, with the target that it was sent to.
    SentTo(Target<'r>),
}

/// Where a request was sent to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'r> {
    /// `None` if it may be either of `http` and `https`.
    pub(super) scheme: Option<&'r str>,
    /// What a proxy that is trusted says; `None` if it is the request's own word that counts.
    pub(super) forwarded_host: Option<&'r str>,
}

/// Where the service is known to be reached, what it is asked by there is same-origin. Where it is not known, the browser
/// knows best, and what it does not say is found by comparing the origin with the target that the request was sent to.
///
/// # Errors
///
/// What was compared, if it is not same-origin.
pub(super) fn check<'r>(
    rules: &Rules,
    head: &'r RequestHead,
    is_tls: bool,
) -> Result<(), Compared<'r>> {
    let origin = only_line(head, ORIGIN);
    let site = only_line(head, SEC_FETCH_SITE);
    let unless = |is_same: bool, compared| if is_same { Ok(()) } else { Err(compared) };
    if !rules.own_origins.is_empty() {
        // The browser's word alone would let in a page whose name was rebound to the address of this service: to the
        // browser, that is same-origin. So the address that it was sent to must be known too.
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
    /// A plain connection may be that of a proxy which had the request by https, so there it may be either.
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
            ["http", "https"].contains(&origin_scheme)
                && self
                    .scheme
                    .is_none_or(|scheme| scheme.eq_ignore_ascii_case(origin_scheme))
                && host.is_some_and(|host| is_same_host(origin_scheme, authority, host))
        })
    }
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

/// Where a request was sent to, as the nearest proxy to the client saw it: the first element of `Forwarded`
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
