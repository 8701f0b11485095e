//! Merging of `Vary`: existing tokens are kept and ours are added, each once, on one line.

use std::{cell::RefCell, collections::HashSet};

use super::header_value::{join, shared_value};
use crate::http::{HeaderMap, HeaderValue, VARY};

/// The tokens to add to `Vary`.
#[derive(Clone, Debug)]
pub(super) struct Vary {
    names: Vec<String>,
    /// The value for a response without `Vary`; `None` if there are no tokens.
    alone: Option<HeaderValue>,
    known: RefCell<Vec<Merged>>,
}

/// A line that a response had, and what it became. The handlers of an app send few different ones, and so each is merged
/// only once.
#[derive(Clone, Debug)]
struct Merged {
    /// A copy, because a slice would keep the whole buffer from which a proxied response was read.
    line: Box<[u8]>,
    value: HeaderValue,
}

/// A handler may repeat what a client sends, so this is bounded. What is known is never forgotten: lines that alternate
/// would be merged each time.
const MOST_KNOWN: usize = 8;
const LONGEST_KNOWN: usize = 128;

/// `*` means that the response is for one request only.
const STAR: HeaderValue = HeaderValue::from_static("*");

/// What most policies add. A static text is cloned without a reference count.
const USUAL: [&str; 2] = [
    "Origin",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
];

impl Vary {
    /// The names must be tokens. A repeated name is used once.
    pub(super) fn new(all: impl Iterator<Item = String>) -> Self {
        let mut names = Vec::<String>::new();
        for name in all {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        let text = names.join(", ");
        let usual = USUAL.into_iter().find(|usual| *usual == text);
        let alone = match usual {
            Some(usual) => Some(HeaderValue::from_static(usual)),
            None if text.is_empty() => None,
            None => Some(shared_value(&text)),
        };
        Self {
            names,
            alone,
            known: RefCell::default(),
        }
    }

    /// Adds the names to a response with or without `Vary` lines.
    #[inline]
    pub(super) fn merge(&self, headers: &mut HeaderMap, has_vary: bool) {
        match &self.alone {
            Some(alone) if has_vary => self.merge_into(headers, alone),
            Some(alone) => headers.append(VARY, alone.clone()),
            None => {}
        }
    }

    #[inline(never)]
    fn merge_into(&self, headers: &mut HeaderMap, alone: &HeaderValue) {
        let lines = headers.get_all(VARY).as_slice();
        match lines {
            [line] if line == alone => {}
            [line] => {
                let merged = self.merged_line(line);
                if merged != line
                    && let Some(line) = headers.get_mut(VARY)
                {
                    *line = merged;
                }
            }
            lines => {
                let merged = self.merged(lines);
                headers.insert(VARY, merged);
            }
        }
    }

    /// The same as [`merged`](Self::merged), for one line.
    fn merged_line(&self, line: &HeaderValue) -> HeaderValue {
        let bytes = line.as_bytes();
        let mut known = self.known.borrow_mut();
        if let Some(merged) = known.iter().find(|merged| *merged.line == *bytes) {
            return merged.value.clone();
        }
        let value = self.merged(std::slice::from_ref(line));
        if known.len() < MOST_KNOWN && bytes.len() <= LONGEST_KNOWN {
            known.push(Merged {
                line: bytes.into(),
                value: value.clone(),
            });
        }
        value
    }

    /// All tokens of all lines, then ours, each once, compared case-insensitively; only `*` if one of them is `*`.
    fn merged(&self, lines: &[HeaderValue]) -> HeaderValue {
        let all = || {
            let ours = self.names.iter().map(String::as_bytes);
            lines.iter().flat_map(tokens).chain(ours)
        };
        let mut few: [&[u8]; FEW] = [b""; FEW];
        let mut count = 0;
        for token in all() {
            if token == b"*" {
                return STAR;
            }
            let known = few.iter().take(count);
            if known
                .into_iter()
                .any(|other| other.eq_ignore_ascii_case(token))
            {
                continue;
            }
            match few.get_mut(count) {
                Some(slot) => *slot = token,
                None => return merged_many(all()),
            }
            count += 1;
        }
        list(few.iter().take(count).copied())
    }
}

/// The same for any number of tokens, in linear work.
#[cold]
fn merged_many<'a>(all: impl Iterator<Item = &'a [u8]>) -> HeaderValue {
    let mut seen = HashSet::new();
    let mut unique = Vec::new();
    for token in all {
        if token == b"*" {
            return STAR;
        }
        if seen.insert(token.to_ascii_lowercase()) {
            unique.push(token);
        }
    }
    list(unique.iter().copied())
}

/// The list is not empty and is made of header values, so `join` cannot fail. If it did, `*` would be safe.
fn list<'a>(tokens: impl Iterator<Item = &'a [u8]> + Clone) -> HeaderValue {
    join(tokens).unwrap_or(STAR)
}

/// More different tokens than any usual response has.
const FEW: usize = 64;

/// The tokens of a line, without white space and empty elements.
fn tokens(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    line.as_bytes()
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(names: &[&str], lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_str(line).unwrap());
        }
        let names = names.iter().map(|name| (*name).to_owned());
        Vary::new(names).merge(&mut headers, !lines.is_empty());
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
    fn a_line_becomes_the_same_each_time() {
        let vary = Vary::new(["Origin".to_owned()].into_iter());
        for number in (0..2 * MOST_KNOWN).chain(0..2 * MOST_KNOWN) {
            for long in ["a", &"a".repeat(LONGEST_KNOWN)] {
                let line = format!("x-{number},{long}");
                let mut headers = HeaderMap::new();
                headers.append(VARY, HeaderValue::from_str(&line).unwrap());
                vary.merge(&mut headers, true);
                let wanted = format!("x-{number}, {long}, Origin");
                assert_eq!(headers.get(VARY).unwrap(), wanted.as_str());
            }
        }
        assert_eq!(vary.known.borrow().len(), MOST_KNOWN);
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
}
