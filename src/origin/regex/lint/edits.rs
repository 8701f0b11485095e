//! Corrections of single mistakes in a regex.
//!
//! Each is a guess about what the author meant. None needs to be right: the lint checks a suggestion before it shows it.

use regex_syntax::ast::{Ast, parse::Parser};

use super::{
    super::delimiters::undelimited,
    syntax_edits::{alternatives, edited},
};
use crate::characters::{is_letter, is_letter_or_digit};

/// An optional port, as a regex.
pub(super) const ANY_PORT: &str = r"(:\d+)?";

/// Each corrects one kind of mistake. The order matters: quotes hide the scheme, upper case hides `https`, a path hides the
/// port.
pub(super) const EDITS: [fn(&str) -> Option<String>; 11] = [
    without_delimiters,
    with_single_escapes,
    in_lower_case,
    with_https,
    without_path,
    without_default_port,
    with_whole_address,
    with_escaped_dots,
    with_separate_labels,
    with_port_at_end,
    with_whole_port,
];

/// Removes what stands around a regex in the source of a program, and turns commas between several regexes into
/// alternatives.
pub(super) fn without_delimiters(text: &str) -> Option<String> {
    let inner = undelimited(text).unwrap_or(text);
    let list = inner.replace(",http", "|http");
    (list != text).then_some(list)
}

