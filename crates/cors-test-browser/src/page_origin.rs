//! The origin of a page, and its relation to a URL.

use psl::Psl as _;
use url::{Host, Url};

/// The serialization of an opaque origin.
pub(crate) const NULL: &str = "null";

/// The [origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin) of a page.
#[derive(Clone, Debug)]
pub(crate) enum PageOrigin {
    /// A tuple origin: its serialization, and the URL of its root.
    Tuple {
        text: String,
        root: Url,
    },
    Opaque,
}

/// The relation of a URL to an origin, from the nearest to the farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SiteRelation {
    SameOrigin,
    SameSite,
    CrossSite,
}

impl PageOrigin {
    /// Parses a [serialized origin](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin),
    /// as a browser would send it. The result is `None` for any other text.
    ///
    /// Browsers give pages of app shells (`tauri:`) and extensions (`chrome-extension:`) a tuple origin too, so any scheme is
    /// valid.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let root = Url::parse(&format!("{text}/")).ok()?;
        let host = root.host_str().filter(|host| !host.is_empty())?;
        let port = root.port().map_or(String::new(), |port| format!(":{port}"));
        let is_whole = format!("{}://{host}{port}", root.scheme()) == text;
        // A page of `file:` has an opaque origin.
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

    /// Whether the origin of a URL is the [same origin](https://html.spec.whatwg.org/multipage/browsers.html#same-origin).
    pub(crate) fn is_same_origin(&self, url: &Url) -> bool {
        match self {
            // A URL with an opaque origin gives `null` here, and the text of a tuple origin is never `null`.
            Self::Tuple { text, .. } => *text == url.origin().ascii_serialization(),
            Self::Opaque => false,
        }
    }

    /// The base of relative URLs; `None` if the page has no URL of its own.
    pub(crate) fn base(&self) -> Option<&Url> {
        match self {
            Self::Tuple { root, .. } => Some(root),
            Self::Opaque => None,
        }
    }

    /// Parses a URL as the page writes it, absolute or relative.
    pub(crate) fn resolve(&self, url: &str) -> Option<Url> {
        match self.base() {
            Some(base) => base.join(url).ok(),
            None => Url::parse(url).ok(),
        }
    }

    pub(crate) fn site_relation(&self, url: &Url) -> SiteRelation {
        if self.is_same_origin(url) {
            SiteRelation::SameOrigin
        } else if self.scheme() == url.scheme() && self.is_schemelessly_same_site(url) {
            SiteRelation::SameSite
        } else {
            SiteRelation::CrossSite
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

/// The [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of a host name.
fn registrable_domain(host: &str) -> Option<&str> {
    let domain = psl::List.domain(host.as_bytes())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_serialized_origins_parse() {
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
    fn sites_follow_the_public_suffix_list() {
        let origin = PageOrigin::parse("https://app.example.co.uk").expect("an origin");
        for (url, wanted) in [
            ("https://app.example.co.uk/x", SiteRelation::SameOrigin),
            ("https://example.co.uk/", SiteRelation::SameSite),
            ("https://api.example.co.uk:8443/", SiteRelation::SameSite),
            ("http://api.example.co.uk/", SiteRelation::CrossSite),
            ("https://other.co.uk/", SiteRelation::CrossSite),
            ("https://127.0.0.1/", SiteRelation::CrossSite),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(origin.site_relation(&url), wanted, "{url}");
        }
    }
}
