//! The list in `Access-Control-Request-Headers`. An attacker can make it long, so it is read once and within limits.
//!
//! A list as [RFC 9110, section 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1) reads it: white space
//! around elements and some empty elements are tolerated, because gateways split and join such lists.

use memchr::memchr;

use super::{reason::Reason, rules::Rules};
use crate::http::HeaderValue;

/// The maximum number of bytes, over all lines. Real lists of browsers have at most a few hundred.
const MAX_BYTES: usize = 8192;
/// The maximum number of elements, without empty ones.
const MAX_ELEMENTS: usize = 256;
/// The maximum number of empty elements.
const MAX_EMPTY_ELEMENTS: usize = 32;

/// A list of requested headers that are all allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestedHeaders<'r> {
    lines: &'r [HeaderValue],
    has_empty_elements: bool,
}

impl<'r> RequestedHeaders<'r> {
    /// The line with the whole list, if it may be sent back. `None` if the list has several lines, empty elements
    /// (which nobody may send by RFC 9110, section 5.6.1.1), or no elements.
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

/// Reads the list to its end or to the first element that is not allowed.
pub(super) fn decide<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
) -> Result<RequestedHeaders<'r>, Reason<'r>> {
    read(rules, lines, Err)
}

/// Every element that is not allowed, and the exceeded limit, in the order of the list. [`decide`] returns the first
/// one.
pub(super) fn causes<'r>(rules: &Rules, lines: &'r [HeaderValue], causes: &mut Vec<Reason<'r>>) {
    let over_limit = read(rules, lines, |reason| {
        if !causes.contains(&reason) {
            causes.push(reason);
        }
        Ok(())
    });
    causes.extend(over_limit.err());
}

/// Reads the list. `deny` is called for each element that is not allowed, and returns whether to continue.
///
/// The limits are the same for every caller, so explaining a hostile request costs no more than deciding it.
#[inline(always)]
fn read<'r>(
    rules: &Rules,
    lines: &'r [HeaderValue],
    mut deny: impl FnMut(Reason<'r>) -> Result<(), Reason<'r>>,
) -> Result<RequestedHeaders<'r>, Reason<'r>> {
    let bytes = lines.iter().map(HeaderValue::len).sum();
    if bytes > MAX_BYTES {
        return Err(Reason::HeadersTooLong { bytes });
    }
    let names = &rules.headers;
    let mut count = 0;
    let mut empty = 0;
    for line in lines {
        let mut next = 0;
        let mut list = Some(line.as_bytes());
        while let Some(text) = list {
            let skipped = names.skip_in_order(text, next);
            count += skipped.count;
            next = skipped.next;
            let other = skipped.rest.map(split);
            let is_empty = other.is_some_and(|(name, _)| name.is_empty());
            count += usize::from(other.is_some() && !is_empty);
            if count > MAX_ELEMENTS {
                return Err(Reason::HeadersTooMany);
            }
            let Some((name, rest)) = other else { break };
            list = rest;
            if is_empty {
                empty += 1;
                if empty > MAX_EMPTY_ELEMENTS {
                    return Err(Reason::HeadersTooEmpty);
                }
                continue;
            }
            match names.position(name) {
                Some(position) => next = position + 1,
                None => {
                    if let Err(reason) = decide_unnamed(rules, name) {
                        deny(reason)?;
                    }
                }
            }
        }
    }
    Ok(RequestedHeaders {
        lines,
        has_empty_elements: empty > 0,
    })
}

/// "Any header" does not cover `authorization`, which must be named.
fn decide_unnamed<'r>(rules: &Rules, name: &'r [u8]) -> Result<(), Reason<'r>> {
    let needs_its_name =
        || name.eq_ignore_ascii_case(fetch_standard::NON_WILDCARD_REQUEST_HEADER.as_bytes());
    if !fetch_standard::is_token(name) {
        Err(Reason::HeaderMalformed(name))
    } else if rules.any_header && !needs_its_name() {
        Ok(())
    } else {
        Err(Reason::HeaderNotAllowed(name))
    }
}

/// The elements of a line without the white space around them.
fn elements(line: &HeaderValue) -> impl Iterator<Item = &[u8]> + Clone {
    let mut list = Some(line.as_bytes());
    std::iter::from_fn(move || {
        let (element, rest) = split(list?);
        list = rest;
        Some(element)
    })
}

/// The first element of a list, without the SP and HTAB around it, and what follows its comma.
fn split(list: &[u8]) -> (&[u8], Option<&[u8]>) {
    let at_comma = memchr(b',', list).and_then(|end| list.split_at_checked(end));
    let (element, rest) = at_comma.map_or((list, None), |(element, rest)| (element, rest.get(1..)));
    (trim(element), rest)
}

/// Without the SP and HTAB at both ends. They are rare; many of them are removed in larger pieces.
fn trim(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = text.strip_suffix(b"        ") {
        text = rest;
    }
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
