//! Which policy a path has: a table of prefixes; the longest one that covers the path is used.

use std::{cmp::Ordering, sync::Arc};

use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
};

/// Prefixes of paths. Their values are in another list: first the value for all other paths, then one for each prefix,
/// in the same order.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    /// In the order of [`by_segments`].
    sorted: Arc<Vec<Box<str>>>,
}

impl Prefixes {
    /// The index in that list of the value for exactly this prefix.
    pub(super) fn position(&self, prefix: &str) -> Option<usize> {
        self.search(prefix).ok().map(|index| index + 1)
    }

    /// Adds a new prefix, and returns its index.
    pub(super) fn insert(&mut self, prefix: &str) -> Result<usize, Violation> {
        parse(prefix)?;
        let Err(index) = self.search(prefix) else {
            return Err(Violation::new(
                Kind::PathPrefix,
                "path prefix is given twice",
                "give each prefix one policy",
            ));
        };
        Arc::make_mut(&mut self.sorted).insert(index, prefix.into());
        Ok(index + 1)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.sorted.iter().map(|prefix| &**prefix)
    }

    fn search(&self, prefix: &str) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|known| by_segments(known.as_bytes(), prefix.as_bytes()))
    }
}

/// Finds the longest prefix that covers a path.
#[derive(Debug)]
pub(super) struct Finder {
    prefixes: Prefixes,
    /// For each prefix, the index of the longest other one that covers it; 0 if none does.
    parents: Vec<usize>,
    /// The length of the longest prefix, in bytes: the rest of a path does not matter.
    longest: usize,
}

impl Finder {
    /// Each prefix comes after those that cover it; between them are only prefixes that these cover too.
    pub(super) fn new(prefixes: Prefixes) -> Self {
        let mut open: Vec<(usize, &str)> = Vec::new();
        let mut parents = Vec::new();
        for (index, prefix) in prefixes.iter().enumerate() {
            while open
                .pop_if(|(_, other)| !covers(other.as_bytes(), prefix.as_bytes()))
                .is_some()
            {}
            parents.push(open.last().map_or(0, |(slot, _)| *slot));
            open.push((index + 1, prefix));
        }
        Self {
            parents,
            longest: prefixes.iter().map(str::len).max().unwrap_or_default(),
            prefixes,
        }
    }

    /// The index of the value for a path.
    ///
    /// A prefix that covers a path comes before the path in this order, and it covers everything between them too. So
    /// the nearest prefix before the path, or one of its parents, is the longest that covers it.
    pub(super) fn find(&self, path: &str) -> usize {
        let path = path.as_bytes();
        let path = path.get(..=self.longest).unwrap_or(path);
        let sorted = &*self.prefixes.sorted;
        let mut slot =
            sorted.partition_point(|prefix| by_segments(prefix.as_bytes(), path).is_le());
        while let Some(index) = slot.checked_sub(1)
            && let (Some(prefix), Some(parent)) = (sorted.get(index), self.parents.get(index))
            && !covers(prefix.as_bytes(), path)
        {
            slot = *parent;
        }
        slot
    }
}

/// Compares segment by segment, so that `/a/b` comes directly after `/a`, and `/a-b` is not between them.
fn by_segments(a: &[u8], b: &[u8]) -> Ordering {
    let segments = |path| <[u8]>::split(path, |&byte| byte == b'/');
    segments(a).cmp(segments(b))
}

/// Whether a path equals the prefix, or is below it.
fn covers(prefix: &[u8], path: &[u8]) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| matches!(rest, [] | [b'/', ..]) || prefix == b"/")
}

/// Refuses text with which no path of the router can begin, and patterns.
fn parse(prefix: &str) -> Result<(), Violation> {
    let refuse = |rule: &'static str, fix: Fix| Err(Violation::new(Kind::PathPrefix, rule, fix));
    let write = |prefix: &str| Fix::from("write ").and(Piece::Value(prefix.to_owned()));
    let segments = || prefix.split('/').skip(1);
    if prefix.is_empty() {
        refuse(
            "path prefix is empty",
            "write `/` for every path, or give the policy to Cors::new".into(),
        )
    } else if prefix.chars().any(char::is_control) || prefix.trim() != prefix {
        refuse(
            "path prefix must not have control characters, or white space around it",
            write(prefix.trim().replace(char::is_control, "").as_str()),
        )
    } else if prefix.contains("://") {
        refuse(
            "path prefix must not be a URL",
            "write only its path".into(),
        )
    } else if !prefix.starts_with('/') {
        refuse(
            "path prefix must begin with a slash",
            write(&format!("/{prefix}")),
        )
    } else if prefix.contains(['?', '#']) {
        refuse(
            "path prefix must not have a query or a fragment",
            "write only its path".into(),
        )
    } else if prefix.contains('%') {
        refuse(
            "path prefix must not be percent-encoded",
            "write the characters themselves: paths are decoded before they are compared".into(),
        )
    } else if prefix.contains(['*', '{', '}']) {
        refuse(
            "path prefix must not be a pattern",
            "write the part before it: a prefix covers everything below it".into(),
        )
    } else if segments().any(|segment| [".", ".."].contains(&segment)) {
        refuse(
            "path prefix must not have dot segments",
            "write the path that they lead to".into(),
        )
    } else if prefix.len() > 1 && segments().any(str::is_empty) {
        let kept: Vec<&str> = segments().filter(|segment| !segment.is_empty()).collect();
        refuse(
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
            let mut table = Prefixes::default();
            let mut listed = vec![None];
            for prefix in &prefixes {
                let known = table.position(prefix).is_some();
                match table.insert(prefix) {
                    Ok(slot) => listed.insert(slot, Some(prefix.as_str())),
                    Err(_) => prop_assert!(known),
                }
            }
            for prefix in &prefixes {
                let slot = table.position(prefix).expect("it is there");
                prop_assert_eq!(listed[slot], Some(prefix.as_str()));
            }
            let finder = Finder::new(table);
            let odd = ["", "*", "//", "//a", "/a//a", "/a/"].map(str::to_owned);
            for path in paths.iter().chain(&odd) {
                prop_assert_eq!(listed[finder.find(path)], longest(&prefixes, path), "{}", path);
            }
        }
    }
}
