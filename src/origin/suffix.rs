//! Public suffixes: hosts below which anyone can have a name.

/// Whose the names below a host are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// Anyone's: it is a public suffix, or every name right below it is.
    Public,
    /// Somebody's, but for public suffixes that lie below: `s3.amazonaws.com` below `amazonaws.com`.
    Above,
    /// It would be a public suffix if it existed: the list has nothing like it, so it may be somebody's own network.
    Unknown,
    /// Somebody's.
    Owned,
}

/// Whose the names below a host are that is a domain.
pub(super) fn of(host: &str) -> Suffix {
    let found = Found::of(host);
    match found.kind {
        _ if is_wildcard_root(host) => Suffix::Public,
        Kind::Unknown if found.text == host => Suffix::Unknown,
        _ if found.text == host => Suffix::Public,
        _ if found.more_below => Suffix::Above,
        _ => Suffix::Owned,
    }
}

/// Whether each name right below a host is a public suffix, but for exceptions: the list says so of `ck` by `*.ck`.
pub(super) fn is_wildcard_root(host: &str) -> bool {
    // No rule names this label: a suffix that begins with it is one by a wildcard.
    let below = format!("0--0.{host}");
    Found::of(&below).text == below
}

/// The public suffix that a host ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    /// Whether longer suffixes end in this very host.
    pub(super) more_below: bool,
}

/// Who gives out names below a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A registry, such as that of `co.uk`.
    Registry,
    /// A company, such as that of `github.io`.
    #[cfg_attr(
        not(feature = "public-suffix"),
        expect(dead_code, reason = "without the list, no suffix is a company's")
    )]
    Company,
    /// Whoever runs the network: no list knows it.
    Unknown,
}

impl<'a> Found<'a> {
    /// By the [public suffix list](https://publicsuffix.org/), its private part (`github.io`) included.
    #[cfg(feature = "public-suffix")]
    pub(super) fn of(host: &'a str) -> Self {
        use psl::Psl;

        let mut labels = host.rsplit('.').map(str::as_bytes);
        let mut more_below = false;
        // The list asks for one more label only where it has rules for more.
        let found = psl::List.find(std::iter::from_fn(|| {
            let label = labels.next();
            more_below |= label.is_none();
            label
        }));
        let start = host.len().saturating_sub(found.len);
        Self {
            text: host.get(start..).unwrap_or(host),
            kind: match found.typ {
                Some(psl::Type::Icann) => Kind::Registry,
                Some(psl::Type::Private) => Kind::Company,
                None => Kind::Unknown,
            },
            more_below,
        }
    }

    /// Without the list, a last label alone is taken for a public suffix.
    #[cfg(not(feature = "public-suffix"))]
    pub(super) fn of(host: &'a str) -> Self {
        Self {
            text: host.rsplit_once('.').map_or(host, |(_, last)| last),
            kind: Kind::Registry,
            more_below: false,
        }
    }

    /// The domain of a host, which somebody holds: the suffix with one more label. `None` of the suffix itself.
    pub(super) fn domain(&self, host: &'a str) -> Option<&'a str> {
        let before = host.strip_suffix(self.text)?.strip_suffix('.')?;
        let start = before.rfind('.').map_or(0, |dot| dot + 1);
        host.get(start..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_label_is_no_ones() {
        assert_eq!(of("com"), Suffix::Public);
        assert_eq!(of("example.com"), Suffix::Owned);
        assert_eq!(of("a.example.com"), Suffix::Owned);
        let domain = |host| Found::of(host).domain(host);
        assert_eq!(domain("com"), None);
        assert_eq!(domain("example.com"), Some("example.com"));
        assert_eq!(domain("b.a.example.com"), Some("example.com"));
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn the_list_is_known() {
        for (host, wanted) in [
            ("co.uk", Suffix::Public),
            ("example.co.uk", Suffix::Owned),
            ("github.io", Suffix::Public),
            ("me.github.io", Suffix::Owned),
            ("vercel.app", Suffix::Public),
            ("xn--55qx5d.cn", Suffix::Public),
            // Wildcard rules, and an exception to one.
            ("ck", Suffix::Public),
            ("anything.ck", Suffix::Public),
            ("www.ck", Suffix::Owned),
            ("kawasaki.jp", Suffix::Public),
            ("city.kawasaki.jp", Suffix::Owned),
            ("compute.amazonaws.com", Suffix::Public),
            ("amazonaws.com", Suffix::Above),
            ("google.com", Suffix::Owned),
            ("corp", Suffix::Unknown),
            ("internal", Suffix::Unknown),
            ("a.corp", Suffix::Owned),
        ] {
            assert_eq!(of(host), wanted, "{host}");
        }
    }
}
