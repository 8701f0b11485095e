//! Origins of the web within other text: in an object, in a call, in a sentence, or with nothing between them.

use super::one_entry::one_entry;
use crate::characters::is_letter;

/// Signs of emphasis around a text.
const MARKS: [char; 2] = ['*', '_'];

/// The longest text that is searched.
const LONGEST: usize = 16 * 1024;

/// The entries that stand in a text, if what is around them is not a part of them and says nothing else.
pub(super) fn embedded(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST || text.trim_start().starts_with(['#', ';']) || is_comment(text) {
        return None;
    }
    let starts = starts(text);
    // An entry of another scheme would be lost.
    if starts.is_empty() || text.matches("://").count() != starts.len() {
        return None;
    }
    let first = starts.first().copied().unwrap_or_default();
    let mut is_clear = is_noise(text.get(..first)?.trim_end_matches(MARKS));
    let mut entries = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(text.len());
        let part = text.get(*start..end)?;
        let length = part
            .find(|character: char| !is_of_url(character))
            .unwrap_or(part.len());
        let (url, rest) = part.split_at_checked(length)?;
        // Separators that URLs may have, and signs of emphasis.
        let mark = text.get(..*start)?.chars().next_back();
        let mark = mark.filter(|mark| MARKS.contains(mark));
        let url = url.trim_end_matches(|last: char| ":.-/".contains(last) || Some(last) == mark);
        entries.push(one_entry(url)?);
        is_clear &= !rest.starts_with(|next: char| "$+?([{\\%".contains(next))
            && is_noise(match mark {
                Some(_) => rest.trim_matches(MARKS),
                None => rest,
            });
    }
    (is_clear && !ends_in_word(text)).then_some(entries)
}

fn is_comment(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix("//")
        .is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Where `http://` and `https://` begin, in any case.
fn starts(text: &str) -> Vec<usize> {
    let scheme_before = |at: usize| {
        let before = text.get(..at)?;
        ["https", "http"].into_iter().find_map(|scheme| {
            let start = before.len().checked_sub(scheme.len())?;
            let is_it = before.get(start..)?.eq_ignore_ascii_case(scheme);
            is_it.then_some(start)
        })
    };
    let mut starts = Vec::new();
    for (at, _) in text.match_indices("://") {
        starts.extend(scheme_before(at));
    }
    starts
}

/// Letters, digits and what joins them in a URL.
fn is_of_url(character: char) -> bool {
    character.is_alphanumeric() || ".-_:/*".contains(character)
}

/// Whether the last URL is followed by one word with nothing but white space between them: it may be a part of the URL, unless
/// the text is a sentence.
fn ends_in_word(text: &str) -> bool {
    let mut words = text
        .rsplit("://")
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let is_word = |word: &str| word.starts_with(char::is_alphanumeric);
    let is_sentence = text
        .split_whitespace()
        .next()
        .is_some_and(|word| !word.contains("://"));
    words.nth(1).is_some_and(is_word) && words.next().is_none() && !is_sentence
}

/// Whether a text around URLs is neither a template nor a name that could be a host.
fn is_noise(text: &str) -> bool {
    // `.WithOrigins(` is a method, and `.get(` has a default.
    let is_method = |rest: &str| {
        let name = rest.split('(').next().unwrap_or_default();
        name.len() < rest.len()
            && name.starts_with(is_letter)
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.to_ascii_lowercase().starts_with("get")
    };
    text.split('.').skip(1).all(is_method)
        && !text.contains(['$', '*'])
        && !text.contains("localhost")
        && !text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_found_in_other_text() {
        for text in [
            r#"{"origins":["https://a.example","https://b.example"]}"#,
            r#"[{"origin":"https://a.example"},{"origin":"https://b.example"}]"#,
            "array('https://a.example', 'https://b.example')",
            "['one' => 'https://a.example', 'two' => 'https://b.example']",
            "%w[https://a.example https://b.example]",
            r#"builder.WithOrigins("https://a.example", "https://b.example")"#,
            r#"list(["https://a.example".parse().unwrap(), "https://b.example".parse().unwrap()])"#,
            r#"[]string{"https://a.example", "https://b.example"}"#,
            "• https://a.example • https://b.example",
            "https://a.example - production, https://b.example - staging",
            "https://a.examplehttps://b.example",
            "https://a.example<br>https://b.example",
            "**https://a.example** and **https://b.example/**",
            "The pages are at https://a.example and https://b.example in production",
        ] {
            let entries = embedded(text).map(|entries| entries.join(","));
            assert_eq!(
                entries.as_deref(),
                Some("https://a.example,https://b.example"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_part_of_something_else_is_no_origin() {
        for text in [
            "https://$HOST",
            "https://a.example$HOST",
            "https://app[1-3].example",
            "https://(a|b).example",
            "https://app?.example",
            "app://. https://a.example",
            "b.example and https://a.example",
            "https://a example",
            "https://a.example *",
            "https://a%",
            "# https://a.example",
            "// https://a.example",
            "a b",
        ] {
            assert_eq!(embedded(text), None, "{text}");
        }
    }
}
