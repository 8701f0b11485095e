//! The list in `Access-Control-Request-Headers`: what an attacker can make long, walked once and within bounds.
//!
//! A list as [RFC 9110, section 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1) reads it: white space
//! around elements and some empty elements are tolerated, because gateways split and join such lists.

use memchr::memchr;

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

/// The names that a policy allows.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestHeaderNames {
    /// In lower case, in the order given.
    given: Vec<String>,
    /// The same in the order in which browsers ask for them
    /// ([CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), step 5).
    sorted: Vec<String>,
}

impl RequestHeaderNames {
    /// Adds a name in lower case, if it is not there.
    pub(super) fn add(&mut self, name: String) {
        if let Err(index) = self.sorted.binary_search(&name) {
            self.sorted.insert(index, name.clone());
            self.given.push(name);
        }
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.given
    }

    /// Where a name stands among the sorted ones; header names compare without case, and mostly come in lower case.
    fn position(&self, name: &[u8]) -> Option<usize> {
        self.sorted
            .binary_search_by(|known| known.as_bytes().cmp(name))
            .ok()
            .or_else(|| {
                let lower = name.iter().map(u8::to_ascii_lowercase);
                name.iter().any(u8::is_ascii_uppercase).then_some(())?;
                self.sorted
                    .binary_search_by(|known| known.bytes().cmp(lower.clone()))
                    .ok()
            })
    }
}

/// Walks the list until its end or the first element that is not allowed.
///
/// A browser asks in order and in lower case, so that each name is the next one of those known, or one soon after it:
/// it is compared with that first, and looked for only if it is another.
pub(super) fn decide<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
) -> Result<RequestedHeaders<'r>, Reason<'r>> {
    let bytes = lines.iter().map(HeaderValue::len).sum();
    if bytes > MAX_BYTES {
        return Err(Reason::HeadersTooLong { bytes });
    }
    let mut walk = Walk::default();
    for line in lines {
        for element in elements(line) {
            if element.is_empty() {
                walk.empty += 1;
                if walk.empty > MAX_EMPTY_ELEMENTS {
                    return Err(Reason::HeadersTooEmpty);
                }
            } else {
                walk.element(rules, element)?;
            }
        }
    }
    Ok(RequestedHeaders {
        lines,
        has_empty_elements: walk.empty > 0,
    })
}

/// How far a walk has come.
#[derive(Default)]
struct Walk {
    count: usize,
    empty: usize,
    /// The number of the known name that may come next.
    next: usize,
}

impl Walk {
    fn element<'r>(&mut self, rules: &Rules, element: &'r [u8]) -> Result<(), Reason<'r>> {
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            return Err(Reason::HeadersTooMany);
        }
        let names = &rules.headers;
        let is_it = |known: &String| known.as_bytes() == element;
        if !names.sorted.get(self.next).is_some_and(is_it) {
            match names.position(element) {
                Some(index) => self.next = index,
                None => return decide_unnamed(rules, element),
            }
        }
        self.next += 1;
        Ok(())
    }
}

/// Any header is any but `authorization`, which must be named.
fn decide_unnamed<'r>(rules: &Rules, name: &'r [u8]) -> Result<(), Reason<'r>> {
    let needs_its_name =
        || name.eq_ignore_ascii_case(fetch::NON_WILDCARD_REQUEST_HEADER.as_bytes());
    if !fetch::is_token(name) {
        Err(Reason::HeaderMalformed(name))
    } else if rules.any_header && !needs_its_name() {
        Ok(())
    } else {
        Err(Reason::HeaderNotAllowed(name))
    }
}

/// The elements of a line without the white space around them.
fn elements(line: &HeaderValue) -> impl Iterator<Item = &[u8]> + Clone {
    let mut rest = Some(line.as_bytes());
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr(b',', text);
        let (element, after) = match end.and_then(|end| text.split_at_checked(end)) {
            Some((element, after)) => (element, after.split_first().map(|(_, after)| after)),
            None => (text, None),
        };
        rest = after;
        Some(trim(element))
    })
}

/// Without the SP and HTAB at both ends.
fn trim(mut text: &[u8]) -> &[u8] {
    // Padding is rare, and is taken off by the piece where there is much.
    while let Some(rest) = text.strip_suffix(b"        ") {
        text = rest;
    }
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
