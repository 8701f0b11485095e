//! Text around a copied value: quotes, brackets, bullets, comments, links, the name of a variable or of a header.

use crate::characters::{is_digit, is_letter};

/// The value without the text around it.
///
/// It removes one pair after the other until nothing changes, because there may be several:
/// `- "https://a.example", # mine`.
pub(crate) fn bare(text: &str) -> &str {
    // Each step reads the whole text, and a longer text is not an origin with something around it.
    const MOST_LAYERS: usize = 16;
    const LONGEST: usize = 2048;
    if text.len() > LONGEST {
        return text;
    }
    let mut text = text;
    for _ in 0..MOST_LAYERS {
        let inner = without_one_layer(text);
        if inner == text {
            break;
        }
        text = inner;
    }
    text
}

/// With hyphens for typographic dashes, which word processors make of the hyphens that people type, and with the signs of ASCII
/// for full-width ones.
pub(crate) fn in_ascii(text: &str) -> String {
    let plain = |character: char| match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        other => other,
    };
    text.chars().map(plain).collect()
}

fn without_one_layer(text: &str) -> &str {
    let text = text.trim_matches(is_margin);
    let text = without_comment(text);
    let text = without_bullet(text);
    let text = target_of_link(text);
    let text = without_name(without_directive(text));
    let text = without_letter_before_quote(text);
    without_brackets(without_quotes(text))
}

/// White space, separators of values, and invisible characters.
fn is_margin(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            ',' | ';' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'
        )
}

/// `https://a.example # mine`, `https://a.example // mine`, `https://a.example (mine)`, `https://a.example [mine]`.
pub(crate) fn without_comment(text: &str) -> &str {
    const MARKS: [&str; 8] = ["#", "//", "--", "<!--", "/*", "(", "=>", "->"];
    // It ends with its line.
    if text.contains('\n') {
        return text;
    }
    let is_comment = |rest: &str| {
        let comment = rest.trim_start();
        let is_word = comment.starts_with('[')
            && comment.ends_with(']')
            && !comment.contains(['"', '\'', ':']);
        // Behind a remark in brackets, another entry may follow.
        let is_list = comment.starts_with('(') && comment.contains("://");
        comment.len() < rest.len()
            && !is_list
            && (is_word || MARKS.iter().any(|mark| comment.starts_with(mark)))
    };
    let start = text
        .char_indices()
        .find(|(at, character)| {
            *at > 0 && character.is_whitespace() && text.get(*at..).is_some_and(is_comment)
        })
        .map_or(text.len(), |(at, _)| at);
    text.get(..start).unwrap_or(text)
}

/// `- https://a.example`, `* https://a.example`, `1. https://a.example`.
fn without_bullet(text: &str) -> &str {
    let number = text.trim_start_matches(is_digit);
    let rest = match text.strip_prefix(['-', '*', '+', '•', '·', '–', '—', '>']) {
        Some(rest) => rest,
        None if number.len() < text.len() => match number.strip_prefix(['.', ')']) {
            Some(rest) => rest,
            None => return text,
        },
        None => return text,
    };
    if rest.starts_with(char::is_whitespace) {
        rest.trim_start()
    } else {
        text
    }
}

/// The address in `[text](address)`.
fn target_of_link(text: &str) -> &str {
    let link = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(')'))
        .and_then(|text| text.split_once("]("));
    link.map_or(text, |(_, target)| target)
}

/// `Access-Control-Allow-Methods "GET, PUT"`, as nginx and Apache set a header.
fn without_directive(text: &str) -> &str {
    let words = ["add_header", "Header", "header", "always", "set", "append"];
    let mut rest = text;
    while let Some(more) = words
        .iter()
        .find_map(|word| rest.strip_prefix(word)?.strip_prefix(' '))
    {
        rest = more.trim_start();
    }
    let name_and_value = rest.split_once(char::is_whitespace);
    match name_and_value {
        Some((name, value))
            if name
                .trim_matches(['"', '\''])
                .to_ascii_lowercase()
                .starts_with("access-control-") =>
        {
            value.trim_start()
        }
        _ => text,
    }
}

