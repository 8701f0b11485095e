//! Lists in the text of a variable: how they are split, and what a list in another form means.

use crate::{
    characters::is_lower,
    origin::{bare, texts_of_markup, undelimited, without_comment, without_letter_before_quote},
};

/// The entries of a list, separated by commas or line breaks. A line break next to a comma is white space around an
/// entry, and one separator at the end is allowed.
pub(super) fn entries(text: &str) -> Vec<&str> {
    let text = text.trim_ascii();
    let text = text.strip_suffix(',').map_or(text, str::trim_ascii);
    let mut entries = Vec::new();
    for part in text.split(',') {
        for entry in part.trim_ascii().split('\n') {
            entries.push(entry.trim_ascii());
        }
    }
    entries
}

/// The values of a list in the form of another program: as JSON, with semicolons or spaces, with quotes, bullets or
/// comments. `None` if the form is right, or if the meaning of a part is not clear.
///
/// `value` gives the value that a part means, if it means one; an empty one is left out.
pub(in crate::policy) fn in_another_form(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let mut has_other_form = false;
    let mut has_values = false;
    let mut values = Vec::new();
    let whole = if has_brackets_around(text) {
        has_other_form = true;
        bare(text)
    } else {
        text
    };
    for line in whole.split('\n') {
        let rest = match whole.contains('\n') {
            true => without_comment_at_end(line),
            false => line,
        };
        has_other_form |= rest.len() < line.len();
        let line = rest;
        for entry in split_outside_links(line) {
            let part = bare(entry);
            has_other_form |= part.len() != entry.trim().len() || part.contains(' ');
            if part.is_empty() || is_key(part) {
                continue;
            }
            // How YAML begins a text of several lines.
            if [">", ">-", ">+", "|", "|-", "|+"].contains(&entry.trim()) {
                has_other_form = true;
                continue;
            }
            if let Some(value) = value(part) {
                has_values = true;
                values.extend(Some(value).filter(|value| !value.is_empty()));
                continue;
            }
            has_other_form = true;
            // Words between entries, and the sources of a content security policy that are not origins.
            const WORDS: [&str; 7] = ["and", "or", "+", "always", "self", "data:", "blob:"];
            let mut parts = split_further(part);
            parts.retain(|part| !part.is_empty() && !WORDS.contains(&&*part.to_ascii_lowercase()));
            // A part of an origin without the scheme would look like another origin.
            let schemes = parts.iter().filter(|part| part.contains("://")).count();
            if ![0, parts.len()].contains(&schemes) {
                return None;
            }
            for part in parts {
                has_values = true;
                values.extend(Some(value(part)?).filter(|value| !value.is_empty()));
            }
        }
    }
    (has_other_form && has_values).then_some(values)
}

/// The name of a list before its entries: `allowed_origins:`.
fn is_key(part: &str) -> bool {
    let name = part.strip_suffix(':').unwrap_or_default();
    let is_of_name = |byte: u8| byte.is_ascii_alphabetic() || b"_-".contains(&byte);
    name.len() > 2 && name.bytes().all(is_of_name)
}

/// A line of several without its comment, which may be the whole line.
fn without_comment_at_end(line: &str) -> &str {
    let is_comment = |line: &str| line.starts_with('#') || line.starts_with("// ");
    if is_comment(line.trim_start()) {
        return "";
    }
    let rest = without_comment(line);
    let comment = line.get(rest.len()..).unwrap_or_default();
    match is_comment(comment.trim_start()) {
        true => rest,
        false => line,
    }
}

/// `[…]`, `(…)`, `{…}` around several entries.
fn has_brackets_around(text: &str) -> bool {
    let text = text.trim_ascii().trim_end_matches([';', ',']);
    let is_pair = |open, close| text.starts_with(open) && text.ends_with(close);
    (is_pair('[', ']') || is_pair('(', ')') || is_pair('{', '}'))
        && text.contains([',', '"', '\'', '\n', ' '])
}

/// At commas; the text of a link in Markdown may have some.
fn split_outside_links(line: &str) -> impl Iterator<Item = &str> {
    let separator = if line.contains("](") { '\n' } else { ',' };
    line.split(separator)
}

/// Splits at separators of other programs, also at line breaks and commas that are still escaped.
fn split_further(part: &str) -> Vec<&str> {
    let mut lines = vec![part];
    for escaped in ["\\n", "%2C", "%2c"] {
        for line in std::mem::take(&mut lines) {
            lines.extend(line.split(escaped));
        }
    }
    let mut parts = Vec::new();
    for line in lines {
        for part in line.split([
            ';', '|', '&', ' ', '\t', '\r', '\u{a0}', '\u{3000}', '，', '、', '；',
        ]) {
            parts.push(bare(part));
        }
    }
    parts
}

