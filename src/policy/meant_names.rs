//! What is probably meant by a text that is no name, among the names of methods and headers.

use super::{registered, setting::ListKind};
use crate::{
    origin::{bare, in_ascii},
    placeholder::is_template,
    words::{Word, meaning_of},
};

/// A bar is a letter of names like others. Between names that people use, it separates them.
pub(super) fn is_list_of_known_names(kind: ListKind, text: &str) -> bool {
    let is_known = |name: &str| match kind {
        ListKind::Methods => registered::is_method(name),
        ListKind::Headers | ListKind::Exposed | ListKind::Vary => registered::is_header(name),
        _ => false,
    };
    text.contains('|') && text.split('|').all(is_known)
}

/// Whether an entry is a name with a value behind it, such as `content-type: application/json`.
pub(super) fn has_value(entry: &str) -> bool {
    name_before_value(entry).is_some()
}

/// The name before a value. `Access-Control-Allow-Headers: x-a` is a list with its name before it.
pub(super) fn name_before_value(entry: &str) -> Option<&str> {
    let is_around = |character: char| "[]{}()\"'`".contains(character);
    let entry = entry.trim_matches(is_around);
    // `Content-Type;charset=utf-8`
    if let Some((name, parameter)) = entry.split_once(';')
        && parameter.contains('=')
        && fetch_standard::is_token(name.trim().as_bytes())
    {
        return Some(name.trim());
    }
    let (name, value) = entry.split_once(':').or_else(|| entry.split_once('='))?;
    let name = name.trim().trim_matches(is_around);
    // `header::CONTENT_TYPE` is a path of code.
    let is_value = !value.contains("://") && !value.starts_with(':');
    let is_name = fetch_standard::is_token(name.as_bytes()) && is_value;
    let lower = name.to_ascii_lowercase();
    let is_of_list = lower.starts_with("access-control-")
        || name.contains('_')
        || lower == "allow"
        || lower.ends_with("headers")
        || lower.ends_with("methods");
    (is_name && !is_of_list).then_some(name)
}

/// What an entry means as a whole: a word, a star in another notation, or brackets and quotes around nothing.
pub(super) fn meaning_of_entry(entry: &str) -> Option<Word> {
    if has_value(entry) {
        return None;
    }
    // `-` is a name.
    let inner = bare(entry);
    let is_star = inner != "*"
        && inner.contains('*')
        && inner
            .chars()
            .all(|character| r"*./^$+\".contains(character));
    let is_empty = inner.is_empty() && !entry.is_empty();
    meaning_of(inner)
        .or((is_star || (inner == "*" && entry != "*")).then_some(Word::Any))
        .or(is_empty.then_some(Word::None))
}

/// The value that one part of a list of names means, if it means one. It is empty if the name is forbidden: without it, the
/// list says the same.
pub(super) fn value_of_name(kind: ListKind, part: &str) -> Option<String> {
    // `Content Type`
    let joined = part.replace(" ", "-");
    if joined != part && registered::is_header(&joined) {
        return Some(joined);
    }
    let is_name = fetch_standard::is_token(part.as_bytes())
        && meaning_of(part).is_none()
        && !is_template(part)
        && (part.len() == 1 || !part.contains('*'))
        && !['\'', '`']
            .iter()
            .any(|quote| part.len() > 1 && part.starts_with(*quote) && part.ends_with(*quote))
        && !is_list_of_known_names(kind, part);
    if part == "*" {
        return Some(part.to_owned());
    }
    let lower = part.to_ascii_lowercase();
    let is_forbidden = match kind {
        ListKind::Methods => fetch_standard::is_forbidden_method(part.as_bytes()),
        ListKind::Headers => fetch_standard::is_forbidden_request_header_name(&lower),
        ListKind::Exposed => fetch_standard::is_forbidden_response_header_name(&lower),
        _ => false,
    };
    if is_forbidden {
        return Some(String::new());
    }
    if kind == ListKind::Methods
        && let Some(method) = registered::method_in_another_case(part)
    {
        return Some(method.to_owned());
    }
    is_name.then(|| part.to_owned())
}

/// The names in a text that is a list in some programming language, if it has no other names than those that people use.
pub(super) fn known_names(kind: ListKind, text: &str) -> Option<Vec<String>> {
    const NOISE: [&str; 22] = [
        "and",
        "or",
        "w",
        "i",
        "q",
        "qw",
        "array",
        "list",
        "vec",
        "set",
        "new",
        "string",
        "str",
        "of",
        "list.of",
        "arrays.aslist",
        "method",
        "methods",
        "header",
        "headers",
        "http",
        "const",
    ];
    let is_of_name =
        |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    // A pattern is not a list.
    if text.contains('*') {
        return None;
    }
    let text = &in_ascii(text);
    let mut names: Vec<String> = Vec::new();
    let mut has_names = false;
    for word in text.split(|character| !is_of_name(character)) {
        let lower = word.to_ascii_lowercase().replace("_", "-");
        let name = match kind {
            ListKind::Methods if registered::is_method(word) => word.to_ascii_uppercase(),
            ListKind::Headers | ListKind::Exposed
                if registered::is_header(&lower) || lower.starts_with("x-") =>
            {
                match word.contains('_') {
                    true => lower,
                    false => word.to_owned(),
                }
            }
            _ if word.is_empty() || NOISE.contains(&&*lower) => continue,
            _ if value_of_name(kind, word).is_some_and(|name| name.is_empty()) => {
                has_names = true;
                continue;
            }
            _ => return None,
        };
        has_names = true;
        let name = value_of_name(kind, &name)?;
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    has_names.then_some(names)
}
