//! What the author of a refused regex may have meant. These are guesses: each is judged before it is shown.

use std::collections::HashSet;

use regex_syntax::ast::{Ast, RepetitionKind, Span, parse::Parser};

use crate::{origin::Entry, quote::without_user_info};

/// Longer texts are not taken apart: no one could read what became of them.
const MAX_LEN: usize = 256;

const ANY_PORT: &str = r"(:\d+)?";

/// Mends of a regex, the least first.
pub(super) fn candidates(text: &str) -> Vec<String> {
    if !is_readable(text) {
        return Vec::new();
    }
    // One mistake, and then all that were made before and with it.
    let mut found: Vec<String> = MENDS.iter().filter_map(|mend| mend(text)).collect();
    let mut mended = text.to_owned();
    for mend in MENDS {
        if let Some(more) = mend(&mended) {
            mended = more;
            found.push(mended.clone());
        }
    }
    let mut seen = HashSet::new();
    found.retain(|candidate| candidate != text && seen.insert(candidate.clone()));
    found
}

/// Whether a proposal can be shown as it is, in backticks, so that it can be copied: what looks like a password would be
/// left out of it.
pub(super) fn is_readable(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'`';
    text.len() <= MAX_LEN
        && text.bytes().all(is_plain)
        && without_user_info(text.as_bytes()) == text.as_bytes()
}

