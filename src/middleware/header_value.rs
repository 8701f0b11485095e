//! Header values from text that is known to be valid.

use crate::http::{Bytes, HeaderValue};

/// A header value that can be cloned without an allocation. The first clone allocates the reference count, so it is made
/// here; it is returned, because its own clones are cheaper than those of the value that it was made from.
pub(super) fn shared_value(text: &str) -> HeaderValue {
    let value =
        HeaderValue::from_str(text).expect("tokens, separators and digits are a header value");

    value.clone()
}

/// A list of tokens in the form that RFC 9110, section 5.3 recommends; `None` if it is empty.
pub(super) fn join<'a>(tokens: impl Iterator<Item = &'a [u8]> + Clone) -> Option<HeaderValue> {
    let length: usize = tokens.clone().map(|token| token.len() + 2).sum();
    let mut text = Vec::with_capacity(length.checked_sub(2)?);
    for token in tokens {
        if !text.is_empty() {
            text.extend_from_slice(b", ");
        }
        text.extend_from_slice(token);
    }
    HeaderValue::from_maybe_shared(Bytes::from(text)).ok()
}
