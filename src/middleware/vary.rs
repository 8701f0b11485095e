//! Merging of `Vary`: what is there is kept, ours is added, once each, on one line.

use std::collections::HashSet;

use crate::http::{HeaderMap, HeaderValue, VARY};

/// The tokens that a response's `Vary` gains.
#[derive(Clone, Debug)]
pub(super) struct Vary {
    names: Vec<String>,
    /// All of them, for a response that has no `Vary` of its own; `None` if there are none.
    alone: Option<HeaderValue>,
}

/// What most policies add. Cloning a static text counts no clones.
const USUAL: [&str; 2] = [
    "Origin",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
];

impl Vary {
    /// Names are tokens, and count once.
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
            None => Some(super::response::shared_value(&text)),
        };
        Self { names, alone }
    }

    /// Adds the names to a response, which has `Vary` lines or has none.
    pub(super) fn merge(&self, headers: &mut HeaderMap, has_vary: bool) {
        let Some(alone) = &self.alone else {
            return;
        };
        if !has_vary {
            headers.append(VARY, alone.clone());
            return;
        }
        let lines = headers.get_all(VARY).as_slice();
        match lines {
            [line] if line == alone => {}
            [line] => {
                let merged = self.merged(std::slice::from_ref(line));
                if let Some(line) = headers.get_mut(VARY) {
                    *line = merged;
                }
            }
            lines => {
                let merged = self.merged(lines);
                headers.insert(VARY, merged);
            }
        }
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

/// The tokens of a line, without white space and empty elements.
fn tokens(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    line.as_bytes()
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|token| !token.is_empty())
}

/// As many different tokens as a sane response has at the most.
const FEW: usize = 64;

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
    fn many_tokens_are_merged_in_linear_work() {
        let names: Vec<String> = (0..20_000).map(|number| format!("x-{number}")).collect();
        let twice = format!("{0}, {0}", names.join(", "));
        assert_eq!(
            merge(&["Origin"], &[&twice]),
            [format!("{}, Origin", names.join(", "))]
        );
    }
}
