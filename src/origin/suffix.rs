//! Public suffixes: hosts below which anyone can register a name.

use std::cmp::Ordering;

/// The [public suffix list](https://publicsuffix.org/), its private part (`github.io`) included. A line is a rule in ASCII,
/// after a `+` if it is of the private part. Lines are sorted as by `order_at`, so that a host and all below it are one part.
///
/// The list is under the [MPL 2.0](https://mozilla.org/MPL/2.0/).
///
/// It is a text that is searched, not code: as code, in the crate `psl`, it took half as long to compile as all else here, and
/// 580 KB more. `just suffixes` makes it from the rules in the package of that crate, and checks the search.
const RULES: &str = include_str!("suffix_rules.txt");

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
        _ if found.is_wildcard_root => Suffix::Public,
        SuffixOwner::Unknown if found.text == host => Suffix::Unknown,
        _ if found.text == host => Suffix::Public,
        _ if found.more_below => Suffix::Above,
        _ => Suffix::Owned,
    }
}

/// The public suffix at the end of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PublicSuffix<'a> {
    pub(super) text: &'a str,
    pub(super) owner: SuffixOwner,
    /// Whether there are public suffixes below the host.
    pub(super) more_below: bool,
    /// Whether each name right below the host is one, with some exceptions: the rule `*.ck` makes `ck` such a host.
    pub(super) is_wildcard_root: bool,
}

/// Who gives out names below a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SuffixOwner {
    /// A registry, such as that of `co.uk`.
    Registry,
    /// A company, such as that of `github.io`.
    Company,
    /// Not on the list; perhaps the operator of a private network.
    Unknown,
}

impl<'a> PublicSuffix<'a> {
    /// Finds the longest rule that the host, which is in lower case, ends with.
    pub(super) fn of(host: &'a str) -> Self {
        let mut found = Self {
            text: names_of(host).next().unwrap_or(host),
            owner: SuffixOwner::Unknown,
            more_below: false,
            is_wildcard_root: false,
        };
        let mut rules = RULES;
        let mut wildcard = None;
        for name in names_of(host) {
            rules = part_of(rules, name);
            let mut rules = rules.lines().map(Rule::parse).peekable();
            let own = rules.next_if(|rule| rule.text == name);
            if let Some(rule) = own.or(wildcard) {
                found.owner = rule.owner;
                found.text = match rule.is_exception {
                    true => name.split_once('.').map_or(name, |(_, parent)| parent),
                    false => name,
                };
            }
            // The first one, because no byte of a label sorts before a star.
            wildcard = rules.next_if(|rule| rule.text.strip_prefix("*.") == Some(name));
            found.is_wildcard_root = wildcard.is_some();
            found.more_below = wildcard.is_some() || rules.next().is_some();
            if !found.more_below {
                break;
            }
        }
        found
    }

    /// The domain that a host belongs to, which someone registered: the suffix with one more label. `None` if the host is the
    /// suffix itself.
    pub(super) fn domain(&self, host: &'a str) -> Option<&'a str> {
        let before = host.strip_suffix(self.text)?.strip_suffix('.')?;
        let start = before.rfind('.').map_or(0, |dot| dot + 1);
        host.get(start..)
    }
}

/// A line of the list.
#[derive(Clone, Copy)]
struct Rule {
    /// With the star of a wildcard.
    text: &'static str,
    owner: SuffixOwner,
    /// Whether it says that this is no suffix, though a wildcard makes it one.
    is_exception: bool,
}

impl Rule {
    fn parse(line: &'static str) -> Self {
        let (line, owner) = match line.strip_prefix('+') {
            Some(line) => (line, SuffixOwner::Company),
            None => (line, SuffixOwner::Registry),
        };
        Self {
            text: line.strip_prefix('!').unwrap_or(line),
            owner,
            is_exception: line.starts_with('!'),
        }
    }
}

/// The ends of a host at a label, the shortest first: `uk`, `co.uk`, `example.co.uk`.
fn names_of(host: &str) -> impl Iterator<Item = &str> {
    let starts = host.rmatch_indices('.').map(|(dot, _)| dot + 1);
    starts.chain([0]).filter_map(|start| host.get(start..))
}

/// Of sorted lines, the one for a name and those below it.
fn part_of(lines: &'static str, name: &str) -> &'static str {
    let (_, lines) = split(lines, |line| order_at(line, name).is_lt());
    let first = lines.lines().next().unwrap_or_default();
    if order_at(first.as_bytes(), name).is_ne() {
        return "";
    }
    let (part, _) = split(lines, |line| order_at(line, name).is_le());
    part
}

/// How lines are sorted: by their bytes from the last to the first, dots before all others. Those at a name, and below it,
/// are equal to it. A mark, which is read last, counts as a dot.
fn order_at(line: &[u8], name: &str) -> Ordering {
    let key = |byte: &u8| match byte {
        b'.' | b'+' | b'!' => 0,
        byte => *byte,
    };
    let mut line = line.iter().rev().map(key);
    for byte in name.as_bytes().iter().rev().map(key) {
        match line.next().map_or(Ordering::Less, |own| own.cmp(&byte)) {
            Ordering::Equal => {}
            other => return other,
        }
    }
    line.next().unwrap_or(0).cmp(&0)
}

/// The lines before the first one that is not `before`, and the others.
fn split(lines: &'static str, before: impl Fn(&[u8]) -> bool) -> (&'static str, &'static str) {
    // Lines are so short that a search for many bytes at a time takes longer.
    let is_break = |byte: &u8| *byte == b'\n';
    let (mut start, mut end) = (0, lines.len());
    while start < end {
        let middle = start.midpoint(end);
        let (head, _) = lines.as_bytes().split_at(middle);
        let first = head.iter().rposition(is_break).map_or(0, |at| at + 1);
        let (_, tail) = lines.as_bytes().split_at(first);
        let line = tail.split(is_break).next().unwrap_or_default();
        if before(line) {
            start = first + line.len() + 1;
        } else {
            end = first;
        }
    }
    lines.split_at_checked(start).unwrap_or((lines, ""))
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