/// Regexes in the form of another program: with commas, quotes, brackets or slashes around each. `None` if the form is
/// right.
pub(in crate::policy) fn regexes_in_another_form(text: &str) -> Option<Vec<String>> {
    let markup = texts_of_markup(text);
    let text = markup.as_deref().unwrap_or(text);
    let is_json = text.starts_with('[') && text.ends_with(']') && text.contains(['"', '\'']);
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let list = inner.filter(|_| is_json).unwrap_or(text);
    let mut has_other_form = is_json || markup.is_some();
    let mut regexes = Vec::new();
    for line in list.split('\n') {
        for (part, is_behind_comma) in at_commas_and_spaces(line) {
            if part.starts_with('#') && undelimited(part).is_none() && !text.contains("(?x") {
                // A comment.
                has_other_form = true;
                break;
            }
            has_other_form |= is_behind_comma;
            let regex = without_marks(part);
            has_other_form |= regex.len() != part.len();
            if !regex.is_empty() {
                regexes.push(regex.replace(r"\/", "/"));
            }
        }
    }
    // In strings of other languages, backslashes are doubled.
    if has_other_form {
        for regex in &mut regexes {
            *regex = regex.replace(r"\\", r"\");
        }
    }
    (has_other_form && !regexes.is_empty()).then_some(regexes)
}

/// The parts of a text between white space, and commas that are not in brackets of any kind; each with whether a comma
/// is before or after it.
fn at_commas_and_spaces(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut escaped, mut comma) = (0, 0_usize, false, false);
    for (at, character) in text.char_indices() {
        let is_comma = matches!(character, ',' | ';') && depth == 0 && !escaped;
        if is_comma || character.is_ascii_whitespace() {
            let part = text.get(start..at).unwrap_or_default();
            if !part.is_empty() {
                parts.push((part, comma || is_comma));
                comma = false;
            }
            comma |= is_comma;
            start = at + character.len_utf8();
        }
        match character {
            '(' | '[' | '{' if !escaped => depth += 1,
            ')' | ']' | '}' if !escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    let part = text.get(start..).unwrap_or_default();
    if !part.is_empty() {
        parts.push((part, comma));
    }
    parts
}

/// A regex without what stands around it in the source of a program, and without its name before it. Nothing is left of
/// bullets and of words between regexes.
fn without_marks(part: &str) -> &str {
    const WORDS: [&str; 12] = [
        "-",
        "*",
        "+",
        "•",
        "|",
        "||",
        "&",
        "and",
        "or",
        "new",
        "header_regexp",
        "Origin",
    ];
    // What a map of nginx gives for the regex before it.
    let is_value = part
        .trim_start_matches(['"', '\''])
        .strip_prefix('$')
        .is_some_and(|name| name.starts_with(is_lower));
    if WORDS.contains(&part) || is_value {
        return "";
    }
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let part = match part.split_once('=') {
        Some((name, value)) if name.len() > 2 && name.bytes().all(is_of_name) => value,
        _ => part,
    };
    let part = without_letter_before_quote(part);
    let part = ["regex:", "regexp:", "re:"]
        .iter()
        .find_map(|word| {
            part.strip_prefix(word)
                .filter(|rest| !rest.starts_with("//"))
        })
        .unwrap_or(part);
    let part = undelimited(part).unwrap_or(part);
    let part = part.trim_matches(['"', '\'', '`', ';']);
    let part = part
        .strip_prefix("~*")
        .or_else(|| part.strip_prefix('~'))
        .unwrap_or(part);
    undelimited(part).unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Option<String> {
        let is_origin = text.starts_with("https://") || text.starts_with("http://");
        (is_origin && !text.contains([' ', ';', '|', ',', '"']) && text.matches("://").count() == 1)
            .then(|| text.to_owned())
    }

    #[test]
    fn lists_are_split() {
        for (text, wanted) in [
            ("a,b", &["a", "b"][..]),
            (" a , \n b\nc", &["a", "b", "c"]),
            ("a,", &["a"]),
            ("a,\n", &["a"]),
            ("a,,", &["a", ""]),
            (",a", &["", "a"]),
            (",", &[""]),
        ] {
            assert_eq!(entries(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn lists_in_other_forms_are_understood() {
        for text in [
            "[https://a.example, https://b.example]",
            "[\"https://a.example\", \"https://b.example\"]",
            "[\\\"https://a.example\\\",\\\"https://b.example\\\"]",
            "['https://a.example', 'https://b.example']",
            "(\"https://a.example\", \"https://b.example\")",
            "\"https://a.example\", \"https://b.example\"",
            "\"https://a.example,https://b.example\"",
            "https://a.example;https://b.example",
            "https://a.example; https://b.example;",
            "https://a.example https://b.example",
            "https://a.example|https://b.example",
            "https://a.example | https://b.example",
            "https://a.example and https://b.example",
            "https://a.example\\nhttps://b.example",
            "- https://a.example\n- https://b.example",
            "https://a.example # one\nhttps://b.example # two",
            "[\n  \"https://a.example\",\n  \"https://b.example\"\n]",
            "[\n  \"https://a.example\", // one\n  \"https://b.example\" // two\n]",
            "origins:\n  - https://a.example\n  - https://b.example",
            "# one, first\nhttps://a.example\n# two\nhttps://b.example",
            "https://a.example # one, https://b.example",
            "[\"https://a.example\" \"https://b.example\"]",
        ] {
            let values = in_another_form(text, &origin);
            let wanted = ["https://a.example", "https://b.example"].map(str::to_owned);
            assert_eq!(values.as_deref(), Some(&wanted[..]), "{text}");
        }
    }

    #[test]
    fn lists_as_they_have_to_be_are_left_alone() {
        for text in [
            "https://a.example,https://b.example",
            "https://a.example\nhttps://b.example",
            "https://a.example, ,https://b.example",
            "https://a.example, rubbish",
            "[rubbish]",
            "*",
        ] {
            assert_eq!(in_another_form(text, &origin), None, "{text}");
        }
    }
}
