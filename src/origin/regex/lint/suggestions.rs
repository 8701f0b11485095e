//! What the author of a refused regex may have meant. These are guesses: the lint checks each before it is shown.

use super::{edits::EDITS, syntax_edits::MAX_LEN};
use crate::quote::without_user_info;

/// Corrected forms of a regex, those with the fewest changes first.
pub(super) fn candidates(text: &str) -> Vec<String> {
    if !is_readable(text) {
        return Vec::new();
    }
    // First each edit alone, then all of them one after the other. All subsets would be 2048 texts to check.
    let mut found = Vec::new();
    for edit in EDITS {
        if let Some(edited) = edit(text) {
            push_new(&mut found, edited);
        }
    }
    let mut edited = text.to_owned();
    for edit in EDITS {
        if let Some(more) = edit(&edited) {
            edited = more;
            push_new(&mut found, edited.clone());
        }
    }
    found.retain(|candidate| candidate != text);
    found
}

pub(super) fn push_new(found: &mut Vec<String>, candidate: String) {
    if !found.contains(&candidate) {
        found.push(candidate);
    }
}

/// Whether a suggestion can be shown as it is, in backticks, so that it can be copied. What looks like a password would be
/// hidden, and a copy without it would be another regex.
pub(super) fn is_readable(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'`';
    text.len() <= MAX_LEN
        && text.bytes().all(is_plain)
        && without_user_info(text.as_bytes()) == text.as_bytes()
}
