//! One text that stands for several entries, as shells and other programs write them: `http://localhost:{3000,3001}`,
//! `http*://a.example`, `http(s)://a.example`, `http://localhost:3000|3001`.

use crate::characters::is_number;

/// How many texts one may stand for. Nobody means more by a choice, and a few brackets in a row would make millions.
const MOST: usize = 32;

/// The texts that one stands for; `None` if it has no choice, or too many.
pub(super) fn expansions(text: &str) -> Option<Vec<String>> {
    // What is a regex has its own choices, and repetitions such as `{2,5}`.
    // Without a scheme, only `localhost:` and Chromium's `[*.]` are clear.
    if !(text.contains("://") || text.contains("localhost:") || text.starts_with(WITH_SUBDOMAINS))
        || text.contains(['\\', '^', '$', '"', '\''])
    {
        return None;
    }
    let mut texts = vec![text.to_owned()];
    let mut is_done = false;
    while !is_done {
        is_done = true;
        let mut next = Vec::new();
        for text in texts {
            match choice(&text) {
                None => next.push(text),
                Some(Choice {
                    before,
                    parts,
                    after,
                }) => {
                    is_done = false;
                    for part in parts {
                        next.push(format!("{before}{part}{after}"));
                    }
                }
            }
            if next.len() > MOST {
                return None;
            }
        }
        texts = next;
    }
    (texts.len() > 1).then_some(texts)
}

/// A text with each choice written out, so that its entries can be separated at commas; `None` if it has no choice.
pub(crate) fn with_expansions(text: &str) -> Option<String> {
    let mut has_choice = false;
    let mut parts = Vec::new();
    for part in at_commas_outside_brackets(text) {
        match expansions(part.trim()) {
            None => parts.push(part.to_owned()),
            Some(mut texts) => {
                has_choice = true;
                parts.append(&mut texts);
            }
        }
    }
    has_choice.then(|| parts.join(","))
}

struct Choice<'a> {
    before: &'a str,
    parts: Vec<String>,
    after: &'a str,
}

/// The first choice in a text.
fn choice(text: &str) -> Option<Choice<'_>> {
    choice_of_scheme(text)
        .or_else(|| choice_of_subdomains(text))
        .or_else(|| choice_in_brackets(text))
        .or_else(|| choice_of_port(text))
}

/// How Chromium writes a host together with its subdomains.
const WITH_SUBDOMAINS: &str = "[*.]";

fn choice_of_subdomains(text: &str) -> Option<Choice<'_>> {
    let (before, after) = text.split_once(WITH_SUBDOMAINS)?;
    Some(Choice {
        before,
        parts: vec!["*.".to_owned(), String::new()],
        after,
    })
}

fn choice_of_scheme(text: &str) -> Option<Choice<'_>> {
    const BOTH: [&str; 13] = [
        "*",
        "http*",
        "http[s]",
        "http(s)",
        "http(s)?",
        "http|https",
        "https|http",
        "http/https",
        "https/http",
        "http{s}",
        "http{s}?",
        "(http|https)",
        "(https|http)",
    ];
    let (scheme, rest) = text.split_once("://")?;
    // Without a star, it is better said as a regex.
    let is_both = BOTH.contains(&scheme) || (scheme == "https?" && rest.contains('*'));
    is_both.then(|| Choice {
        before: "",
        parts: vec!["https".to_owned(), "http".to_owned()],
        after: text.get(scheme.len()..).unwrap_or_default(),
    })
}

