//! Which policy a path is under: a table of prefixes, of which the longest that covers the path counts.

use std::cmp::Ordering;

use crate::error::{Fault, PolicyErrorKind as Kind};

/// Something for every path: one by default, others below prefixes.
#[derive(Clone, Debug)]
pub(super) struct Paths<T> {
    default: T,
    /// In the order of [`by_segments`].
    below: Vec<Below<T>>,
    /// The length of the longest prefix, in bytes: what comes later in a path decides nothing.
    longest: usize,
}

#[derive(Clone, Debug)]
struct Below<T> {
    prefix: Box<str>,
    /// The number of the longest other prefix that covers this one.
    parent: Option<usize>,
    value: T,
}

impl<T> Paths<T> {
    pub(super) fn new(default: T) -> Self {
        Self {
            default,
            below: Vec::new(),
            longest: 0,
        }
    }

    pub(super) fn default(&self) -> &T {
        &self.default
    }

    pub(super) fn default_mut(&mut self) -> &mut T {
        &mut self.default
    }

    /// What stands at a prefix.
    pub(super) fn at(&self, prefix: &str) -> Option<&T> {
        let index = self.position(prefix).ok()?;
        self.below.get(index).map(|below| &below.value)
    }

    pub(super) fn at_mut(&mut self, prefix: &str) -> Option<&mut T> {
        let index = self.position(prefix).ok()?;
        self.below.get_mut(index).map(|below| &mut below.value)
    }

    /// The prefixes, each with what stands there.
    pub(super) fn below(&self) -> impl ExactSizeIterator<Item = (&str, &T)> {
        self.below
            .iter()
            .map(|below| (&*below.prefix, &below.value))
    }

    /// Puts something at a prefix where nothing stands yet.
    pub(super) fn insert(&mut self, prefix: &str, value: T) -> Result<(), Fault> {
        parse(prefix)?;
        let Err(index) = self.position(prefix) else {
            return Err(Fault::new(
                Kind::PathPrefix,
                "path prefix is given twice",
                "give each prefix one policy",
            ));
        };
        let below = Below {
            prefix: prefix.into(),
            parent: None,
            value,
        };
        self.below.insert(index, below);
        self.longest = self.longest.max(prefix.len());
        self.find_parents();
        Ok(())
    }

    /// The same table with something else in each place.
    pub(super) fn map<U>(&self, mut value: impl FnMut(Option<&str>, &T) -> U) -> Paths<U> {
        Paths {
            default: value(None, &self.default),
            below: self
                .below
                .iter()
                .map(|below| Below {
                    prefix: below.prefix.clone(),
                    parent: below.parent,
                    value: value(Some(&below.prefix), &below.value),
                })
                .collect(),
            longest: self.longest,
        }
    }

    /// What the longest prefix that covers `path` has, or the default.
    ///
    /// A prefix that covers a path stands before it in the order, and whatever stands between the two is covered by the
    /// prefix too. So the nearest one before the path is it, or leads to it over its parents.
    pub(super) fn find(&self, path: &str) -> &T {
        let path = path.as_bytes();
        let path = path.get(..=self.longest).unwrap_or(path);
        let after = self
            .below
            .partition_point(|below| by_segments(below.prefix.as_bytes(), path).is_le());
        let mut candidate = after.checked_sub(1);
        while let Some(below) = candidate.and_then(|index| self.below.get(index)) {
            if covers(below.prefix.as_bytes(), path) {
                return &below.value;
            }
            candidate = below.parent;
        }
        &self.default
    }

    fn position(&self, prefix: &str) -> Result<usize, usize> {
        self.below
            .binary_search_by(|below| by_segments(below.prefix.as_bytes(), prefix.as_bytes()))
    }

    /// In their order, each prefix follows those that cover it, and nothing but what these cover stands between.
    fn find_parents(&mut self) {
        let mut open: Vec<(usize, Box<str>)> = Vec::new();
        for (index, below) in self.below.iter_mut().enumerate() {
            while open
                .pop_if(|(_, prefix)| !covers(prefix.as_bytes(), below.prefix.as_bytes()))
                .is_some()
            {}
            below.parent = open.last().map(|(index, _)| *index);
            open.push((index, below.prefix.clone()));
        }
    }
}

