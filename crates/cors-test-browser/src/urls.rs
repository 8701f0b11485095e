//! Predicates of the standards for URLs.

use url::{Host, Url};

/// Whether the URL has an [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
pub(crate) fn is_http(url: &Url) -> bool {
    ["http", "https"].contains(&url.scheme())
}

/// Whether the URL [includes credentials](https://url.spec.whatwg.org/#include-credentials).
pub(crate) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether an `http` or `https` URL is
/// [potentially trustworthy](https://www.w3.org/TR/secure-contexts/#is-url-trustworthy).
pub(crate) fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(host)) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                host == "localhost" || host.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}
