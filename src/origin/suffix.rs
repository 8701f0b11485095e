//! Public suffixes: hosts below which anyone can register a name.

/// Who can have the names below a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// Anyone can: it is a public suffix, or every name right below it is one.
    Public,
    /// Its owner, except that there are public suffixes below it: `s3.amazonaws.com` below `amazonaws.com`.
    Above,
    /// Not known: it is a single label that is not on the list, such as `internal`, and may belong to a private network.
    Unknown,
    /// Its owner.
    Owned,
}

/// Who can have the names below a domain.
pub(super) fn of(host: &str) -> Suffix {
    let found = PublicSuffix::of(host);
    match found.owner {
        _ if is_wildcard_root(host) => Suffix::Public,
        SuffixOwner::Unknown if found.text == host => Suffix::Unknown,
        _ if found.text == host => Suffix::Public,
        _ if found.more_below => Suffix::Above,
        _ => Suffix::Owned,
    }
}

/// Whether each name right below a host is a public suffix, with some exceptions: the rule `*.ck` makes `ck` such a host.
pub(super) fn is_wildcard_root(host: &str) -> bool {
    // No rule has this label, so only a wildcard can make a suffix that begins with it.
    let below = format!("0--0.{host}");
    PublicSuffix::of(&below).text == below
}

/// The public suffix at the end of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PublicSuffix<'a> {
    pub(super) text: &'a str,
    pub(super) owner: SuffixOwner,
    /// Whether there are public suffixes below the host.
    pub(super) more_below: bool,
}

/// Who gives out names below a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SuffixOwner {
    /// A registry, such as that of `co.uk`.
    Registry,
    /// A company, such as that of `github.io`.
    #[cfg_attr(
        not(feature = "public-suffix"),
        expect(dead_code, reason = "without the list, no suffix is a company's")
    )]
    Company,
    /// Not on the list; perhaps the operator of a private network.
    Unknown,
}

impl<'a> PublicSuffix<'a> {
    /// By the [public suffix list](https://publicsuffix.org/), its private part (`github.io`) included.
    #[cfg(feature = "public-suffix")]
    pub(super) fn of(host: &'a str) -> Self {
        use psl::Psl;

        let mut labels = host.rsplit('.').map(str::as_bytes);
        let mut more_below = false;
        // The list asks for one more label only where it has rules for more.
        let mut labels = std::iter::from_fn(|| {
            let label = labels.next();
            more_below |= label.is_none();
            label
        });
        // The list is code for the type of the iterator. With any other type than this one, the search for the next dot
        // is compiled in each of its thousands of branches.
        let labels: &mut dyn Iterator<Item = &'a [u8]> = &mut labels;
        let found = psl::List.find(labels);
        let start = host.len().saturating_sub(found.len);
        Self {
            text: host.get(start..).unwrap_or(host),
            owner: match found.typ {
                Some(psl::Type::Icann) => SuffixOwner::Registry,
                Some(psl::Type::Private) => SuffixOwner::Company,
                None => SuffixOwner::Unknown,
            },
            more_below,
        }
    }

    /// Without the list, each last label alone counts as a public suffix.
    #[cfg(not(feature = "public-suffix"))]
    pub(super) fn of(host: &'a str) -> Self {
        Self {
            text: host.rsplit_once('.').map_or(host, |(_, last)| last),
            owner: SuffixOwner::Registry,
            more_below: false,
        }
    }

    /// The domain that a host belongs to, which someone registered: the suffix with one more label. `None` if the host is the
    /// suffix itself.
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
    fn a_last_label_is_a_public_suffix() {
        assert_eq!(of("com"), Suffix::Public);
        assert_eq!(of("example.com"), Suffix::Owned);
        assert_eq!(of("a.example.com"), Suffix::Owned);
        let domain = |host| PublicSuffix::of(host).domain(host);
        assert_eq!(domain("com"), None);
        assert_eq!(domain("example.com"), Some("example.com"));
        assert_eq!(domain("b.a.example.com"), Some("example.com"));
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn suffixes_are_found_by_the_list() {
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
