//! The origin of a page, and how near to it a URL is.

use psl::Psl as _;
use url::{Host, Url};

/// How an opaque origin is serialized.
pub(crate) const NULL: &str = "null";

/// The origin of a page: its serialization, or none of its own.
#[derive(Clone, Debug)]
pub(crate) enum PageOrigin {
    /// The URL is that of the root of the origin.
    Tuple {
        text: String,
        root: Url,
    },
    Opaque,
}

/// How near a URL is to an origin, nearest first: of the same origin, of the same site, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    Origin,
    Site,
    Cross,
}

impl PageOrigin {
    /// A [serialized origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin), as a
    /// browser would send it; `None` of any other text. Schemes of app shells and extensions have origins like those of
    /// the web.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let root = Url::parse(&format!("{text}/")).ok()?;
        let host = root.host_str().filter(|host| !host.is_empty())?;
        let port = root.port().map_or(String::new(), |port| format!(":{port}"));
        let is_whole = format!("{}://{host}{port}", root.scheme()) == text;
        // A file has an opaque origin.
        (is_whole && root.scheme() != "file").then(|| Self::Tuple {
            text: text.to_owned(),
            root,
        })
    }

    pub(crate) fn serialized(&self) -> &str {
        match self {
            Self::Tuple { text, .. } => text,
            Self::Opaque => NULL,
        }
    }

    pub(crate) fn scheme(&self) -> &str {
        match self {
            Self::Tuple { root, .. } => root.scheme(),
            Self::Opaque => "",
        }
    }

    /// Whether a URL's origin is [the same](https://html.spec.whatwg.org/multipage/browsers.html#same-origin).
    pub(crate) fn is_of(&self, url: &Url) -> bool {
        match self {
            // An opaque origin of a URL is serialized as `null`, which this never is.
            Self::Tuple { text, .. } => *text == url.origin().ascii_serialization(),
            Self::Opaque => false,
        }
    }

    /// The URL that relative ones are relative to.
    pub(crate) fn base(&self) -> Option<&Url> {
        match self {
            Self::Tuple { root, .. } => Some(root),
            Self::Opaque => None,
        }
    }

    /// A URL as a page writes it.
    pub(crate) fn resolve(&self, url: &str) -> Option<Url> {
        match self.base() {
            Some(base) => base.join(url).ok(),
            None => Url::parse(url).ok(),
        }
    }

    pub(crate) fn nearness(&self, url: &Url) -> Nearness {
        if self.is_of(url) {
            Nearness::Origin
        } else if self.scheme() == url.scheme() && self.is_schemelessly_same_site(url) {
            Nearness::Site
        } else {
            Nearness::Cross
        }
    }

    /// [Schemelessly same site](https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site).
    pub(crate) fn is_schemelessly_same_site(&self, url: &Url) -> bool {
        let hosts = self.base().and_then(Url::host_str).zip(url.host_str());
        let Some((own, other)) = hosts else {
            return false;
        };
        let is_domain = matches!(url.host(), Some(Host::Domain(_)));
        own == other
            || (is_domain
                && registrable_domain(other)
                    .is_some_and(|domain| registrable_domain(own) == Some(domain)))
    }
}

/// The [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of a host that is no address.
fn registrable_domain(host: &str) -> Option<&str> {
    let domain = psl::List.domain(host.as_bytes())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_serialized_origin() {
        for text in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:5173",
            "http://localhost.",
            "http://[::1]",
            "tauri://localhost",
            "app://.",
            "chrome-extension://abcdefghijklmnop",
        ] {
            assert!(PageOrigin::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "null",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/x",
            "https://app.example.com?x",
            "https://app.example.com:443",
            "https://APP.example.com",
            "https://u@app.example.com",
            "https://",
            "http://127.1",
            "file://x",
            "data:text/plain,x",
        ] {
            assert!(PageOrigin::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn sites_are_those_of_the_public_suffix_list() {
        let origin = PageOrigin::parse("https://app.example.co.uk").expect("an origin");
        for (url, wanted) in [
            ("https://app.example.co.uk/x", Nearness::Origin),
            ("https://example.co.uk/", Nearness::Site),
            ("https://api.example.co.uk:8443/", Nearness::Site),
            ("http://api.example.co.uk/", Nearness::Cross),
            ("https://other.co.uk/", Nearness::Cross),
            ("https://127.0.0.1/", Nearness::Cross),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(origin.nearness(&url), wanted, "{url}");
        }
    }
}
