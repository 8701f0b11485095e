//! Kinds of ASCII characters, texts of one kind, and what is behind a mark.

pub(crate) fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

pub(crate) fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic()
}

pub(crate) fn is_lower(character: char) -> bool {
    character.is_ascii_lowercase()
}

pub(crate) fn is_upper(character: char) -> bool {
    character.is_ascii_uppercase()
}

pub(crate) fn is_letter_or_digit(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// Whether a text is a number: digits alone, and at least one.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is capitals, digits and underscores, as the names of most variables are, and begins with a capital.
pub(crate) fn is_name_in_capitals(text: &str) -> bool {
    let is_of_name = |byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
    text.starts_with(is_upper) && text.bytes().all(is_of_name)
}

/// Whether a text of some kind is behind a mark. It is read up to the next mark.
pub(crate) fn has_behind(text: &str, mark: &str, is_of_kind: &dyn Fn(&str) -> bool) -> bool {
    text.split(mark).skip(1).any(is_of_kind)
}
