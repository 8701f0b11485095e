//! All text of a policy, a request or a path is shown to people by this module.
//!
//! Anyone may have written such text, and a terminal obeys control characters. So control, format and blank characters
//! are escaped as in Rust. Passwords are left out, and long text is cut.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use memchr::memmem;

/// How many characters of a value or a name are shown within a sentence.
const IN_SENTENCE: usize = 128;

/// How many characters are shown of a text with its own line, such as a regex of the policy.
const IN_LINE: usize = 1024;

/// Makes any text safe for a log or a terminal, as in all messages of this crate: control and format characters are
/// escaped, passwords of URLs are left out, and at most 1024 characters are shown.
///
/// ```
/// use actix_cors_policy::printable;
///
/// let sent = "https://me:secret@a.example\u{1b}[2J";
/// assert_eq!(printable(sent).to_string(), r"https://me:…@a.example\u{1b}[2J");
/// ```
#[must_use]
pub fn printable(text: &str) -> impl fmt::Display + '_ {
    Line(text)
}

/// A value, a name or an origin within a sentence: as it was written, in backticks.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_quoted(f, self.0, IN_SENTENCE)
    }
}

/// What to write instead of a value. More of it is shown than of the value, because people copy it.
pub(crate) struct Suggested<'a>(pub(crate) &'a str);

impl fmt::Display for Suggested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_quoted(f, self.0.as_bytes(), IN_LINE)
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, bytes: &[u8], most: usize) -> fmt::Result {
    f.write_str("`")?;
    let is_cut = show(f, bytes, Some('`'), most)?;
    f.write_str("`")?;
    if is_cut {
        write!(f, "… of {} bytes", bytes.len())?;
    }
    Ok(())
}

/// A name without quotes, such as that of a variable.
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bare(f, self.0, IN_SENTENCE)
    }
}

/// A text with its own line, or an element of a list. `Debug` writes it in double quotes.
pub(crate) struct Line<'a>(pub(crate) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bare(f, self.0, IN_LINE)
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let is_cut = show(f, self.0.as_bytes(), Some('"'), IN_LINE)?;
        f.write_str(if is_cut { "\"…" } else { "\"" })
    }
}

fn write_bare(f: &mut fmt::Formatter<'_>, text: &str, most: usize) -> fmt::Result {
    let is_cut = show(f, text.as_bytes(), None, most)?;
    f.write_str(if is_cut { "…" } else { "" })
}

/// Writes all of the above; returns whether something was cut.
fn show(
    f: &mut fmt::Formatter<'_>,
    bytes: &[u8],
    quote: Option<char>,
    most: usize,
) -> Result<bool, fmt::Error> {
    let text = without_user_info(bytes);
    // No character is longer than four bytes, so this is enough text and bounds the work.
    let (head, rest) = text.split_at_checked(most * 4).unwrap_or((&text, &[]));
    let mut left = most;
    for chunk in head.utf8_chunks() {
        for character in chunk.valid().chars() {
            let Some(fewer) = left.checked_sub(1) else {
                return Ok(true);
            };
            left = fewer;
            match character {
                '"' | '\\' if quote == Some('"') => write!(f, "\\{character}")?,
                '`' if quote == Some('`') => write!(f, "{}", character.escape_unicode())?,
                ' '..='~' => f.write_char(character)?,
                character if is_blank(character) => write!(f, "{}", character.escape_unicode())?,
                character => write_visible(f, character, left + 1 == most)?,
            }
        }
        for byte in chunk.invalid() {
            let Some(fewer) = left.checked_sub(1) else {
                return Ok(true);
            };
            left = fewer;
            write!(f, "\\x{byte:02x}")?;
        }
    }
    Ok(!rest.is_empty())
}

/// A combining mark changes the letter before it, as in many scripts. At the beginning, it would change the quote.
fn write_visible(f: &mut fmt::Formatter<'_>, character: char, is_first: bool) -> fmt::Result {
    if is_first {
        return write!(f, "{}", character.escape_debug());
    }
    let mut pair = String::from("a");
    pair.push(character);
    // Marks after a letter are not escaped.
    let escaped = pair.escape_debug().to_string();
    f.write_str(escaped.get(1..).unwrap_or_default())
}

/// Letters and signs without a shape, which Rust counts among the printable ones.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            // Marks that cannot be seen either.
            | '\u{34f}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Text without what may be a password: `https://user:…@a.example`.
pub(crate) fn without_user_info(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'@') {
        return Cow::Borrowed(text);
    }
    let mut shown = Vec::with_capacity(text.len());
    let mut begin = 0;
    let mut is_after_slashes = false;
    for slashes in memmem::find_iter(text, "//") {
        if begins_authority(text, slashes) {
            let part = text.get(begin..slashes).unwrap_or_default();
            hide_user_info(part, is_after_slashes, &mut shown);
            shown.extend(b"//");
            begin = slashes + 2;
            is_after_slashes = true;
        }
    }
    let part = text.get(begin..).unwrap_or_default();
    hide_user_info(part, is_after_slashes, &mut shown);
    Cow::Owned(shown)
}