/// `CORS_ALLOWED_ORIGINS=…`, `export ORIGIN=…`, `Origin: …`, `"origin": …`.
fn without_name(text: &str) -> &str {
    let text = ["export ", "set ", "SET ", "ENV ", "env ", "origins "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let is_name = |name: &str| {
        let name = name.trim().trim_matches(['"', '\'']);
        name.len() > 2
            && name.starts_with(is_letter)
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
    };
    if let Some((name, value)) = text.split_once('=')
        && is_name(name)
    {
        return value;
    }
    match text.split_once(':') {
        // The colon of a scheme or of a port has no white space after it.
        Some((name, value)) if is_name(name) && value.starts_with(char::is_whitespace) => value,
        _ => text,
    }
}

/// Whether a text is another setting of CORS and its value: `credentials: true`, `"maxAgeSeconds": 3600}`.
pub(crate) fn is_other_setting(text: &str) -> bool {
    const ABOUT: [&str; 5] = ["credential", "header", "method", "maxage", "status"];
    let Some((name, value)) = text.split_once([':', '=']) else {
        return false;
    };
    let name = name.trim_matches(|character: char| " \"'{[(".contains(character));
    let lower = name.to_ascii_lowercase().replace(['_', '-'], "");
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte));
    is_name && !value.contains("://") && ABOUT.iter().any(|about| lower.contains(about))
}

/// `r"…"`, `u'…'`, `b"…"` of Python and Rust.
pub(crate) fn without_letter_before_quote(text: &str) -> &str {
    let rest = text.strip_prefix(['r', 'u', 'b', 'f', '@']);
    rest.filter(|rest| rest.starts_with(['"', '\'']))
        .unwrap_or(text)
}

/// Quotes of programs and of typesetting, escaped ones too; also one alone that was left over.
fn without_quotes(text: &str) -> &str {
    const QUOTES: [&str; 15] = [
        "\\\\\"", "\\\"", "\\'", "\"", "'", "`", "“", "”", "„", "‘", "’", "«", "»", "&quot;",
        "&#34;",
    ];
    let text = QUOTES
        .iter()
        .find_map(|quote| text.strip_prefix(quote))
        .unwrap_or(text);
    QUOTES
        .iter()
        .find_map(|quote| text.strip_suffix(quote))
        .unwrap_or(text)
}

/// Brackets of a list around the whole, or one bracket that is left after a list was split at its commas.
fn without_brackets(text: &str) -> &str {
    const PAIRS: [(char, char); 4] = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>')];
    for (open, close) in PAIRS {
        let opened = text.strip_prefix(open);
        let closed = text.strip_suffix(close);
        let is_address = open == '[' && is_ipv6(text);
        if let Some(inner) = opened
            && !is_address
            && (closed.is_some() || !inner.contains(close))
        {
            return inner.strip_suffix(close).unwrap_or(inner);
        }
        if let Some(inner) = closed
            && !inner.contains(open)
        {
            return inner;
        }
    }
    text
}

/// `[::1]:3000`
fn is_ipv6(text: &str) -> bool {
    let inside = text.split_once(']').map(|(address, _)| address);
    let inside = inside.and_then(|address| address.strip_prefix('['));
    inside.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_value_comes_off() {
        for (text, value) in [
            ("http://localhost:3000 # frontend", "http://localhost:3000"),
            ("http://localhost:3000 // frontend", "http://localhost:3000"),
            ("https://a.example (production)", "https://a.example"),
            ("https://a.example [production]", "https://a.example"),
            ("- https://a.example", "https://a.example"),
            ("• https://a.example", "https://a.example"),
            ("2) https://a.example", "https://a.example"),
            (
                "[https://a.example](https://a.example)",
                "https://a.example",
            ),
            ("[site](https://a.example)", "https://a.example"),
            ("<https://a.example>", "https://a.example"),
            ("**https://a.example**", "**https://a.example**"),
            ("\"https://a.example\"", "https://a.example"),
            ("\\\"https://a.example\\\"", "https://a.example"),
            ("[\\\"https://a.example\\\"]", "https://a.example"),
            ("['https://a.example']", "https://a.example"),
            ("[\"https://a.example\"", "https://a.example"),
            ("'https://a.example']", "https://a.example"),
            ("“https://a.example”", "https://a.example"),
            ("https://a.example;", "https://a.example"),
            ("r'https://a\\.example'", "https://a\\.example"),
            (
                "CORS_ALLOWED_ORIGINS=https://a.example",
                "https://a.example",
            ),
            ("export ORIGIN='https://a.example'", "https://a.example"),
            ("Origin: https://a.example", "https://a.example"),
            (
                "Access-Control-Allow-Origin: https://a.example",
                "https://a.example",
            ),
            ("- \"https://a.example\", # mine", "https://a.example"),
            ("{\"https://a.example\"}", "https://a.example"),
            ("(\"https://a.example\",)", "https://a.example"),
        ] {
            assert_eq!(bare(text), value, "{text}");
        }
    }

    #[test]
    fn what_belongs_to_a_value_stays() {
        for text in [
            "https://a.example",
            "http://[::1]:3000",
            "[::1]:3000",
            "[::1]",
            "https://a.example/#/route",
            "https://a.example/?q=1",
            "a.example:8080",
            "*",
            "-1",
            "24h",
            "x-a",
            r"^https://(a|b)\.example$",
        ] {
            assert_eq!(bare(text), text);
        }
    }
}
