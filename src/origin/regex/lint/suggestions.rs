//! What the author of a refused regex may have meant. These are guesses: the lint checks each before it is shown.

use std::collections::HashSet;

use super::{edits::EDITS, syntax_edits::MAX_LEN};
use crate::quote::without_user_info;

/// Corrected forms of a regex, those with the fewest changes first.
pub(super) fn candidates(text: &str) -> Vec<String> {
    if !is_readable(text) {
        return Vec::new();
    }
    // First each edit alone, then all of them one after the other. All subsets would be 512 texts to check.
    let mut found: Vec<String> = EDITS.iter().filter_map(|edit| edit(text)).collect();
    let mut edited = text.to_owned();
    for edit in EDITS {
        if let Some(more) = edit(&edited) {
            edited = more;
            found.push(edited.clone());
        }
    }
    let mut seen = HashSet::new();
    found.retain(|candidate| candidate != text && seen.insert(candidate.clone()));
    found
}

/// Whether a suggestion can be shown as it is, in backticks, so that it can be copied. What looks like a password would be
/// hidden, and a copy without it would be another regex.
pub(super) fn is_readable(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'`';
    text.len() <= MAX_LEN
        && text.bytes().all(is_plain)
        && without_user_info(text.as_bytes()) == text.as_bytes()
}