/// Segment by segment, so that `/a/b` follows `/a` at once, and `/a-b` neither of them before the other.
fn by_segments(a: &[u8], b: &[u8]) -> Ordering {
    let segments = |path| <[u8]>::split(path, |&byte| byte == b'/');
    segments(a).cmp(segments(b))
}

/// Whether a path is that of the prefix, or below it.
fn covers(prefix: &[u8], path: &[u8]) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| matches!(rest, [] | [b'/', ..]) || prefix == b"/")
}

/// Refuses what no path of the router can begin with, and what is meant as a pattern.
fn parse(prefix: &str) -> Result<(), Fault> {
    let fault =
        |rule: &'static str, remedy: String| Err(Fault::new(Kind::PathPrefix, rule, remedy));
    let write = |prefix: &str| format!("write {prefix:?}");
    let segments = || prefix.split('/').skip(1);
    if prefix.is_empty() {
        fault(
            "path prefix is empty",
            "write \"/\" for every path, or give the policy to Cors::new".to_owned(),
        )
    } else if prefix.chars().any(char::is_control) || prefix.trim() != prefix {
        fault(
            "path prefix must not have control characters, or white space around it",
            write(prefix.trim().replace(char::is_control, "").as_str()),
        )
    } else if prefix.contains("://") {
        fault(
            "path prefix must not be a URL",
            "write its path alone".to_owned(),
        )
    } else if !prefix.starts_with('/') {
        fault(
            "path prefix must begin with a slash",
            write(&format!("/{prefix}")),
        )
    } else if prefix.contains(['?', '#']) {
        fault(
            "path prefix must not have a query or a fragment",
            "write its path alone".to_owned(),
        )
    } else if prefix.contains('%') {
        fault(
            "path prefix must not be percent-encoded",
            "write the characters themselves: paths are decoded before they are compared"
                .to_owned(),
        )
    } else if prefix.contains(['*', '{', '}']) {
        fault(
            "path prefix must not be a pattern",
            "write the part before it: a prefix covers everything below it".to_owned(),
        )
    } else if segments().any(|segment| [".", ".."].contains(&segment)) {
        fault(
            "path prefix must not have dot segments",
            "write the path that they lead to".to_owned(),
        )
    } else if prefix.len() > 1 && segments().any(str::is_empty) {
        let kept: Vec<&str> = segments().filter(|segment| !segment.is_empty()).collect();
        fault(
            "path prefix must not have empty segments, nor a slash at its end",
            write(&format!("/{}", kept.join("/"))),
        )
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// The definition, word for word.
    fn longest<'a>(prefixes: &'a [String], path: &str) -> Option<&'a str> {
        prefixes
            .iter()
            .map(String::as_str)
            .filter(|prefix| {
                *prefix == "/" && path.starts_with('/')
                    || path == *prefix
                    || path.starts_with(&format!("{prefix}/"))
            })
            .max_by_key(|prefix| prefix.len())
    }

    fn path() -> impl Strategy<Value = String> {
        // Bytes before and after the slash, and segments that begin alike.
        let segment = select(vec!["a", "aa", "a-", "a~", "b", "-", "\u{e9}"]);
        vec(segment, 0..5).prop_map(|segments| format!("/{}", segments.join("/")))
    }

    proptest! {
        #[test]
        fn the_longest_prefix_is_found(prefixes in vec(path(), 0..12), paths in vec(path(), 1..20)) {
            let mut table = Paths::new(None);
            for prefix in &prefixes {
                let known = table.at(prefix).is_some();
                prop_assert_eq!(table.insert(prefix, Some(prefix.clone())).is_err(), known);
            }
            for prefix in &prefixes {
                prop_assert_eq!(table.at(prefix), Some(&Some(prefix.clone())));
            }
            let odd = ["", "*", "//", "//a", "/a//a", "/a/"].map(str::to_owned);
            for path in paths.iter().chain(&odd) {
                prop_assert_eq!(table.find(path).as_deref(), longest(&prefixes, path), "{}", path);
            }
            let mapped = table.map(|prefix, value| (prefix.map(str::to_owned), value.clone()));
            for path in &paths {
                let (prefix, value) = mapped.find(path);
                prop_assert_eq!(prefix, value);
            }
        }
    }
}
