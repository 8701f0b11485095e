//! The request headers that a policy names, for look-up.

/// The names that a policy allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestHeaderNames {
    /// In lower case, in the order given.
    given: Vec<String>,
    /// The same in the order in which browsers ask for them
    /// ([CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), step 5).
    sorted: Vec<String>,
}

/// Names at the start of a list that were skipped.
pub(super) struct Skipped<'l> {
    pub(super) count: usize,
    /// The number after that of the last one.
    pub(super) next: usize,
    /// The list after them; `None` if it ended.
    pub(super) rest: Option<&'l [u8]>,
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

    /// Skips the known names at the start of a list, as long as they are in order and begin with this number or one soon
    /// after it. Browsers send all names so: in order, in lower case, without white space.
    #[inline]
    pub(super) fn skip_in_order<'l>(&self, list: &'l [u8], first: usize) -> Skipped<'l> {
        const NEAR: usize = 8;
        let mut skipped = Skipped {
            count: 0,
            next: first,
            rest: Some(list),
        };
        let mut list = list;
        let mut number = first;
        for name in self.sorted.get(first..).unwrap_or_default() {
            let name = name.as_bytes();
            number += 1;
            // Most names differ in their first bytes, which are compared in one step.
            if name.first_chunk::<4>() == list.first_chunk()
                && let Some(rest) = list.strip_prefix(name)
            {
                match rest {
                    [] => {
                        skipped.count += 1;
                        skipped.rest = None;
                        return skipped;
                    }
                    [b',', rest @ ..] => {
                        list = rest;
                        skipped.count += 1;
                        skipped.next = number;
                    }
                    _ => {}
                }
            } else if number > skipped.next + NEAR {
                break;
            }
        }
        skipped.rest = Some(list);
        skipped
    }

    /// The number of a known name. Header names are compared case-insensitively; most are in lower case.
    pub(super) fn position(&self, name: &[u8]) -> Option<usize> {
        // Most names differ in length, and so few are compared faster than ordered.
        const FEW: usize = 16;
        if self.sorted.len() <= FEW {
            let is_it = |known: &String| known.as_bytes().eq_ignore_ascii_case(name);
            return self.sorted.iter().position(is_it);
        }
        let by_bytes = |known: &String| known.as_bytes().cmp(name);
        let exactly = self.sorted.binary_search_by(by_bytes).ok();
        if exactly.is_some() || !name.iter().any(u8::is_ascii_uppercase) {
            return exactly;
        }
        let lower = name.iter().map(u8::to_ascii_lowercase);
        self.sorted
            .binary_search_by(|known| known.bytes().cmp(lower.clone()))
            .ok()
    }
}
