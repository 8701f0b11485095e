//! A serialized origin, parsed.

use std::fmt;

use super::grammar::{
    NULL, OPAQUE_SCHEME, is_canonical_ipv6, is_no_number_or_address, is_scheme, parse_port,
    split_domain, split_scheme,
};

/// A parsed serialized origin: scheme, host and port, as a browser sends them in `Origin`.
///
/// This is what a predicate given to
/// [`allow_origin_fn`](crate::CorsPolicyBuilder::allow_origin_fn) receives. It borrows the text that it was parsed from
/// and exists for well-formed origins only, so none of its parts needs checking again.
///
/// # Grammar
///
/// ```text
/// origin = scheme "://" host [ ":" port ]            at most 326 bytes
/// scheme = [a-z][a-z0-9+.-]{0,63}                    not "file"
/// host   = IPv4 | "[" IPv6 "]" | label *( "." label ) [ "." ] | "."     at most 253 bytes
/// label  = [a-z0-9_-]{1,63}
/// port   = 1 to 65535, no leading zero, not the scheme's default
/// ```
///
/// Addresses are in the form in which the [URL standard](https://url.spec.whatwg.org/#host-serializing) writes them. A
/// host that ends in a dot is another host than the one without it. A dot alone is a host only of schemes other than
/// `http`, `https`, `ws`, `wss` and `ftp`: `app://.` is the origin of many packaged Electron apps. The opaque origin
/// `null` cannot be parsed. See [serialization of an
/// origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin).
///
/// ```
/// use actix_cors_policy::Origin;
///
/// let origin = Origin::parse("https://app.example.com:8443").unwrap();
/// assert_eq!(origin.scheme(), "https");
/// assert_eq!(origin.host(), "app.example.com");
/// assert_eq!(origin.port(), Some(8443));
/// assert_eq!(Origin::parse("http://[::1]").unwrap().host(), "[::1]");
///
/// for refused in ["null", "*", "https://app.example.com/", "https://APP.example.com",
///     "https://app.example.com:443", "http://127.1", "file://x", "app.example.com"] {
///     assert!(Origin::parse(refused).is_none(), "{refused}");
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin<'a> {
    text: &'a str,
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Origin<'a> {
    /// The longest serialized origin, in bytes: scheme 64, `://` 3, host 253, `:` and port 6.
    pub(crate) const MAX_LEN: usize = 326;

    /// Parses a serialized origin; `None` if `text` is anything else, `null` included.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        // Before anything else.
        if text.len() > Self::MAX_LEN {
            return None;
        }
        let (scheme, authority) = split_scheme(text)?;
        // That of most origins is compared first.
        if scheme != "https" && (!is_scheme(scheme) || scheme == OPAQUE_SCHEME) {
            return None;
        }
        let (host, rest) = if authority.starts_with('[') {
            let (host, rest) = authority.split_at_checked(authority.find(']')? + 1)?;
            (is_canonical_ipv6(host)).then_some((host, rest))?
        } else if authority.starts_with('.') {
            let (host, rest) = authority.split_at_checked(1)?;
            (fetch_standard::default_port(scheme).is_none()).then_some((host, rest))?
        } else {
            let (host, rest) = split_domain(authority)?;
            is_no_number_or_address(host).then_some((host, rest))?
        };
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return None,
            Some(digits) => Some(parse_port(digits)?),
        };
        if port.is_some() && port == fetch_standard::default_port(scheme) {
            return None;
        }
        Some(Self {
            text,
            scheme,
            host,
            port,
        })
    }

    /// The same for the bytes of a header.
    pub(crate) fn parse_bytes(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > Self::MAX_LEN {
            return None;
        }
        Self::parse(std::str::from_utf8(bytes).ok()?)
    }

    /// Whether the bytes of a header are a serialized origin, an opaque one included.
    pub(crate) fn is_serialized(bytes: &'a [u8]) -> bool {
        bytes == NULL.as_bytes() || Self::parse_bytes(bytes).is_some()
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme, such as `https`.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The host: a domain, an IPv4 address, or an IPv6 address in its brackets.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.host
    }

    /// The port, or `None` if it is the default one of the scheme.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_no_origin() {
        assert!(Origin::parse_bytes(b"https://a.example").is_some());
        assert_eq!(Origin::parse_bytes(b"https://a\xff.example"), None);
    }

    #[test]
    fn lengths_are_bounded() {
        let label = "a".repeat(63);
        assert!(Origin::parse(&format!("https://{label}")).is_some());
        assert!(Origin::parse(&format!("https://{label}a")).is_none());

        let host = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(host.len(), 253);
        assert!(Origin::parse(&format!("https://{host}")).is_some());
        assert!(Origin::parse(&format!("https://a{host}")).is_none());
        assert!(Origin::parse(&format!("https://{host}a")).is_none());

        let scheme = "s".repeat(64);
        let longest = format!("{scheme}://{host}:65535");
        assert_eq!(longest.len(), Origin::MAX_LEN);
        assert!(Origin::parse(&longest).is_some());
        assert!(Origin::parse(&format!("s{scheme}://a")).is_none());
    }
}
