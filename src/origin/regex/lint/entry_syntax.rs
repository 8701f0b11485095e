//! Regexes that are written like an entry of the allowlist.

use regex_syntax::ast::{Ast, RepetitionKind};

use super::{
    edits::ANY_PORT,
    syntax_edits::{edited, escaped},
};
use crate::origin::{
    Entry, Meant,
    entry::Pattern,
    meant::{numbers_between, range},
    of_each,
};

/// The regex for what a pattern entry such as `https://*.example.com` admits; `None` if the text is not a pattern entry.
///
/// As a regex, `https://*.example.com` compiles, admits `https://xexample.com`, and does not admit `https://a.example.com`.
/// Escaped dots and slashes, anchors, and `/` or `/*` at the end do not change what its author meant.
pub(super) fn from_entry(text: &str) -> Option<String> {
    let text = text.strip_prefix('^').unwrap_or(text);
    let text = text.strip_suffix('$').unwrap_or(text);
    let text = text.replace(r"\.", ".").replace(r"\/", "/");
    let text = text
        .strip_suffix('*')
        .filter(|text| text.ends_with('/'))
        .unwrap_or(&text);
    let text = text.strip_suffix('/').unwrap_or(text);
    match Entry::parse(text) {
        Ok(Entry::Pattern(pattern)) => Some(as_regex(&pattern)),
        _ => None,
    }
}

/// The regexes for what is no regex, if it means entries or is a glob: `*.example.com`, `https://{app,admin}.example.com`,
/// `http://192.168.1.*`. The first good one is to be used.
pub(super) fn from_meant(text: &str) -> Vec<String> {
    // What only regexes have is not of an entry.
    let is_of_entry = !text.contains(['\\', '^', '$', '(', '+']);
    let meant = Some(text).filter(|_| is_of_entry).and_then(Meant::by);
    let entries = match meant {
        Some(Meant::Entries(entries)) => entries,
        Some(Meant::Regex(forms)) => return forms,
        _ => return Vec::new(),
    };
    let one = |entry: &str| match Entry::parse(entry) {
        Ok(Entry::Pattern(pattern)) => Some(as_regex(&pattern)),
        Ok(Entry::Exact(_)) => Some(escaped(entry)),
        _ => None,
    };
    let regexes = of_each(&entries, &one);
    Vec::from_iter(regexes.map(|regexes| regexes.join("|")))
}

/// The regex for a glob with stars within names or ports: `https://app-*.example.com`, `http://localhost:300*`.
///
/// As a regex, it repeats the hyphen, the letter or the digit before the star, which nobody means.
pub(super) fn from_glob(text: &str) -> Option<String> {
    let mut signs = text.match_indices(['*', '?']).map(|(at, sign)| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with('-')
            || (sign == "*"
                && before.ends_with(|last: char| last == '/' || last.is_ascii_alphanumeric()))
    });
    let is_glob = text.contains(['*', '?']) && signs.all(|is_within| is_within);
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_host = authority
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:*?".contains(&byte));
    // The last form has the most escapes.
    let meant = from_meant(text).pop();
    meant.filter(|_| is_glob && is_host)
}

fn as_regex(pattern: &Pattern<'_>) -> String {
    let before = if pattern.subdomains { r".+\." } else { "" };
    let host = escaped(pattern.host);
    let port = match pattern.port {
        _ if pattern.has_any_port() => ANY_PORT.to_owned(),
        None => String::new(),
        Some(port) => format!(":{port}"),
    };
    format!("{}://{before}{host}{port}", pattern.scheme)
}

/// The regex with any port where it ends in `:*`, which is any port in an entry and any number of colons in a regex.
pub(super) fn from_any_port(text: &str) -> Option<String> {
    edited(text, &|ast, [_, after]| {
        let Ast::Repetition(repetition) = ast else {
            return None;
        };
        let is_star = repetition.op.kind == RepetitionKind::ZeroOrMore
            && matches!(&*repetition.ast, Ast::Literal(literal) if literal.c == ':');
        let is_at_end = matches!(after, None | Some(Ast::Assertion(_)));
        (is_star && is_at_end).then(|| (repetition.span, ANY_PORT.to_owned()))
    })
}

/// The regex with the numbers that a range in brackets is meant to be, as in `:[3000-3999]` and `[0-255]`. In a regex, brackets
/// stand for one character. That a digit is named twice shows that numbers are meant.
pub(super) fn from_number_ranges(text: &str) -> Option<String> {
    edited(text, &|ast, _| {
        let class = match ast {
            Ast::Repetition(repetition) => &repetition.ast,
            ast => ast,
        };
        let Ast::ClassBracketed(class) = class else {
            return None;
        };
        let inside = text.get(class.span.start.offset + 1..class.span.end.offset - 1)?;
        let (from, to) = range(inside).filter(|_| has_digit_twice(inside))?;
        Some((*ast.span(), numbers_between(from, to)))
    })
}

/// Whether a class such as `[3000-3999]` names a digit twice: `0` to `3`, and other digits.
fn has_digit_twice(inside: &str) -> bool {
    let Some((before, after)) = inside.split_once('-') else {
        return false;
    };
    let (Some(low), Some(high)) = (before.chars().last(), after.chars().next()) else {
        return false;
    };
    let singles = before.chars().rev().skip(1).chain(after.chars().skip(1));
    let digits: Vec<char> = singles.chain(low..=high).collect();
    let is_again = |(at, digit)| digits.iter().position(|first| first == digit) != Some(at);
    digits.iter().enumerate().any(is_again)
}
