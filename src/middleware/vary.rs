//! Merging of `Vary`: what is there is kept, ours is added, once each, on one line.

use std::{collections::HashSet, sync::LazyLock};

use crate::http::{HeaderMap, HeaderValue, VARY};

/// The text of the commonest `Vary`, at an address that nothing else has.
///
/// A response whose `Vary` points here was decorated by this crate. It is made at run time because a literal may share
/// its address with an equal one in a handler.
static ORIGIN_ALONE: LazyLock<&'static str> = LazyLock::new(|| String::from("Origin").leak());

/// The tokens that a response's `Vary` gains.
#[derive(Clone, Debug)]
pub(super) struct Vary {
    names: Vec<String>,
    /// All of them, for a response that has no `Vary` of its own.
    alone: HeaderValue,
}

/// Whether the merged `Vary` can be recognized by [`is_marked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked {
    Yes,
    No,
}

impl Vary {
    /// `None` if there is nothing to add. Names are tokens.
    pub(super) fn new(names: Vec<String>) -> Option<Self> {
        let alone = match names.as_slice() {
            [] => return None,
            [name] if name == *ORIGIN_ALONE => HeaderValue::from_static(&ORIGIN_ALONE),
            names => super::response::shared_value(&names.join(", ")),
        };
        Some(Self { names, alone })
    }

    /// For a response that has no `Vary`.
    pub(super) fn alone(&self) -> HeaderValue {
        self.alone.clone()
    }

    /// Adds the names to a response that may have `Vary` lines.
    pub(super) fn merge(&self, headers: &mut HeaderMap) -> Marked {
        let lines = headers.get_all(VARY).as_slice();
        let merged = match lines {
            [] => self.alone(),
            [line] if is_ours(line) && self.names.iter().eq([*ORIGIN_ALONE]) => return Marked::Yes,
            lines => self.merged(lines),
        };
        let marked = if is_ours(&merged) {
            Marked::Yes
        } else {
            Marked::No
        };
        headers.insert(VARY, merged);
        marked
    }

    /// All tokens of all lines, and then ours: once each, compared without case; `*` if one of them is.
    fn merged(&self, lines: &[HeaderValue]) -> HeaderValue {
        let there = || lines.iter().flat_map(tokens);
        if there().any(|token| token == b"*") {
            return HeaderValue::from_static("*");
        }
        let all = || there().chain(self.names.iter().map(String::as_bytes));
        match few_unique(all()) {
            Some((tokens, count)) => super::response::join(tokens.iter().take(count).copied()),
            None => super::response::join(many_unique(all()).iter().copied()),
        }
        // Not absent, because we add something, and made of header values. If it were absent, `*` claims no less.
        .unwrap_or_else(|| HeaderValue::from_static("*"))
    }
}

/// Whether this crate decorated the response that has these headers, as far as `Vary` can tell.
pub(super) fn is_marked(headers: &HeaderMap) -> bool {
    headers.get(VARY).is_some_and(is_ours)
}

fn is_ours(value: &HeaderValue) -> bool {
    std::ptr::eq(value.as_bytes().as_ptr(), ORIGIN_ALONE.as_ptr())
}

/// The tokens of a line, without white space and empty elements.
fn tokens(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    line.as_bytes()
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|token| !token.is_empty())
}

/// As many different tokens as a sane response has at the most.
const FEW: usize = 32;

/// Each token once, compared without case, and how many there are; `None` if they are not few.
fn few_unique<'a>(tokens: impl Iterator<Item = &'a [u8]>) -> Option<([&'a [u8]; FEW], usize)> {
    let mut unique: [&[u8]; FEW] = [b""; FEW];
    let mut count = 0;
    for token in tokens {
        let known = unique.iter().take(count);
        if !known
            .into_iter()
            .any(|other| other.eq_ignore_ascii_case(token))
        {
            *unique.get_mut(count)? = token;
            count += 1;
        }
    }
    Some((unique, count))
}

/// The same for any number, in linear work.
fn many_unique<'a>(tokens: impl Iterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
    let mut seen = HashSet::new();
    tokens
        .filter(|token| seen.insert(token.to_ascii_lowercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(names: &[&str], lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_str(line).unwrap());
        }
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Vary::new(names).unwrap().merge(&mut headers);
        headers
            .get_all(VARY)
            .map(|line| line.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn tokens_are_kept_and_not_repeated() {
        for (names, lines, wanted) in [
            (&["Origin"][..], &[][..], "Origin"),
            (&["Origin"], &["Origin"], "Origin"),
            (&["Origin"], &["origin"], "origin"),
            (&["Origin"], &["Accept-Encoding"], "Accept-Encoding, Origin"),
            (&["Origin"], &["a", "b, A ,,c", "ORIGIN"], "a, b, c, ORIGIN"),
            (&["Origin", "x-tenant"], &["X-Tenant"], "X-Tenant, Origin"),
            (&["Origin", "x-tenant"], &[], "Origin, x-tenant"),
            (&["Origin"], &["*"], "*"),
            (&["Origin"], &["a, *"], "*"),
            (&["Origin"], &["a", " * "], "*"),
            (&["Origin"], &[""], "Origin"),
            (&["Origin"], &["a*"], "a*, Origin"),
        ] {
            assert_eq!(merge(names, lines), [wanted], "{names:?} into {lines:?}");
        }
    }

    #[test]
    fn many_tokens_are_merged_in_linear_work() {
        let names: Vec<String> = (0..20_000).map(|number| format!("x-{number}")).collect();
        let twice = format!("{0}, {0}", names.join(", "));
        assert_eq!(
            merge(&["Origin"], &[&twice]),
            [format!("{}, Origin", names.join(", "))]
        );
    }

    #[test]
    fn only_our_own_text_is_a_mark() {
        let mut headers = HeaderMap::new();
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        assert!(!is_marked(&headers));

        let vary = Vary::new(vec!["Origin".to_owned()]).unwrap();
        assert_eq!(vary.merge(&mut HeaderMap::new()), Marked::Yes);
        assert_eq!(vary.merge(&mut headers), Marked::No);

        let mut headers = HeaderMap::new();
        vary.merge(&mut headers);
        assert!(is_marked(&headers));
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
        assert!(is_marked(&headers));
        assert_eq!(vary.merge(&mut headers), Marked::No);
        assert!(!is_marked(&headers));
    }
}