/// The alternatives that a regex consists of, each a regex of its own; none if it is no list of them.
pub(super) fn alternatives(text: &str) -> Vec<&str> {
    // Flags of one alternative hold for those behind it.
    if text.len() > MAX_LEN || text.replace("(?:", "").contains("(?") {
        return Vec::new();
    }
    let inner = text.strip_prefix('^').unwrap_or(text);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let is_group = |text| matches!(Parser::new().parse(text), Ok(Ast::Group(_)));
    let list = inner.strip_prefix('(').filter(|_| is_group(inner));
    let list = list.and_then(|list| list.strip_suffix(')'));
    let list = list.map_or(text, |list| list.strip_prefix("?:").unwrap_or(list));
    match &Parser::new().parse(list) {
        Ok(Ast::Alternation(alternation)) => {
            let spans = alternation.asts.iter().map(Ast::span);
            spans
                .filter_map(|span| list.get(span.start.offset..span.end.offset))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Each mends one kind of mistake, in the order in which one can hide the other.
const MENDS: [fn(&str) -> Option<String>; 9] = [
    without_delimiters,
    with_single_escapes,
    in_lower_case,
    with_https,
    without_path,
    without_default_port,
    with_escaped_dots,
    with_whole_labels,
    with_port_at_end,
];

/// What a regex would be that admits what an entry of an allowlist does. `None` of a text that is no pattern entry, be its
/// dots and slashes escaped or not, its ends anchored or not, and every path behind it or none.
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

/// What a regex would be with any port where it has what is one in an entry: `:*` at its end, any number of colons.
pub(super) fn from_any_port(text: &str) -> Option<String> {
    edited(text, |ast, [_, after]| {
        let Ast::Repetition(repetition) = ast else {
            return None;
        };
        let is_star = repetition.op.kind == RepetitionKind::ZeroOrMore
            && matches!(&*repetition.ast, Ast::Literal(literal) if literal.c == ':');
        let is_at_end = matches!(after, None | Some(Ast::Assertion(_)));
        (is_star && is_at_end).then(|| (repetition.span, ANY_PORT.to_owned()))
    })
}

/// Quotes, or the slashes and flags of another language; commas between several.
fn without_delimiters(text: &str) -> Option<String> {
    let inner = ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let inner = inner.or_else(|| {
        text.strip_prefix('/')?
            .trim_end_matches(['i', 'g', 'u'])
            .strip_suffix('/')
    });
    let list = inner.unwrap_or(text).replace(",http", "|http");
    (list != text).then_some(list)
}

/// A backslash that stood for an escape in another language, and now stands for itself.
fn with_single_escapes(text: &str) -> Option<String> {
    text.contains(r"\\").then(|| text.replace(r"\\", r"\"))
}

fn in_lower_case(text: &str) -> Option<String> {
    // What is excluded is no mistake.
    if text.contains("[^") {
        return None;
    }
    let mut lower = String::with_capacity(text.len());
    let mut escaped = false;
    for character in text.chars() {
        // `\D` is no upper case of `\d`.
        lower.push(if escaped {
            character
        } else {
            character.to_ascii_lowercase()
        });
        escaped = character == '\\' && !escaped;
    }
    (lower != text).then_some(lower)
}

/// A scheme that is open, optional or missing.
fn with_https(text: &str) -> Option<String> {
    for separator in ["://", r":\/\/"] {
        let optional = format!("{separator})?");
        if text.contains(&optional) {
            return Some(text.replacen(&optional, &format!("{separator})"), 1));
        }
        if let Some((scheme, rest)) = text.split_once(separator) {
            // One that is named is meant.
            let is_open = scheme.contains(['.', '*', '+', '[', '\\']);
            let rest = rest.strip_prefix(')').unwrap_or(rest);
            return is_open.then(|| format!("https://{rest}"));
        }
    }
    if !text.contains('.') && !text.contains("localhost") {
        return None;
    }
    let host = text.strip_prefix('^').unwrap_or(text);
    let mut schemes = ["https?", "https", "http"].into_iter();
    if let Some(rest) = schemes.find_map(|scheme| host.strip_prefix(scheme)) {
        // The scheme is there, but for its colon. What else is wrong behind it cannot be told.
        let is_without_colon = rest.starts_with("//") || rest.starts_with(r"\/\/");
        if is_without_colon {
            let (before, rest) = text.split_at_checked(text.len() - rest.len())?;
            return Some(format!("{before}:{rest}"));
        }
        if !rest.starts_with(is_of_name) {
            return None;
        }
    }
    let open = if host.starts_with(r"\.") { ".*" } else { "" };
    let is_list = matches!(Parser::new().parse(host), Ok(Ast::Alternation(_)));
    Some(if is_list {
        format!("https://(?:{host})")
    } else {
        format!("https://{open}{host}")
    })
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// Everything from the slash that follows the host, in each alternative.
fn without_path(text: &str) -> Option<String> {
    if !text.contains('|') {
        return host_before_path(text).map(str::to_owned);
    }
    let parts = alternatives(text).into_iter();
    let mended: Vec<&str> = parts
        .map(|part| host_before_path(part).unwrap_or(part))
        .collect();
    (!mended.is_empty()).then(|| mended.join("|"))
}

fn host_before_path(text: &str) -> Option<&str> {
    let after_scheme = ["//", r"\/\/"]
        .into_iter()
        .find_map(|slashes| Some(text.find(slashes)? + slashes.len()))?;
    let (_, rest) = text.split_at_checked(after_scheme)?;
    let slash = rest.find(r"\/").into_iter().chain(rest.find('/')).min()?;
    let host = text.get(..after_scheme + slash)?;
    Some(host.trim_end_matches('('))
}

/// Ports that browsers leave out.
fn without_default_port(text: &str) -> Option<String> {
    let end = text.strip_suffix('$').unwrap_or(text);
    let host = [":443", ":80"]
        .into_iter()
        .find_map(|port| end.strip_suffix(port));
    host.map(str::to_owned)
}

/// Dots that stand for any byte, where they are alone.
fn with_escaped_dots(text: &str) -> Option<String> {
    edited(text, |ast, _| match ast {
        Ast::Dot(span) => Some((**span, r"\.".to_owned())),
        _ => None,
    })
}

/// An open part at the start of a label that runs into a name: `.*example` for `(.*\.)?example`.
fn with_whole_labels(text: &str) -> Option<String> {
    edited(text, |ast, [before, after]| {
        let is_open = match ast {
            Ast::Repetition(_) => true,
            Ast::Group(group) => matches!(*group.ast, Ast::Repetition(_)),
            _ => false,
        };
        let is_at_start =
            matches!(before, Some(Ast::Literal(before)) if matches!(before.c, '/' | '.'));
        let runs_on = matches!(after, Some(Ast::Literal(name)) if name.c.is_ascii_alphanumeric());
        let span = *ast.span();
        let open = text.get(span.start.offset..span.end.offset)?;
        let is_part = is_open && is_at_start && runs_on && !open.contains(r"\.");
        is_part.then(|| (span, format!(r"({open}\.)?")))
    })
}

/// An end that was left open: it can be a port at best.
fn with_port_at_end(text: &str) -> Option<String> {
    let end = text.strip_suffix('$').unwrap_or(text);
    let host = [".*", ".+", "(.*)", "(.*)?", "(:.*)?"]
        .into_iter()
        .find_map(|open| end.strip_suffix(open))?;
    let host = host.strip_suffix(':').unwrap_or(host);
    ends_in_domain(host).then(|| format!("{host}{ANY_PORT}"))
}

/// Whether what was left open is behind a whole name: there may be more of a lone label, as in `https://app.*`.
fn ends_in_domain(host: &str) -> bool {
    let host = host.trim_end_matches(r"\b");
    let is_of_host = |character: char| is_of_name(character) || matches!(character, '.' | '\\');
    match host.trim_end_matches(is_of_host).len() {
        // A group or a class.
        length if length == host.len() => !host.ends_with('/') && host.contains(r"\."),
        length => host.get(length..).is_some_and(|name| {
            (name.contains(r"\.") || name == "localhost")
                && name.ends_with(|last: char| last.is_ascii_alphanumeric())
        }),
    }
}

/// The text with some parts replaced. `edit` sees each part that is not in an edited or a repeated one, with what
/// stands before and after it.
fn edited(
    text: &str,
    edit: impl Fn(&Ast, [Option<&Ast>; 2]) -> Option<(Span, String)>,
) -> Option<String> {
    let ast = Parser::new().parse(text).ok()?;
    let mut edits = Vec::new();
    let mut parts = vec![(&ast, [None, None])];
    while let Some((part, around)) = parts.pop() {
        if let Some(found) = edit(part, around) {
            edits.push(found);
            continue;
        }
        match part {
            Ast::Group(group) => parts.push((&group.ast, around)),
            Ast::Repetition(repetition) if matches!(*repetition.ast, Ast::Group(_)) => {
                parts.push((&repetition.ast, [None, None]));
            }
            Ast::Alternation(list) => parts.extend(list.asts.iter().map(|part| (part, around))),
            Ast::Concat(list) => {
                let [before, after] = around;
                let list = &list.asts;
                let befores = [before].into_iter().chain(list.iter().map(Some));
                let afters = list.iter().skip(1).map(Some).chain([after]);
                let around = befores.zip(afters).map(|(before, after)| [before, after]);
                parts.extend(list.iter().zip(around));
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(span, _)| span.start.offset);
    let mut edited = text.to_owned();
    for (span, part) in edits.into_iter().rev() {
        edited.replace_range(span.start.offset..span.end.offset, &part);
    }
    (edited != text).then_some(edited)
}
