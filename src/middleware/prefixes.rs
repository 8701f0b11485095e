//! Which policy a path has: a table of prefixes; the longest one that covers the path is used.

use std::{cmp::Ordering, fmt, sync::Arc};

use memchr::memrchr;

use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::EntryIndex,
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

    /// The prefix of the value with this index; `None` for that of all other paths.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        self.sorted
            .get(index.checked_sub(1)?)
            .map(|prefix| &**prefix)
    }

    pub(super) fn as_slice(&self) -> &[Box<str>] {
        &self.sorted
    }

    fn search(&self, prefix: &str) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|known| by_segments(known.as_bytes(), prefix.as_bytes()))
    }
}

/// Finds the longest prefix that covers a path, in the same time among any number of prefixes.
pub(super) struct Finder {
    prefixes: Prefixes,
    /// The numbers of all prefixes but `/`.
    index: EntryIndex,
    /// The index of the value for `/`, or 0 if it is no prefix.
    root: usize,
    /// Which numbers of slashes the prefixes have, as bits: no other part of a path is looked up.
    slashes: u128,
    /// The length of the longest prefix, in bytes: the rest of a path does not matter.
    longest: usize,
}

impl Finder {
    pub(super) fn new(prefixes: Prefixes) -> Self {
        let mut index = EntryIndex::default();
        let mut slashes = 0_u128;
        let mut longest = 0;
        let text = |number: usize| prefixes.sorted.get(number).map_or("", |prefix| &**prefix);
        for (number, prefix) in prefixes.sorted.iter().map(|prefix| &**prefix).enumerate() {
            longest = longest.max(prefix.len());
            if prefix != "/" {
                slashes |= bit(count_slashes(prefix.as_bytes()));
                index.insert(
                    number,
                    [prefix.as_bytes()],
                    |known| text(known) == prefix,
                    |known| [text(known).as_bytes()],
                );
            }
        }
        Self {
            index,
            root: prefixes.position("/").unwrap_or_default(),
            slashes,
            longest,
            prefixes,
        }
    }

    /// The index of the value for a path: of the whole path, else of the part before its last slash, and so on.
    pub(super) fn find(&self, path: &str) -> usize {
        let path = path.as_bytes();
        let mut part = path.get(..=self.longest).unwrap_or(path);
        let mut slashes = count_slashes(part);
        loop {
            if self.slashes & bit(slashes) != 0 {
                let is_it = |number: usize| {
                    let known = self.prefixes.sorted.get(number);
                    known.is_some_and(|known| known.as_bytes() == part)
                };
                if let Some(number) = self.index.find(&[part], is_it) {
                    return number + 1;
                }
            }
            match memrchr(b'/', part).and_then(|at| part.get(..at)) {
                Some(before) if !before.is_empty() => part = before,
                Some(_) => return self.root,
                None => return 0,
            }
            slashes -= 1;
        }
    }
}

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Finder").field(&self.prefixes).finish()
    }
}

fn count_slashes(text: &[u8]) -> u32 {
    text.iter()
        .fold(0, |count, &byte| count + u32::from(byte == b'/'))
}

/// The bit of a number. The last one is that of all greater numbers, too.
fn bit(number: u32) -> u128 {
    1 << number.min(u128::BITS - 1)
}

/// Compares segment by segment, so that `/a/b` comes directly after `/a`, and `/a-b` is not between them.
fn by_segments(a: &[u8], b: &[u8]) -> Ordering {
    let segments = |path| <[u8]>::split(path, |&byte| byte == b'/');
    segments(a).cmp(segments(b))
}

/// Refuses text with which no path of the router can begin, and patterns.
fn parse(prefix: &str) -> Result<(), Violation> {
    let Some((rule, advice)) = broken_rule(prefix) else {
        return Ok(());
    };
    let fix = match corrected(prefix).filter(|prefix| broken_rule(prefix).is_none()) {
        Some(prefix) => Fix::from("write ").and(Piece::Value(prefix)),
        None => advice.into(),
    };
    Err(Violation::new(Kind::PathPrefix, rule, fix))
}

/// The rule that a prefix breaks, and what to do.
fn broken_rule(prefix: &str) -> Option<(&'static str, &'static str)> {
    let path = prefix.strip_prefix('/').unwrap_or(prefix);
    let segments: Vec<&str> = path.split('/').collect();
    Some(if prefix.is_empty() {
        (
            "path prefix is empty",
            "write `/` for every path, or give the policy to Cors::new",
        )
    } else if prefix.chars().any(char::is_control) || prefix.trim() != prefix {
        (
            "path prefix must not have control characters, or white space around it",
            "write it without them",
        )
    } else if prefix.contains("://") {
        ("path prefix must not be a URL", "write only its path")
    } else if !prefix.starts_with('/') {
        (
            "path prefix must begin with a slash",
            "write it with a slash before it",
        )
    } else if prefix.contains(['?', '#']) {
        (
            "path prefix must not have a query or a fragment",
            "write only its path",
        )
    } else if prefix.contains('%') {
        (
            "path prefix must not be percent-encoded",
            "write the characters themselves: paths are decoded before they are compared",
        )
    } else if prefix.contains(['*', '{', '}']) {
        (
            "path prefix must not be a pattern",
            "write the part before it: a prefix covers everything below it",
        )
    } else if segments.contains(&".") || segments.contains(&"..") {
        (
            "path prefix must not have dot segments",
            "write the path that they lead to",
        )
    } else if prefix.len() > 1 && segments.contains(&"") {
        (
            "path prefix must not have empty segments, nor a slash at its end",
            "write it without them",
        )
    } else {
        return None;
    })
}

/// The prefix that is probably meant.
fn corrected(prefix: &str) -> Option<String> {
    let path = prefix.split(['?', '#']).next()?.trim();
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => path,
    };
    let mut path = path.to_owned();
    path.retain(|character| !character.is_control());
    let mut segments: Vec<&str> = path.split('/').collect();
    segments.retain(|segment| !segment.is_empty());
    // `/api/*` and `/api/{tail:.*}` are everything below `/api`, as the prefix is.
    segments.pop_if(|last| ["*", "**"].contains(last) || last.ends_with(":.*}"));
    (!path.is_empty()).then(|| format!("/{}", segments.join("/")))
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
        // Also beyond the slashes that have a bit each.
        let count = prop_oneof![9 => 0..5_usize, 1 => 126..130_usize];
        let segments = count.prop_flat_map(move |count| vec(segment.clone(), count));
        segments.prop_map(|segments| format!("/{}", segments.join("/")))
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
            let below = prefixes.iter().map(|prefix| format!("{prefix}/b"));
            let below: Vec<String> = below.collect();
            for path in paths.iter().chain(&prefixes).chain(&below).chain(&odd) {
                prop_assert_eq!(listed[finder.find(path)], longest(&prefixes, path), "{}", path);
            }
        }
    }
}