/// Halves doubled backslashes, which a string of another language needed and which match a backslash here. A string in a
/// string needed four.
pub(super) fn with_single_escapes(text: &str) -> Option<String> {
    let mut single = text.to_owned();
    while single.contains(r"\\") {
        single = single.replace(r"\\", r"\");
    }
    (single != text).then_some(single)
}

pub(super) fn in_lower_case(text: &str) -> Option<String> {
    // `[^A-Z]` excludes upper case, which is not a mistake.
    if text.contains("[^") {
        return None;
    }
    let mut lower = String::with_capacity(text.len());
    let mut escaped = false;
    for character in text.chars() {
        // `\D` is not `\d` in upper case.
        lower.push(if escaped {
            character
        } else {
            character.to_ascii_lowercase()
        });
        escaped = character == '\\' && !escaped;
    }
    (lower != text).then_some(lower)
}

/// Writes `https://` for a scheme that is open, optional or missing.
pub(super) fn with_https(text: &str) -> Option<String> {
    for separator in ["://", r":\/\/"] {
        let optional = format!("{separator})?");
        if text.contains(&optional) {
            return Some(text.replacen(optional.as_str(), &format!("{separator})"), 1));
        }
        if let Some((scheme, rest)) = text.split_once(separator) {
            // A scheme that is named is meant.
            let is_open = scheme.contains(['.', '*', '+', '[', '\\']);
            let rest = rest.strip_prefix(')').unwrap_or(rest);
            return is_open.then(|| format!("{}://{rest}", scheme_of(rest)));
        }
    }
    if !text.contains('.') && !text.contains("localhost") {
        return None;
    }
    let host = text.strip_prefix('^').unwrap_or(text);
    let mut schemes = ["https?", "https", "http"].into_iter();
    if let Some(rest) = schemes.find_map(|scheme| host.strip_prefix(scheme)) {
        // Only the colon of the scheme is missing. Other mistakes after it cannot be guessed.
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
    let scheme = scheme_of(host);
    Some(if is_list {
        format!("{scheme}://(?:{host})")
    } else {
        format!("{scheme}://{open}{host}")
    })
}

/// The scheme that pages of a host have: those of this machine are mostly plain http.
fn scheme_of(host: &str) -> &'static str {
    let rest = host.replace("localhost", "").replace(r"\d", "");
    let is_loopback = host.contains("localhost") || host.contains("127");
    match is_loopback && !rest.contains(is_letter) {
        true => "http",
        false => "https",
    }
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// Removes the path in each alternative: everything from the slash after the host.
pub(super) fn without_path(text: &str) -> Option<String> {
    if !text.contains('|') {
        return host_before_path(text).map(str::to_owned);
    }
    let mut hosts = alternatives(text);
    for host in &mut hosts {
        *host = host_before_path(host).unwrap_or(host);
    }
    (!hosts.is_empty()).then(|| hosts.join("|"))
}

fn host_before_path(text: &str) -> Option<&str> {
    let after_scheme = ["//", r"\/\/"]
        .into_iter()
        .find_map(|slashes| Some(text.find(slashes)? + slashes.len()))?;
    let (_, rest) = text.split_at_checked(after_scheme)?;
    let slash = rest.find('/')?;
    // Its backslash does not belong to the host.
    let host = text.get(..after_scheme + slash)?;
    let host = host.strip_suffix('\\').unwrap_or(host);
    Some(host.trim_end_matches('('))
}

/// Removes a default port, which browsers leave out.
pub(super) fn without_default_port(text: &str) -> Option<String> {
    let end = text.strip_suffix('$').unwrap_or(text);
    let host = [":443", ":80"]
        .into_iter()
        .find_map(|port| end.strip_suffix(port));
    host.map(str::to_owned)
}

/// Escapes dots that are not repeated. They match any byte, and a dot is meant; `.*` is meant as it is.
pub(super) fn with_escaped_dots(text: &str) -> Option<String> {
    edited(text, &|ast, _| match ast {
        Ast::Dot(span) => Some((**span, r"\.".to_owned())),
        _ => None,
    })
}

/// Writes `.*example` as `(.*\.)?example`: an open part at the start of a label must not run into a name.
pub(super) fn with_separate_labels(text: &str) -> Option<String> {
    edited(text, &|ast, [before, after]| {
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

/// Writes an optional port for an open end: nothing else can follow a host.
pub(super) fn with_port_at_end(text: &str) -> Option<String> {
    let end = text.strip_suffix('$').unwrap_or(text);
    let open_ends = [
        r":?\d*", r":*\d*", ":?[0-9]*", ":*[0-9]*", ".*", ".+", "(.*)", "(.*)?", "(:.*)?",
    ];
    let host = open_ends
        .into_iter()
        .find_map(|open| end.strip_suffix(open))?;
    let host = host.strip_suffix(':').unwrap_or(host);
    ends_in_domain(host).then(|| format!("{host}{ANY_PORT}"))
}

/// Writes the groups that are missing at the end of an address: `http://192\.168\.` and `http://192\.168\..*`. As a prefix,
/// it was all addresses.
pub(super) fn with_whole_address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("//")?;
    let rest = rest.strip_suffix('$').unwrap_or(rest);
    let (host, port) = match rest.find(':') {
        Some(colon) => {
            rest.split_at_checked(colon - usize::from(rest.get(..colon)?.ends_with('(')))?
        }
        None => (rest, ANY_PORT),
    };
    let host = host.replace(r"\.", ".");
    let open_ends = [".*", ".+", "(.*)", "(.+)"];
    let before_open = open_ends.iter().find_map(|open| host.strip_suffix(open));
    let named = match before_open {
        Some(named) => named.strip_suffix('.').unwrap_or(named),
        None => host.strip_suffix('.')?,
    };
    let groups: Vec<&str> = named.split('.').collect();
    let missing = 4_usize
        .checked_sub(groups.len())
        .filter(|count| *count > 0)?;
    let are_numbers = groups.iter().all(|group| group.parse::<u8>().is_ok());
    let named = groups.join(r"\.");
    let more = r"\.\d{1,3}".repeat(missing);
    are_numbers.then(|| format!("{scheme}//{named}{more}{port}"))
}

/// Writes the digits of a port after its colon.
pub(super) fn with_whole_port(text: &str) -> Option<String> {
    let is_after_host = text.ends_with(':') && !text.ends_with("::") && text.contains("//");
    is_after_host.then(|| format!(r"{text}\d+"))
}

/// Whether an open end follows a whole name. After a single label, as in `https://app.*`, the rest of the name may be meant.
fn ends_in_domain(host: &str) -> bool {
    let host = host.trim_end_matches(r"\b");
    let is_of_host = |character: char| is_of_name(character) || matches!(character, '.' | '\\');
    match host.trim_end_matches(is_of_host).len() {
        // A group or a class.
        length if length == host.len() => !host.ends_with('/') && host.contains(r"\."),
        length => host.get(length..).is_some_and(|name| {
            (name.contains(r"\.") || name == "localhost") && name.ends_with(is_letter_or_digit)
        }),
    }
}
