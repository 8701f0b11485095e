//! The list in `Access-Control-Request-Headers`: what an attacker can make long, walked once and within bounds.
//!
//! A list as [RFC 9110, section 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1) reads it: white space
//! around elements and some empty elements are tolerated, because gateways split and join such lists.

use super::{Rules, reason::Reason};
use crate::{fetch, http::HeaderValue};

/// The most bytes read, over all lines. A browser's list of all headers that people have is a few hundred.
const MAX_BYTES: usize = 8192;
/// The most elements read, empty ones not counted.
const MAX_ELEMENTS: usize = 256;
/// The most empty elements tolerated.
const MAX_EMPTY_ELEMENTS: usize = 32;

/// A list of requested headers that are all allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestedHeaders<'r> {
    lines: &'r [HeaderValue],
    has_empty_elements: bool,
}

impl<'r> RequestedHeaders<'r> {
    /// The one line that holds the whole list as it may be sent back; `None` if the list came in several lines, or has
    /// empty elements, which nobody may send (RFC 9110, section 5.6.1.1), or none that are not.
    pub(crate) fn as_line(&self) -> Option<&'r HeaderValue> {
        match self.lines {
            [line] if !self.has_empty_elements => Some(line),
            _ => None,
        }
    }

    /// The elements, empty ones left out.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'r [u8]> + Clone {
        self.lines
            .iter()
            .flat_map(elements)
            .filter(|element| !element.is_empty())
    }
}

/// Walks the list until its end or the first element that is not allowed.
pub(super) fn decide<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
) -> Result<RequestedHeaders<'r>, Reason<'r>> {
    let bytes = lines.iter().map(HeaderValue::len).sum();
    if bytes > MAX_BYTES {
        return Err(Reason::HeadersTooLong { bytes });
    }
    let mut count = 0;
    let mut empty = 0;
    for element in lines.iter().flat_map(elements) {
        if element.is_empty() {
            empty += 1;
            if empty > MAX_EMPTY_ELEMENTS {
                return Err(Reason::HeadersTooEmpty);
            }
            continue;
        }
        count += 1;
        if count > MAX_ELEMENTS {
            return Err(Reason::HeadersTooMany);
        }
        if !fetch::is_token(element) {
            return Err(Reason::HeaderMalformed(element));
        }
        if !is_allowed(rules, element) {
            return Err(Reason::HeaderNotAllowed(element));
        }
    }
    Ok(RequestedHeaders {
        lines,
        has_empty_elements: empty > 0,
    })
}

/// Header names compare without case. Any header is any but `authorization`, which must be named.
fn is_allowed(rules: &Rules, name: &[u8]) -> bool {
    let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(name);
    (rules.any_header && !is(fetch::NON_WILDCARD_REQUEST_HEADER))
        || rules.headers.iter().any(|known| is(known))
}

/// The elements of a line without the white space around them.
fn elements(line: &HeaderValue) -> impl Iterator<Item = &[u8]> + Clone {
    line.as_bytes().split(|&byte| byte == b',').map(trim)
}

/// Without the SP and HTAB at both ends.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
