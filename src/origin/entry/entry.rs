//! One entry of an allowlist.

use super::pattern::Pattern;
use crate::{
    characters::{is_digit, is_number},
    origin::{
        grammar::{is_loopback, is_misspelled_scheme},
        origin::Origin,
        suffix::{self, Suffix},
    },
    placeholder::is_stand_in,
};

/// What one entry admits. It borrows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    /// `null`: opaque origins.
    Null,
    /// One origin.
    Exact(Origin<'a>),
    /// `*.` before the host, `:*` after it, or both. Its parts are checked.
    Pattern(Pattern<'a>),
}

impl<'a> Entry<'a> {
    /// Whether it is one origin of an HTTP service.
    pub(crate) fn is_of_a_service(&self) -> bool {
        matches!(self, Self::Exact(origin) if ["https", "http"].contains(&origin.scheme()))
    }

    /// Who owns the hosts that a subdomain entry admits; `None` for other entries, for this machine, and for schemes
    /// whose hosts are not domains.
    pub(crate) fn suffix(&self) -> Option<Suffix> {
        match self {
            Self::Pattern(pattern)
                if pattern.subdomains
                    && !is_loopback(pattern.host)
                    && fetch_standard::default_port(pattern.scheme).is_some() =>
            {
                Some(suffix::of(pattern.host))
            }
            _ => None,
        }
    }

    /// Whether it admits an origin that anyone on the network path can forge: plain `http` on a host that is not
    /// loopback.
    pub(crate) fn is_insecure(&self) -> bool {
        self.scheme_and_host()
            .is_some_and(|(scheme, host)| scheme == "http" && !is_loopback(host))
    }

    /// Whether only programs on the same machine have the origins that it admits.
    pub(crate) fn is_of_this_machine(&self) -> bool {
        self.scheme_and_host()
            .is_some_and(|(scheme, host)| ["http", "https"].contains(&scheme) && is_loopback(host))
    }

    /// Whether it admits an http(s) host that ends in a dot. Browsers send the dot only if the page's URL has it, which
    /// is hardly ever intended.
    pub(crate) fn has_end_dot(&self) -> bool {
        self.scheme_and_host().is_some_and(|(scheme, host)| {
            host.ends_with('.') && fetch_standard::default_port(scheme).is_some()
        })
    }

    /// Whether its host looks like a placeholder: `https://your-domain.com`, `https://undefined`, `http://192.168.1.x`.
    pub(crate) fn has_placeholder_host(&self) -> bool {
        self.scheme_and_host().is_some_and(|(scheme, host)| {
            // Chromium makes the names of extensions of the letters from a to p.
            let is_no_extension = scheme == "chrome-extension"
                && !(host.len() == 32 && host.bytes().all(|byte| (b'a'..=b'p').contains(&byte)));
            is_no_extension
                || ((is_address_with_x(host) || is_stand_in(host))
                    && fetch_standard::default_port(scheme).is_some())
        })
    }

    /// Whether its host is nearly `localhost`. Names of one label that people give to machines are rarely so near.
    pub(crate) fn has_misspelled_host(&self) -> bool {
        const MEANT: &str = "localhost";
        self.scheme_and_host().is_some_and(|(_, host)| {
            let name = || host.trim_end_matches(is_digit);
            host.len() < 2 * MEANT.len()
                && host != MEANT
                && !host.contains('.')
                && strsim::osa_distance(name(), MEANT) <= 1
        })
    }

    /// Whether its scheme is nearly `http` or `https`.
    pub(crate) fn has_misspelled_scheme(&self) -> bool {
        self.scheme_and_host()
            .is_some_and(|(scheme, _)| is_misspelled_scheme(scheme))
    }

    /// `None` for `null`.
    fn scheme_and_host(&self) -> Option<(&'a str, &'a str)> {
        match self {
            Self::Null => None,
            Self::Exact(origin) => Some((origin.scheme(), origin.host())),
            Self::Pattern(pattern) => Some((pattern.scheme, pattern.host)),
        }
    }
}

/// `192.168.1.x`, `192.168.1.1-50`: four labels of digits, of `x` or of a range, with at least one `x` or range.
fn is_address_with_x(host: &str) -> bool {
    // Nearly no name ends so.
    if !host.ends_with(is_digit) && !host.ends_with(['x', '.']) {
        return false;
    }
    let (mut count, mut is_open) = (0, false);
    for label in host.split('.') {
        let is_range = label
            .split_once('-')
            .is_some_and(|(from, to)| is_number(from) && is_number(to));
        if is_range || label.bytes().all(|byte| byte == b'x') {
            is_open = true;
        } else if !is_number(label) {
            return false;
        }
        count += 1;
    }
    is_open && count == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(
        scheme: &'static str,
        host: &'static str,
        subdomains: bool,
        port: Option<&'static str>,
    ) -> Entry<'static> {
        Entry::Pattern(Pattern {
            scheme,
            subdomains,
            host,
            port,
        })
    }

    #[test]
    fn entries_are_what_they_look_like() {
        let exact = |text| Entry::Exact(Origin::parse(text).expect(text));
        for (text, wanted) in [
            ("null", Entry::Null),
            ("https://a.example", exact("https://a.example")),
            ("http://[::1]:3000", exact("http://[::1]:3000")),
            (
                "https://*.example.com",
                pattern("https", "example.com", true, None),
            ),
            (
                "https://*.example.com:8443",
                pattern("https", "example.com", true, Some("8443")),
            ),
            (
                "https://*.example.com:*",
                pattern("https", "example.com", true, Some("*")),
            ),
            (
                "http://localhost:*",
                pattern("http", "localhost", false, Some("*")),
            ),
            (
                "http://127.0.0.1:*",
                pattern("http", "127.0.0.1", false, Some("*")),
            ),
            ("http://[::1]:*", pattern("http", "[::1]", false, Some("*"))),
            ("https://*.com", pattern("https", "com", true, None)),
        ] {
            assert_eq!(Entry::parse(text).ok(), Some(wanted), "{text}");
        }
    }
}