/// `{a,b}`, `{a|b}`, `[a,b]`, `(a,b)`. A choice in round brackets with bars is a regex.
fn choice_in_brackets(text: &str) -> Option<Choice<'_>> {
    let is_of_part =
        |character: char| character.is_ascii_alphanumeric() || ".:*_-,| ".contains(character);
    for (open, close, separators) in [
        ('{', '}', &[',', '|'][..]),
        ('[', ']', &[',', '|']),
        ('(', ')', &[',']),
    ] {
        let Some((before, rest)) = text.split_once(open) else {
            continue;
        };
        let Some((inside, after)) = rest.split_once(close) else {
            continue;
        };
        // Brackets around a whole list are no choice.
        let is_part =
            before.contains("://") || before.ends_with("localhost:") || after.starts_with("://");
        if is_part
            && open == '{'
            && let Some(parts) = range(inside)
        {
            return Some(Choice {
                before,
                parts,
                after,
            });
        }
        if is_part && inside.contains(separators) && inside.chars().all(is_of_part) {
            let mut parts = Vec::new();
            for part in inside.split(separators) {
                parts.push(part.trim().to_owned());
            }
            return Some(Choice {
                before,
                parts,
                after,
            });
        }
    }
    None
}

/// `1..3`, `1-3`
fn range(text: &str) -> Option<Vec<String>> {
    let (first, last) = text.split_once("..").or_else(|| text.split_once('-'))?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|_| is_number(text));
    let (first, last) = (number(first)?, number(last)?);
    if first >= last || last - first >= MOST {
        return None;
    }
    let mut numbers = Vec::new();
    for number in first..=last {
        numbers.push(number.to_string());
    }
    Some(numbers)
}

/// `http://localhost:3000|3001`, `http://localhost:3000/3001`, `http://localhost:3000,3001` where commas separate no entries
fn choice_of_port(text: &str) -> Option<Choice<'_>> {
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (_, ports) = authority.split_once(':')?;
    let before = text.get(..text.len() - ports.len())?;
    let mut parts = Vec::new();
    for port in ports.split(['|', '/', ',']) {
        if !(4..=5).contains(&port.len()) || !is_number(port) {
            return None;
        }
        parts.push(port.to_owned());
    }
    (parts.len() > 1).then_some(Choice {
        before,
        parts,
        after: "",
    })
}

fn at_commas_outside_brackets(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' | '\n' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_written_out() {
        for (text, wanted) in [
            (
                "http://localhost:{3000,3001}",
                "http://localhost:3000 http://localhost:3001",
            ),
            (
                "http://localhost:[3000, 3001]",
                "http://localhost:3000 http://localhost:3001",
            ),
            (
                "http://localhost:3000|3001",
                "http://localhost:3000 http://localhost:3001",
            ),
            ("localhost:{3000,3001}", "localhost:3000 localhost:3001"),
            (
                "https://{app|admin}.example.com",
                "https://app.example.com https://admin.example.com",
            ),
            (
                "https://{a,b}.example.{com,org}",
                "https://a.example.com https://a.example.org https://b.example.com https://b.example.org",
            ),
            ("http{s,}://a.example", "https://a.example http://a.example"),
            (
                "{http,https}://a.example",
                "http://a.example https://a.example",
            ),
            ("http*://a.example", "https://a.example http://a.example"),
            (
                "https?://*.a.example",
                "https://*.a.example http://*.a.example",
            ),
        ] {
            assert_eq!(
                expansions(text).map(|texts| texts.join(" ")).as_deref(),
                Some(wanted)
            );
        }
    }

    #[test]
    fn what_has_no_choice_is_left_alone() {
        for text in [
            "https://a.example",
            "http://[::1]:3000",
            "[https://a.example,https://b.example]",
            r"http://localhost:\d{4,5}",
            "https://(a|b).example",
            "https://a.example/x/y",
            "https?://a.example",
            "a{1,2}",
        ] {
            assert_eq!(expansions(text), None, "{text}");
        }
        let many = format!("https://{}.example", "{a,b}".repeat(6));
        assert_eq!(expansions(&many), None);
    }

    #[test]
    fn lists_are_written_out_whole() {
        assert_eq!(
            with_expansions("https://a.example, http://localhost:{1,2}").as_deref(),
            Some("https://a.example,http://localhost:1,http://localhost:2")
        );
        assert_eq!(with_expansions("https://a.example,https://b.example"), None);
    }
}
