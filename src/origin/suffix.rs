//! Public suffixes: hosts below which anyone can have a name.

/// What is known of a host as a public suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// It is one, or every name right below it is.
    Public,
    /// It would be one if it existed: the list has nothing like it, so it may be somebody's own network.
    Unknown,
    /// It is somebody's.
    Owned,
}

/// By the [public suffix list](https://publicsuffix.org/), its private part (`github.io`) included.
#[cfg(feature = "public-suffix")]
pub(super) fn of(host: &str) -> Suffix {
    /// Whether the whole host is a suffix, and whether a rule says so.
    fn whole(host: &str) -> Option<bool> {
        psl::suffix(host.as_bytes())
            .filter(|suffix| suffix.as_bytes().len() == host.len())
            .map(|suffix| suffix.is_known())
    }

    // Of `*.ck`, the list says that each name below `ck` is a suffix. No rule names this label.
    match (whole(host), whole(&format!("0--0.{host}"))) {
        (Some(true), _) | (_, Some(_)) => Suffix::Public,
        (Some(false), None) => Suffix::Unknown,
        (None, None) => Suffix::Owned,
    }
}

/// Without the list, a last label alone is taken for a public suffix.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn of(host: &str) -> Suffix {
    if host.contains('.') {
        Suffix::Owned
    } else {
        Suffix::Public
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
            ("corp", Suffix::Unknown),
            ("internal", Suffix::Unknown),
            ("a.corp", Suffix::Owned),
        ] {
            assert_eq!(of(host), wanted, "{host}");
        }
    }
}
