//! Regexes that are written like an entry of the allowlist.

use regex_syntax::ast::{Ast, RepetitionKind};

use super::{edits::ANY_PORT, syntax_edits::edited};
use crate::origin::Entry;

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
    let Ok(Entry::Pattern(pattern)) = Entry::parse(text) else {
        return None;
    };
    let before = if pattern.subdomains { r".+\." } else { "" };
    let host = regex_syntax::escape(pattern.host);
    let port = match pattern.port {
        _ if pattern.has_any_port() => ANY_PORT.to_owned(),
        None => String::new(),
        Some(port) => format!(":{port}"),
    };
    Some(format!("{}://{before}{host}{port}", pattern.scheme))
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
