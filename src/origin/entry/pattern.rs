//! A pattern entry, taken apart.

use crate::origin::grammar::{MAX_HOST_LEN, is_domain, parse_port, split_port, split_scheme};

/// `*`, instead of a port.
pub(crate) const ANY_PORT: &str = "*";

/// A pattern entry taken apart; or an origin, as the pattern that admits nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern<'a> {
    pub(crate) scheme: &'a str,
    /// There must be one or more labels before the host.
    pub(crate) subdomains: bool,
    pub(crate) host: &'a str,
    /// `None` is the default port of the scheme, which is left out.
    pub(crate) port: Option<&'a str>,
}

impl<'a> Pattern<'a> {
    /// Takes a text apart, and checks none of its parts.
    pub(crate) fn split(text: &'a str) -> Option<Self> {
        let (scheme, authority) = split_scheme(text)?;
        let (authority, subdomains) = match authority.strip_prefix("*.") {
            Some(below) => (below, true),
            None => (authority, false),
        };
        let (host, port) = split_port(authority)?;
        Some(Self {
            scheme,
            subdomains,
            host,
            port,
        })
    }

    pub(crate) fn has_any_port(&self) -> bool {
        self.port == Some(ANY_PORT)
    }

    pub(crate) fn parts(&self) -> [&'a [u8]; 3] {
        [
            self.scheme.as_bytes(),
            self.host.as_bytes(),
            self.port.unwrap_or_default().as_bytes(),
        ]
    }

    /// Whether an origin that matched this pattern is well formed. The parts that equal the entry's are; the labels and the port
    /// that the entry leaves open are checked here.
    pub(crate) fn completes(&self, origin: &Pattern<'_>) -> bool {
        let has_good_port = || {
            origin.port.is_none_or(|port| {
                parse_port(port)
                    .is_some_and(|port| fetch_standard::default_port(origin.scheme) != Some(port))
            })
        };
        let has_good_labels = || {
            let before = origin.host.strip_suffix(self.host);
            origin.host.len() <= MAX_HOST_LEN
                && before
                    .and_then(|labels| labels.strip_suffix('.'))
                    .is_some_and(is_domain)
        };
        (!self.has_any_port() || has_good_port()) && (!self.subdomains || has_good_labels())
    }
}
