//! One entry of an allowlist, as a person writes it.

use crate::origin::{
    grammar::{is_loopback, is_misspelled_scheme, split_port, split_scheme},
    suffix::{self, Suffix},
};

/// What one entry admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `null`: opaque origins.
    Null,
    /// One origin: the text is a serialized origin.
    Exact(String),
    /// `*.` before the host, `:*` after it, or both.
    Pattern {
        scheme: String,
        /// Without the `*.`.
        host: String,
        /// One or more labels must stand before the host.
        subdomains: bool,
        port: Port,
    },
}

/// Which ports a pattern entry admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Port {
    /// This one; `None` is the default port of the scheme, which a serialized origin leaves out.
    Only(Option<u16>),
    /// `:*`: any port, the default one included.
    Any,
}

impl Entry {
    /// Whether it is one origin at which an HTTP service can be reached.
    pub(crate) fn is_of_a_service(&self) -> bool {
        matches!(self, Self::Exact(origin) if origin.starts_with("https://") || origin.starts_with("http://"))
    }

    /// Whose the hosts are that a subdomain entry admits; `None` of other entries, of this machine, and of schemes whose
    /// hosts are no domains.
    pub(crate) fn suffix(&self) -> Option<Suffix> {
        match self {
            Self::Pattern {
                scheme,
                host,
                subdomains: true,
                ..
            } if !is_loopback(host) && fetch_standard::default_port(scheme).is_some() => {
                Some(suffix::of(host))
            }
            _ => None,
        }
    }

    /// Whether it admits an origin that everyone on the way can forge: plain `http` on a host that is not loopback.
    pub(crate) fn is_insecure(&self) -> bool {
        self.scheme_and_host()
            .is_some_and(|(scheme, host)| scheme == "http" && !is_loopback(host))
    }

    /// Whether its scheme is nearly one of the web.
    pub(crate) fn has_misspelled_scheme(&self) -> bool {
        self.scheme_and_host()
            .is_some_and(|(scheme, _)| is_misspelled_scheme(scheme))
    }

    /// `None` of `null`.
    fn scheme_and_host(&self) -> Option<(&str, &str)> {
        match self {
            Self::Null => None,
            Self::Exact(text) => {
                let (scheme, authority) = split_scheme(text)?;
                Some((scheme, split_port(authority)?.0))
            }
            Self::Pattern { scheme, host, .. } => Some((scheme, host)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(scheme: &str, host: &str, subdomains: bool, port: Port) -> Entry {
        Entry::Pattern {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            subdomains,
            port,
        }
    }

    #[test]
    fn entries_are_what_they_look_like() {
        let exact = |text: &str| Entry::Exact(text.to_owned());
        for (text, wanted) in [
            ("null", Entry::Null),
            ("https://a.example", exact("https://a.example")),
            ("http://[::1]:3000", exact("http://[::1]:3000")),
            (
                "https://*.example.com",
                pattern("https", "example.com", true, Port::Only(None)),
            ),
            (
                "https://*.example.com:8443",
                pattern("https", "example.com", true, Port::Only(Some(8443))),
            ),
            (
                "https://*.example.com:*",
                pattern("https", "example.com", true, Port::Any),
            ),
            (
                "http://localhost:*",
                pattern("http", "localhost", false, Port::Any),
            ),
            (
                "http://127.0.0.1:*",
                pattern("http", "127.0.0.1", false, Port::Any),
            ),
            ("http://[::1]:*", pattern("http", "[::1]", false, Port::Any)),
            (
                "https://*.com",
                pattern("https", "com", true, Port::Only(None)),
            ),
        ] {
            assert_eq!(Entry::parse(text).ok(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn insecure_entries_are_plain_http_beyond_loopback() {
        for (text, insecure) in [
            ("http://a.example", true),
            ("http://*.example.com", true),
            ("http://10.0.0.1:*", true),
            ("https://a.example", false),
            ("http://localhost", false),
            ("http://localhost:*", false),
            ("http://*.localhost:3000", false),
            ("http://127.9.9.9", false),
            ("http://[::1]:8080", false),
            ("null", false),
            ("tauri://localhost", false),
        ] {
            let entry = Entry::parse(text).expect(text);
            assert_eq!(entry.is_insecure(), insecure, "{text}");
        }
    }
}