/// Whether two slashes begin an authority, and are not part of a password.
fn begins_authority(text: &[u8], slashes: usize) -> bool {
    let before = text.get(..slashes).unwrap_or_default();
    let Some(scheme) = before.strip_suffix(b":") else {
        return before.is_empty();
    };
    let is_of_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+.-".contains(byte);
    // Text after an authority is not a scheme.
    let before = scheme.iter().rfind(|byte| !is_of_scheme(byte));
    before.is_none_or(|byte| !b"/:".contains(byte))
}

/// The same for the part of a text from the beginning of one authority to the beginning of the next.
fn hide_user_info(part: &[u8], is_after_slashes: bool, shown: &mut Vec<u8>) {
    let ends_authority = |byte: &u8| b"/?#".contains(byte);
    let leading = match is_after_slashes {
        true => part.iter().take_while(|&&byte| byte == b'/').count(),
        false => 0,
    };
    let (slashes, part) = part.split_at_checked(leading).unwrap_or((part, &[]));
    shown.extend(slashes);
    let ats = ats(part);
    let authority = part.iter().position(ends_authority).unwrap_or(part.len());
    // A password may have a slash too, against the rules.
    let in_authority = ats.iter().rfind(|at| **at < authority);
    let Some((before, rest)) = in_authority
        .or(ats.last())
        .and_then(|at| part.split_at_checked(*at))
    else {
        return shown.extend(part);
    };
    match secret(before) {
        Some(kept) if kept.len() < before.len() => {
            shown.extend(kept);
            shown.extend("…".as_bytes());
        }
        _ => shown.extend(before),
    }
    if in_authority.is_some() && ats.last() != in_authority {
        // There is another `@` after the authority.
        let (at, rest) = rest.split_at_checked(1).unwrap_or((rest, &[]));
        shown.extend(at);
        hide_user_info(rest, false, shown);
    } else {
        shown.extend(rest);
    }
}

/// The positions of `@`, except in a class of a regex: `[^/@]`.
fn ats(part: &[u8]) -> Vec<usize> {
    let mut ats = Vec::new();
    let mut in_brackets = Vec::new();
    let mut is_open = false;
    for (index, byte) in part.iter().enumerate() {
        match byte {
            b'@' if is_open => in_brackets.push(index),
            b'@' => ats.push(index),
            b'[' => {
                ats.append(&mut in_brackets);
                is_open = true;
            }
            b']' => {
                in_brackets.clear();
                is_open = false;
            }
            _ => {}
        }
    }
    ats.append(&mut in_brackets);
    ats
}

/// The text before an `@`, up to the colon before the password. That is the first colon that does not begin a port.
fn secret(before: &[u8]) -> Option<&[u8]> {
    let mut rest = before;
    while let Some((_, next)) = rest.split_first() {
        let after = match rest {
            [b':', after @ ..] | [b'%', b'3', b'a' | b'A', after @ ..] => Some(after),
            _ => None,
        };
        if let Some(after) = after.filter(|after| !begins_with_port(after)) {
            return before.get(..before.len() - after.len());
        }
        rest = next;
    }
    None
}

fn begins_with_port(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'*';
    let end = text.iter().find(|byte| !is_digit(byte));
    text.first().is_some_and(is_digit) && end.is_some_and(|end| b"/?#,; \t\r\n".contains(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_escaped_and_bounded() {
        for (bytes, wanted) in [
            (&b"https://a.example"[..], "`https://a.example`"),
            (b"https://u:secret@a.example", "`https://u:…@a.example`"),
            (br#"a"b\c"#, r#"`a"b\c`"#),
            (b"a`b", r"`a\u{60}b`"),
            (b"it's", "`it's`"),
            (b"a\r\nb\x1b[31m", r"`a\r\nb\u{1b}[31m`"),
            (b"\xff\xc3\xa9\x80", "`\\xffé\\x80`"),
            ("\u{202e}x".as_bytes(), r"`\u{202e}x`"),
            ("x\u{34f}\u{200d}y".as_bytes(), r"`x\u{34f}\u{200d}y`"),
            ("ที่ किताब e\u{301}".as_bytes(), "`ที่ किताब e\u{301}`"),
            ("\u{301}".as_bytes(), r"`\u{301}`"),
        ] {
            assert_eq!(Quoted(bytes).to_string(), wanted);
        }
        assert_eq!(
            Quoted(&[b'a'; 128]).to_string(),
            format!("`{}`", "a".repeat(128))
        );
        assert_eq!(
            Quoted(&[b'a'; 129]).to_string(),
            format!("`{}`… of 129 bytes", "a".repeat(128))
        );
        assert_eq!(
            Quoted(&[0xff; 100_000]).to_string(),
            format!("`{}`… of 100000 bytes", "\\xff".repeat(128))
        );
    }
}
